package dev.sandglass.reminder.domain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Priority;
import dev.sandglass.events.Status;
import dev.sandglass.events.Task;
import dev.sandglass.time.Due;
import dev.sandglass.time.Recurrence;
import dev.sandglass.time.Workdays;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/** Tasks for examples: due at nine in Warsaw. */
public final class Tasks {
    public static final Instant MORNING = Instant.parse("2027-01-31T08:00:00Z");
    public static final Instant DAY_BEFORE = Instant.parse("2027-01-30T08:00:00Z");
    public static final ZoneId WARSAW = ZoneId.of("Europe/Warsaw");

    private Tasks() {}

    public static Task open(int version, String... reminders) {
        return task("l1", version, Status.OPEN, Due.parse("2027-01-31T09:00:00"), WARSAW, reminders);
    }

    public static Task due(Task task, int version, String due) {
        return task(
                task.list(),
                version,
                task.status(),
                Due.parse(due),
                task.timeZone(),
                task.reminders().toArray(String[]::new));
    }

    public static Task without(Task task, int version) {
        return task(
                task.list(),
                version,
                task.status(),
                null,
                task.timeZone(),
                task.reminders().toArray(String[]::new));
    }

    public static Task status(Task task, int version, Status status) {
        return task(
                task.list(),
                version,
                status,
                task.due(),
                task.timeZone(),
                task.reminders().toArray(String[]::new));
    }

    public static Task in(Task task, int version, String list) {
        return task(
                list,
                version,
                task.status(),
                task.due(),
                task.timeZone(),
                task.reminders().toArray(String[]::new));
    }

    /** The same as another task of its list. */
    public static Task as(Task task, String id) {
        return Json.read(Json.<ObjectNode>tree(task).put("id", id), Task.class);
    }

    private static Task task(String list, int version, Status status, Due due, ZoneId zone, String... reminders) {
        return new Task(
                "l1.7",
                list,
                "Pay rent",
                "",
                Priority.HIGH,
                List.of(),
                status,
                due,
                zone,
                due == null ? null : due.at(zone),
                false,
                null,
                Recurrence.From.SCHEDULE,
                Workdays.AS_IS,
                List.of(reminders),
                null,
                "l1.7",
                1,
                version,
                DAY_BEFORE,
                "alice",
                DAY_BEFORE,
                null,
                Map.of());
    }
}
