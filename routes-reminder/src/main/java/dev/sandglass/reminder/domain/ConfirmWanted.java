package dev.sandglass.reminder.domain;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Asks <em>task</em> if reminders are still wanted; without its answer, the knowledge of this service decides. */
public final class ConfirmWanted {
    private ConfirmWanted() {}

    /** The question which of these tasks still exist: {@code {"ids":[…]}}. */
    public static String question(List<Firing> firings) {
        Set<String> ids = firings.stream().map(firing -> firing.task().id()).collect(toSet());
        return Json.text(Map.of("ids", ids));
    }

    /**
     * Cancels firings that are no longer wanted. Those with a new instant wait for it, the others get the task as it is now. For a
     * task that cannot be read, the knowledge of this service decides.
     *
     * @param answer {@code {"tasks":[…],"told":[…]}}: the tasks, and those of their lists of which a member may have channels
     */
    public static List<Firing> confirm(List<Firing> firings, String answer) {
        Map<String, Optional<Task>> now = new HashMap<>();
        JsonNode said = Json.read(answer, JsonNode.class);
        for (JsonNode task : said.path("tasks")) {
            now.put(task.path("id").asText(), read(task));
        }
        Set<String> told = said.path("told").valueStream().map(JsonNode::asText).collect(toSet());
        return firings.stream()
                .map(firing -> {
                    Optional<Task> task = now.get(firing.task().id());
                    return task != null && task.isEmpty()
                            ? firing.byOwnKnowledge(false)
                            : firing.asWantedBy(task == null ? null : task.get());
                })
                .map(firing -> firing.posted(told.contains(firing.task().list())))
                .toList();
    }

    private static Optional<Task> read(JsonNode task) {
        try {
            return Optional.of(Json.read(task, Task.class));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Decides without <em>task</em>: it only cancels those of a list that is known to be deleted. */
    public static Decision<List<Firing>> byOwnKnowledge(List<Firing> firings) {
        Set<String> lists = new TreeSet<>();
        firings.forEach(firing -> lists.add(ReminderKeys.list(firing.task().list())));
        return documents -> {
            documents.all(lists);
            return Accepted.unchanged(firings.stream()
                    .map(firing -> firing.byOwnKnowledge(ListIndex.of(documents.get(
                                    ReminderKeys.list(firing.task().list())))
                            .gone()))
                    // The recipients are asked for later, as often as it takes.
                    .map(firing -> firing.posted(true))
                    .toList());
        };
    }
}
