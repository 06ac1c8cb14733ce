package dev.sandglass.reminder.domain;

import static dev.sandglass.reminder.domain.Tasks.DAY_BEFORE;
import static dev.sandglass.reminder.domain.Tasks.MORNING;
import static dev.sandglass.support.domain.Decisions.decide;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Status;
import dev.sandglass.events.Task;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.MemoryDapr.Mishap;
import dev.sandglass.time.Nag;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The last reminder of a task that nags comes again until the task is done, for a day. */
@Tag("FR-003")
class NaggingTest {
    private static final Duration TEN = Duration.ofMinutes(10);
    private static final Task TASK = nagging(Tasks.open(1, "PT0S"), "PT10M");
    private static final String ID = id(TASK);

    private final MemoryDapr dapr = new MemoryDapr(3);
    private Instant now = MORNING;

    @Test
    void itComesAgainThatFarLaterWithAnIdOfItsOwnAndIsFoundByTheCalendar() {
        keep(planned(null, TASK, DAY_BEFORE));
        List<Alarm> again = fire();
        assertEquals(List.of(new Alarm("alice", "l1.7", ID, 2, MORNING.plus(TEN))), again);
        assertTrue(CalendarPage.tasks(
                        dapr.read(Slot.of("l1.7", MORNING.plus(TEN), now).key()))
                .contains("l1.7"));
        assertEquals(List.of("delivered", "scheduled"), statuses());
        now = MORNING.plus(TEN).plusMillis(4);
        assertEquals(MORNING.plus(TEN).plus(TEN), fire().get(0).at(), "no drift");
    }

    @Test
    void whateverTheStoreAnswersItIsPlannedOnceAndArmed() {
        for (Mishap mishap : Mishap.values()) {
            keep(planned(null, TASK, DAY_BEFORE));
            List<Firing> told = told();
            dapr.next(mishap);
            List<Alarm> again =
                    decide(dapr, new RecordOutcomes(told, now)).answer().nags();
            assertEquals(
                    List.of(MORNING.plus(TEN)), again.stream().map(Alarm::at).toList(), mishap::toString);
            assertEquals(List.of(MORNING.plus(TEN)), alarms(), mishap::toString);
            decide(dapr, new RecordOutcomes(told, now));
            assertEquals(List.of(MORNING.plus(TEN)), alarms(), "what is recorded twice");
        }
    }

    @Test
    void itEndsAfterADay() {
        keep(planned(null, nagging(Tasks.open(1, "PT0S"), "PT8H"), DAY_BEFORE));
        List<Instant> came = new ArrayList<>();
        for (List<Alarm> again = fire(); !again.isEmpty(); again = fire()) {
            now = again.get(0).at();
            came.add(now);
        }
        assertEquals(
                List.of(8L, 16L, 24L),
                came.stream().map(at -> Duration.between(MORNING, at).toHours()).toList());
    }

    @Test
    void whatWasMissedIsNotMadeUpFor() {
        keep(planned(null, TASK, DAY_BEFORE));
        fire();
        now = MORNING.plus(Duration.ofHours(3));
        List<Alarm> again = fire();
        assertEquals(List.of(now.plus(TEN)), again.stream().map(Alarm::at).toList());
    }

    @Test
    void onlyTheLastReminderComesAgain() {
        Task task = nagging(Tasks.open(1, "PT0S", "-P1D"), "PT10M");
        keep(planned(null, task, DAY_BEFORE.minusSeconds(60)));
        now = DAY_BEFORE;
        assertEquals(List.of(), fire(), "a day is left");
        now = MORNING;
        assertEquals(1, fire().size());
        Task later = nagging(Tasks.open(2, "PT0S", "PT1H"), "PT10M");
        keep(planned(kept(), later, MORNING.plusSeconds(1)));
        assertEquals(List.of(), alarms(), "there is a later one now");
    }

    @Test
    void completingDeletingAndTakingTheNagAwayEndIt() {
        keep(planned(null, TASK, DAY_BEFORE));
        fire();
        TaskReminders nagged = kept();
        Instant then = MORNING.plusSeconds(1);
        assertEquals(List.of(), alarms(planned(nagged, Tasks.status(nagging(TASK, null), 2, Status.COMPLETED), then)));
        assertEquals(List.of(), alarms(requireNonNull(TaskReminders.after(nagged, version(TASK, 2), true, then))));
        TaskReminders without = planned(nagged, version(nagging(TASK, null), 2), then);
        assertEquals(List.of(), alarms(without));
        assertEquals(
                List.of(MORNING.plus(TEN)), alarms(planned(without, version(TASK, 3), then)), "it is asked for again");
        assertEquals(
                List.of(Instant.parse("2027-02-01T08:00:00Z")),
                alarms(planned(nagged, version(nagging(Tasks.due(TASK, 2, "2027-02-01T09:00:00"), "PT10M"), 2), then)),
                "another due is another reminder");
    }

    @Test
    void whatIsReopenedNagsAgain() {
        keep(planned(null, TASK, DAY_BEFORE));
        fire();
        TaskReminders completed = planned(kept(), version(completed(TASK), 2), MORNING.plusSeconds(1));
        Instant hour = MORNING.plusSeconds(3_600);
        assertEquals(List.of(hour.plus(TEN)), alarms(planned(completed, version(TASK, 3), hour)));
        assertEquals(
                List.of(),
                alarms(planned(completed, version(TASK, 3), MORNING.plus(Duration.ofDays(1)))),
                "its day is over");
    }

    @Test
    void whereTheLedgerKnowsThatItIsDoneItIsNotPlannedAndNotTold() {
        keep(planned(null, TASK, DAY_BEFORE));
        List<Firing> told = told();
        keep(planned(kept(), version(completed(TASK), 2), now));
        assertEquals(
                List.of(), decide(dapr, new RecordOutcomes(told, now)).answer().nags());
        Firing again = new Firing(
                TASK,
                requireNonNull(delivered().nagging(requireNonNull(Wish.of(TASK).get(ID)), now))
                        .claimed("one", now),
                "one",
                true,
                null);
        assertTrue(again.asWantedBy(TASK).isDue());
        assertFalse(again.asWantedBy(version(completed(TASK), 2)).isDue());
        assertFalse(again.asWantedBy(version(nagging(TASK, null), 2)).isDue());
    }

    @Test
    void oneThatIsPutOffComesThenAndNagsFromThereOn() {
        keep(planned(null, TASK, DAY_BEFORE));
        fire();
        Instant noon = MORNING.plus(Duration.ofHours(30));
        snooze(2, noon);
        assertEquals(List.of(noon), alarms());
        TaskReminders putOff = kept();
        Instant then = MORNING.plusSeconds(1);
        TaskReminders without = planned(putOff, version(nagging(TASK, null), 2), then);
        assertEquals(List.of(), alarms(without), "it is not asked for any more");
        assertEquals(List.of(noon), alarms(planned(without, version(TASK, 3), then)), "it is asked for again");
        assertEquals(List.of(noon), alarms(Json.read(Json.text(putOff), TaskReminders.class)));
        now = noon;
        assertEquals(noon.plus(TEN), fire().get(0).at());
    }

    @Test
    void theReminderItselfThatIsPutOffComesAlsoWithoutNagging() {
        keep(planned(null, TASK, DAY_BEFORE));
        Instant noon = MORNING.plus(Duration.ofHours(4));
        now = DAY_BEFORE;
        snooze(1, noon);
        assertEquals(List.of(noon), alarms(planned(kept(), version(nagging(TASK, null), 2), DAY_BEFORE)));
    }

    @Test
    void whoWasAwayIsToldOfTheFirstAndTheLastAndManyTakeNoRoomFromOthers() {
        keep(planned(null, TASK, DAY_BEFORE));
        for (int i = 0; i < 40; i++) {
            now = fire().get(0).at();
        }
        assertEquals(12, statuses().size(), "the first, ten of those that came again, and the one to come");
        List<String> ids = Shown.fired(kept(), Set.of("l1"), DAY_BEFORE, now, now)
                .map(fired -> fired.frame().path("id").asText())
                .toList();
        assertEquals(List.of("l1.7." + ID + ".1", "l1.7." + ID + ".40"), ids);
        assertEquals(kept(), Json.read(Json.text(kept()), TaskReminders.class));
    }

    /** Whatever happens, a task has one nag to come at most; none before five minutes are over, none once it is done, none after its day. */
    @Property(tries = 300)
    @net.jqwik.api.Tag("FR-003")
    void itIsNeverMoreThanItMayBe(@ForAll @Size(min = 1, max = 40) List<@IntRange(min = 0, max = 5) Integer> steps) {
        Task task = TASK;
        int version = 1;
        @Nullable Instant last = null;
        now = DAY_BEFORE;
        keep(planned(null, task, now));
        for (int step : steps) {
            version++;
            now = now.plus(Duration.ofMinutes(step == 5 ? 600 : 7));
            switch (step) {
                case 0 -> task = version(completed(task), version);
                case 1 -> task = version(opened(task), version);
                case 2 -> task = version(nagging(task, task.nag() == null ? "PT10M" : null), version);
                case 3 -> task = version(due(task, now.plusSeconds(60)), version);
                default -> {
                    for (Alarm alarm : kept().alarms(ID)) {
                        if (!alarm.at().isAfter(now)) {
                            assertTrue(last == null || !now.isBefore(last.plus(Duration.ofMinutes(5))) || step == 5);
                            last = now;
                            fire();
                        }
                    }
                }
            }
            if (step < 4) {
                keep(planned(kept(), task, now));
            }
            List<Instant> alarms = alarms();
            assertTrue(alarms.size() <= 1, alarms::toString);
            assertTrue(task.open() || alarms.isEmpty(), "it is done");
            for (Reminder one : kept().reminders()) {
                boolean toCome = one.nags() && one.status() == Stage.SCHEDULED;
                assertTrue(!toCome || task.nag() != null, "it is not asked for");
                assertTrue(!toCome
                        || !one.at()
                                .isAfter(requireNonNull(
                                                requireNonNull(one.snooze()).since())
                                        .plus(Duration.ofDays(1))));
            }
        }
    }

    // ----------------------------------------------------------------

    /** Tells all that is due, and writes it down. @return the alarms that come again */
    private List<Alarm> fire() {
        return decide(dapr, new RecordOutcomes(told(), now)).answer().nags();
    }

    private List<Firing> told() {
        List<Alarm> rung = kept().alarms().stream()
                .filter(alarm ->
                        !alarm.reminder().equals(Wish.OVERDUE) && !alarm.at().isAfter(now))
                .toList();
        return Deliver.delivered(
                decide(dapr, new ClaimDue(rung, "one", now)).answer().ours(), Set.of(), now);
    }

    private void snooze(int version, Instant until) {
        decide(dapr, PlanSnooze.of(PlanSnoozeTest.order(TASK, ID, version, until, "a"), now));
    }

    private Reminder delivered() {
        return planned(null, TASK, DAY_BEFORE)
                .last(ID)
                .orElseThrow()
                .claimed("one", MORNING)
                .delivered(MORNING);
    }

    private static TaskReminders planned(@Nullable TaskReminders kept, Task task, Instant setAt) {
        return requireNonNull(TaskReminders.after(kept, task, false, setAt));
    }

    private void keep(TaskReminders plan) {
        dapr.tamper(ReminderKeys.reminders(TASK.id()), Json.text(plan));
    }

    private TaskReminders kept() {
        return dapr.read(ReminderKeys.reminders(TASK.id())).as(TaskReminders.class);
    }

    private List<Instant> alarms() {
        return kept().alarms(ID).stream().map(Alarm::at).toList();
    }

    private static List<Instant> alarms(TaskReminders plan) {
        return plan.alarms(ID).stream().map(Alarm::at).toList();
    }

    private List<String> statuses() {
        return Shown.entries(kept(), Set.of("l1"), null).stream()
                .map(entry -> entry.path("status").asText())
                .toList();
    }

    private static String id(Task task) {
        return Wish.of(task).keySet().iterator().next();
    }

    private static Task nagging(Task task, @Nullable String nag) {
        return with(task, "nag", nag == null ? null : Json.tree(Nag.parse(nag)));
    }

    private static Task version(Task task, int version) {
        return with(task, "version", Json.tree(version));
    }

    private static Task completed(Task task) {
        return with(task, "status", Json.tree(Status.COMPLETED));
    }

    private static Task opened(Task task) {
        return with(task, "status", Json.tree(Status.OPEN));
    }

    private static Task due(Task task, Instant at) {
        String local = at.atZone(Tasks.WARSAW).toLocalDateTime().withNano(0).toString();
        return with(task, "due", Json.tree(local.length() == 16 ? local + ":00" : local));
    }

    private static Task with(Task task, String field, @Nullable JsonNode value) {
        ObjectNode changed = Json.tree(task);
        changed.set(field, value);
        return Json.read(changed, Task.class);
    }
}
