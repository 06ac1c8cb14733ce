package dev.sandglass.reminder.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.reminder.domain.Plans.Read;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Attempt;
import dev.sandglass.support.domain.Rejection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
        Attempt<Read<ObjectNode>> attempt =
                new Attempt<>(FindReminders.ofLists("{\"lists\":[\"l1\"]}"), Long.MAX_VALUE);
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
