package dev.sandglass.reminder.domain;

import static dev.sandglass.reminder.domain.Tasks.DAY_BEFORE;
import static dev.sandglass.reminder.domain.Tasks.MORNING;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.events.Json;
import dev.sandglass.events.Status;
import dev.sandglass.events.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-003")
class TaskRemindersTest {
    private static TaskReminders planned(TaskReminders kept, Task task, Instant setAt) {
        return requireNonNull(TaskReminders.after(kept, task, false, setAt));
    }

    private static TaskReminders deleted(TaskReminders kept, Task task, Instant setAt) {
        return requireNonNull(TaskReminders.after(kept, task, true, setAt));
    }

    private static Reminder only(TaskReminders kept) {
        List<Reminder> own =
                kept.reminders().stream().filter(it -> !it.overdue()).toList();
        assertEquals(1, own.size(), own::toString);
        return own.get(0);
    }

    private static void stands(Stage status, String at, int version, Reminder reminder) {
        assertEquals(status, reminder.status());
        assertEquals(Instant.parse(at), reminder.at());
        assertEquals(version, reminder.version());
    }

    @Test
    void durationsCountFromDueInTheTasksZoneAndInstantsStandForThemselves() {
        TaskReminders kept = planned(null, Tasks.open(1, "-PT15M", "2027-01-30T18:00:00Z"), DAY_BEFORE);
        stands(Stage.SCHEDULED, "2027-01-31T07:45:00Z", 1, kept.reminders().get(0));
        stands(Stage.SCHEDULED, "2027-01-30T18:00:00Z", 1, kept.reminders().get(1));
    }

    @Test
    void severalAtOneInstantRingOnce() {
        TaskReminders kept = planned(null, Tasks.open(1, "PT0S", "-PT0S", "2027-01-31T08:00:00Z"), DAY_BEFORE);
        stands(Stage.SCHEDULED, "2027-01-31T08:00:00Z", 1, only(kept));
        assertEquals("PT0S", only(kept).spec());
    }

    @Test
    void nothingIsKeptOfATaskThatNeverHadRemindersNorADueDate() {
        assertNull(TaskReminders.after(null, Tasks.without(Tasks.open(1), 1), false, DAY_BEFORE));
    }

    @Test
    void sayingTheSameTwiceIsOneReminder() {
        only(planned(null, Tasks.open(1, "-PT15M", "-PT15M"), DAY_BEFORE));
    }

    @Test
    void oneWhoseTimeIsPastWhenItIsSetIsKeptAsCancelled() {
        Task task = Tasks.open(1, "-PT15M");
        stands(Stage.CANCELLED, "2027-01-31T07:45:00Z", 1, only(planned(null, task, MORNING)));
    }

    @Test
    void oneThatIsDueTheMomentItIsSetIsNotPast() {
        assertEquals(
                Stage.SCHEDULED,
                only(planned(null, Tasks.open(1, "PT0S"), MORNING)).status());
    }

    @Test
    void theSameInstantStaysAsItIsWhateverElseChangesAndHoweverLateWeHearOfIt() {
        TaskReminders kept = planned(null, Tasks.open(1, "-PT15M"), DAY_BEFORE);
        TaskReminders later = planned(kept, Tasks.open(2, "-PT15M"), MORNING.plusSeconds(60));
        assertEquals(only(kept), only(later));
    }

    @Test
    void anotherDueDatePlansItAnew() {
        Task task = Tasks.open(1, "-PT15M");
        TaskReminders moved =
                planned(planned(null, task, DAY_BEFORE), Tasks.due(task, 2, "2027-02-01T09:00:00"), DAY_BEFORE);
        stands(Stage.SCHEDULED, "2027-02-01T07:45:00Z", 2, only(moved));
    }

    @Test
    void aDueDateMovedIntoThePastCancels() {
        Task task = Tasks.open(1, "-PT15M");
        TaskReminders moved =
                planned(planned(null, task, DAY_BEFORE), Tasks.due(task, 2, "2027-01-01T09:00:00"), DAY_BEFORE);
        assertEquals(Stage.CANCELLED, only(moved).status());
    }

    @Test
    void withoutDueThereIsNothingToCountFrom() {
        Task task = Tasks.open(1, "-PT15M");
        TaskReminders kept = planned(planned(null, task, DAY_BEFORE), Tasks.without(task, 2), DAY_BEFORE);
        stands(Stage.CANCELLED, "2027-01-31T07:45:00Z", 1, only(kept));
    }

    @Test
    void completingCancelsAndReopeningPlansAnewWhatIsStillAhead() {
        Task task = Tasks.open(1, "-PT15M", "-P2D");
        TaskReminders kept = planned(null, task, DAY_BEFORE.minusSeconds(200_000));
        TaskReminders completed = planned(kept, Tasks.status(task, 2, Status.COMPLETED), DAY_BEFORE);
        assertTrue(completed.reminders().stream().allMatch(it -> it.status() == Stage.CANCELLED));
        TaskReminders reopened = planned(completed, Tasks.status(task, 3, Status.OPEN), DAY_BEFORE);
        stands(Stage.SCHEDULED, "2027-01-31T07:45:00Z", 2, reopened.reminders().get(0));
        stands(Stage.CANCELLED, "2027-01-29T08:00:00Z", 1, reopened.reminders().get(1));
    }

    @Test
    void whatWasDeliveredStaysSoAndIsNotDoneAgainByReopening() {
        Task task = Tasks.open(1, "-PT15M");
        TaskReminders kept = planned(null, task, DAY_BEFORE);
        TaskReminders delivered = kept.with(only(kept).claimed("me", MORNING).delivered(MORNING));
        TaskReminders completed = planned(delivered, Tasks.status(task, 2, Status.COMPLETED), MORNING);
        assertEquals(only(delivered), only(planned(completed, Tasks.status(task, 3, Status.OPEN), DAY_BEFORE)));
    }

    @Test
    void anotherDueDateAfterTheDeliveryIsAnotherFiringAndTheFirstIsRemembered() {
        Task task = Tasks.open(1, "-PT15M");
        TaskReminders kept = planned(null, task, DAY_BEFORE);
        TaskReminders delivered = kept.with(only(kept).claimed("me", MORNING).delivered(MORNING));
        TaskReminders again = planned(delivered, Tasks.due(task, 2, "2027-02-01T09:00:00"), MORNING);
        List<Reminder> own =
                again.reminders().stream().filter(it -> !it.overdue()).toList();
        stands(Stage.DELIVERED, "2027-01-31T07:45:00Z", 1, own.get(0));
        stands(Stage.SCHEDULED, "2027-02-01T07:45:00Z", 2, own.get(1));
    }

    @Test
    void aMoveKeepsTheReminderWhicheverListIsHeardOfFirst() {
        Task task = Tasks.open(1, "-PT15M");
        Task there = Tasks.in(task, 2, "l2");
        TaskReminders kept = planned(null, task, DAY_BEFORE);
        for (Task left : List.of(Tasks.open(1, "-PT15M"), Tasks.open(2, "-PT15M"))) {
            TaskReminders arrivedFirst = deleted(planned(kept, there, DAY_BEFORE), left, DAY_BEFORE);
            stands(Stage.SCHEDULED, "2027-01-31T07:45:00Z", 1, only(arrivedFirst));
            TaskReminders leftFirst = planned(deleted(kept, left, DAY_BEFORE), there, DAY_BEFORE);
            stands(Stage.SCHEDULED, "2027-01-31T07:45:00Z", 2, only(leftFirst));
            assertEquals("l2", leftFirst.task().list());
        }
    }

    @Test
    void aDeletionCancelsWithTheVersionTheTaskLastHadOrTheNext() {
        TaskReminders kept = planned(null, Tasks.open(1, "-PT15M"), DAY_BEFORE);
        for (int version : new int[] {1, 2}) {
            TaskReminders gone = deleted(kept, Tasks.open(version, "-PT15M"), DAY_BEFORE);
            assertEquals(Stage.CANCELLED, only(gone).status());
            assertTrue(gone.deleted());
        }
    }

    @Test
    void whatIsOlderThanWhatIsKnownSaysNothingNew() {
        TaskReminders kept = planned(null, Tasks.open(3, "-PT15M"), DAY_BEFORE);
        assertSame(kept, TaskReminders.after(kept, Tasks.open(2), false, DAY_BEFORE));
    }

    @Test
    void aSpecificationNobodyCanReadHoldsUpNothing() {
        only(planned(null, Tasks.open(1, "sometime", "-PT15M"), DAY_BEFORE));
    }

    @Test
    void whatIsKeptSurvivesBeingWrittenDown() {
        TaskReminders kept = planned(null, Tasks.open(1, "-PT15M", "-P1D"), DAY_BEFORE);
        TaskReminders delivered =
                kept.with(kept.reminders().get(0).claimed("me", MORNING).delivered(MORNING));
        assertEquals(delivered, Json.read(Json.text(delivered), TaskReminders.class));
    }

    /** No firing is planned twice in any order of events; one that was fired is never planned away, and the rest is wanted. */
    @Property
    void theLedgerAndTheTaskAgree(@ForAll @Size(min = 1, max = 30) List<@IntRange(min = 0, max = 5) Integer> steps) {
        Task task = Tasks.open(1, "-PT15M", "PT0S");
        Instant now = DAY_BEFORE;
        TaskReminders kept = planned(null, task, now);
        Map<String, Reminder> fired = new HashMap<>();
        int version = 1;
        for (int step : steps) {
            version++;
            now = now.plusSeconds(3_600);
            switch (step) {
                case 0 -> task = Tasks.status(task, version, Status.COMPLETED);
                case 1 -> task = Tasks.status(task, version, Status.OPEN);
                case 2 -> task = Tasks.due(task, version, "2027-01-31T09:00:00");
                case 3 -> task = Tasks.due(task, version, "2027-02-01T09:00:00");
                case 4 -> task = Tasks.without(task, version);
                default -> {
                    for (Reminder due : new ArrayList<>(kept.reminders())) {
                        if (due.claimable(now)) {
                            Reminder delivered = due.claimed("me", now).delivered(now);
                            kept = kept.with(delivered);
                            fired.put(due.id() + due.version(), delivered);
                        }
                    }
                }
            }
            kept = planned(kept, task, now);

            Set<String> firings = new HashSet<>();
            kept.reminders().forEach(it -> assertTrue(firings.add(it.id() + it.version()), "planned twice"));
            assertTrue(kept.reminders().containsAll(fired.values()), "a delivery was forgotten");
            Map<String, Wish> wishes = Wish.of(task);
            kept.alarms()
                    .forEach(alarm -> assertEquals(
                            requireNonNull(wishes.get(alarm.reminder())).at(), alarm.at()));
        }
    }
}
