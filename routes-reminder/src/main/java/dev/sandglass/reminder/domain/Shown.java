package dev.sandglass.reminder.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reminders as clients see them. The moment a task becomes overdue is not among them: the task itself shows it. */
public final class Shown {
    private Shown() {}

    /** The reminders of a task, if it is in one of these lists now, of a status or all. */
    public static List<JsonNode> entries(TaskReminders kept, Set<String> lists, @Nullable Stage status) {
        return entries(kept, lists, status, Map.of());
    }

    /** @param told what became of them at the channels of the user who asks; of tasks that became overdue, only what was to be told there is shown */
    static List<JsonNode> entries(
            TaskReminders kept, Set<String> lists, @Nullable Stage status, Map<String, ObjectNode> told) {
        return kept.reminders().stream()
                .filter(reminder -> lists.contains(kept.task().list()))
                .filter(reminder -> !reminder.overdue() || told.containsKey(Firing.id(kept.task(), reminder)))
                .map(reminder -> entry(kept, reminder, told.get(Firing.id(kept.task(), reminder))))
                .filter(entry -> status == null || Json.<JsonNode>tree(status).equals(entry.path("status")))
                .toList();
    }

    /**
     * An act of a user, with its deliveries to channels.
     *
     * @param told what became of it there
     */
    static ObjectNode news(String id, Post.News news, @Nullable ObjectNode told) {
        ObjectNode deliveries = Objects.requireNonNullElseGet(told, Json::object);
        ObjectNode entry = Json.object()
                .put("id", id)
                .put("task", news.task())
                .put("kind", news.kind())
                .put("list", news.list())
                .put("at", news.at().toString())
                .put("status", status(deliveries))
                .put("late", false)
                .putNull("firedAt");
        return entry.set("deliveries", deliveries);
    }

    /** The status of what is told at channels alone. */
    private static String status(ObjectNode deliveries) {
        List<String> stages = deliveries
                .valueStream()
                .map(delivery -> delivery.path("status").asText())
                .toList();
        return Stream.of("scheduled", "failed", "delivered")
                .filter(stages::contains)
                .findFirst()
                .orElse("cancelled");
    }

    private static JsonNode entry(TaskReminders kept, Reminder reminder, @Nullable ObjectNode told) {
        ObjectNode entry = entry(kept, reminder);
        ObjectNode deliveries = (ObjectNode) entry.path("deliveries");
        if (told == null) {
            return entry;
        }
        if (reminder.overdue()) {
            deliveries.removeAll();
            entry.put("status", status(told));
        }
        deliveries.setAll(told);
        return entry;
    }

    /** Entries by time, then id. */
    public static List<JsonNode> inOrder(Collection<JsonNode> entries) {
        return entries.stream()
                .sorted(Comparator.comparing((JsonNode entry) -> Instant.parse(text(entry, "at")))
                        .thenComparing(entry -> text(entry, "id")))
                .toList();
    }

    static ObjectNode entry(TaskReminders kept, Reminder reminder) {
        ObjectNode entry = Json.object()
                .put("id", Firing.id(kept.task(), reminder))
                .put("task", kept.task().id())
                .put("at", reminder.at().toString());
        entry.set("status", Json.tree(reminder.shown()));
        entry.put("late", reminder.late());
        boolean fired = reminder.shown() == Stage.DELIVERED || reminder.shown() == Stage.FAILED;
        entry.set("firedAt", Json.tree(fired ? reminder.firedAt() : null));
        entry.set("deliveries", Json.tree(reminder.deliveries()));
        if (reminder.unconfirmed()) {
            entry.put("unconfirmed", true);
        }
        return entry;
    }

    /**
     * The feed's frames of a task's reminders that the channel took since then, if it is still open in one of these lists.
     *
     * @param claimedBefore reminders on their way that were claimed later are left out: task may still cancel them
     * @param now the instant as of which their task is shown
     */
    static Stream<Fired> fired(
            TaskReminders kept, Set<String> lists, Instant since, Instant claimedBefore, Instant now) {
        boolean wanted = !kept.deleted()
                && kept.task().open()
                && lists.contains(kept.task().list());
        return wanted
                ? kept.reminders().stream()
                        .filter(reminder -> !kept.nagsLater(reminder))
                        .flatMap(reminder -> fired(kept, reminder, since, claimedBefore, now))
                : Stream.empty();
    }

    record Fired(Instant at, JsonNode frame) {}

    private static Stream<Fired> fired(
            TaskReminders kept, Reminder reminder, Instant since, Instant claimedBefore, Instant now) {
        Instant firedAt = reminder.firedAt();
        if (reminder.overdue() || firedAt == null) {
            return Stream.empty();
        }
        Reminder.Delivery delivery = reminder.deliveries().get(Reminder.LIVE);
        // A reminder on its way may be out and not yet written down: it comes twice with one id, rather than never.
        boolean out = delivery == null
                ? reminder.status() == Stage.FIRING && firedAt.isBefore(claimedBefore)
                // It may have been claimed long before, while the broker was away: the time of its delivery counts.
                : delivery.status() == Stage.DELIVERED && !delivery.at().isBefore(since);
        return out ? Stream.of(new Fired(firedAt, frame(kept, reminder, now))) : Stream.empty();
    }

    private static ObjectNode frame(TaskReminders kept, Reminder reminder, Instant now) {
        ObjectNode frame = Json.object().put("type", "reminder").put("id", Firing.id(kept.task(), reminder));
        frame.set("task", Firing.seen(kept.task(), now));
        return frame.put("at", reminder.at().toString()).put("late", reminder.late());
    }

    private static String text(JsonNode entry, String field) {
        return entry.path(field).asText();
    }
}
