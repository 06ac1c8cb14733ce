package dev.sandglass.reminder.routes;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.CloudEvent;
import dev.sandglass.events.Json;
import dev.sandglass.events.Status;
import dev.sandglass.events.Task;
import dev.sandglass.events.Topics;
import dev.sandglass.reminder.domain.TaskReminders;
import dev.sandglass.reminder.domain.Tasks;
import dev.sandglass.reminder.memory.Sweep;
import dev.sandglass.support.MemoryDapr.Mishap;
import dev.sandglass.support.routes.CallsService;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Events, jobs and the cron binding come from the sidecar, questions from <em>task</em>: the service as Dapr sees it. */
@QuarkusTest
@Tag("FR-003")
@Tag("SC-003")
class ReminderRoutesTest extends CallsService {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String RULES = "reminder.rules.follow";
    private static int lists;

    @Inject
    ReminderSidecar dapr;

    @Inject
    MeterRegistry meters;

    @Inject
    CamelContext camel;

    @Inject
    Sweep sweep;

    /** Each test has a list of its own. */
    private final String list = "l" + ++lists;

    private long seq;

    @BeforeEach
    void quiet() throws Exception {
        await("nothing is under way", () -> {
            int before = dapr.calls.size();
            Thread.sleep(300);
            return dapr.calls.size() == before;
        });
        // One that lasts is not joined by that of a test.
        await("no sweep is under way", () -> sweep.begin() != null);
        sweep.end();
        dapr.calls.clear();
    }

    @AfterEach
    void healed() {
        dapr.taskAway = false;
        dapr.schedulerAway = false;
        dapr.brokerAway(false);
        dapr.fail(0);
        // Alarms of this test that are armed find nothing.
        dapr.keys().stream()
                .filter(key -> key.startsWith("reminder/") || key.startsWith("due/"))
                .forEach(key -> dapr.tamper(key, null));
    }

    @Test
    void aTaskThatIsCreatedIsPlannedWithoutAReadOfItsPlanAndInOneTransaction() throws Exception {
        Instant at = Instant.now().plusSeconds(3_600).truncatedTo(ChronoUnit.SECONDS);
        deliver(List.of(created("a", at), created("b", at)));
        await("the job is scheduled", () -> dapr.calls.size() == 4);
        assertEquals(
                List.of(
                        "read cursor",
                        "read due list",
                        "write cursor due list reminder",
                        "job due-" + at.getEpochSecond() + " " + at.minusSeconds(1)),
                dapr.calls);
        assertEquals(List.of("scheduled", "scheduled"), statuses());
        assertEquals(2, followed());
    }

    @Test
    void aLostAnswerALateOneAndAHolePlanEachOnce() throws Exception {
        Instant at = Instant.now().plusSeconds(3_600);
        List<JsonNode> changes = new ArrayList<>();
        for (Mishap mishap : Mishap.values()) {
            changes.add(created("t" + mishap.ordinal(), at));
            dapr.next(mishap);
            deliver(List.of(changes.get(mishap.ordinal())));
        }
        assertEquals(3, statuses().size());
        created("missed", at);
        JsonNode next = created("next", at);
        dapr.taskAway = true;
        assertEquals(Set.of("RETRY"), answers(List.of(next)));
        dapr.taskAway = false;
        deliver(List.of(next));
        assertEquals(5, statuses().size());
        assertEquals(5, followed());
        await(
                "each second has its job",
                () -> dapr.calls.stream().anyMatch(call -> call.startsWith("job due-" + at.getEpochSecond())));
    }

    @Test
    void aChangeNoEventToldIsFetched() throws Exception {
        created("a", Instant.now().plusSeconds(3_600));
        camel.getRouteController().stopRoute("reminder.ledger.catch-up");
        camel.getRouteController().startRoute("reminder.ledger.catch-up");
        await("it is planned", () -> followed() == 1);
        assertEquals(List.of("scheduled"), statuses());
        assertTrue(dapr.calls.contains("invoke task internal/lists/" + list + "/changes/0"));
    }

    @Test
    void aHundredDueTogetherAreClaimedConfirmedHandedOverToldAndRecordedInOneCallEach() throws Exception {
        Instant at = Instant.now().plusMillis(1_500);
        List<JsonNode> changes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            changes.add(created("t" + i, at));
        }
        camel.getRouteController().stopRoute("reminder.fire.claim");
        deliver(changes);
        await("all are due", () -> Instant.now().isAfter(at.plusMillis(300)));
        dapr.calls.clear();
        camel.getRouteController().startRoute("reminder.fire.claim");
        await("they are recorded", () -> dapr.calls.contains("write reminder"));
        assertEquals(
                List.of(
                        "read reminder",
                        "read fired",
                        "write fired reminder",
                        "invoke task internal/tasks",
                        "publish reminders 100 reminder.due",
                        "publish reminders 100 reminder.delivered",
                        "read reminder",
                        "write reminder"),
                dapr.calls);
        assertEquals(Set.of("delivered"), Set.copyOf(statuses()));
        assertEquals(100, Set.copyOf(told("reminder.due")).size());
    }

    @Test
    void aConflictAndALostAnswerOfAClaimDoNotHaveItHandedOverTwice() throws Exception {
        for (Mishap mishap : Mishap.values()) {
            deliver(List.of(created("t" + mishap, Instant.now().plusMillis(400))));
            dapr.next(mishap);
            await("it is delivered", () -> statuses().stream().allMatch("delivered"::equals));
        }
        assertEquals(3, told("reminder.due").size());
    }

    @Test
    void withoutTheBrokerTheyWaitAndComeOnceWhenItIsBack() throws Exception {
        dapr.brokerAway(true);
        deliver(List.of(
                created("a", Instant.now().plusMillis(300)),
                created("b", Instant.now().plusMillis(300))));
        await("it was tried", () -> dapr.refused() > 0);
        assertEquals(List.of("scheduled", "scheduled"), statuses());
        dapr.brokerAway(false);
        await("they are delivered", () -> statuses().stream().allMatch("delivered"::equals));
        assertEquals(2, told("reminder.due").size());
    }

    @Test
    void withoutTheStateStoreTheyWaitAndComeOnceWhenItIsBack() throws Exception {
        deliver(List.of(created("a", Instant.now().plusMillis(300))));
        dapr.fail(1);
        Thread.sleep(1_500);
        dapr.fail(0);
        await("it is delivered", () -> statuses().equals(List.of("delivered")));
        assertEquals(1, told("reminder.due").size());
    }

    @Test
    void withoutTaskItComesByOwnKnowledge() throws Exception {
        deliver(List.of(created("a", Instant.now().plusMillis(300))));
        dapr.taskAway = true;
        await("it is delivered", () -> statuses().equals(List.of("delivered")));
        assertTrue(reminders().get(0).path("unconfirmed").asBoolean());
    }

    @Test
    void whatTaskNoLongerHasIsCancelled() throws Exception {
        JsonNode change = created("a", Instant.now().plusMillis(1_500));
        dapr.tasks.clear();
        deliver(List.of(change));
        await("it is cancelled", () -> statuses().equals(List.of("cancelled")));
        assertEquals(0, told("reminder.due").size());
    }

    @Test
    void theSweepAndAJobFindWhatIsArmedNowhere() throws Exception {
        String sweep = "reminder-sweep";
        for (String now : List.of(sweep, "job")) {
            // As another replica planned it that is gone.
            Instant at = Instant.now().plusMillis(800);
            Task task = task("x" + now, at);
            String key = "reminder/" + task.id();
            dapr.tamper(key, Json.text(requireNonNull(TaskReminders.after(null, task, false, at.minusSeconds(60)))));
            dapr.tasks.put(task.id(), Json.tree(task));
            dapr.tamper(
                    "due/" + at.getEpochSecond() / 60 + "/"
                            + Math.floorMod(task.id().hashCode(), 16),
                    "{\"v\":1,\"tasks\":[\"" + task.id() + "\"]}");
            post(now.equals(sweep) ? sweep : "job/due-" + at.getEpochSecond(), "{}");
            await("it is told", () -> told("reminder.due").contains(task.id()));
        }
    }

    @Test
    void aSweepRemovesWhatIsDoneAndGoesOnFromThere() throws Exception {
        long minute = Instant.now().getEpochSecond() / 60;
        dapr.tamper("sweep", "{\"v\":1,\"minute\":" + (minute - 100) + "}");
        dapr.tamper("due/" + (minute - 90) + "/3", "{\"v\":1,\"tasks\":[\"" + list + ".gone\"]}");
        post("reminder-sweep", "{}");
        assertTrue(dapr.read("due/" + (minute - 90) + "/3").absent());
        assertTrue(dapr.read("sweep").tree().path("minute").asLong() >= minute - 2);
        assertEquals(
                List.of(
                        "read sweep",
                        "read due",
                        "read reminder",
                        "write due",
                        "read due",
                        "read sweep",
                        "write sweep"),
                dapr.calls.subList(0, 7));
    }

    /** The clock of a replica was an hour ahead, and was put right. */
    @Test
    void aSweepGoesOnFromTheClockWhereItsPositionIsAheadOfIt() throws Exception {
        long minute = Instant.now().getEpochSecond() / 60;
        dapr.tamper("sweep", "{\"v\":1,\"minute\":" + (minute + 60) + "}");
        dapr.tamper("due/" + (minute - 5) + "/3", "{\"v\":1,\"tasks\":[\"" + list + ".gone\"]}");
        post("reminder-sweep", "{}");
        assertTrue(dapr.read("due/" + (minute - 5) + "/3").absent());
        long position = dapr.read("sweep").tree().path("minute").asLong();
        assertTrue(position >= minute - 2 && position <= minute + 2, () -> minute + " " + position);
    }

    @Test
    void whatCameDueWhileNothingRanComesAtTheStartAsSoonAsTheStateStoreAnswers() throws Exception {
        Instant due = Instant.now().minusSeconds(2);
        Task task = task("a", due);
        dapr.tasks.put(task.id(), Json.tree(task));
        dapr.tamper(
                "reminder/" + task.id(),
                Json.text(requireNonNull(TaskReminders.after(null, task, false, due.minusSeconds(60)))));
        dapr.tamper(
                "due/" + due.getEpochSecond() / 60 + "/"
                        + Math.floorMod(task.id().hashCode(), 16),
                "{\"v\":1,\"tasks\":[\"" + task.id() + "\"]}");
        dapr.fail(1);
        CompletableFuture<Void> start = CompletableFuture.runAsync(() -> turn("reminder.start.wake"));
        await("the store is asked", () -> dapr.calls.contains("read sweep"));
        Thread.sleep(100);
        assertFalse(start.isDone());
        dapr.fail(0);
        start.get(10, TimeUnit.SECONDS);
        await("it is told", () -> told("reminder.due").equals(List.of(task.id())));
    }

    @Test
    void whereTheRulesOfTimeZonesAreNewerWhatIsToComeKeepsItsLocalTimeWhateverTheStoreAnswers() throws Exception {
        for (Mishap mishap : Mishap.values()) {
            Task nine = due("2037-01-31T09:0" + mishap.ordinal() + ":00");
            plannedByOlderRules(nine);
            dapr.calls.clear();
            dapr.next(mishap);
            turn(RULES);
            assertEquals(List.of(at(nine)), planned(), mishap::toString);
            assertTrue(dapr.read("rules").tree().path("version").asText().compareTo("1999a") > 0, mishap::toString);
            assertEquals(List.of("read rules", "read list", "read reminder"), dapr.calls.subList(0, 3));
            assertTrue(dapr.calls.contains("write due reminder"), dapr.calls::toString);
        }
    }

    @Test
    void aPlanByOlderRulesIsLeftToTheNextTurnWhileTheStateStoreIsAway() throws Exception {
        Task nine = due("2037-01-31T09:00:00");
        plannedByOlderRules(nine);
        dapr.fail(1);
        turn(RULES);
        dapr.fail(0);
        assertEquals("1999a", dapr.read("rules").tree().path("version").asText());
        turn(RULES);
        assertEquals(List.of(at(nine)), planned());
    }

    @Test
    void aPlanThatCannotBeReadIsCountedAndHoldsUpNoOther() throws Exception {
        double before = unreadable();
        deliver(List.of(
                created("a", Instant.now().plusMillis(500)),
                created("b", Instant.now().plusMillis(500))));
        dapr.tamper("reminder/" + list + ".a", "{\"v\":2,\"reminders\":\"as a newer program writes them\"}");
        await("the other is told", () -> told("reminder.due").equals(List.of(list + ".b")));
        assertEquals(1, reminders().size());
        assertTrue(unreadable() > before);
    }

    @Test
    void withoutTheSchedulerTheyComeByTheClock() throws Exception {
        dapr.schedulerAway = true;
        deliver(List.of(created("a", Instant.now().plusMillis(1_200))));
        await("it is delivered", () -> statuses().equals(List.of("delivered")));
    }

    @Test
    @Tag("FR-009")
    void anOpenTaskThatBecomesOverdueSaysSoOnceWhateverTheStoreAnswers() throws Exception {
        for (Mishap mishap : Mishap.values()) {
            dapr.next(mishap);
            deliver(List.of(created(dueSoon("t" + mishap))));
            dapr.next(mishap);
            await("it is told", () -> told("task.overdue").contains(list + ".t" + mishap));
        }
        Task done = dueSoon("done");
        deliver(List.of(created(done)));
        dapr.tasks.put(done.id(), Json.tree(Tasks.as(Tasks.status(done, 2, Status.COMPLETED), done.id())));
        Task moved = dueSoon("moved");
        deliver(List.of(created(moved)));
        dapr.tasks.put(moved.id(), Json.tree(Tasks.as(Tasks.due(moved, 2, "2037-01-31T09:00:00"), moved.id())));
        await("their time is over", () -> Instant.now().isAfter(at(moved).plusSeconds(2)));
        assertEquals(3, told("task.overdue").size());
        assertEquals(List.of(), told("reminder.due"));
        assertEquals(List.of(), statuses());
    }

    @Test
    void oneThatWasFiredIsPutOffInOneTransactionAndComesOnceMoreAtThatTime() throws Exception {
        deliver(List.of(created("a", Instant.now().plusMillis(300))));
        await("it is delivered", () -> statuses().equals(List.of("delivered")));
        await("all is written", () -> dapr.calls.contains("write reminder"));
        JsonNode first = reminders().get(0);
        dapr.calls.clear();
        snooze(first, Instant.now().plusSeconds(3_600), "a");
        assertEquals(List.of("read reminder", "read due", "write due reminder"), dapr.calls.subList(0, 3));
        Instant until = Instant.now().plusMillis(1_200).truncatedTo(ChronoUnit.MILLIS);
        JsonNode snoozed = snooze(first, until, "b");
        assertEquals(until.toString(), snoozed.path("at").asText());
        assertEquals(List.of("delivered", "scheduled"), statuses());
        assertEquals(snoozed, reminders().get(1));
        await("it is told once more", () -> told("reminder.due").size() == 2);
        await("it is delivered", () -> statuses().equals(List.of("delivered", "delivered")));
        assertFalse(reminders().get(1).path("late").asBoolean());
        assertTrue(dapr.calls.stream().anyMatch(call -> call.startsWith("job due-" + until.getEpochSecond())));
    }

    @Test
    void oneThatIsToComeIsPutOffOnceWhateverTheStoreAnswersAndComesThenAlone() throws Exception {
        Instant first = Instant.now().plusSeconds(8);
        for (Mishap mishap : Mishap.values()) {
            deliver(List.of(created("t" + mishap, first)));
            JsonNode planned = reminders().get(mishap.ordinal());
            dapr.next(mishap);
            snooze(planned, Instant.now().plusMillis(300), "a");
            await("it is delivered", () -> statuses().stream().allMatch("delivered"::equals));
        }
        await("the first time is over", () -> Instant.now().isAfter(first.plusSeconds(1)));
        assertEquals(3, told("reminder.due").size());
        assertEquals(3, reminders().size());
    }

    @Test
    void whatCannotBePutOffIsRefusedAndWithoutTheStateStoreItIsUnknown() throws Exception {
        deliver(List.of(created("a", Instant.now().plusSeconds(3_600))));
        JsonNode planned = reminders().get(0);
        assertEquals(400, post("internal/snooze", "no JSON").statusCode());
        String order = order(planned, Instant.now().plusSeconds(60), "a");
        assertEquals(
                404,
                post("internal/snooze", order.replace("\"version\":1,\"until", "\"version\":9,\"until"))
                        .statusCode());
        assertEquals(
                409,
                post("internal/snooze", order.replace("\"open\"", "\"completed\""))
                        .statusCode());
        dapr.fail(1);
        assertEquals(503, post("internal/snooze", order).statusCode());
        dapr.fail(0);
        assertEquals(planned, reminders().get(0));
    }

    @Test
    void theReminderOfATaskThatNagsComesAgainUntilItIsDone() throws Exception {
        Instant at = Instant.now().plusMillis(400).truncatedTo(ChronoUnit.MILLIS);
        Task task = Json.read(Json.<ObjectNode>tree(task("a", at)).put("nag", "PT10M"), Task.class);
        deliver(List.of(created(task)));
        await("it is to come again", () -> statuses().equals(List.of("delivered", "scheduled")));
        Instant again = planned().get(1);
        assertEquals(at.plusSeconds(600), again);
        await(
                "its second has its job",
                () -> dapr.calls.stream().anyMatch(call -> call.startsWith("job due-" + again.getEpochSecond())));
        snooze(reminders().get(1), Instant.now().plusMillis(400), "a");
        await("and again", () -> statuses().equals(List.of("delivered", "delivered", "scheduled")));
        assertEquals(2, told("reminder.due").size());
        Task done =
                Json.read(Json.<ObjectNode>tree(task).put("status", "completed").put("version", 2), Task.class);
        deliver(List.of(change(ChangeType.TASK_COMPLETED, done)));
        assertEquals(List.of("delivered", "delivered", "cancelled"), statuses());
    }

    @Test
    void whatIsNoQuestionIsRefused() {
        assertEquals(400, post("internal/reminders", "no JSON").statusCode());
        assertEquals(422, post("internal/reminders", "{}").statusCode());
        assertEquals(
                422,
                post("internal/reminders", "{\"lists\":[],\"status\":\"firing\"}")
                        .statusCode());
        assertEquals(422, post("internal/fired", "{\"lists\":[]}").statusCode());
        assertEquals(422, post("internal/fired-for", "{\"alice\":{}}").statusCode());
    }

    @Test
    void whoWasAwayIsToldWhatWasFired() throws Exception {
        Instant before = Instant.now().minusSeconds(5);
        deliver(List.of(created("a", Instant.now().plusMillis(300))));
        await("it is delivered", () -> statuses().equals(List.of("delivered")));
        String since = "{\"lists\":[\"" + list + "\"],\"since\":\"" + before + "\"}";
        JsonNode frames = ask("internal/fired", since).path("reminders");
        assertEquals(1, frames.size());
        assertEquals(list + ".a", frames.at("/0/task/id").asText());
        assertEquals(
                frames, ask("internal/fired-for", "{\"alice\":" + since + "}").at("/alice/reminders"));
    }

    // ---------------------------------------------------------------- In the system's words

    private Task due(String local) {
        return Tasks.as(Tasks.in(Tasks.due(Tasks.open(1, "PT0S"), 1, local), 1, list), list + ".a");
    }

    /** Its time comes in a second or two. */
    private Task dueSoon(String id) {
        LocalDateTime soon =
                LocalDateTime.now(Tasks.WARSAW).truncatedTo(ChronoUnit.SECONDS).plusSeconds(2);
        return Tasks.as(
                Tasks.in(Tasks.due(Tasks.open(1), 1, soon.format(DateTimeFormatter.ISO_LOCAL_DATE_TIME)), 1, list),
                list + "." + id);
    }

    private static Instant at(Task task) {
        return requireNonNull(task.dueAt());
    }

    private List<Instant> planned() {
        List<Instant> planned = new ArrayList<>();
        reminders()
                .forEach(reminder ->
                        planned.add(Instant.parse(reminder.path("at").asText())));
        return planned;
    }

    /** Its plan is that of a task two hours later, as if the zone had been another hour then. */
    private void plannedByOlderRules(Task task) {
        Task then = Tasks.as(Tasks.due(task, 1, String.valueOf(task.due()).replace("T09", "T11")), task.id());
        TaskReminders plan = requireNonNull(TaskReminders.after(null, then, false, Instant.now()));
        dapr.tamper("reminder/" + task.id(), Json.text(new TaskReminders(1, task, false, plan.reminders())));
        dapr.tamper("list/" + list, "{\"v\":1,\"gone\":false,\"pages\":0,\"tasks\":[\"" + task.id() + "\"]}");
        dapr.ledger.clear();
        dapr.ledger.put(list, Json.array());
        dapr.tamper("rules", "{\"v\":1,\"version\":\"1999a\"}");
    }

    /** The turn of a timer comes now. */
    private void turn(String route) {
        Exchange turn = new DefaultExchange(camel);
        try {
            camel.getRoute(route).getProcessor().process(turn);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        assertNull(turn.getException());
    }

    private Task task(String id, Instant remindAt) {
        return Tasks.as(Tasks.in(Tasks.without(Tasks.open(1, remindAt.toString()), 1), 1, list), list + "." + id);
    }

    /** The ledger has the change by which a task is created. */
    private JsonNode created(String id, Instant remindAt) {
        return created(task(id, remindAt));
    }

    private JsonNode created(Task task) {
        return change(ChangeType.TASK_CREATED, task);
    }

    private JsonNode change(ChangeType type, Task task) {
        JsonNode change = Json.tree(
                new Change(type, list, ++seq, Instant.now(), "alice", new TreeMap<>(), task, null, null, "", ""));
        dapr.tasks.put(task.id(), Json.tree(task));
        dapr.ledger.computeIfAbsent(list, any -> Json.array()).add(change);
        return change;
    }

    private void deliver(List<JsonNode> changes) {
        assertEquals(Set.of("SUCCESS"), answers(changes));
    }

    /** Delivers changes as one bulk of events; @return the answers to them */
    private Set<String> answers(List<JsonNode> changes) {
        ObjectNode bulk = Json.object().put("id", "b").put("topic", "task-events");
        ArrayNode entries = bulk.putArray("entries");
        for (JsonNode change : changes) {
            ObjectNode event = Json.object()
                    .put("specversion", "1.0")
                    .put("id", list + "/" + change.path("seq").asText())
                    .put("source", "sandglass/task")
                    .put("type", change.path("event").asText());
            event.set("data", change);
            entries.addObject().put("entryId", entries.size() + "").set("event", event);
        }
        return Json.read(post("events/task-events", bulk.toString()).body(), JsonNode.class)
                .findValuesAsText("status")
                .stream()
                .collect(Collectors.toSet());
    }

    private JsonNode snooze(JsonNode reminder, Instant until, String key) {
        return ask("internal/snooze", order(reminder, until, key));
    }

    /** As task orders it, of a task as it has it. */
    private String order(JsonNode reminder, Instant until, String key) {
        String[] id = reminder.path("id").asText().split("\\.");
        return Json.object()
                .<ObjectNode>set("task", dapr.tasks.get(reminder.path("task").asText()))
                .put("reminder", id[2])
                .put("version", Integer.parseInt(id[3]))
                .put("until", until.toString())
                .put("key", key)
                .toString();
    }

    private JsonNode reminders() {
        return ask("internal/reminders", "{\"lists\":[\"" + list + "\"]}").path("reminders");
    }

    private List<String> statuses() {
        List<String> statuses = new ArrayList<>();
        reminders().forEach(reminder -> statuses.add(reminder.path("status").asText()));
        return statuses;
    }

    private int followed() {
        return ask("internal/followed", "{\"lists\":[\"" + list + "\"]}")
                .path(list)
                .asInt();
    }

    /** The tasks of this test about which events of a type were published, in order. */
    private List<String> told(String type) {
        return dapr.published(Topics.REMINDERS).stream()
                .filter(event -> event.type().equals(type))
                .map(CloudEvent::subject)
                .filter(subject -> subject.startsWith(list + "."))
                .toList();
    }

    private double unreadable() {
        return meters.get("sandglass.reminders")
                .tag("outcome", "unreadable")
                .counter()
                .count();
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        Instant end = Instant.now().plus(SOON);
        while (!condition.call()) {
            assertTrue(Instant.now().isBefore(end), () -> "not in time: " + what);
            Thread.sleep(20);
        }
    }
}
