package dev.sandglass.support.memory;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.HeadsQuestion;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * How far the ledger was followed: <em>task</em> is asked for the lists that moved since the last comparison, also since that of a replica
 * before; at first for all. One that could not be followed is tried again each time. Where <em>task</em> cannot read all that it is asked
 * for, others are followed as ever, and it is asked for the same time again every ten minutes.
 */
@Singleton
@Named("ledgerHeads")
public class LedgerHeads {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");
    private static final int LISTS_AT_ONCE = 100;
    /** Seconds; the clocks of <em>task</em>'s replicas differ, and what one decided is written a little later. */
    private static final long MARGIN = 60;
    /** Seconds between two writes of {@link Compared}, so much more is compared again after a start; and until the same is asked again. */
    private static final long NOTED_EACH = 600;

    /**
     * The time up to which all that moved was followed: {@code compared}.
     *
     * @param v schema version of the stored value
     * @param at seconds of the epoch by <em>task</em>'s clock
     */
    record Compared(int v, long at) {
        static final String KEY = "compared";

        static long of(Stored stored) {
            return stored.absent() ? 0 : stored.as(Compared.class).at;
        }
    }

    /** Lists that are told again within the margin, with the number that was followed. */
    private final Map<String, Long> followed = new ConcurrentHashMap<>();
    /** Lists that could not be followed, with their number. */
    private final Map<String, Long> alone = new ConcurrentHashMap<>();

    private volatile long since;
    private volatile long at;
    /** The time that was noted last: nothing before it is missed. */
    private volatile long noted;
    /** True where answers since that time were not all that moved. */
    private volatile boolean partial;
    /** The time at which the same was last asked for again. */
    private volatile long again;

    /** The time to compare from; after a start it is read. */
    public Decision<Long> since() {
        return documents -> Accepted.unchanged(since > 0 ? since : Compared.of(documents.get(Compared.KEY)));
    }

    /** The first question of a comparison. */
    public HeadsQuestion first(@Body long compared) {
        at = 0;
        if (since == 0) {
            noted = compared;
        }
        since = compared;
        if (partial && since >= again + NOTED_EACH) {
            again = since;
            since = noted;
            partial = false;
        }
        return new HeadsQuestion(since, 0);
    }

    /**
     * @param answer {@code {"at","heads":{"<list>":seq},"next"?,"partial"?}}
     * @return the lists that moved, in parts: list to number
     */
    public List<Map<String, Long>> moved(@Body String answer) {
        JsonNode page = Json.read(answer, JsonNode.class);
        partial = partial || page.path("partial").asBoolean();
        Map<String, Long> told = new TreeMap<>();
        page.path("heads")
                .properties()
                .forEach(head -> told.put(head.getKey(), head.getValue().asLong()));
        List<Map<String, Long>> groups = new ArrayList<>();
        if (at == 0) {
            // That clock may have been ahead: after the next start all that moved until then would be passed over.
            at = Math.min(page.path("at").asLong(), Instant.now().getEpochSecond());
            followed.keySet().retainAll(told.keySet());
            alone.forEach((list, seq) -> told.merge(list, seq, Math::max));
        }
        Map<String, Long> group = new TreeMap<>();
        for (Map.Entry<String, Long> head : told.entrySet()) {
            long seq = head.getValue();
            if (followed.getOrDefault(head.getKey(), 0L) >= seq) {
                continue;
            }
            if (alone.containsKey(head.getKey())) {
                groups.add(Map.of(head.getKey(), seq));
                continue;
            }
            group.put(head.getKey(), seq);
            if (group.size() == LISTS_AT_ONCE) {
                groups.add(group);
                group = new TreeMap<>();
            }
        }
        if (!group.isEmpty()) {
            groups.add(group);
        }
        return groups;
    }

    /** @return the next question of a comparison; null where it is over */
    public @Nullable HeadsQuestion next(@ExchangeProperty("page") String page) {
        HeadsQuestion next = HeadsQuestion.next(page);
        if (next == null) {
            since = at - MARGIN;
        }
        return next;
    }

    /** Notes how far a comparison came, for the next start. One that left a list out is not noted: nobody would try it again. */
    public Decision<Long> compared() {
        long now = since;
        if (!alone.isEmpty() || partial || now < noted + NOTED_EACH) {
            return documents -> Accepted.unchanged(now);
        }
        noted = now;
        return documents -> {
            Stored before = documents.get(Compared.KEY);
            return Compared.of(before) >= now
                    ? Accepted.unchanged(now)
                    : new Accepted<>(new Transaction().replace(before, new Compared(1, now)), now);
        };
    }

    public void followed(@ExchangeProperty("moved") Map<String, Long> moved) {
        if (since > 0) {
            followed.putAll(moved);
        }
        alone.keySet().removeAll(moved.keySet());
    }

    /**
     * Lets lists that could not be followed together be followed one at a time after the next comparison: so a list that cannot be followed
     * does not hold up others.
     *
     * @throws Unavailable where a service that following needs is away
     */
    public void failed(
            @ExchangeProperty("moved") Map<String, Long> moved,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Throwable reason) {
        Unavailable away = Unavailable.in(reason);
        if (away != null) {
            throw away;
        }
        LOG.errorf(reason, "lists cannot be followed%s: %s", moved.size() > 1 ? " together" : "", moved.keySet());
        alone.putAll(moved);
    }
}
