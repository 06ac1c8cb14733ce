package dev.sandglass.reminder.domain;

import static dev.sandglass.reminder.domain.Tasks.DAY_BEFORE;
import static dev.sandglass.reminder.domain.Tasks.MORNING;
import static dev.sandglass.support.domain.Decisions.decide;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Status;
import dev.sandglass.events.Task;
import dev.sandglass.reminder.domain.PlanSnooze.Snoozed;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.MemoryDapr.Mishap;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A reminder that is put off comes once more, at that time, as long as its task asks for what it asked for then. */
@Tag("FR-003")
class PlanSnoozeTest {
    private static final Task TASK = Tasks.open(1, "PT0S");
    private static final String ID = Wish.of(TASK).keySet().iterator().next();
    private static final Instant NOON = Instant.parse("2027-01-31T11:00:00Z");

    private final MemoryDapr dapr = new MemoryDapr(3);

    // ---------------------------------------------------------------- What becomes of it

    @Test
    void oneThatIsToComeComesThenAndNotBefore() {
        keep(planned(null, TASK, DAY_BEFORE));
        Snoozed snoozed = snooze(TASK, 1, NOON, "a");
        assertEquals("l1.7." + ID + ".2", snoozed.reminder().path("id").asText());
        assertEquals("2027-01-31T11:00:00Z", snoozed.reminder().path("at").asText());
        assertEquals("scheduled", snoozed.reminder().path("status").asText());
        assertEquals(List.of(List.of(new Alarm("alice", "l1.7", ID, 2, NOON))), snoozed.alarms());
        assertEquals(List.of(NOON), alarms());
        assertEquals(1, entries().size(), "in place of the one before");
        assertTrue(CalendarPage.tasks(dapr.read(Slot.of("l1.7", NOON, MORNING).key()))
                .contains("l1.7"));
    }

    @Test
    void oneThatWasFiredComesOnceMoreAndTheFirstIsRemembered() {
        keep(fired(planned(null, TASK, DAY_BEFORE), MORNING));
        snooze(TASK, 1, NOON, "a");
        assertEquals(
                List.of("delivered", "scheduled"),
                entries().stream().map(it -> it.path("status").asText()).toList());
        keep(fired(kept(), NOON));
        assertEquals(List.of(), alarms());
        snooze(TASK, 1, NOON.plusSeconds(60), "b");
        assertEquals(3, current().version(), "the first id still leads to it");
    }

    @Test
    void oneThatCameTooLateToBeSetIsRevived() {
        keep(planned(null, TASK, MORNING.plusSeconds(1)));
        assertEquals(List.of(), alarms());
        snooze(TASK, 1, NOON, "a");
        assertEquals(List.of(NOON), alarms());
    }

    @Test
    void theSameOrderIsDoneOnceWhateverBecomesOfItsAnswerAndOfTheReminder() {
        for (Mishap mishap : Mishap.values()) {
            keep(planned(null, TASK, DAY_BEFORE));
            dapr.next(mishap);
            Snoozed first = snooze(TASK, 1, NOON, "a");
            assertEquals(List.of(NOON), alarms(), mishap::toString);
            assertEquals(first, snooze(TASK, 1, NOON.plusSeconds(5), "a"), mishap::toString);
            keep(fired(kept(), NOON));
            assertEquals(
                    "delivered",
                    snooze(TASK, 1, NOON, "a").reminder().path("status").asText());
            assertEquals(List.of(), alarms(), mishap::toString);
        }
    }

    @Test
    void aLaterOrderCountsAndOneThatChangesNothingChangesNothing() {
        keep(planned(null, TASK, DAY_BEFORE));
        snooze(TASK, 1, NOON, "a");
        snooze(TASK, 1, NOON, "b");
        assertEquals(2, current().version());
        snooze(TASK, 2, MORNING.plusSeconds(60), "c");
        assertEquals(List.of(MORNING.plusSeconds(60)), alarms());
    }

    @Test
    void whatIsNotThereOrNotAskedForIsRefused() {
        assertEquals(Reason.NOT_FOUND, refused(TASK, ID, 1));
        keep(planned(null, TASK, DAY_BEFORE));
        assertEquals(Reason.NOT_FOUND, refused(TASK, ID, 2), "it has not got so far");
        assertEquals(Reason.NOT_FOUND, refused(TASK, "0123456789", 1));
        assertEquals(Reason.CONFLICT, refused(Tasks.status(TASK, 2, Status.COMPLETED), ID, 1), "the ledger knows");
        assertEquals(Reason.CONFLICT, refused(Tasks.open(2, "-PT15M"), ID, 1));
        keep(planned(kept(), Tasks.status(TASK, 2, Status.COMPLETED), DAY_BEFORE));
        assertEquals(Reason.CONFLICT, refused(TASK, ID, 1), "it is known here");
        keep(requireNonNull(TaskReminders.after(kept(), Tasks.open(3, "PT0S"), true, DAY_BEFORE)));
        assertEquals(Reason.NOT_FOUND, refused(TASK, ID, 1));
    }

    // ---------------------------------------------------------------- What becomes of its task

    @Test
    void otherChangesLeaveItAndAnotherDuePlansItAnew() {
        TaskReminders snoozed = snoozed();
        assertEquals(List.of(NOON), alarms(planned(snoozed, Tasks.open(2, "PT0S", "-P1D"), DAY_BEFORE), ID));
        assertEquals(
                List.of(MORNING.plusSeconds(86_400)),
                alarms(planned(snoozed, Tasks.due(TASK, 2, "2027-02-01T09:00:00"), MORNING), ID));
        assertEquals(List.of(), alarms(planned(snoozed, Tasks.open(2, "-P1D"), DAY_BEFORE), ID), "not asked for");
        assertEquals(List.of(NOON), alarms(planned(snoozed, Tasks.in(TASK, 2, "l2"), DAY_BEFORE), ID), "moved");
        TaskReminders delivered = fired(snoozed, NOON);
        assertEquals(List.of(), alarms(planned(delivered, Tasks.open(2, "PT0S", "-P1D"), NOON.plusSeconds(1)), ID));
    }

    @Test
    void completingCancelsItAndReopeningBringsItBackWhileItIsToCome() {
        TaskReminders completed = planned(snoozed(), Tasks.status(TASK, 2, Status.COMPLETED), MORNING);
        assertEquals(List.of(), alarms(completed, ID));
        Task open = Tasks.status(TASK, 3, Status.OPEN);
        assertEquals(List.of(NOON), alarms(planned(completed, open, MORNING.plusSeconds(60)), ID));
        assertEquals(List.of(), alarms(planned(completed, open, NOON.plusSeconds(1)), ID));
    }

    @Test
    void whereEventsAreBehindTheLedgerDecidesWhatItIsPutOffFrom() {
        keep(planned(null, TASK, DAY_BEFORE));
        Task later = Tasks.due(TASK, 2, "2027-02-01T09:00:00");
        snooze(later, 1, NOON, "a");
        keep(planned(kept(), later, DAY_BEFORE.plusSeconds(60)));
        assertEquals(List.of(NOON), alarms(kept(), ID), "the event brings nothing the order did not know");
    }

    @Test
    void itIsWantedWhileItsTaskIsOpenAndAsksForTheSame() {
        Reminder claimed = snoozedOne().claimed("me", NOON);
        assertFalse(claimed.late());
        Firing firing = new Firing(TASK, claimed, "me", true, null);
        assertTrue(firing.asWantedBy(Tasks.open(2, "PT0S", "-P1D")).isDue());
        assertFalse(firing.asWantedBy(Tasks.status(TASK, 2, Status.COMPLETED)).isDue());
        assertFalse(firing.asWantedBy(Tasks.due(TASK, 2, "2027-02-01T09:00:00")).isDue());
        assertFalse(firing.asWantedBy(Tasks.open(2)).isDue());
    }

    @Test
    void otherRulesOfItsZoneDoNotMoveIt() {
        // Due at nine; put off when that was another instant.
        Reminder then = snoozedOne();
        Task eleven = Tasks.due(TASK, 1, "2027-01-31T11:00:00");
        TaskReminders now = new TaskReminders(1, eleven, false, List.of(then)).byRulesOfNow();
        assertEquals(NOON, now.reminders().get(0).at());
        assertEquals(now, planned(now, Tasks.due(eleven, 1, "2027-01-31T11:00:00"), MORNING));
        assertEquals(
                NOON,
                new Firing(eleven, then.claimed("me", NOON), "me", true, null)
                        .asWantedBy(eleven)
                        .reminder()
                        .at());
    }

    @Test
    void whatIsKeptSurvivesBeingWrittenDown() {
        assertEquals(snoozed(), Json.read(Json.text(snoozed()), TaskReminders.class));
    }

    /** It comes once where its last order or its due says, while its task is open, whatever happens in whatever order. */
    @Property
    @net.jqwik.api.Tag("FR-003")
    void itComesOnceWhereItsLastOrderOrItsDueSays(
            @ForAll @Size(min = 1, max = 40) List<@IntRange(min = 0, max = 6) Integer> steps) {
        Task task = TASK;
        Instant now = DAY_BEFORE;
        TaskReminders kept = planned(null, task, now);
        Instant at = MORNING;
        boolean told = false;
        int version = 1;
        for (int step : steps) {
            version++;
            now = now.plusSeconds(3_600);
            Task before = task;
            if (step == 0 || step == 1) {
                task = Tasks.status(task, version, step == 0 ? Status.COMPLETED : Status.OPEN);
            } else if (step == 2 || step == 3) {
                task = Tasks.due(task, version, step == 2 ? "2027-01-31T09:00:00" : "2027-01-31T05:00:00");
            } else if (step == 4 && task.open()) {
                at = now.plusSeconds(5_000);
                told = false;
                keep(kept);
                snooze(task, 1, at, "at " + now);
                kept = kept();
            } else {
                for (Reminder due : kept.reminders()) {
                    if (due.id().equals(ID) && due.claimable(now)) {
                        assertEquals(at, due.at());
                        assertFalse(told, "once");
                        told = true;
                        kept = kept.with(due.claimed("me", now).delivered(now));
                    }
                }
            }
            if (!task.equals(before)) {
                kept = planned(kept, task, now);
            }
            if (!requireNonNull(task.dueAt()).equals(before.dueAt()) && task.open()) {
                at = requireNonNull(task.dueAt());
                told = at.isBefore(now);
            }
            if (task.open() && !before.open()) {
                at = kept.reminders().stream().anyMatch(it -> it.id().equals(ID))
                        ? current(kept).at()
                        : at;
                told = current(kept).status() != Stage.SCHEDULED;
            }
            List<Instant> awaited = task.open() && !told ? List.of(at) : List.of();
            assertEquals(awaited, alarms(kept, ID));
        }
    }

    // ---------------------------------------------------------------- In the system's words

    private Snoozed snooze(Task task, int version, Instant until, String key) {
        return decide(dapr, PlanSnooze.of(order(task, ID, version, until, key), MORNING));
    }

    private @Nullable Reason refused(Task task, String reminder, int version) {
        String order = order(task, reminder, version, NOON, UUID.randomUUID().toString());
        return assertThrows(Rejection.class, () -> decide(dapr, PlanSnooze.of(order, MORNING)))
                .reason();
    }

    static String order(Task task, String reminder, int version, Instant until, String key) {
        return Json.object()
                .put("reminder", reminder)
                .put("version", version)
                .put("until", until.toString())
                .put("key", key)
                .set("task", Json.tree(task))
                .toString();
    }

    private static TaskReminders planned(@Nullable TaskReminders kept, Task task, Instant setAt) {
        return requireNonNull(TaskReminders.after(kept, task, false, setAt));
    }

    private static TaskReminders fired(TaskReminders kept, Instant now) {
        Reminder due = current(kept);
        return kept.with(due.claimed("me", now).delivered(now));
    }

    private TaskReminders snoozed() {
        keep(planned(null, TASK, DAY_BEFORE));
        snooze(TASK, 1, NOON, "a");
        return kept();
    }

    private Reminder snoozedOne() {
        return current(snoozed());
    }

    private Reminder current() {
        return current(kept());
    }

    private static Reminder current(TaskReminders kept) {
        return kept.last(ID).orElseThrow();
    }

    private void keep(TaskReminders plan) {
        dapr.tamper(ReminderKeys.reminders(TASK.id()), Json.text(plan));
    }

    private TaskReminders kept() {
        return dapr.read(ReminderKeys.reminders(TASK.id())).as(TaskReminders.class);
    }

    private List<Instant> alarms() {
        return alarms(kept(), ID);
    }

    private static List<Instant> alarms(TaskReminders kept, String id) {
        return kept.alarms().stream()
                .filter(alarm -> alarm.reminder().equals(id))
                .map(Alarm::at)
                .toList();
    }

    private List<JsonNode> entries() {
        return Shown.entries(kept(), Set.of("l1"), null);
    }
}
