package dev.sandglass.reminder.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Erased;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.domain.Decisions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What reminder knows of a person goes, and what is others' stays. */
class EraseRemindersTest {
    private static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");

    private final MemoryDapr dapr = new MemoryDapr(1);
    private final Task task = Tasks.open(1, "-PT15M");

    private void keep(Task one) {
        dapr.tamper(ReminderKeys.reminders(one.id()), Json.text(new TaskReminders(1, one, false, List.of())));
    }

    private void erase(ObjectNode order) {
        Decisions.decide(dapr, EraseReminders.of(order.put("at", NOW.toString()).toString()));
    }

    private static ObjectNode order(String user, String list, boolean all, String... tasks) {
        ObjectNode order = Json.object().put("user", user).put("list", list).put("all", all);
        return order.set("tasks", Json.tree(List.of(tasks)));
    }

    private TaskReminders kept() {
        String key = ReminderKeys.reminders(task.id());
        return dapr.read(List.of(key)).get(key).as(TaskReminders.class);
    }

    @Test
    void aTaskOfAListOfOthersLosesTheNameAlone() {
        keep(task);
        erase(order("somebody else", task.list(), false, task.id(), "nope.1"));
        assertEquals(task, kept().task());
        erase(order(task.createdBy(), task.list(), false, task.id(), "nope.1"));
        assertEquals(Erased.NAME, kept().task().createdBy());
        assertEquals(task.title(), kept().task().title());
    }

    @Test
    void ofTheirOwnListNothingIsLeft() {
        keep(task);
        erase(order(task.createdBy(), "another list", true, task.id()));
        assertTrue(dapr.keys().contains(ReminderKeys.reminders(task.id())), "it went to another list since");
        erase(order(task.createdBy(), task.list(), true, task.id()));
        assertFalse(dapr.keys().contains(ReminderKeys.reminders(task.id())));
    }

    @Test
    void whatIsKnownOfTheListItselfGoes() {
        String list = task.list();
        dapr.tamper(ReminderKeys.list(list), Json.text(new ListIndex(1, true, 1, List.of(task.id()))));
        dapr.tamper(ReminderKeys.page(list, 0), Json.text(new ListIndex(1, false, 0, List.of(task.id()))));
        dapr.tamper(ReminderKeys.fired(list, ReminderKeys.day(NOW) - 3), "{}");
        dapr.tamper(ReminderKeys.postsOfList(list), "{}");
        erase(order("alice", list, false));
        assertEquals(4, dapr.keys().size());
        erase(order("alice", list, true));
        assertEquals(0, dapr.keys().size(), dapr.keys()::toString);
    }

    @Test
    void thePostsOfThePersonGo() {
        dapr.tamper(ReminderKeys.postsOf("alice"), "{}");
        dapr.tamper(ReminderKeys.postsOf("bob"), "{}");
        erase(Json.object().put("user", "alice"));
        assertEquals(1, dapr.keys().size());
        assertTrue(dapr.keys().contains(ReminderKeys.postsOf("bob")));
    }
}
