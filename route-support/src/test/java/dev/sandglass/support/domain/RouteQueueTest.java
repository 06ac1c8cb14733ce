package dev.sandglass.support.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.RouteQueue.Registry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Decisions on documents: the known routes, and the queues of their events. */
@Tag("FR-012")
class RouteQueueTest {
    private final Map<String, Stored> store = new HashMap<>();

    RouteQueueTest() {
        for (String route : List.of("a", "b", "c")) {
            put(RouteQueue.in(route), null);
            put(RouteQueue.out(route), null);
        }
        put("hooks", null);
    }

    @Test
    void aRouteThatIsNewHasAnEmptyQueueAndOneThatIsGoneLosesWhatWaits() {
        put("hooks", new Registry(1, routes("a", "b")));
        put(RouteQueue.in("b"), new RouteQueue(1, 251));
        put(RouteQueue.out("b"), new QueueCursor(1, 5, List.of(new QueueCursor.Failed(3, 1, 0)), null, 9));
        Accepted<KnowRoutes.Known> known = know(routes("a", "c"), Set.of());
        assertEquals(
                Map.of(
                        "hooks", Json.text(new Registry(1, routes("a", "c"))),
                        "hooks/b/in", "gone",
                        "hooks/b/out", "gone",
                        "hooks/c/in", Json.text(new RouteQueue(1, 1)),
                        "hooks/c/out", "gone"),
                written(known.transaction()));
        List<String> removed = new ArrayList<>();
        known.answer().removals().forEachRemaining(some -> {
            assertTrue(written(some).size() <= 100);
            some.each((key, value) -> removed.add(key));
        });
        assertEquals(LongStream.range(3, 251).mapToObj(n -> "hooks/b/" + n).toList(), removed);
    }

    @Test
    void aRouteOfAFileThatCannotBeTakenKeepsItsQueue() {
        put("hooks", new Registry(1, routes("a", "b")));
        Accepted<KnowRoutes.Known> known = know(routes("a"), Set.of("b.camel.yaml"));
        assertTrue(known.transaction().isEmpty());
        assertEquals(routes("a", "b"), known.answer().registry().routes());
    }

    @Test
    void eventsGoToAllRoutesThatSelectThemInOneTransaction() {
        put(RouteQueue.in("a"), new RouteQueue(1, 7));
        put(RouteQueue.in("b"), new RouteQueue(1, 1));
        SortedMap<String, EventSelector> routes = routes("a", "b", "c");
        routes.put("b", new EventSelector("b.camel.yaml", "task-events", List.of("y"), null, null));
        Accepted<Set<String>> queued = new QueueEvents(routes, List.of(event("x"), event("y"))).on(Documents.of(store));
        assertEquals(Set.of("a", "b"), queued.answer(), "c is not known any more");
        assertEquals(
                Map.of(
                        "hooks/a/in", Json.text(new RouteQueue(1, 9)),
                        "hooks/b/in", Json.text(new RouteQueue(1, 2)),
                        "hooks/a/7", Json.text(event("x").toString()),
                        "hooks/a/8", Json.text(event("y").toString()),
                        "hooks/b/1", Json.text(event("y").toString())),
                written(queued.transaction()));
    }

    @Test
    void aDeadLetterGoesToItsRouteWhateverThatSelectsByNow() {
        SortedMap<String, EventSelector> routes = routes("a");
        routes.put("a", new EventSelector("a.camel.yaml", "task-events", List.of("y"), "other", "$.x"));
        put("hooks", new Registry(1, routes));
        put(RouteQueue.in("a"), new RouteQueue(1, 1));
        String event = event("x").toString();
        assertEquals(
                Set.of("a"),
                QueueEvents.again("a", event).on(Documents.of(store)).answer());
        assertThrows(
                IllegalArgumentException.class,
                () -> QueueEvents.again("b", event).on(Documents.of(store)));
    }

    @Test
    void ofTwoReplicasOneClaimsUntilItIsSilent() {
        put(RouteQueue.in("a"), new RouteQueue(1, 20));
        ClaimEvents.Claim first = claim("first", 0).answer();
        assertEquals(16, first.due().size());
        put(RouteQueue.out("a"), first.cursor());
        Accepted<ClaimEvents.Claim> second = claim("second", 0);
        assertTrue(second.transaction().isEmpty());
        assertEquals(List.of(), second.answer().due());
        assertEquals(19, second.answer().waiting());
        assertEquals(16, claim("first", 0).answer().due().size());
        put(RouteQueue.out("a"), beaten(first));
        long beat = second.answer().cursor().beat();
        assertTrue(claim("second", beat).transaction().isEmpty());
        assertEquals(16, claim("second", beat + 1).answer().due().size());
    }

    @Test
    void theOutcomeOfAClaimFreesTheQueueUnlessAnotherReplicaTookOver() {
        put(RouteQueue.in("a"), new RouteQueue(1, 3));
        ClaimEvents.Claim claim = claim("first", 0).answer();
        put(RouteQueue.out("a"), beaten(claim));
        QueueCursor.Failed failed = new QueueCursor.Failed(2, 1, 9);
        assertEquals(
                Map.of("hooks/a/1", "gone", "hooks/a/out", Json.text(new QueueCursor(1, 3, List.of(failed), null, 3))),
                written(claim.outcome(List.of(failed), List.of())
                        .on(Documents.of(store))
                        .transaction()));
        put(RouteQueue.out("a"), claim("second", 2).answer().cursor());
        assertTrue(claim.outcome(List.of(), List.of())
                .on(Documents.of(store))
                .transaction()
                .isEmpty());
        assertTrue(claim.beat().on(Documents.of(store)).transaction().isEmpty());
    }

    @Test
    void inOrderWhatFailedHoldsUpWhatIsBehindIt() {
        QueueCursor.Failed failed = new QueueCursor.Failed(2, 1, 100);
        QueueCursor.Failed behind = new QueueCursor.Failed(3, 0, 0);
        QueueCursor cursor = new QueueCursor(1, 4, List.of(failed, behind), null, 0);
        assertEquals(List.of(), cursor.dueInOrder(6, 99, 16));
        QueueCursor.Failed fresh = new QueueCursor.Failed(4, 0, 0);
        assertEquals(List.of(failed, behind, fresh), cursor.dueInOrder(6, 100, 3));
        assertEquals(
                List.of(new QueueCursor.Failed(2, 0, 0), behind),
                cursor.afresh().dueInOrder(4, 0, 16));
        assertEquals(List.of(behind, fresh), cursor.due(5, 99, 16, 1_000));
    }

    @Test
    void whereTheClockIsSetBackWhatFailedWaitsNoLongerThanItsPause() {
        long hour = 3_600_000;
        QueueCursor.Failed failed = new QueueCursor.Failed(2, 2, 0).failedAgain(hour);
        assertEquals(new QueueCursor.Failed(2, 3, hour + 4_000), failed);
        QueueCursor cursor = new QueueCursor(1, 3, List.of(failed), null, 0);
        for (long early : List.of(hour, hour + 3_999)) {
            assertEquals(List.of(), cursor.due(3, early, 16, 1_000));
        }
        for (long now : List.of(0L, hour + 4_000)) {
            assertEquals(List.of(failed), cursor.due(3, now, 16, 1_000));
            assertEquals(List.of(failed), cursor.dueInOrder(3, now, 16));
        }
    }

    private Accepted<ClaimEvents.Claim> claim(String worker, long silent) {
        return new ClaimEvents(new RouteEvents("a", 8), worker, silent, 0).on(Documents.of(store));
    }

    private QueueCursor beaten(ClaimEvents.Claim claim) {
        put(RouteQueue.out("a"), claim.cursor());
        return Json.read(
                written(claim.beat().on(Documents.of(store)).transaction()).get("hooks/a/out"), QueueCursor.class);
    }

    private Accepted<KnowRoutes.Known> know(SortedMap<String, EventSelector> live, Set<String> unclear) {
        return new KnowRoutes(live, unclear).on(Documents.of(store));
    }

    private void put(String key, @Nullable Object value) {
        store.put(key, new Stored(key, value == null ? null : Json.text(value), value == null ? null : "1"));
    }

    private static SortedMap<String, EventSelector> routes(String... ids) {
        SortedMap<String, EventSelector> routes = new TreeMap<>();
        for (String id : ids) {
            routes.put(id, new EventSelector(id + ".camel.yaml", "task-events", List.of(), null, null));
        }
        return routes;
    }

    private static JsonNode event(String type) {
        return Json.object().put("id", "1").put("type", type).set("data", Json.object());
    }

    private static Map<String, String> written(Transaction transaction) {
        Map<String, String> written = new TreeMap<>();
        transaction.each((key, value) -> written.put(key, value == null ? "gone" : value));
        return written;
    }
}
