package dev.sandglass.task.domain;

import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Says in {@code pending/<shard>} how far lists of one shard are published, and takes those out of there that are quiet.
 *
 * @param all by their lists
 * @param now when a list that goes out falls quiet
 */
public record Marks(int shard, SortedMap<String, Mark> all, Instant now) implements Decision<List<Marks.Made>> {
    /** Each list that goes out is a head that is read and written; a write of the shard waits for it. */
    private static final int AT_ONCE = 32;
    /** Clocks differ, and what was decided is written a little later. */
    private static final Duration MARGIN = Duration.ofMinutes(5);

    /**
     * How far a list is published.
     *
     * @param upTo published up to here on both topics
     * @param out whether the list goes out, unless there is a further change by now
     */
    public record Mark(String list, long upTo, boolean out) {}

    /**
     * The outcome of a mark.
     *
     * @param known the list's last change, as far as was looked
     * @param gone whether the list is out
     */
    public record Made(Mark mark, long known, boolean gone) {}

    /** Marks of one shard go together, so many at most. */
    public static List<Marks> of(Collection<Mark> marks, Instant now) {
        SortedMap<Integer, Marks> open = new TreeMap<>();
        List<Marks> all = new ArrayList<>();
        for (Mark mark : marks) {
            int shard = Keys.shard(mark.list);
            Marks together = open.get(shard);
            if (together == null || together.all.size() == AT_ONCE) {
                together = new Marks(shard, new TreeMap<>(), now);
                open.put(shard, together);
                all.add(together);
            }
            together.all.put(mark.list, mark);
        }
        return all;
    }

    @Override
    public Set<String> keys() {
        Set<String> keys = new TreeSet<>();
        keys.add(Keys.pending(shard));
        all.values().stream().filter(Mark::out).forEach(mark -> {
            keys.add(Keys.head(mark.list));
            keys.add(moved());
            keys.add(Keys.awaiting(shard));
        });
        return keys;
    }

    private String moved() {
        return Keys.moved(shard, Moved.slot(now));
    }

    /** A list goes out on the ETag of a head whose last change is published. */
    @Override
    public Accepted<List<Made>> on(Documents documents) {
        Stored stored = documents.get(Keys.pending(shard));
        Pending pending = stored.absent() ? Pending.none() : stored.as(Pending.class);
        Pending after = pending;
        List<Head> out = new ArrayList<>();
        Transaction transaction = new Transaction();
        List<Made> made = new ArrayList<>();
        for (Mark mark : all.values()) {
            Made one = new Made(mark, mark.upTo, mark.out);
            Long listed = pending.lists().get(mark.list);
            if (!mark.out && listed != null) {
                after = after.with(mark.list, mark.upTo);
            } else if (mark.out && !stored.absent()) {
                Stored read = documents.get(Keys.head(mark.list));
                Head head = read.absent() ? null : read.as(Head.class);
                if (head != null && head.seq() != mark.upTo) {
                    one = new Made(mark, head.seq(), false);
                } else if (head != null) {
                    transaction.replace(read, head.withPending(false));
                    after = after.with(mark.list, null);
                    out.add(head);
                }
            }
            made.add(one);
        }
        if (!after.equals(pending)) {
            transaction.replace(stored, after);
        }
        if (!out.isEmpty()) {
            note(out, documents, transaction);
        }
        return new Accepted<>(transaction, made);
    }

    private void note(List<Head> quiet, Documents documents, Transaction transaction) {
        Moved moved = Moved.of(documents.get(moved()));
        Awaiting before = Awaiting.of(documents.get(Keys.awaiting(shard)));
        Awaiting awaiting = before;
        for (Head head : quiet) {
            moved = moved.with(head, now);
            awaiting = awaiting.with(head);
        }
        transaction.replace(documents.get(moved()), moved, Moved.KEPT.plus(MARGIN));
        if (!awaiting.equals(before)) {
            transaction.replace(documents.get(Keys.awaiting(shard)), awaiting);
        }
    }
}
