package dev.sandglass.reminder.domain;

import static dev.sandglass.reminder.domain.Tasks.DAY_BEFORE;
import static dev.sandglass.reminder.domain.Tasks.MORNING;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Status;
import dev.sandglass.events.Task;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-003")
@Tag("SC-003")
class FiringTest {
    private static final Task TASK = Tasks.open(1, "PT0S");

    private static Firing claimed(Instant now) {
        TaskReminders kept = requireNonNull(TaskReminders.after(null, TASK, false, DAY_BEFORE));
        return new Firing(TASK, kept.reminders().get(0).claimed("me", now), "me", true, null);
    }

    @Test
    void nobodyClaimsWhatIsNotDueOrIsWithSomebodyAlive() {
        Reminder scheduled = requireNonNull(TaskReminders.after(null, TASK, false, DAY_BEFORE))
                .reminders()
                .get(0);
        assertFalse(scheduled.claimable(MORNING.minusMillis(1)));
        assertTrue(scheduled.claimable(MORNING));
        Reminder claimed = scheduled.claimed("me", MORNING);
        assertFalse(claimed.claimable(MORNING.plusSeconds(15)));
        assertTrue(claimed.claimable(MORNING.plusMillis(15_001)), "he is taken for dead");
        assertFalse(claimed.delivered(MORNING).claimable(MORNING.plusSeconds(60)));
    }

    @Test
    void lateIsMoreThanFiveSecondsAfterItsTime() {
        assertFalse(claimed(MORNING.plusSeconds(5)).reminder().late());
        assertTrue(claimed(MORNING.plusMillis(5_001)).reminder().late());
    }

    @Test
    void whoeverTakesItUpAfterACrashSendsTheSameId() {
        Firing first = claimed(MORNING);
        Firing second =
                new Firing(TASK, first.reminder().claimed("another", MORNING.plusSeconds(11)), "another", true, null);
        assertEquals(
                event(first.getDueEvent()).path("id"),
                event(second.getDueEvent()).path("id"));
        assertEquals(Firing.id(TASK, first.reminder()), Firing.id(TASK, second.reminder()));
    }

    @Test
    void itIsDeliveredOnlyWhileTheTaskWantsItAtThatInstant() {
        Firing firing = claimed(MORNING);
        assertTrue(firing.asWantedBy(Tasks.open(2, "PT0S", "-P1D")).isDue());
        assertFalse(firing.asWantedBy(null).isDue());
        assertFalse(firing.asWantedBy(Tasks.status(TASK, 2, Status.COMPLETED)).isDue());
        assertFalse(firing.asWantedBy(Tasks.due(TASK, 2, "2027-02-01T09:00:00")).isDue());
        assertFalse(firing.asWantedBy(Tasks.open(2, "-P1D")).isDue());
    }

    @Test
    void byNewRulesOfItsZoneItRingsLaterOrAtOnceAndIsTheSame() {
        for (String due : List.of("2027-01-31T10:00:00", "2027-01-31T08:00:00")) {
            // The same task as it is known, its local time another instant now: as a change of the rules makes it.
            Firing moved = claimed(MORNING).asWantedBy(Tasks.due(TASK, 1, due));
            assertFalse(moved.isDue());
            assertTrue(moved.isUnfinished());
            assertEquals(claimed(MORNING).alarm().version(), moved.alarm().version());
        }
    }

    @Test
    void inWhosePlaceAnotherWasPlannedIsNotMovedBesideIt() {
        Firing first = claimed(MORNING);
        Firing replaced = new Firing(first.task(), first.reminder(), first.claim(), false, null)
                .asWantedBy(Tasks.due(TASK, 1, "2027-01-31T10:00:00"));
        assertEquals(Stage.CANCELLED, replaced.reminder().status());
    }

    @Test
    void theTaskIsTheOneOfNow() {
        Firing wanted = claimed(MORNING).asWantedBy(Tasks.in(TASK, 2, "l2"));
        assertEquals("l2", wanted.getKey());
        assertEquals(2, event(wanted.getDueEvent()).at("/data/task/version").asInt());
    }

    @Test
    void whileAChannelsBrokerIsAwayItIsTriedForEverAndAfterFiveRefusalsItFailed() {
        Reminder reminder = claimed(MORNING).reminder();
        for (int i = 0; i < 100; i++) {
            reminder = reminder.postponed().claimed("me", MORNING);
        }
        for (int i = 0; i < 4; i++) {
            reminder = reminder.refused(MORNING);
            assertEquals(Stage.SCHEDULED, reminder.status());
            reminder = reminder.claimed("me", MORNING);
        }
        Reminder failed = reminder.refused(MORNING);
        assertEquals(Stage.FAILED, failed.status());
        assertEquals(
                Stage.FAILED, requireNonNull(failed.deliveries().get("live")).status());
    }

    @Test
    void eventsAreCloudEventsWithTheContractsIds() {
        Firing delivered = claimed(MORNING).delivered(MORNING.plusMillis(8));
        JsonNode due = event(claimed(MORNING).getDueEvent());
        JsonNode outcome = Json.tree(delivered.outcomeEvent());
        assertEquals("reminder.due", due.path("type").asText());
        assertEquals("l1.7", due.path("subject").asText());
        assertTrue(due.path("id").asText().matches("l1\\.7/[0-9a-f]{10}/1"));
        assertEquals("2027-01-31T08:00:00Z", due.at("/data/at").asText());
        assertTrue(due.at("/data/id").asText().matches("[A-Za-z0-9._~-]{1,100}"));
        assertEquals("reminder.delivered", outcome.path("type").asText());
        assertEquals(due.path("id"), outcome.path("id"));
        assertFalse(due.path("source").equals(outcome.path("source")), "source and id together are unique");
        assertEquals("live", outcome.at("/data/channel").asText());
    }

    @Test
    void theLedgerShowsWhatTheContractNames() {
        Firing delivered = claimed(MORNING).delivered(MORNING.plusMillis(8));
        TaskReminders kept = requireNonNull(TaskReminders.after(null, TASK, false, DAY_BEFORE));
        assertEquals(
                "scheduled",
                Shown.entries(kept, Set.of("l1"), null).get(0).path("status").asText());
        assertEquals(
                "scheduled",
                Shown.entries(kept.with(claimed(MORNING).reminder()), Set.of("l1"), null)
                        .get(0)
                        .path("status")
                        .asText(),
                "on its way is not yet delivered");
        JsonNode entry = Shown.entries(kept.with(delivered.reminder()), Set.of("l1"), Stage.DELIVERED)
                .get(0);
        assertEquals("l1.7", entry.path("task").asText());
        assertEquals("2027-01-31T08:00:00Z", entry.path("firedAt").asText());
        assertEquals("delivered", entry.at("/deliveries/live/status").asText());
        assertEquals("2027-01-31T08:00:00.008Z", entry.at("/deliveries/live/at").asText());
        assertEquals(List.of(), Shown.entries(kept, Set.of("l2"), null));
    }

    @Test
    void aSocketIsToldWhatWasFiredWhileItWasAwayAsLongAsTheTaskIsOpen() {
        TaskReminders kept = requireNonNull(TaskReminders.after(null, TASK, false, DAY_BEFORE))
                .with(claimed(MORNING).delivered(MORNING).reminder());
        JsonNode frame = Shown.fired(kept, Set.of("l1"), MORNING, Instant.MAX, MORNING)
                .toList()
                .get(0)
                .frame();
        assertEquals("reminder", frame.path("type").asText());
        assertEquals("Pay rent", frame.at("/task/title").asText());
        assertTrue(frame.at("/task/overdue").asBoolean(), "as of now, not as it was when it was planned");
        assertEquals(
                List.of(),
                Shown.fired(kept, Set.of("l1"), MORNING.plusMillis(1), Instant.MAX, MORNING)
                        .toList());
        TaskReminders completed =
                requireNonNull(TaskReminders.after(kept, Tasks.status(TASK, 2, Status.COMPLETED), false, MORNING));
        assertEquals(
                List.of(),
                Shown.fired(completed, Set.of("l1"), MORNING, Instant.MAX, MORNING)
                        .toList());
    }

    @Test
    void whatIsOnItsWayIsToldOnceTaskHasBeenAsked() {
        TaskReminders kept = requireNonNull(TaskReminders.after(null, TASK, false, DAY_BEFORE))
                .with(claimed(MORNING).reminder());
        assertEquals(
                1,
                Shown.fired(kept, Set.of("l1"), DAY_BEFORE, Instant.MAX, MORNING)
                        .count());
        assertEquals(
                List.of(),
                Shown.fired(kept, Set.of("l1"), DAY_BEFORE, DAY_BEFORE, MORNING).toList());
    }

    @Test
    void ofOneThatWaitedForTheBrokerItCountsWhenTheChannelTookIt() {
        Instant back = MORNING.plusSeconds(90);
        TaskReminders kept = requireNonNull(TaskReminders.after(null, TASK, false, DAY_BEFORE))
                .with(claimed(MORNING).delivered(back).reminder());
        assertEquals(
                1,
                Shown.fired(kept, Set.of("l1"), back.minusSeconds(1), Instant.MAX, MORNING)
                        .count());
        assertEquals(
                List.of(),
                Shown.fired(kept, Set.of("l1"), back.plusMillis(1), Instant.MAX, MORNING)
                        .toList());
    }

    @Test
    void whatAChannelHasIsDeliveredThoughTheNewsOfItIsStillToBeTold() {
        Firing untold = claimed(MORNING).delivered(MORNING.plusMillis(8)).untold();
        assertTrue(untold.isUnfinished());
        TaskReminders kept = requireNonNull(TaskReminders.after(null, TASK, false, DAY_BEFORE))
                .with(untold.reminder());
        assertEquals(1, Shown.entries(kept, Set.of("l1"), Stage.DELIVERED).size());

        Firing again =
                Firing.claimed(TASK, untold.reminder().claimed("another", MORNING.plusSeconds(60)), "another", true);
        assertFalse(again.isDue(), "it is not handed over again");
        assertTrue(again.isOver());
        assertEquals(again, again.asWantedBy(null), "what is delivered is not cancelled");
        assertEquals(again, again.byOwnKnowledge(true));
        assertFalse(again.reminder().late());
        assertEquals(MORNING, again.reminder().firedAt());
        assertEquals(untold.outcomeEvent().time(), again.outcomeEvent().time());
    }

    private static JsonNode event(String json) {
        return Json.read(json, JsonNode.class);
    }
}
