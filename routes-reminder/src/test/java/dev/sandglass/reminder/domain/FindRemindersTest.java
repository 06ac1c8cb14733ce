package dev.sandglass.reminder.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.reminder.domain.Plans.Read;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Attempt;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Rejection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-003")
class FindRemindersTest {
    private static final Instant AT = Instant.parse("2027-01-31T08:00:00Z");

    private final Map<String, String> store = new HashMap<>();
    private int mostAtOnce;

    @Test
    void plansAreReadFewAtATime() {
        have(150);
        Read<ObjectNode> answer = ask();
        assertEquals(150, answer.answer().path("reminders").size());
        assertEquals(32, mostAtOnce);
    }

    @Test
    void moreThanAnAnswerHoldsAreRefused() {
        have(10_001);
        assertEquals(
                Rejection.Reason.INVALID,
                assertThrows(Rejection.class, this::ask).reason());
    }

    @Test
    void moreTasksThanCanBeLookedThroughAreRefusedBeforeTheyAreRead() {
        List<String> page = IntStream.range(0, 500).mapToObj(i -> "l1." + i).toList();
        store.put(ReminderKeys.list("l1"), Json.text(new ListIndex(1, false, 101, List.of())));
        for (int i = 0; i < 101; i++) {
            store.put(ReminderKeys.page("l1", i), Json.text(new ListIndex(1, false, i, page)));
        }
        assertEquals(
                Rejection.Reason.INVALID,
                assertThrows(Rejection.class, this::ask).reason());
        assertEquals(32, mostAtOnce);
    }

    @Test
    void ofManyThatWereFiredTheNewestAreAnswered() {
        SortedSet<String> fired = new TreeSet<>();
        for (int i = 0; i < 400; i++) {
            Task task = large(i);
            TaskReminders plan = Objects.requireNonNull(TaskReminders.after(null, task, false, AT.minusSeconds(60)));
            Reminder reminder = plan.reminders().get(0);
            Instant at = AT.plusSeconds(i);
            store.put(
                    ReminderKeys.reminders(task.id()),
                    Json.text(plan.with(reminder.claimed("one", at).delivered(at))));
            fired.add(task.id());
        }
        store.put(ReminderKeys.fired("l1", ReminderKeys.day(AT)), Json.text(new FiredDay(1, fired)));
        String since = "{\"lists\":[\"l1\"],\"since\":\"" + AT + "\"}";

        JsonNode answer = ask(FindReminders.fired(since, AT.plusSeconds(1_000))).path("reminders");
        assertTrue(
                answer.toString().length() < 4_100_000 && answer.size() > 200, () -> answer.size() + " are answered");
        assertEquals("l1.399", answer.at("/" + (answer.size() - 1) + "/task/id").asText());
        assertEquals("l1." + (400 - answer.size()), answer.at("/0/task/id").asText());

        JsonNode ofTwo =
                ask(FindReminders.firedFor("{\"alice\":" + since + ",\"bob\":" + since + "}", AT.plusSeconds(1_000)));
        assertTrue(ofTwo.toString().length() < 4_200_000, "all together");
        assertEquals(ofTwo.path("alice"), ofTwo.path("bob"));
        assertTrue(mostAtOnce <= 32, () -> mostAtOnce + " plans at once");
    }

    @Test
    void theCalendarIsLookedAtAFewPlansAtATime() {
        Map<String, SortedSet<String>> pages = new HashMap<>();
        for (int i = 0; i < 150; i++) {
            Task task = large(i);
            store.put(
                    ReminderKeys.reminders(task.id()),
                    Json.text(TaskReminders.after(null, task, false, AT.minusSeconds(60))));
            pages.computeIfAbsent(Slot.of(task.id(), AT, AT).key(), key -> new TreeSet<>())
                    .add(task.id());
        }
        pages.forEach((key, tasks) -> store.put(key, Json.text(new CalendarPage(1, tasks))));
        long minute = Slot.minute(AT);
        LookAtCalendar.Found found =
                answer(LookAtCalendar.of(minute, minute, AT, AT)).answer();
        assertEquals(150, found.alarms().stream().map(Alarm::task).distinct().count());
        assertEquals(32, mostAtOnce);
    }

    /** A task of sixteen thousand characters, with a reminder at its time. */
    private static Task large(int i) {
        ObjectNode task =
                Json.tree(Tasks.as(Tasks.in(Tasks.without(Tasks.open(1, AT.toString()), 1), 1, "l1"), "l1." + i));
        return Json.read(task.put("description", "x".repeat(16_000)), Task.class);
    }

    private void have(int n) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            Task task = Tasks.as(Tasks.in(Tasks.without(Tasks.open(1, AT.toString()), 1), 1, "l1"), "l1." + i);
            TaskReminders plan = Objects.requireNonNull(TaskReminders.after(null, task, false, AT.minusSeconds(60)));
            store.put(ReminderKeys.reminders(task.id()), Json.text(plan));
            ids.add(task.id());
        }
        store.put(ReminderKeys.list("l1"), Json.text(new ListIndex(1, false, 0, ids)));
    }

    private Read<ObjectNode> ask() {
        return answer(FindReminders.ofLists("{\"lists\":[\"l1\"]}"));
    }

    private ObjectNode ask(Decision<Read<ObjectNode>> question) {
        return answer(question).answer();
    }

    private <R> R answer(Decision<R> question) {
        Attempt<R> attempt = new Attempt<>(question, Long.MAX_VALUE);
        while (attempt.isOpen()) {
            Map<String, Stored> read = new HashMap<>();
            attempt.wanted().forEach(key -> read.put(key, new Stored(key, store.get(key), "1")));
            mostAtOnce = Math.max(mostAtOnce, read.size());
            if (!read.isEmpty()) {
                attempt.saw(read);
            }
            attempt.decide();
        }
        return attempt.answer();
    }
}
