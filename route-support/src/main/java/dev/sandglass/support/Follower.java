package dev.sandglass.support;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
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
    /** Characters: a sidecar takes 4 MiB at once, and a change may be written more than once. */
    private static final int TEXT_AT_ONCE = 500_000;

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

    /** What a service does with changes that it keeps as they came, fields it does not know included. */
    @FunctionalInterface
    public interface ExactEffects {
        /** As {@link Effects#of}, with each change as JSON. */
        Transaction of(String list, List<JsonNode> changes);
    }

    /** How far a list was followed: {@code cursor/<list>}. */
    record Cursor(int v, long seq) {}

    private final Dapr dapr;
    private final ExactEffects effects;
    /** What is known of cursors in the store: they only grow, so that an old number costs a look and never a change. */
    private final Map<String, Long> known = new ConcurrentHashMap<>();

    private final Object[] locks = new Object[LOCKS];

    public Follower(Dapr dapr, Effects effects) {
        this(dapr, read(effects));
    }

    private Follower(Dapr dapr, ExactEffects effects) {
        this.dapr = dapr;
        this.effects = effects;
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new Object();
        }
    }

    /** A follower whose effects get each change as it came. */
    public static Follower exactly(Dapr dapr, ExactEffects effects) {
        return new Follower(dapr, effects);
    }

    private static ExactEffects read(Effects effects) {
        return (list, changes) -> effects.of(
                list,
                changes.stream().map(change -> Json.read(change, Change.class)).toList());
    }

    /**
     * Takes a change that was heard of.
     *
     * @throws Unavailable while the state store, or <em>task</em> when it is needed, is away
     */
    public void take(Change change) {
        take(Json.<JsonNode>tree(change));
    }

    /**
     * As {@link #take(Change)}, of a change as it came.
     *
     * @throws IllegalArgumentException when it does not say of which list it is the which change
     */
    public void take(JsonNode change) {
        String list = change.path("list").asText();
        if (list.isEmpty() || list.equals("null") || seq(change) < 1) {
            throw new IllegalArgumentException("not a change of a list");
        }
        synchronized (lock(list)) {
            follow(list, List.of(change));
        }
    }

    /**
     * Compares the ledger's numbers with the cursors and fetches what was missed. A list that cannot be followed does not hold up
     * the others.
     *
     * @throws Unavailable while the state store or <em>task</em> is away
     */
    public void catchUp() {
        Iterator<Map.Entry<String, JsonNode>> heads =
                dapr.invoke("task", "GET", "internal/heads", null).path("heads").fields();
        while (heads.hasNext()) {
            Map.Entry<String, JsonNode> head = heads.next();
            if (known.getOrDefault(head.getKey(), 0L) < head.getValue().asLong()) {
                try {
                    catchUp(head.getKey(), head.getValue().asLong());
                } catch (Unavailable e) {
                    throw e;
                } catch (RuntimeException e) {
                    LOG.errorf(e, "list %s cannot be followed", head.getKey());
                }
            }
        }
    }

    /** How far each of the lists was followed; 0 where nothing is known of it. */
    public Map<String, Long> followed(Collection<String> lists) {
        Map<String, Stored> cursors =
                dapr.read(lists.stream().map(Follower::key).toList());
        Map<String, Long> followed = new HashMap<>();
        for (String list : lists) {
            Stored stored = cursors.get(key(list));
            followed.put(list, stored == null || stored.absent() ? 0 : stored.as(Cursor.class).seq);
        }
        return followed;
    }

    /** Fetches the changes of a list up to a number, where they were not done. */
    public void catchUp(String list, long seq) {
        boolean moved = true;
        while (moved && cursor(list).seq < seq) {
            moved = followAll(list, fetch(list, cursor(list).seq));
        }
    }

    /** A transaction at a time, so that events of the list get their turn. */
    private boolean followAll(String list, List<JsonNode> changes) {
        boolean any = false;
        boolean moved = true;
        while (moved) {
            synchronized (lock(list)) {
                moved = follow(list, changes);
            }
            any |= moved;
        }
        return any;
    }

    /** @return whether the cursor moved */
    private boolean follow(String list, List<JsonNode> heard) {
        for (int tries = 1; ; tries++) {
            Stored stored = dapr.read(key(list));
            long done = stored.absent() ? 0 : stored.as(Cursor.class).seq;
            known.merge(list, done, Math::max);
            List<JsonNode> next = after(done, heard);
            if (next.isEmpty()) {
                return false;
            }
            if (seq(next.get(0)) > done + 1) {
                next = after(done, fetch(list, done));
                if (next.isEmpty()) {
                    // Heard of, but not in the ledger: nothing of ours.
                    return false;
                }
            }
            Transaction transaction = effects.of(list, next);
            long seq = seq(next.get(next.size() - 1));
            try {
                dapr.commit(
                        new Transaction().replace(stored, new Cursor(1, seq)).addAll(transaction));
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

    private List<JsonNode> fetch(String list, long after) {
        JsonNode answer = dapr.invoke("task", "GET", "internal/lists/" + list + "/changes/" + after, null);
        List<JsonNode> changes = new ArrayList<>();
        answer.path("changes").forEach(changes::add);
        return changes;
    }

    /** The changes above a number, up to the first hole, at most as many as go into a transaction. */
    private static List<JsonNode> after(long done, List<JsonNode> changes) {
        List<JsonNode> next = new ArrayList<>();
        int text = 0;
        for (JsonNode change : changes) {
            if (seq(change) <= done) {
                continue;
            }
            boolean follows = next.isEmpty() || seq(change) == seq(next.get(next.size() - 1)) + 1;
            text += changes.size() == 1 ? 0 : change.toString().length();
            if (!follows || next.size() == CHANGES_AT_ONCE || (!next.isEmpty() && text > TEXT_AT_ONCE)) {
                break;
            }
            next.add(change);
        }
        return next;
    }

    private static long seq(JsonNode change) {
        return change.path("seq").asLong();
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
