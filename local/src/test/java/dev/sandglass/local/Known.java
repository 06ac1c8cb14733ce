package dev.sandglass.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A task as the one writer who changes it knows it: by the answers alone. */
final class Known {
    final String id;
    final String series;
    final int occurrence;
    final boolean recurs;
    /** When it reminds; null where it does not. */
    final Instant remindsAt;

    /** The changes that its lists must have: the type of each and the description at that time. */
    final Map<String, List<String>> told = new LinkedHashMap<>();

    String list;
    /** Changed by every edit and by nothing else, so that it names the edit. */
    String description;

    int version;
    boolean completed;
    boolean gone;
    /** Its reminder's time was past when it came to be made. */
    final boolean madeLate;
    /** When an answer said that it reminds no more. */
    Instant settledAt;
    /** The occurrence after it, once it is this writer's too. */
    Known successor;

    Known(JsonNode task) {
        id = task.path("id").asText();
        list = task.path("list").asText();
        series = task.path("series").asText();
        occurrence = task.path("occurrence").asInt();
        recurs = !task.path("recurrence").isNull();
        description = task.path("description").asText();
        version = task.path("version").asInt();
        remindsAt = task.path("reminders").isEmpty() || recurs
                ? null
                : Instant.parse(task.at("/reminders/0").asText());
        madeLate = remindsAt != null
                && remindsAt.isBefore(Instant.parse(task.path("createdAt").asText()));
        tell(list, "task.created");
    }

    void tell(String where, String event) {
        told.computeIfAbsent(where, any -> new ArrayList<>()).add(event + " " + description);
    }

    /** Takes what a change was answered with; says what is wrong with it, or null. */
    String answered(String event, JsonNode task) {
        version++;
        tell(list, event);
        return task == null ? null : differs(task);
    }

    /** The difference between a new look at it and this knowledge, or null. */
    String differs(JsonNode task) {
        boolean same = task.path("version").asInt() == version
                && task.path("list").asText().equals(list)
                && task.path("description").asText().equals(description)
                && task.path("status").asText().equals(completed ? "completed" : "open");
        return same ? null : "known as " + this + ", and is " + task;
    }

    @Override
    public String toString() {
        return id + " in " + list + ", version " + version + ", " + description + (completed ? ", completed" : "")
                + (gone ? ", gone" : "");
    }
}
