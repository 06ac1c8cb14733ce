package dev.sandglass.audit.domain;

import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;

/**
 * Takes a person out of the entries of a list, some at a time, or counts those that name them. What is done already is passed over, so it
 * may be asked for again.
 */
public final class EraseEntries {
    /** Entries read at once: each may be 300 kB. */
    private static final int AT_ONCE = 16;
    /** Characters of a transaction: a sidecar takes 4 MiB. */
    private static final int TEXT_AT_ONCE = 1_000_000;

    private EraseEntries() {}

    /**
     * @param upTo the last entry to look at
     * @param all whether the contents of all entries go: the list was the person's
     * @param by the number of the change that tells of it; 0: they are only counted
     * @param after the last entry that was looked at before
     */
    public record Order(String list, long upTo, String user, boolean all, long by, long after) {}

    /**
     * @param after the last entry that was looked at
     * @param entries how many of these name the person
     */
    public record Done(long after, long entries) {}

    /** @param request an {@link Order} */
    public static Decision<Done> of(String request) {
        Order order = Json.read(request, Order.class);
        List<String> keys = LongStream.rangeClosed(order.after + 1, Math.min(order.upTo, order.after + AT_ONCE))
                .mapToObj(seq -> new EntryId(order.list, seq).key())
                .toList();
        return documents -> {
            Map<String, Stored> there = documents.all(keys);
            Transaction transaction = new Transaction();
            int text = 0;
            long entries = 0;
            long after = order.after;
            for (String key : keys) {
                Stored stored = Objects.requireNonNull(there.get(key));
                if (!stored.absent()) {
                    Kept kept = stored.as(Kept.class);
                    boolean done = order.all && kept.erased().contains(order.by);
                    boolean named = kept.names(order.user);
                    entries += named ? 1 : 0;
                    if (order.by > 0 && (named || order.all && !done)) {
                        Kept left = kept.without(order.user, order.all, order.by);
                        text += left.change().length();
                        if (!transaction.isEmpty() && text > TEXT_AT_ONCE) {
                            break;
                        }
                        transaction.replace(stored, left);
                    }
                }
                after++;
            }
            return new Accepted<>(transaction, new Done(after, entries));
        };
    }
}
