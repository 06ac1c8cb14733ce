package dev.sandglass.events;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.time.Due;
import dev.sandglass.time.Nag;
import dev.sandglass.time.Recurrence;
import dev.sandglass.time.Workdays;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A task as everyone outside the ledger sees it: in answers, events and frames.
 *
 * @param id opaque, stays the same when the task moves to another list
 * @param due local date-time, or a date alone, in {@code timeZone}
 * @param dueAt the instant from which the open task is overdue; null without {@code due}
 * @param overdue at the moment this was written
 * @param recurrence a word or an RFC 5545 RRULE value, as it was sent; null is none
 * @param workdays null in what was written before there was such a field: as-is
 * @param reminders ISO 8601 durations to be added to {@code due}, or instants, as they were sent
 * @param nag how often the last of them comes again until the task is done; null: once
 * @param series the same for all occurrences of a recurring task
 * @param occurrence from 1
 * @param version from 1, one more with every change of this task
 * @param more fields of a newer version of this program: they stay, whoever writes the task, and go over to its next occurrence
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Task(
        String id,
        String list,
        String title,
        String description,
        Priority priority,
        List<String> tags,
        Status status,
        @Nullable Due due,
        ZoneId timeZone,
        @Nullable Instant dueAt,
        boolean overdue,
        @Nullable String recurrence,
        Recurrence.From recurFrom,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Workdays workdays,
        List<String> reminders,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Nag nag,
        String series,
        int occurrence,
        int version,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        @Nullable Instant completedAt,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> more) {

    public Task {
        tags = List.copyOf(tags);
        reminders = List.copyOf(reminders);
        more = Map.copyOf(Objects.requireNonNullElse(more, Map.of()));
    }

    /** The same without the name of a person who made it. */
    public Task without(String person) {
        return !createdBy.equals(person)
                ? this
                : new Task(
                        id,
                        list,
                        title,
                        description,
                        priority,
                        tags,
                        status,
                        due,
                        timeZone,
                        dueAt,
                        overdue,
                        recurrence,
                        recurFrom,
                        workdays,
                        reminders,
                        nag,
                        series,
                        occurrence,
                        version,
                        createdAt,
                        Erased.NAME,
                        updatedAt,
                        completedAt,
                        more);
    }

    public boolean open() {
        return status == Status.OPEN;
    }
}
