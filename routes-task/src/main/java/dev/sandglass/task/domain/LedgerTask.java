package dev.sandglass.task.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.Json;
import dev.sandglass.events.Status;
import dev.sandglass.events.Task;
import dev.sandglass.support.Stored;
import dev.sandglass.time.Due;
import dev.sandglass.time.Recurrence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A task as the ledger keeps it, under {@code list/<list>/task/<number>}.
 *
 * @param v schema version of the stored value
 * @param number in the list where it is now
 * @param anchor the first date of its rule, null without one
 * @param slot this occurrence's date in the rule; {@code due} may have been moved
 * @param successor the occurrence after this one, from the completion on; null while there is none
 * @param promisedBy of a promised occurrence: who completed the one before
 * @param state whether it is promised, here, was deleted here, or went elsewhere
 * @param whereabouts of a task that went elsewhere
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LedgerTask(
        int v,
        int number,
        Task task,
        @Nullable Due anchor,
        @Nullable Due slot,
        @Nullable String successor,
        @Nullable String promisedBy,
        State state,
        @Nullable TaskId whereabouts) {

    /** The state of a task in a list. */
    public enum State {
        /** The next occurrence as a completion promised it: nobody sees it before it comes, and it comes only while its list awaits it. */
        PROMISED,
        HERE,
        DELETED,
        MOVED
    }

    /** The fields that a change tells of: those clients set, and the status. */
    private static final List<String> TOLD = List.of(
            "list",
            "title",
            "description",
            "priority",
            "tags",
            "status",
            "due",
            "timeZone",
            "recurrence",
            "recurFrom",
            "reminders");

    /** A task as it lies there; empty where there is none. */
    public static Optional<LedgerTask> of(Stored stored) {
        return stored.absent() ? Optional.empty() : Optional.of(stored.as(LedgerTask.class));
    }

    public static LedgerTask created(TaskId id, TaskFields fields, String by, Instant at) {
        Task task = task(id.toString(), fields, Status.OPEN, id.toString(), 1, 1, at, by, at, null);
        return new LedgerTask(1, id.number(), task, rule(fields), rule(fields), null, null, State.HERE, null);
    }

    /** The same task saying something else. */
    public LedgerTask changed(TaskFields fields, Instant at) {
        boolean sameRule = Objects.equals(fields.recurrence(), task.recurrence());
        Task changed = changed(fields, task.status(), task.completedAt(), at);
        // Another due date moves this occurrence; the series keeps its dates. Another rule begins with this occurrence.
        boolean keeps = sameRule && slot != null;
        return new LedgerTask(
                v,
                number,
                changed,
                keeps ? anchor : rule(fields),
                keeps ? slot : rule(fields),
                successor,
                promisedBy,
                state,
                whereabouts);
    }

    /** The same task saying something else, its rule begun anew with this occurrence. */
    LedgerTask begunAnew(TaskFields fields, Instant at) {
        TaskFields anew = series().filter(series -> Objects.equals(fields.recurrence(), task.recurrence()))
                .map(series -> fields.recurring(
                        recurrence().rest(series, fields.recurFrom()).text()))
                .orElse(fields);
        Task changed = changed(anew, task.status(), task.completedAt(), at);
        return new LedgerTask(v, number, changed, rule(anew), rule(anew), successor, promisedBy, state, whereabouts);
    }

    /** Tells if nothing but the version differs. */
    boolean saysTheSame(LedgerTask other) {
        return fields().equals(other.fields()) && Objects.equals(rule(), other.rule());
    }

    /** The same task at a later date of its rule. */
    LedgerTask skippedTo(Due due, Instant at) {
        Task skipped = changed(fields().at(due), task.status(), task.completedAt(), at);
        return new LedgerTask(v, number, skipped, anchor, due, successor, promisedBy, state, whereabouts);
    }

    public LedgerTask completed(Instant at) {
        return with(changed(fields(), Status.COMPLETED, at, at), successor, state);
    }

    public LedgerTask reopened(Instant at) {
        return with(changed(fields(), Status.OPEN, null, at), successor, state);
    }

    public LedgerTask deleted(Instant at) {
        return with(changed(fields(), task.status(), task.completedAt(), at), successor, State.DELETED);
    }

    /** The same task as it was before a change. */
    LedgerTask as(TaskFields fields, StoredChange.Before before, Instant at) {
        Status status = before.completedAt() == null ? Status.OPEN : Status.COMPLETED;
        Task back = changed(fields, status, before.completedAt(), at);
        return new LedgerTask(
                v, number, back, before.anchor(), before.slot(), before.successor(), null, State.HERE, null);
    }

    /** The mark that a task leaves behind when it goes to another list. */
    public LedgerTask moved(TaskId to) {
        return new LedgerTask(v, number, task, anchor, slot, successor, null, State.MOVED, to);
    }

    /** The task in the list it came to. */
    public LedgerTask arrived(int newNumber) {
        return new LedgerTask(v, newNumber, task, anchor, slot, successor, null, State.HERE, null);
    }

    /** This task with another occurrence after it, or, for null, none. */
    public LedgerTask followed(@Nullable String by) {
        return with(task, by, state);
    }

    /**
     * The occurrence after this one, promised: the same but for its dates.
     *
     * @param due its date in the rule
     * @param by who completed this one
     */
    public LedgerTask next(TaskId id, Due due, String by) {
        Task next = occurrence(id.toString(), task.occurrence() + 1, due, task.updatedAt());
        return new LedgerTask(1, id.number(), next, anchor, due, null, by, State.PROMISED, null);
    }

    /** The promised occurrence, come: due in its place of the rule, or where integrators moved it. */
    public LedgerTask come(Due due, Instant at) {
        Task come = occurrence(task.id(), task.occurrence(), due, at);
        return new LedgerTask(v, number, come, anchor, slot, null, null, State.HERE, null);
    }

    /** When the next occurrence of this completed task is due; empty where there is none. */
    public Optional<Due> nextDue() {
        return series().flatMap(series ->
                recurrence().next(series, task.recurFrom(), Objects.requireNonNull(task.completedAt(), "completed")));
    }

    /** The date of the rule after this one, which is left out; empty without a rule and at its end. */
    Optional<Due> dueAfterSkipping(Instant now) {
        return series().flatMap(series -> recurrence().afterSkipping(series, task.recurFrom(), now));
    }

    /** The dates to come as far as they are known now: those after this one; of one that is only promised, with its own. */
    List<Due> coming(Instant now, int most) {
        List<Due> coming = new ArrayList<>();
        if (state == State.PROMISED && slot != null) {
            coming.add(slot);
        }
        series().ifPresent(series ->
                coming.addAll(recurrence().coming(series, task.recurFrom(), now, most - coming.size())));
        return coming;
    }

    private Optional<Recurrence.Series> series() {
        return task.recurrence() == null || anchor == null || slot == null
                ? Optional.empty()
                : Optional.of(new Recurrence.Series(anchor, slot, task.timeZone(), task.occurrence()));
    }

    private Recurrence recurrence() {
        return Recurrence.parse(Objects.requireNonNull(task.recurrence()));
    }

    public boolean here() {
        return state == State.HERE;
    }

    public boolean recurs() {
        return task.recurrence() != null;
    }

    /** Where it stands in its rule, and what comes after it; null without a rule. */
    public Change.@Nullable Rule rule() {
        return anchor == null || slot == null ? null : new Change.Rule(anchor, slot, successor);
    }

    public TaskFields fields() {
        return fields(task);
    }

    static TaskFields fields(Task task) {
        return new TaskFields(
                task.list(),
                task.title(),
                task.description(),
                task.priority(),
                task.tags(),
                task.due(),
                task.timeZone(),
                task.recurrence(),
                task.recurFrom(),
                task.reminders());
    }

    /** The task as it is seen at an instant: {@code dueAt} by the zone's rules of today, overdue or not. */
    public Task seen(Instant now) {
        return seen(task, now);
    }

    /** @see #seen(Instant) */
    public static Task seen(Task task, Instant now) {
        Instant dueAt = task.due() == null ? null : task.due().at(task.timeZone());
        boolean overdue = task.open() && dueAt != null && !now.isBefore(dueAt);
        return new Task(
                task.id(),
                task.list(),
                task.title(),
                task.description(),
                task.priority(),
                task.tags(),
                task.status(),
                task.due(),
                task.timeZone(),
                dueAt,
                overdue,
                task.recurrence(),
                task.recurFrom(),
                task.reminders(),
                task.series(),
                task.occurrence(),
                task.version(),
                task.createdAt(),
                task.createdBy(),
                task.updatedAt(),
                task.completedAt());
    }

    /** The differences, as {@code field: [old, new]}; of a task that was not there, every field that says something. */
    SortedMap<String, List<JsonNode>> differences(@Nullable LedgerTask before) {
        ObjectNode old = before == null ? Json.object() : Json.tree(before.task);
        ObjectNode now = Json.tree(task);
        SortedMap<String, List<JsonNode>> different = new TreeMap<>();
        for (String field : TOLD) {
            JsonNode was = old.has(field) ? old.get(field) : NullNode.getInstance();
            JsonNode is = now.get(field);
            boolean saysSomething =
                    !is.isNull() && !(is.isTextual() && is.asText().isEmpty()) && !(is.isArray() && is.isEmpty());
            if (!was.equals(is) && (before != null || saysSomething)) {
                different.put(field, List.of(was, is));
            }
        }
        return different;
    }

    private static @Nullable Due rule(TaskFields fields) {
        return fields.recurrence() == null ? null : fields.due();
    }

    private LedgerTask with(Task changed, @Nullable String next, State became) {
        return new LedgerTask(v, number, changed, anchor, slot, next, promisedBy, became, null);
    }

    private Task occurrence(String id, int occurrence, Due due, Instant at) {
        return task(id, fields().at(due), Status.OPEN, task.series(), occurrence, 1, at, task.createdBy(), at, null);
    }

    private Task changed(TaskFields fields, Status status, @Nullable Instant completedAt, Instant at) {
        return task(
                task.id(),
                fields,
                status,
                task.series(),
                task.occurrence(),
                task.version() + 1,
                task.createdAt(),
                task.createdBy(),
                at,
                completedAt);
    }

    private static Task task(
            String id,
            TaskFields fields,
            Status status,
            String series,
            int occurrence,
            int version,
            Instant createdAt,
            String createdBy,
            Instant updatedAt,
            @Nullable Instant completedAt) {
        Task task = new Task(
                id,
                fields.list(),
                fields.title(),
                fields.description(),
                fields.priority(),
                fields.tags(),
                status,
                fields.due(),
                fields.timeZone(),
                null,
                false,
                fields.recurrence(),
                fields.recurFrom(),
                fields.reminders(),
                series,
                occurrence,
                version,
                createdAt,
                createdBy,
                updatedAt,
                completedAt);
        return seen(task, updatedAt);
    }
}
