package dev.sandglass.reminder.domain;

import static dev.sandglass.events.Status.COMPLETED;
import static dev.sandglass.reminder.domain.Tasks.DAY_BEFORE;
import static dev.sandglass.reminder.domain.Tasks.MORNING;
import static dev.sandglass.support.domain.Decisions.decide;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.events.Status;
import dev.sandglass.events.Task;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.MemoryDapr.Mishap;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Follow;
import dev.sandglass.support.domain.Heard;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Planning by the changes of a task's lists, heard late: each list in its order, the lists in any. */
@Tag("FR-003")
class PlanRemindersTest {
    private static final Instant MOVED = MORNING.plusSeconds(60);
    private static final Instant NOW = MOVED.plusSeconds(60);
    private static final Task TASK = Tasks.open(1, "PT0S");
    private static final String POSTS = ReminderKeys.postsOfList("l1");
    private static final Task THERE = Tasks.in(TASK, 2, "l2");

    /** No transaction ever has a plan of which the calendar does not know. */
    private final MemoryDapr dapr = new MemoryDapr(3) {
        @Override
        public synchronized void commit(Transaction transaction) {
            super.commit(transaction);
            transactions++;
            keys().stream()
                    .filter(key -> key.startsWith("reminder/"))
                    .forEach(key -> read(key)
                            .as(TaskReminders.class)
                            .alarms()
                            .forEach(alarm -> assertTrue(isNoted(alarm), alarm::toString)));
        }
    };

    private int transactions;
    private Instant now = NOW;
    private boolean channels = true;

    @Test
    void whatWasDueBeforeTheTaskMovedIsStillToCome() {
        created();
        left();
        assertEquals(Stage.SCHEDULED, reminder().status());
        arrived();
        assertEquals(Stage.SCHEDULED, reminder().status());
    }

    @Test
    void alsoWhereTheListItWentToIsHeardOfFirst() {
        arrived();
        assertEquals(Stage.SCHEDULED, reminder().status());
        created();
        left();
        assertEquals(Stage.SCHEDULED, reminder().status());
    }

    @Test
    void alsoWhereBothListsAreHeardOfTogether() {
        take(List.of(
                change(ChangeType.TASK_CREATED, "l2", 1, move(), THERE),
                change(ChangeType.TASK_CREATED, "l1", 1, new TreeMap<>(), TASK),
                change(ChangeType.TASK_DELETED, "l1", 2, move(), Tasks.open(2, "PT0S"))));
        assertEquals(Stage.SCHEDULED, reminder().status());
        assertEquals(THERE, kept().task());
        assertEquals(1, transactions);
    }

    @Test
    void ofATaskThatWasCompletedBeforeItMovedTheLedgerTellsWhicheverListIsHeardOfFirst() {
        take(ChangeType.TASK_CREATED, "l2", 1, move(), Tasks.status(Tasks.in(TASK, 3, "l2"), 3, Status.COMPLETED));
        assertEquals(Stage.CANCELLED, reminder().status());
        assertTrue(
                dapr.read(ReminderKeys.list("l2")).as(ListIndex.class).tasks().contains(TASK.id()));
        created();
        take(ChangeType.TASK_COMPLETED, "l1", 2, new TreeMap<>(), Tasks.status(TASK, 2, Status.COMPLETED));
        assertEquals(Stage.CANCELLED, reminder().status());
        assertEquals(List.of(), kept().alarms());
    }

    /** A ledger's time never runs back, so that of a list stays ahead once a fast clock wrote to it. */
    @Test
    void whatIsToComeIsToComeAlsoWhereTheLedgersClockIsAhead() {
        now = MORNING.minusSeconds(60);
        assertTrue(MOVED.isAfter(MORNING));
        take(ChangeType.TASK_UPDATED, "l1", 1, new TreeMap<>(), TASK);
        assertEquals(Stage.SCHEDULED, reminder().status());
    }

    @Test
    void aDeletionIsTheEnd() {
        created();
        take(ChangeType.TASK_DELETED, "l1", 2, new TreeMap<>(), Tasks.open(2, "PT0S"));
        assertEquals(Stage.CANCELLED, reminder().status());
        assertTrue(kept().deleted());
    }

    @Test
    void whateverBecomesOfTheAnswerWhatIsPlannedIsArmed() {
        for (Mishap mishap : Mishap.values()) {
            Task task = Tasks.as(TASK, "l1." + mishap);
            dapr.next(mishap);
            List<Alarm> armed = take(ChangeType.TASK_CREATED, "l1", mishap.ordinal() + 1, new TreeMap<>(), task);
            assertTrue(
                    armed.containsAll(dapr.read(ReminderKeys.reminders(task.id()))
                            .as(TaskReminders.class)
                            .alarms()),
                    mishap + ": " + armed);
        }
    }

    @Test
    void moreThanGoesIntoTheCalendarAtOnceIsNotedBeforeItIsPlanned() {
        List<JsonNode> changes = new ArrayList<>();
        for (int i = 1; i <= 30; i++) {
            int day = i;
            Task task = Tasks.as(
                    Tasks.open(
                            1,
                            IntStream.range(0, 20)
                                    .mapToObj(hour -> "P" + day + "DT" + hour + "H")
                                    .toArray(String[]::new)),
                    "l1." + i);
            changes.add(change(ChangeType.TASK_CREATED, "l1", i, new TreeMap<>(), task));
        }
        assertEquals(30 * 21, take(changes).size());
        assertEquals(7, transactions, "601 pages and the plans");
        assertEquals(
                30, dapr.read(Follow.Cursor.key("l1")).as(Follow.Cursor.class).seq());
    }

    @Test
    void withNewerRulesOfTheZoneWhatIsToComeKeepsItsLocalTimeOnce() {
        // Due at nine, planned when that was another instant.
        Instant then = MORNING.plusSeconds(7_200);
        take(ChangeType.TASK_CREATED, "l1", 1, new TreeMap<>(), Tasks.due(TASK, 1, "2027-01-31T11:00:00"));
        assertEquals(then, reminder().at());
        dapr.tamper(
                ReminderKeys.reminders(TASK.id()), Json.text(new TaskReminders(1, TASK, false, kept().reminders())));
        dapr.tamper(ReminderKeys.RULES, "{\"v\":1,\"version\":\"1999a\"}");

        assertTrue(decide(dapr, FollowZoneRules.newer("2026a")));
        List<List<String>> tasks = decide(dapr, FollowZoneRules.tasks("l1"));
        assertEquals(List.of(List.of(TASK.id())), tasks);
        List<Alarm> fresh =
                decide(dapr, FollowZoneRules.plan(tasks.get(0), NOW)).answer().get(0);
        assertEquals(MORNING, reminder().at());
        assertEquals(Stage.SCHEDULED, reminder().status());
        assertEquals(kept().alarms(), fresh);
        assertEquals(
                List.of(MORNING, MORNING),
                kept().alarms().stream().map(Alarm::at).toList(),
                "overdue as well");
        assertTrue(decide(dapr, FollowZoneRules.followed("2026a")));
        assertFalse(decide(dapr, FollowZoneRules.newer("2026a")), "it is these rules by now");
    }

    // ---------------------------------------------------------------- What others are told

    @Test
    void whatSomebodyDidIsPostedOnceWhateverBecomesOfTheAnswer() {
        created();
        int seq = 1;
        for (Mishap mishap : Mishap.values()) {
            dapr.next(mishap);
            List<Alarm> armed =
                    take(ChangeType.TASK_COMPLETED, "l1", ++seq, new TreeMap<>(), Tasks.status(TASK, seq, COMPLETED));
            assertTrue(armed.contains(new Alarm("l1", POSTS, Mailbox.MEMBERS, 0, NOW)), mishap + ": " + armed);
            take(ChangeType.TASK_COMPLETED, "l1", seq, new TreeMap<>(), Tasks.status(TASK, seq, COMPLETED));
        }
        assertEquals(List.of("l1.2.completed", "l1.3.completed", "l1.4.completed"), posted());
        assertTrue(CalendarPage.tasks(dapr.read(Slot.of(POSTS, NOW, NOW).key())).contains(POSTS));
    }

    @Test
    void whoBecomesAMemberIsToldAndWhoGetsAnotherRoleIsNot() {
        take(ChangeType.LIST_SHARED, "l1", 1, members("bob", null), null);
        take(ChangeType.LIST_SHARED, "l1", 2, members("bob", "viewer"), null);
        take(ChangeType.LIST_UNSHARED, "l1", 3, members("bob", "editor"), null);
        assertEquals(List.of("l1.1.shared"), posted());
        Post post =
                dapr.read(POSTS).as(Mailbox.class).queues().get(Mailbox.MEMBERS).first();
        assertEquals("bob", post.news().to());
        assertEquals(
                "{\"list\":\"l1\",\"user\":\"bob\"}", new Errand(POSTS, "l1", Mailbox.MEMBERS, post, 1).getQuestion());
    }

    @Test
    void ofWhatIsLongAgoOrCannotBeToldOrIsOfOneMemberNothingIsPosted() {
        channels = false;
        created();
        take(ChangeType.TASK_COMPLETED, "l1", 2, new TreeMap<>(), Tasks.status(TASK, 2, COMPLETED));
        channels = true;
        now = MOVED.plus(Duration.ofDays(2));
        take(ChangeType.TASK_COMPLETED, "l1", 3, new TreeMap<>(), Tasks.status(TASK, 3, COMPLETED));
        assertFalse(dapr.keys().contains(POSTS));
        now = NOW;
        dapr.tamper(POSTS, Json.text(Mailbox.empty("l1").alone(true)));
        take(ChangeType.TASK_COMPLETED, "l1", 4, new TreeMap<>(), Tasks.status(TASK, 4, COMPLETED));
        assertEquals(List.of(), posted());
        take(ChangeType.LIST_SHARED, "l1", 5, members("bob", null), null);
        take(ChangeType.TASK_COMPLETED, "l1", 6, new TreeMap<>(), Tasks.status(TASK, 5, COMPLETED));
        assertEquals(List.of("l1.5.shared", "l1.6.completed"), posted());
    }

    private static SortedMap<String, List<JsonNode>> members(String user, @Nullable String before) {
        JsonNode was = before == null ? NullNode.getInstance() : TextNode.valueOf(before);
        return new TreeMap<>(Map.of("members/" + user, List.of(was, TextNode.valueOf("editor"))));
    }

    private List<String> posted() {
        Mailbox.Queue queue = dapr.read(POSTS).as(Mailbox.class).queues().get(Mailbox.MEMBERS);
        return queue == null
                ? List.of()
                : queue.waiting().stream().map(Post::id).toList();
    }

    // ----------------------------------------------------------------

    private void created() {
        SortedMap<String, List<JsonNode>> told = new TreeMap<>();
        told.put("list", List.of(NullNode.getInstance(), TextNode.valueOf("l1")));
        take(ChangeType.TASK_CREATED, "l1", 1, told, TASK);
    }

    private void left() {
        take(ChangeType.TASK_DELETED, "l1", 2, move(), Tasks.open(2, "PT0S"));
    }

    private void arrived() {
        take(ChangeType.TASK_CREATED, "l2", 1, move(), THERE);
    }

    private static SortedMap<String, List<JsonNode>> move() {
        return new TreeMap<>(Map.of("list", List.of(TextNode.valueOf("l1"), TextNode.valueOf("l2"))));
    }

    private List<Alarm> take(
            ChangeType type, String list, long seq, SortedMap<String, List<JsonNode>> told, @Nullable Task task) {
        return take(List.of(change(type, list, seq, told, task)));
    }

    private static JsonNode change(
            ChangeType type, String list, long seq, SortedMap<String, List<JsonNode>> told, @Nullable Task task) {
        Instant at = type == ChangeType.TASK_CREATED && list.equals("l1") ? DAY_BEFORE : MOVED;
        return Json.tree(new Change(type, list, seq, at, "alice", told, task, null, null, "", ""));
    }

    /** @return what is to be armed */
    private List<Alarm> take(List<JsonNode> changes) {
        Heard<List<Alarm>> heard = new Heard<>(new PlanReminders(now, channels));
        changes.forEach(heard::with);
        List<Alarm> planned = new ArrayList<>();
        Follow.Step<List<Alarm>> step;
        do {
            step = decide(dapr, new Follow<>(heard));
            step.reached().forEach(heard::done);
            planned.addAll(step.answer() == null ? List.of() : step.answer());
        } while (step.more());
        return planned;
    }

    private boolean isNoted(Alarm alarm) {
        // Noted where it is due by the plan of its change, or, where that was past, in the minute at hand.
        return Stream.of(NOW, now)
                .anyMatch(then -> dapr.keys()
                        .contains(Slot.of(alarm.task(), alarm.at(), then).key()));
    }

    private TaskReminders kept() {
        return dapr.read(ReminderKeys.reminders(TASK.id())).as(TaskReminders.class);
    }

    private Reminder reminder() {
        return kept().reminders().stream()
                .filter(it -> !it.overdue())
                .findFirst()
                .orElseThrow();
    }
}
