package dev.sandglass.support.yaml;

import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Topics;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The points and topics that a service offers to integrators.
 *
 * @param points where it hands over to a route {@code from: direct:<point>}
 * @param topics whose events routes may have, and the types of these
 */
public record Offer(String service, SortedSet<String> points, SortedMap<String, List<String>> topics) {
    private static final Map<String, List<String>> POINTS = Map.of(
            "task", List.of("new-task-rules"),
            "recurrence", List.of("which-recur", "next-due"),
            "reminder", List.of("reminder-channels"),
            "audit", List.of("redact"),
            "sync", List.of("visible-frame"));
    private static final Map<String, List<String>> TOPICS = Map.of(
            Topics.TASK_EVENTS,
            Arrays.stream(ChangeType.values()).map(ChangeType::toString).toList(),
            Topics.REMINDERS,
            List.of("reminder.due", "reminder.delivered", "reminder.failed", "task.overdue"));

    /** @throws IllegalArgumentException when there is no such service */
    public static Offer of(String service) {
        if (!POINTS.containsKey(service)) {
            throw new IllegalArgumentException("no service is named " + service + "; there are " + services());
        }
        return new Offer(service, new TreeSet<>(Objects.requireNonNull(POINTS.get(service))), new TreeMap<>(TOPICS));
    }

    public static SortedSet<String> services() {
        return new TreeSet<>(POINTS.keySet());
    }
}
