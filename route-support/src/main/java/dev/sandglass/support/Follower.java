package dev.sandglass.support;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.Json;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Follows the lists of the ledger, each change once and in order, whatever order and number events come in. Kafka is the doorbell,
 * the ledger the truth: a change below the list's cursor was done, the next is done, one further ahead makes the missing ones be
 * fetched from <em>task</em>. The cursor moves in the transaction of what was done.
 */
public final class Follower {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");
    private static final int CHANGES_AT_ONCE = 100;
    private static final int TRIES = 5;
    private static final int LOCKS = 64;

    /** What a service does with changes. */
    @FunctionalInterface
    public interface Effects {
        /**
         * @param list the list they belong to
         * @param changes the next ones of the list, in order, at most 100
         * @return what is to be written together with the cursor
         */
        Transaction of(String list, List<Change> changes);
    }

    /** How far a list was followed: {@code cursor/<list>}. */
    record Cursor(int v, long seq) {}

    private final Dapr dapr;
    private final Effects effects;
    /** What is known of cursors in the store: they only grow, so that an old number costs a look and never a change. */
    private final Map<String, Long> known = new ConcurrentHashMap<>();

    private final Object[] locks = new Object[LOCKS];

    public Follower(Dapr dapr, Effects effects) {
        this.dapr = dapr;
        this.effects = effects;
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new Object();
        }
    }

    /**
     * Takes a change that was heard of.
     *
     * @throws Unavailable while the state store, or <em>task</em> when it is needed, is away
     */
    public void take(Change change) {
        synchronized (lock(change.list())) {
            follow(change.list(), List.of(change));
        }
    }

    /**
     * Compares the ledger's numbers with the cursors and fetches what was missed.
     *
     * @throws Unavailable while the state store or <em>task</em> is away
     */
    public void catchUp() {
        Iterator<Map.Entry<String, JsonNode>> heads =
                dapr.invoke("task", "GET", "internal/heads", null).path("heads").fields();
        while (heads.hasNext()) {
            Map.Entry<String, JsonNode> head = heads.next();
            if (known.getOrDefault(head.getKey(), 0L) < head.getValue().asLong()) {
                catchUp(head.getKey(), head.getValue().asLong());
            }
        }
    }

    /** Fetches the changes of a list up to a number, where they were not done. */
    public void catchUp(String list, long seq) {
        synchronized (lock(list)) {
            while (cursor(list).seq < seq && follow(list, fetch(list, cursor(list).seq))) {
                LOG.debugf("caught up with %s", list);
            }
        }
    }

    /** @return whether the cursor moved */
    private boolean follow(String list, List<Change> heard) {
        for (int tries = 1; ; tries++) {
            Stored stored = dapr.read(key(list));
            long done = stored.absent() ? 0 : stored.as(Cursor.class).seq;
            known.merge(list, done, Math::max);
            List<Change> next = after(done, heard);
            if (next.isEmpty()) {
                return false;
            }
            if (next.get(0).seq() > done + 1) {
                next = after(done, fetch(list, done));
                if (next.isEmpty()) {
                    // Heard of, but not in the ledger: nothing of ours.
                    return false;
                }
            }
            Transaction transaction = effects.of(list, next);
            long seq = next.get(next.size() - 1).seq();
            try {
                dapr.commit(new Transaction().replace(stored, new Cursor(1, seq)).addAll(transaction));
                known.merge(list, seq, Math::max);
                return true;
            } catch (Unavailable e) {
                // Perhaps written, perhaps another replica was first: the cursor tells.
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    private List<Change> fetch(String list, long after) {
        JsonNode answer = dapr.invoke("task", "GET", "internal/lists/" + list + "/changes/" + after, null);
        List<Change> changes = new ArrayList<>();
        for (JsonNode change : answer.path("changes")) {
            changes.add(Json.read(change, Change.class));
        }
        return changes;
    }

    /** The changes above a number, up to the first hole, at most as many as go into a transaction. */
    private static List<Change> after(long done, List<Change> changes) {
        List<Change> next = new ArrayList<>();
        for (Change change : changes) {
            boolean follows = next.isEmpty() || change.seq() == next.get(next.size() - 1).seq() + 1;
            if (change.seq() > done && follows && next.size() < CHANGES_AT_ONCE) {
                next.add(change);
            }
        }
        return next;
    }

    private Cursor cursor(String list) {
        Stored stored = dapr.read(key(list));
        return stored.absent() ? new Cursor(1, 0) : stored.as(Cursor.class);
    }

    private static String key(String list) {
        return "cursor/" + list;
    }

    private Object lock(String list) {
        return locks[Math.floorMod(list.hashCode(), LOCKS)];
    }
}
