package dev.sandglass.audit.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.audit.Lists;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr.Mishap;
import dev.sandglass.support.MemoryLetters;
import dev.sandglass.support.camel.LoggedCause;
import dev.sandglass.support.domain.Letter;
import dev.sandglass.support.memory.LedgerHeads;
import dev.sandglass.support.routes.CallsService;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.component.bean.BeanComponent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Events come from the sidecar, questions from <em>task</em>: the service as Dapr sees it. */
@QuarkusTest
@Tag("FR-007")
@Tag("SC-006")
class AuditRoutesTest extends CallsService {
    @Inject
    LedgerSidecar dapr;

    @Inject
    MeterRegistry meters;

    @Inject
    LedgerHeads heads;

    @Inject
    CamelContext camel;

    private double alarmsBefore;

    @BeforeEach
    void empty() throws Exception {
        camel.getRouteController().stopRoute("audit.ledger.catch-up");
        dapr.keys().forEach(key -> dapr.tamper(key, null));
        // It remembers how far lists were; in this test they begin anew.
        dapr.ledger.keySet().forEach(list -> heads.followed(Map.of(list, 0L)));
        dapr.ledger.clear();
        dapr.taskAway = false;
        dapr.broken = "";
        alarmsBefore = meters.get("sandglass.audit.alarms").counter().count();
    }

    @Test
    void eventsInAnyOrderAndNumberAreKeptOnceEachAsTheyCame() throws Exception {
        List<ObjectNode> changes = ledgerHas("inbox", 40);
        List<ObjectNode> heard = new ArrayList<>(changes);
        heard.addAll(changes.subList(10, 30));
        Collections.shuffle(heard, new Random(7));
        keep(heard.toArray(new JsonNode[0]));
        assertTrue(complete(changes, 40));
        assertTrue(dapr.read("entry/inbox/7").json().contains("laterField"));
        assertEquals(0, alarms());
    }

    @Test
    void whatIsDoneIsNotHeld() throws Exception {
        List<ObjectNode> changes = ledgerHas("inbox", 20);
        keep(changes.get(0));
        assertTrue(complete(changes, 20));
        BeanComponent beans = camel.getComponent("bean", BeanComponent.class);
        int before = beans.getCurrentBeanCacheSize();
        for (ObjectNode change : changes) {
            keep(change);
            assertTrue(complete(changes, 20));
        }
        assertEquals(before, beans.getCurrentBeanCacheSize(), "Camel keeps what it has called");
    }

    @Test
    void theLogSaysWhyNotThatItWasWithinASplit() {
        assertTrue(camel.getCamelContextExtension().getLogListeners().stream().anyMatch(LoggedCause.class::isInstance));
    }

    @Test
    void anUnknownOutcomeIsSettledByTheCursor() throws Exception {
        List<ObjectNode> changes = ledgerHas("inbox", 3);
        dapr.next(Mishap.ANSWER_LOST);
        keep(changes.get(0));
        dapr.next(Mishap.LOST);
        keep(changes.get(1));
        dapr.next(Mishap.ANSWER_LOST);
        keep(changes.get(2));
        assertTrue(complete(changes, 3));
        assertEquals(List.of("inbox/2", "inbox/3"), history("inbox.1"));
        assertEquals(0, alarms());
    }

    @Test
    void anotherChangeUnderTheSameNumberIsAnAlarmAndChangesNothing() throws Exception {
        List<ObjectNode> changes = ledgerHas("inbox", 3);
        catchUp();
        ObjectNode forged = Lists.sealed(changes.get(1).deepCopy().put("actor", "mallory"));
        keep(forged);
        assertEquals(1, alarms());
        assertTrue(complete(changes, 3));
    }

    @Test
    void anEventTheLedgerKnowsNothingOfIsAnAlarmAndIsNotKept() throws Exception {
        ledgerHas("inbox", 3);
        catchUp();
        keep(Lists.changes("inbox", 9).get(8));
        assertEquals(1, alarms());
        assertTrue(dapr.read("entry/inbox/9").absent());
    }

    @Test
    void whateverSomebodyMadeOfAnEntryItIsAltered() throws Exception {
        List<ObjectNode> changes = ledgerHas("inbox", 5);
        catchUp();
        for (String made : List.of(
                "\"x\"",
                "7",
                "{}",
                "{\"v\":1,\"content\":\"\",\"chan",
                "{\"v\":1,\"content\":\"\",\"change\":\"{\\\"n\\\":1e999}\"}")) {
            dapr.tamper("entry/inbox/3", made);
            assertEquals(deviation(3, "altered"), verify(changes, 5).path("first"), made);
        }
    }

    @Test
    void anEntrySomebodyPutThereBeforehandIsAnAlarmAndTheListGoesOn() throws Exception {
        List<ObjectNode> changes = ledgerHas("inbox", 5);
        dapr.tamper("entry/inbox/3", "{\"v\":1,\"content\":\"\",\"change\":\"{}\"}");
        catchUp();
        assertEquals(1, alarms());
        assertEquals(deviation(3, "altered"), verify(changes, 5).path("first"));
        assertEquals(4, verify(changes, 5).path("entries").asInt() - 1);
    }

    @Test
    void aRemovedEntryIsMissingAndOneThatNeverCameIsFetched() throws Exception {
        List<ObjectNode> changes = ledgerHas("inbox", 5);
        keep(changes.get(0));
        assertTrue(complete(changes, 5));
        dapr.tamper("entry/inbox/2", null);
        assertEquals(deviation(2, "missing"), verify(changes, 5).path("first"));
    }

    @Test
    void whileTaskIsAwayWhatIsAboveTheCursorIsNotYet() throws Exception {
        List<ObjectNode> changes = ledgerHas("inbox", 5);
        keep(changes.get(0));
        dapr.taskAway = true;
        assertEquals(deviation(2, "not yet"), verify(changes, 5).path("first"));
        assertEquals(Set.of("RETRY"), deliver(List.of(changes.get(3))));
    }

    @Test
    void whatIsNoChangeIsRefusedAndNotKeptAsOne() throws Exception {
        for (String junk : List.of(
                "[]",
                "{}",
                "{\"list\":\"inbox\",\"seq\":0}",
                Lists.changes("inbox", 1).get(0).put("actor", "mallory").toString())) {
            keep(Json.read(junk, JsonNode.class), Lists.changes("good", 1).get(0));
            assertTrue(MemoryLetters.in(dapr).get(0).event().contains(junk));
        }
        assertEquals(
                Set.of("entry/good/1", "cursor/good"),
                dapr.keys().stream()
                        .filter(key -> key.startsWith("entry/") || key.startsWith("cursor/"))
                        .collect(Collectors.toSet()));
    }

    @Test
    void aListLongerThanAPageIsCaughtUpWithAndVerified() throws Exception {
        List<ObjectNode> changes = ledgerHas("inbox", 2_345);
        catchUp();
        assertTrue(complete(changes, 2_345));
        assertTrue(complete(changes, 2_000));
    }

    @Test
    void manyListsAreCaughtUpWithTogether() throws Exception {
        for (int i = 0; i < 30; i++) {
            ledgerHas("list" + i, 5);
        }
        catchUp();
        assertEquals(
                150,
                dapr.keys().stream().filter(key -> key.startsWith("entry/")).count());
    }

    @Test
    void aListThatCannotBeFollowedHoldsUpNoOther() throws Exception {
        ledgerHas("a", 3);
        ledgerHas("b", 3);
        dapr.tamper("cursor/a", "{");
        catchUp(Set.of("b"));
        assertTrue(dapr.read("entry/a/1").absent());
    }

    @Test
    void aListWhoseChangesTaskFailsAtHoldsUpNoOther() throws Exception {
        List<ObjectNode> a = ledgerHas("a", 3);
        List<ObjectNode> b = ledgerHas("b", 2);
        dapr.broken = "a";
        keep(a.get(2), b.get(0));
        assertEquals(
                List.of("a/3"), MemoryLetters.in(dapr).stream().map(Letter::id).toList());
        assertEquals(1, followed("b"));
        catchUp(Set.of("b"));
    }

    @Test
    void aTaskKeepsItsHistoryWhenItMovesAndWhenItIsDeleted() throws Exception {
        List<ObjectNode> home = Lists.changes("home", 3);
        home.add(Lists.change("home", 4, "task.deleted", "home.1", 3, hash(home, 3)));
        List<ObjectNode> work = Lists.changes("work", 1);
        work.add(Lists.change("work", 2, "task.created", "home.1", 3, hash(work, 1)));
        work.add(Lists.change("work", 3, "task.deleted", "home.1", 4, hash(work, 2)));
        // The other list is heard of first.
        ledgerHas("work", work);
        ledgerHas("home", home);
        work.forEach(change -> keep(change));
        home.forEach(change -> keep(change));
        assertEquals(List.of("home/2", "home/3", "home/4", "work/2", "work/3"), history("home.1"));
    }

    @Test
    void aQuestionIsAnsweredByTimeOverListsAPageAtATime() throws Exception {
        List<String> expected = new ArrayList<>();
        for (String list : List.of("a", "b", "c")) {
            ledgerHas(list, 90);
        }
        for (int seq = 1; seq <= 90; seq++) {
            for (String list : List.of("a", "b", "c")) {
                expected.add(list + "/" + seq);
            }
        }
        catchUp();
        assertEquals(expected, all("{\"lists\":[\"c\",\"a\",\"b\"],\"limit\":7%s}"));
        assertEquals(
                expected.stream().filter(place -> !place.startsWith("b")).toList(),
                all("{\"lists\":[\"a\",\"c\"],\"limit\":500%s}"));
    }

    @Test
    void aQuestionMayNameATaskAnActorAndATime() throws Exception {
        ledgerHas("a", 90);
        ledgerHas("b", 90);
        catchUp();
        String from = Lists.BEGIN.plusSeconds(10).toString();
        String to = Lists.BEGIN.plusSeconds(14).toString();
        assertEquals(
                List.of("a/10", "b/10", "a/12", "b/12"),
                all("{\"lists\":[\"a\",\"b\"],\"actor\":\"alice\",\"from\":\"" + from + "\",\"to\":\"" + to
                        + "\",\"limit\":3%s}"));
        assertEquals(
                List.of("b/10", "b/11", "b/12", "b/13"),
                all("{\"lists\":[\"a\",\"b\"],\"task\":\"b.1\",\"from\":\"" + from + "\",\"to\":\"" + to
                        + "\",\"limit\":3%s}"));
        assertEquals(List.of(), all("{\"lists\":[\"a\"],\"task\":\"b.1\"%s}"));
        assertEquals(List.of(), all("{\"lists\":[\"nobody's\"]%s}"));
    }

    @Test
    void aRemovedEntryDoesNotBreakTheReadingOfTheOthers() throws Exception {
        ledgerHas("a", 60);
        catchUp();
        for (int seq = 25; seq <= 40; seq++) {
            dapr.tamper("entry/a/" + seq, null);
        }
        for (int second = 1; second <= 61; second++) {
            String from = Lists.BEGIN.plusSeconds(second).toString();
            long count = second < 25 ? 60 - second + 1 - 16 : second <= 40 ? 20 : 60 - second + 1;
            assertEquals(
                    count,
                    all("{\"lists\":[\"a\"],\"from\":\"" + from + "\"%s}").size(),
                    from);
        }
    }

    @Test
    void aCursorGoesWithItsQuestion() throws Exception {
        ledgerHas("a", 60);
        catchUp();
        String cursor = ask("internal/entries", "{\"lists\":[\"a\"],\"limit\":1}")
                .path("next")
                .asText();
        assertTrue(cursor.matches("[A-Za-z0-9._~-]{1,1000}"));
        for (String wrong : List.of(
                "\"cursor\":\"" + cursor + "\",\"actor\":\"bob\"",
                "\"cursor\":\"junk\"",
                "\"limit\":0",
                "\"limit\":501")) {
            assertEquals(
                    422,
                    post("internal/entries", "{\"lists\":[\"a\"]," + wrong + "}")
                            .statusCode(),
                    wrong);
        }
    }

    @Test
    void aQuestionThatFitsNearlyNothingLooksAtABoundedNumberAndGoesOn() throws Exception {
        List<ObjectNode> changes = ledgerHas("a", 5_050);
        catchUp();
        JsonNode page = ask("internal/entries", "{\"lists\":[\"a\"],\"actor\":\"nobody\"}");
        assertEquals(List.of(), places(page));
        assertTrue(page.path("next").isTextual());
        assertEquals(List.of(), all("{\"lists\":[\"a\"],\"actor\":\"nobody\"%s}"));
        assertEquals(5_050, changes.size());
    }

    @Test
    void largeChangesAreReadFewAtATime() throws Exception {
        int n = 90;
        List<ObjectNode> changes = ledgerHas("a", Lists.largeChanges("a", n));
        catchUp();
        List<String> ofTask = new ArrayList<>();
        for (int seq = 2; seq <= n; seq++) {
            ofTask.add("a/" + seq);
        }
        forgetReads();
        JsonNode page = ask("internal/entries", "{\"lists\":[\"a\"],\"task\":\"a.1\",\"limit\":1}");
        assertEquals(List.of("a/2"), places(page));
        assertTrue(dapr.charactersRead.get() < 20 * LARGE, "read: " + dapr.charactersRead.get());

        forgetReads();
        JsonNode history = ask("internal/history", "{\"task\":\"a.1\"}");
        assertTrue(history.path("older").asBoolean());
        int shown = history.path("entries").size();
        assertTrue(shown > 1 && history.toString().length() < 500_000, "shown: " + shown);
        assertEquals(ofTask.subList(ofTask.size() - shown, ofTask.size()), places(history));
        assertTrue(dapr.charactersRead.get() < 20 * LARGE, "read: " + dapr.charactersRead.get());

        assertEquals(ofTask, all("{\"lists\":[\"a\"],\"task\":\"a.1\",\"limit\":500%s}"));
        assertEquals(n, all("{\"lists\":[\"a\"],\"limit\":500%s}").size());
        assertEquals(List.of(), all("{\"lists\":[\"a\"],\"actor\":\"nobody\"%s}"));
        assertTrue(ask("internal/entries", "{\"lists\":[\"a\"],\"task\":\"a.1\",\"actor\":\"nobody\"}")
                .path("next")
                .isTextual());
        assertTrue(ask("internal/entries", "{\"lists\":[\"a\"],\"actor\":\"nobody\"}")
                .path("next")
                .isTextual());
        assertTrue(complete(changes, n));
        assertTrue(dapr.largestRead < 9 * LARGE, "at once: " + dapr.largestRead);
    }

    @Test
    void ofManyListsWithLargeChangesFewAreReadAtATime() throws Exception {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            names.add("\"list" + i + "\"");
            ledgerHas("list" + i, Lists.largeChanges("list" + i, 1));
        }
        catchUp();
        forgetReads();
        assertEquals(40, all("{\"lists\":" + names + ",\"limit\":3%s}").size());
        assertTrue(dapr.largestRead < 9 * LARGE, "at once: " + dapr.largestRead);
    }

    @Test
    void aLongHistoryEndsWithItsLastChanges() throws Exception {
        ledgerHas("a", 702);
        catchUp();
        JsonNode history = ask("internal/history", "{\"task\":\"a.1\"}");
        assertEquals(500, history.path("entries").size());
        assertEquals(203, history.at("/entries/0/seq").asInt());
        assertEquals(702, history.at("/entries/499/seq").asInt());
        assertTrue(history.path("older").asBoolean());
        assertEquals(701, all("{\"lists\":[\"a\"],\"task\":\"a.1\"%s}").size());
    }

    @Test
    void onePortionIsReadAtATimeHoweverManyAsk() throws Exception {
        List<ObjectNode> changes = ledgerHas("a", 40);
        ledgerHas("b", 40);
        catchUp();
        forgetReads();
        dapr.slow = 5;
        ExecutorService many = Executors.newFixedThreadPool(6);
        try {
            List<Callable<Object>> calls = List.of(
                    () -> complete(changes, 40),
                    () -> complete(changes, 40),
                    () -> complete(changes, 30),
                    () -> history("a.1"),
                    () -> all("{\"lists\":[\"a\",\"b\"]%s}"),
                    () -> all("{\"lists\":[\"a\"],\"task\":\"a.1\"%s}"));
            for (Future<Object> call : many.invokeAll(calls)) {
                assertTrue(call.get() instanceof List<?> || Boolean.TRUE.equals(call.get()));
            }
        } finally {
            many.shutdown();
            dapr.slow = 0;
        }
        assertEquals(1, dapr.readersAtOnce);
    }

    @Test
    void ofALargePageNoMoreIsReadThanGoesIntoIt() throws Exception {
        ledgerHas("a", Lists.largeChanges("a", 40));
        catchUp();
        forgetReads();
        JsonNode page = ask("internal/entries", "{\"lists\":[\"a\"],\"limit\":500}");
        assertEquals(List.of("a/1", "a/2", "a/3", "a/4"), places(page));
        assertTrue(page.path("next").isTextual());
        assertTrue(dapr.charactersRead.get() < 9 * LARGE, "read: " + dapr.charactersRead.get());
    }

    @Test
    void aQuestionThatFailsLeavesItsTurnToOthers() throws Exception {
        ledgerHas("a", 40);
        catchUp();
        dapr.fail(1);
        int status = post("internal/entries", "{\"lists\":[\"a\"]}").statusCode();
        dapr.fail(0);
        assertEquals(503, status);
        assertEquals(40, all("{\"lists\":[\"a\"]%s}").size());
    }

    @Test
    void aTimeThatIsNoneIsTheCallersFault() {
        for (String wrong : List.of("2027-01-31 08:00:00Z", "2016-12-31T18:59:60-05:00", "soon")) {
            for (String field : List.of("from", "to")) {
                assertEquals(
                        422,
                        post("internal/entries", "{\"lists\":[\"a\"],\"" + field + "\":\"" + wrong + "\"}")
                                .statusCode(),
                        wrong);
            }
        }
    }

    // ---------------------------------------------------------------- In the system's words

    /** Characters of a change as large as it may be, as it is kept. */
    private static final int LARGE = 97_000;

    private void forgetReads() {
        dapr.largestRead = 0;
        dapr.charactersRead.set(0);
        dapr.readersAtOnce = 0;
    }

    private List<ObjectNode> ledgerHas(String list, int n) {
        return ledgerHas(list, Lists.changes(list, n));
    }

    private List<ObjectNode> ledgerHas(String list, List<ObjectNode> changes) {
        dapr.ledger.put(list, Json.array().addAll(changes));
        return changes;
    }

    private void keep(JsonNode... changes) {
        assertEquals(Set.of("SUCCESS"), deliver(List.of(changes)));
    }

    /** Delivers changes as one bulk of events; @return the answers to them */
    private Set<String> deliver(List<? extends JsonNode> changes) {
        ObjectNode bulk = Json.object().put("id", "b").put("topic", "task-events");
        ArrayNode entries = bulk.putArray("entries");
        for (JsonNode change : changes) {
            ObjectNode event = Json.object()
                    .put("specversion", "1.0")
                    .put(
                            "id",
                            change.path("list").asText() + "/"
                                    + change.path("seq").asText())
                    .put("source", "sandglass/task")
                    .put("type", change.path("event").asText("task.updated"));
            event.set("data", change);
            entries.addObject().put("entryId", entries.size() + "").set("event", event);
        }
        Set<String> statuses = new TreeSet<>();
        Json.read(post("events/task-events", bulk.toString()).body(), JsonNode.class)
                .path("statuses")
                .forEach(status -> statuses.add(status.path("status").asText()));
        return statuses;
    }

    /** The timer's turn comes. One that is started at the instant its turn comes passes it over, so it may take two. */
    private void catchUp() throws Exception {
        catchUp(dapr.ledger.keySet());
    }

    private void catchUp(Set<String> lists) throws Exception {
        long waited = 0;
        while (!lists.stream()
                .allMatch(list -> followed(list)
                        == Objects.requireNonNull(dapr.ledger.get(list)).size())) {
            assertTrue(waited < 60_000, "not caught up with in a minute");
            if (waited % 1_000 == 0) {
                camel.getRouteController().stopRoute("audit.ledger.catch-up");
                camel.getRouteController().startRoute("audit.ledger.catch-up");
            }
            Thread.sleep(10);
            waited += 10;
        }
    }

    private int followed(String list) {
        return ask("internal/followed", "{\"lists\":[\"" + list + "\"]}")
                .path(list)
                .asInt();
    }

    private JsonNode verify(List<ObjectNode> changes, int seq) {
        return ask(
                "internal/verify",
                Json.object()
                        .put("list", changes.get(0).path("list").asText())
                        .put("seq", seq)
                        .put("hash", hash(changes, seq))
                        .toString());
    }

    private boolean complete(List<ObjectNode> changes, int seq) {
        return verify(changes, seq).path("complete").asBoolean();
    }

    private static JsonNode deviation(int seq, String why) {
        return Json.object().put("seq", seq).put("why", why);
    }

    private List<String> history(String task) {
        return places(ask("internal/history", Json.object().put("task", task).toString()));
    }

    private List<String> all(String question) {
        List<String> places = new ArrayList<>();
        @Nullable String next = null;
        do {
            JsonNode page =
                    ask("internal/entries", question.formatted(next == null ? "" : ",\"cursor\":\"" + next + "\""));
            places.addAll(places(page));
            next = page.path("next").textValue();
        } while (next != null);
        return places;
    }

    private static List<String> places(JsonNode page) {
        List<String> places = new ArrayList<>();
        page.path("entries")
                .forEach(entry -> places.add(
                        entry.path("list").asText() + "/" + entry.path("seq").asText()));
        return places;
    }

    private double alarms() {
        return meters.get("sandglass.audit.alarms").counter().count() - alarmsBefore;
    }

    private static String hash(List<ObjectNode> changes, int seq) {
        return changes.get(seq - 1).path("hash").asText();
    }
}
