package dev.sandglass.support.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Follows lists of the ledger, each change once and in order, while events come in any order and number. A change at or below a list's
 * cursor was done before; the next one is done now; before a later one, changes are missing. The transaction of the work also moves
 * the cursors.
 *
 * @param <A> the type of the service's report on the work
 */
public final class Follow<A> implements Decision<Follow.Step<A>> {
    private static final int CHANGES_AT_ONCE = 100;
    /** The most characters of changes in a transaction: a sidecar takes 4 MiB at once, and a change may be written more than once. */
    private static final int TEXT_AT_ONCE = 500_000;

    private final Heard<A> heard;

    public Follow(Heard<A> heard) {
        this.heard = heard;
    }

    /** The number up to which a list was followed: {@code cursor/<list>}. */
    public record Cursor(int v, long seq) {
        public static String key(String list) {
            return "cursor/" + list;
        }

        public static long of(Stored stored) {
            return stored.absent() ? 0 : stored.as(Cursor.class).seq;
        }
    }

    /** The changes of a list above a number, to be fetched from <em>task</em>. */
    public record Missing(String list, long after) {}

    /**
     * The result of one transaction.
     *
     * @param reached the number each list was followed up to
     * @param missing the changes to fetch before these lists go on
     * @param more true if there are more changes than went into it
     * @param answer the service's report; null where there was nothing to do
     */
    public record Step<A>(
            Map<String, Long> reached,
            List<Missing> missing,
            boolean more,
            @Nullable A answer) {}

    /**
     * The numbers up to which lists were followed, see {@link #followed(List)}.
     *
     * @param request {@code {"lists":[…]}}
     */
    public static Decision<Map<String, Long>> followedOf(String request) {
        return followed(Json.read(request, Lists.class).lists);
    }

    private record Lists(List<String> lists) {}

    /** The numbers up to which lists were followed: list to number, 0 for an unknown list. */
    public static Decision<Map<String, Long>> followed(List<String> lists) {
        return documents -> {
            documents.all(lists.stream().map(Cursor::key).toList());
            Map<String, Long> followed = new TreeMap<>();
            lists.forEach(list -> followed.put(list, Cursor.of(documents.get(Cursor.key(list)))));
            return Accepted.unchanged(followed);
        };
    }

    @Override
    public Set<String> keys() {
        Set<String> keys = new HashSet<>();
        heard.lists().forEach(list -> keys.add(Cursor.key(list)));
        if (heard.size() <= CHANGES_AT_ONCE) {
            List<JsonNode> all = heard.lists().stream()
                    .flatMap(list -> heard.of(list).stream())
                    .toList();
            keys.addAll(heard.effects().keys(all));
            keys.removeAll(keysOfNewTasks(all));
        }
        return keys;
    }

    private Set<String> keysOfNewTasks(List<JsonNode> changes) {
        return heard.effects().keys(changes.stream().filter(Follow::makesTask).toList());
    }

    /** Tells if a change makes a task: one that comes from another list is there already. */
    private static boolean makesTask(JsonNode change) {
        return change.path("event").asText().equals(ChangeType.TASK_CREATED.toString())
                && !change.path("changed").path("list").path(0).isTextual();
    }

    @Override
    public Accepted<Step<A>> on(Documents documents) {
        documents.all(heard.lists().stream().map(Cursor::key).toList());
        SortedMap<String, List<JsonNode>> next = new TreeMap<>();
        SortedMap<String, List<JsonNode>> repeated = new TreeMap<>();
        Map<String, Long> all = new HashMap<>();
        List<Missing> missing = new ArrayList<>();
        Transaction moved = new Transaction();
        int changes = 0;
        int text = 0;
        boolean more = false;
        for (String list : heard.lists()) {
            Stored cursor = documents.get(Cursor.key(list));
            long reached = Cursor.of(cursor);
            boolean full = false;
            for (JsonNode change : heard.of(list)) {
                long seq = Heard.seq(change);
                if (seq <= Cursor.of(cursor)) {
                    repeated.computeIfAbsent(list, any -> new ArrayList<>()).add(change);
                } else if (seq == reached + 1) {
                    text += change.toString().length();
                    full = changes > 0 && (changes == CHANGES_AT_ONCE || text > TEXT_AT_ONCE);
                    if (full) {
                        break;
                    }
                    next.computeIfAbsent(list, any -> new ArrayList<>()).add(change);
                    reached = seq;
                    changes++;
                }
            }
            if (next.containsKey(list)) {
                moved.replace(cursor, new Cursor(1, reached));
            }
            all.put(list, reached);
            more |= full;
            if (!full && reached < heard.last(list)) {
                missing.add(new Missing(list, reached));
            }
        }
        if (next.isEmpty() && repeated.isEmpty()) {
            return Accepted.unchanged(new Step<>(all, missing, more, null));
        }
        documents.presumeAbsent(
                keysOfNewTasks(next.values().stream().flatMap(List::stream).toList()));
        Accepted<A> done = heard.effects().of(documents, next, repeated);
        if (done.answer() == null) {
            Map<String, Long> unmoved = new HashMap<>();
            heard.lists().forEach(list -> unmoved.put(list, Cursor.of(documents.get(Cursor.key(list)))));
            return new Accepted<>(done.transaction(), new Step<>(unmoved, List.of(), true, null));
        }
        return new Accepted<>(moved.addAll(done.transaction()), new Step<>(all, missing, more, done.answer()));
    }
}
