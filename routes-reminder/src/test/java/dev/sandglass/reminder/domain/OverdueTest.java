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
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** That an open task becomes overdue is planned, claimed and confirmed as a reminder is, and told as an event alone. */
@Tag("FR-009")
@Tag("FR-004")
class OverdueTest {
    private static final Task TASK = Tasks.open(1);

    private static TaskReminders planned(TaskReminders kept, Task task, Instant setAt) {
        return requireNonNull(TaskReminders.after(kept, task, false, setAt));
    }

    private static Reminder last(TaskReminders kept) {
        return kept.reminders().stream()
                .filter(Reminder::overdue)
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    private static void stands(Stage status, String at, int version, TaskReminders kept) {
        Reminder overdue = last(kept);
        assertEquals(status, overdue.status());
        assertEquals(Instant.parse(at), overdue.at());
        assertEquals(version, overdue.version());
    }

    private static Firing claimed(Instant now) {
        return new Firing(TASK, last(planned(null, TASK, DAY_BEFORE)).claimed("me", now), "me", true, null);
    }

    private static TaskReminders told(TaskReminders kept, Instant now) {
        return kept.with(last(kept).claimed("me", now).delivered(now));
    }

    @Test
    void aTaskWithADueDateIsOverdueFromItsDueAtOn() {
        stands(Stage.SCHEDULED, "2027-01-31T08:00:00Z", 1, planned(null, TASK, DAY_BEFORE));
    }

    @Test
    void allDayIsOverdueFromTheEndOfThatDayInItsZone() {
        stands(Stage.SCHEDULED, "2027-01-31T23:00:00Z", 1, planned(null, Tasks.due(TASK, 1, "2027-01-31"), DAY_BEFORE));
    }

    @Test
    void ofATaskThatIsOverdueAlreadyWhenItIsSetNothingIsTold() {
        TaskReminders born = planned(null, TASK, MORNING.plusMillis(1));
        stands(Stage.CANCELLED, "2027-01-31T08:00:00Z", 1, born);
        assertEquals(List.of(), born.alarms());
        TaskReminders moved =
                planned(planned(null, TASK, DAY_BEFORE), Tasks.due(TASK, 2, "2027-01-01T09:00:00"), DAY_BEFORE);
        assertEquals(List.of(), moved.alarms());
    }

    @Test
    void completedDeletedOrWithoutDueItIsCancelledAndAnotherDueDatePlansItAnew() {
        TaskReminders kept = planned(null, TASK, DAY_BEFORE);
        assertEquals(
                List.of(),
                planned(kept, Tasks.status(TASK, 2, Status.COMPLETED), DAY_BEFORE)
                        .alarms());
        assertEquals(
                List.of(), planned(kept, Tasks.without(TASK, 2), DAY_BEFORE).alarms());
        assertEquals(
                List.of(),
                requireNonNull(TaskReminders.after(kept, TASK, true, DAY_BEFORE))
                        .alarms());
        stands(
                Stage.SCHEDULED,
                "2027-02-01T08:00:00Z",
                2,
                planned(kept, Tasks.due(TASK, 2, "2027-02-01T09:00:00"), DAY_BEFORE));
    }

    @Test
    void itIsToldOnceForADueDateWhateverElseChangesAndOnceMoreForAnother() {
        TaskReminders told = told(planned(null, TASK, DAY_BEFORE), MORNING);
        TaskReminders edited = planned(told, Tasks.open(2, "-PT15M"), MORNING.plusSeconds(60));
        stands(Stage.DELIVERED, "2027-01-31T08:00:00Z", 1, edited);
        TaskReminders completed = planned(edited, Tasks.status(TASK, 3, Status.COMPLETED), MORNING.plusSeconds(120));
        TaskReminders reopened = planned(completed, Tasks.status(TASK, 4, Status.OPEN), MORNING.plusSeconds(180));
        assertEquals(List.of(), reopened.alarms());
        stands(
                Stage.SCHEDULED,
                "2027-02-01T08:00:00Z",
                2,
                planned(reopened, Tasks.due(TASK, 5, "2027-02-01T09:00:00"), MORNING.plusSeconds(240)));
    }

    @Test
    void itIsToldOnlyWhileTheTaskIsOpenAndDueAtThatInstant() {
        assertTrue(claimed(MORNING).asWantedBy(Tasks.open(2, "-P1D")).isDue());
        assertFalse(claimed(MORNING).asWantedBy(null).isDue());
        assertFalse(claimed(MORNING)
                .asWantedBy(Tasks.status(TASK, 2, Status.COMPLETED))
                .isDue());
        assertFalse(claimed(MORNING)
                .asWantedBy(Tasks.due(TASK, 2, "2027-02-01T09:00:00"))
                .isDue());
        assertFalse(claimed(MORNING).asWantedBy(Tasks.without(TASK, 2)).isDue());
    }

    @Test
    void theEventIsACloudEventWithTheContractsIds() {
        JsonNode event = event(claimed(MORNING.plusMillis(8)).getOverdueEvent());
        assertEquals("task.overdue", event.path("type").asText());
        assertEquals("l1.7/overdue/1", event.path("id").asText());
        assertEquals("l1.7", event.path("subject").asText());
        assertEquals("2027-01-31T08:00:00Z", event.path("time").asText());
        assertEquals("l1", event.at("/data/list").asText());
        assertEquals("2027-01-31T08:00:00Z", event.at("/data/at").asText());
        assertEquals("l1.7", event.at("/data/task/id").asText());
        assertTrue(event.at("/data/task/overdue").asBoolean(), "also where it was last seen before it was");
        assertTrue(event.at("/data/id").asText().matches("[A-Za-z0-9._~-]{1,100}"));
        assertEquals("l1", claimed(MORNING).getKey());
    }

    @Test
    void whoeverTakesItUpAfterACrashSendsTheSame() {
        Firing second = new Firing(
                TASK, claimed(MORNING).reminder().claimed("another", MORNING.plusSeconds(11)), "another", true, null);
        assertEquals(claimed(MORNING).getOverdueEvent(), second.getOverdueEvent());
    }

    @Test
    void itIsNoReminderToAskForNorToTellOfNorForASocketThatWasAway() {
        Firing over = claimed(MORNING).delivered(MORNING);
        assertFalse(over.isOver());
        TaskReminders kept = told(planned(null, TASK, DAY_BEFORE), MORNING);
        assertFalse(kept.hasReminders());
        assertTrue(planned(kept, Tasks.open(2, "-PT15M"), MORNING).hasReminders());
        assertEquals(List.of(), Shown.entries(kept, Set.of("l1"), null));
        assertEquals(
                List.of(),
                Shown.fired(kept, Set.of("l1"), DAY_BEFORE, Instant.MAX, MORNING)
                        .toList());
    }

    @Test
    void everyEventHasTheFieldsOfTheSchemaItNames() throws IOException {
        Firing overdue = claimed(MORNING);
        Task task = Tasks.open(1, "PT0S");
        Reminder reminder = planned(null, task, DAY_BEFORE).reminders().get(0).claimed("me", MORNING);
        Firing due = new Firing(task, reminder, "me", true, null);
        for (JsonNode event : List.of(
                event(overdue.getOverdueEvent()),
                event(due.getDueEvent()),
                Json.<JsonNode>tree(due.delivered(MORNING).outcomeEvent()))) {
            String named = event.path("dataschema").asText().replace("https://sandglass.dev", "");
            try (InputStream schema = requireNonNull(getClass().getResourceAsStream(named), named)) {
                JsonNode read = Json.MAPPER.readTree(schema);
                assertEquals(fields(read.path("properties")), fields(event.path("data")), named);
                assertEquals(
                        fields(read.path("properties")).size(),
                        read.path("required").size(),
                        named);
            }
        }
    }

    /** It is waited for exactly while the task is open and its time is ahead, in any order of events. */
    @Property
    @net.jqwik.api.Tag("FR-009")
    void itIsWaitedForWhileTheTaskIsOpenAndItsTimeAhead(
            @ForAll @Size(min = 1, max = 40) List<@IntRange(min = 0, max = 4) Integer> steps) {
        Task task = TASK;
        Instant now = DAY_BEFORE.plusSeconds(1_800);
        TaskReminders kept = planned(null, task, now);
        int version = 1;
        for (int step : steps) {
            version++;
            now = now.plusSeconds(3_600);
            for (Reminder due : kept.reminders()) {
                kept = due.claimable(now) ? kept.with(due.claimed("me", now).delivered(now)) : kept;
            }
            task = switch (step) {
                case 0 -> Tasks.status(task, version, Status.COMPLETED);
                case 1 -> Tasks.status(task, version, Status.OPEN);
                case 2 -> Tasks.due(task, version, "2027-01-31T09:00:00");
                case 3 -> Tasks.due(task, version, "2027-01-30");
                default -> Tasks.without(task, version);
            };
            kept = planned(kept, task, now);
            Instant dueAt = task.dueAt();
            List<Instant> awaited = task.open() && dueAt != null && dueAt.isAfter(now) ? List.of(dueAt) : List.of();
            assertEquals(awaited, kept.alarms().stream().map(Alarm::at).toList());
        }
    }

    private static Set<String> fields(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode event(String json) {
        return Json.read(json, JsonNode.class);
    }
}
