package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.time.ReminderSpec;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code POST /api/reminders/{id}/snooze}: a reminder is put off for all members of its list, so by one who writes in it. */
public final class SnoozeReminder {
    /** It stands in the ledger of reminders, and is told as they are. */
    private static final String OVERDUE = "overdue";
    /** The task, the reminder of it, the planned firing. */
    private static final Pattern ID = Pattern.compile("(.+)\\.([0-9a-f]{10}|overdue)\\.([1-9]\\d{0,8})");

    private SnoozeReminder() {}

    /** Tells if an entry of the ledger is a reminder, not that its task is overdue. */
    static boolean isReminder(JsonNode entry) {
        Matcher id = ID.matcher(entry.path("id").asText());
        return id.matches() && !id.group(2).equals(OVERDUE);
    }

    /**
     * A time to wait.
     *
     * @throws IllegalArgumentException with a sentence for a person
     */
    public static ReminderSpec.Relative duration(String text) {
        if (!ReminderSpec.DURATION.matcher(text).matches()) {
            throw new IllegalArgumentException("must be a duration, as PT1H or P1D");
        }
        return (ReminderSpec.Relative) ReminderSpec.parse(text);
    }

    /**
     * The order for <em>reminder</em>, which knows the reminders.
     *
     * @param snooze {@code {"for"}} or {@code {"until"}}, held against its schema
     * @return a decision that refuses with NOT_FOUND, FORBIDDEN, INVALID for a time past or far, CONFLICT of a completed task
     */
    public static Decision<String> order(Request request, JsonNode snooze) {
        Matcher id = ID.matcher(request.id());
        boolean ours = id.matches();
        return documents -> {
            Task task = Whereabouts.find(documents, ours ? id.group(1) : "", request)
                    .map(Whereabouts.Found::task)
                    .filter(found -> ours && found.here())
                    .map(found -> found.seen(request.at()))
                    .orElseThrow(SnoozeReminder::none);
            Access.writer(Head.of(documents, task.list()), request, none());
            if (id.group(2).equals(OVERDUE)) {
                throw new Rejection(
                        Reason.CONFLICT,
                        "This tells that the task is overdue, and is no reminder: give the task another due or a reminder");
            }
            Instant until = until(snooze, request.at().atZone(task.timeZone()));
            if (!task.open()) {
                throw new Rejection(Reason.CONFLICT, "The task is completed");
            }
            ObjectNode order = Json.object()
                    .put("reminder", id.group(2))
                    .put("version", Integer.parseInt(id.group(3)))
                    .put("until", until.toString())
                    .put(
                            "key",
                            request.once() == null
                                    ? Ids.random()
                                    : request.once().key());
            return Accepted.unchanged(order.set("task", Json.tree(task)).toString());
        };
    }

    /** @param reminder as <em>reminder</em> answered */
    public static Write<Answer> snoozed(Request request, String reminder) {
        return Once.guard(request.once(), Write.alone(Set.of(), draft -> {
            draft.snoozed(request.user());
            return Answer.ok(Json.read(reminder, JsonNode.class));
        }));
    }

    private static Instant until(JsonNode snooze, ZonedDateTime now) {
        String field = snooze.has("for") ? "for" : "until";
        String text = snooze.path(field).asText();
        Instant wanted = field.equals("for") ? duration(text).after(now) : Ask.instant(text);
        Instant until = wanted.truncatedTo(ChronoUnit.MILLIS);
        if (!until.isAfter(now.toInstant())) {
            throw Rejection.wrong("/" + field, "must be in the future");
        }
        if (until.isAfter(now.plusYears(1).toInstant())) {
            throw Rejection.wrong("/" + field, "must be within a year");
        }
        return until;
    }

    private static Rejection none() {
        return new Rejection(Reason.NOT_FOUND, "There is no such reminder");
    }
}
