package dev.sandglass.task.domain;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.Erased;
import dev.sandglass.events.Json;
import dev.sandglass.events.Status;
import dev.sandglass.events.Task;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.task.domain.dav.KeptProperties;
import dev.sandglass.task.domain.finding.Findable;
import dev.sandglass.task.domain.imports.RulePlace;
import dev.sandglass.time.Due;
import dev.sandglass.time.Recurrence;
import dev.sandglass.time.Workdays;
import dev.sandglass.time.WorkingDays;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A task as the ledger keeps it, under {@code list/<list>/task/<number>}.
 *
 * @param v schema version of the stored value
 * @param number in the list where it is now
 * @param anchor the first date of its rule, null without one
 * @param slot this occurrence's date in the rule; {@code due} may have been moved
 * @param placed the day on which its rule put it, where working days have or had a say in that; null: that of the slot, and of
 *     those stored before there was this, where the working days of now put it
 * @param begun the occurrence with which its rule began; null: the first
 * @param successor the occurrence after this one, from the completion on; null while there is none
 * @param promisedBy of a promised occurrence: who completed the one before
 * @param state whether it is promised, here, was deleted here, or went elsewhere
 * @param whereabouts of a task that went elsewhere
 * @param dav what clients of CalDAV wrote and the task does not say; null: nothing
 * @param more fields of a newer version of this program: they stay with this task, wherever it goes
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LedgerTask(
        int v,
        int number,
        Task task,
        @Nullable Due anchor,
        @Nullable Due slot,
        @Nullable LocalDate placed,
        @Nullable Integer begun,
        @Nullable String successor,
        @Nullable String promisedBy,
        State state,
        @Nullable TaskId whereabouts,
        @Nullable KeptProperties dav,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> more) {
    public LedgerTask {
        more = Map.copyOf(Objects.requireNonNullElse(more, Map.of()));
    }

    /** The state of a task in a list. */
    public enum State {
        /** The next occurrence as a completion promised it: nobody sees it before it comes, and it comes only while its list awaits it. */
        PROMISED,
        HERE,
        DELETED,
        MOVED
    }

    /** Dates to come that are looked at where a client says to which one it went on. */
    private static final int LOOKED_AT = 10;

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
            "workdays",
            "reminders",
            "nag");

    /** A task as it lies there; empty where there is none. */
    public static Optional<LedgerTask> of(Stored stored) {
        return stored.absent() ? Optional.empty() : Optional.of(stored.as(LedgerTask.class));
    }

    public static LedgerTask created(TaskId id, TaskFields fields, String by, Instant at) {
        Task task = task(id.toString(), fields, Status.OPEN, id.toString(), 1, 1, at, by, at, null);
        return new LedgerTask(
                1,
                id.number(),
                task,
                rule(fields),
                rule(fields),
                null,
                null,
                null,
                null,
                State.HERE,
                null,
                null,
                Map.of());
    }

    /**
     * The same task saying something else.
     *
     * @param days those on which its dates come, as it is before
     */
    LedgerTask changed(TaskFields fields, Instant at, WorkingDays days) {
        boolean sameRule = Objects.equals(fields.recurrence(), task.recurrence());
        Task changed = changed(fields, task.status(), task.completedAt(), at);
        // Another due date moves this occurrence; the series keeps its dates. Another rule begins with this occurrence.
        boolean keeps = sameRule && slot != null;
        Due begins = rule(fields, days);
        return with(copy -> {
            copy.task = changed;
            copy.anchor = keeps ? anchor : begins;
            copy.slot = keeps ? slot : begins;
            copy.placed = keeps ? placedUnder(fields.workdays()) : null;
            copy.begun = keeps ? begun : beginsHere();
        });
    }

    /** COUNT counts from here where it counts occurrences. */
    private @Nullable Integer beginsHere() {
        return task.occurrence() == 1 ? null : task.occurrence();
    }

    /** The same task saying something else, its rule begun anew with this occurrence. */
    LedgerTask begunAnew(TaskFields fields, Instant at, WorkingDays days) {
        TaskFields anew = series().filter(series -> Objects.equals(fields.recurrence(), task.recurrence()))
                .map(series -> fields.recurring(
                        recurrence().rest(series, fields.recurFrom()).text()))
                .orElse(fields);
        Task changed = changed(anew, task.status(), task.completedAt(), at);
        Due begins = rule(anew, days);
        return with(copy -> {
            copy.task = changed;
            copy.anchor = begins;
            copy.slot = begins;
            copy.placed = null;
            // From completion COUNT counts on as it is.
            copy.begun = Objects.equals(anew.recurrence(), task.recurrence()) ? begun : beginsHere();
        });
    }

    /**
     * The same task on the first of these days that its rule has from its slot on.
     *
     * @throws Rejection INVALID where there is none
     */
    LedgerTask on(WorkingDays days) {
        if (slot == null || task.recurrence() == null) {
            return this;
        }
        Recurrence.Occurrence first = recurrence()
                .first(slot, task.timeZone(), task.recurFrom(), days)
                .orElseThrow(() -> Rejection.wrong("/workdays", "no date of this rule is a working day"));
        return first.equals(new Recurrence.Occurrence(slot, Objects.requireNonNull(task.due())))
                ? at(first, task)
                : at(
                        first,
                        said(
                                fields().at(first.due()),
                                task.status(),
                                task.version(),
                                task.updatedAt(),
                                task.completedAt()));
    }

    private LedgerTask at(Recurrence.Occurrence occurrence, Task changed) {
        return with(copy -> {
            copy.task = changed;
            copy.slot = occurrence.slot();
            copy.placed = day(occurrence);
        });
    }

    /** Where working days have no say it is the day of the slot. */
    private @Nullable LocalDate day(Recurrence.Occurrence occurrence) {
        return workdays() == Workdays.AS_IS ? null : occurrence.due().date();
    }

    /** The same day, once other working days have a say in the dates to come. */
    private @Nullable LocalDate placedUnder(Workdays others) {
        return placed == null && slot != null && workdays() == Workdays.AS_IS && others != Workdays.AS_IS
                ? slot.date()
                : placed;
    }

    /** The same task at a place of its rule that it had elsewhere. */
    LedgerTask at(RulePlace place) {
        Task there = task(
                task.id(),
                fields(),
                task.status(),
                Objects.requireNonNullElse(place.series(), task.series()),
                place.occurrence(),
                Objects.requireNonNullElse(place.version(), task.version()),
                task.createdAt(),
                task.createdBy(),
                task.updatedAt(),
                task.completedAt());
        return with(copy -> {
            copy.task = there;
            copy.anchor = place.anchor();
            copy.slot = place.slot();
            copy.placed = place.placed();
            copy.begun = place.begun();
        });
    }

    /** The same task as the occurrence of a series that follows another. */
    LedgerTask after(LedgerTask before) {
        return with(copy -> copy.task = of(before, fields(), before.task.occurrence() + 1));
    }

    /** The same task that is done as the occurrence of a series that went on from there in another task. */
    LedgerTask inPlaceOf(LedgerTask occurrence) {
        TaskFields recurring = fields().recurring(Objects.requireNonNull(occurrence.task.recurrence()));
        return with(copy -> {
            copy.task = of(occurrence, recurring, occurrence.task.occurrence());
            copy.anchor = occurrence.anchor;
            copy.slot = occurrence.slot;
            copy.placed = occurrence.placed;
            copy.begun = occurrence.begun;
            copy.successor = occurrence.task.id();
        });
    }

    private Task of(LedgerTask series, TaskFields fields, int occurrence) {
        return task(
                task.id(),
                fields,
                task.status(),
                series.task.series(),
                occurrence,
                task.version(),
                task.createdAt(),
                task.createdBy(),
                task.updatedAt(),
                task.completedAt());
    }

    /**
     * The same task with what a client of CalDAV wrote.
     *
     * @throws Rejection INVALID where task and that are too large together
     */
    LedgerTask kept(KeptProperties its) {
        return with(copy -> copy.dav = its).bounded();
    }

    /** The same task in a further version. */
    LedgerTask touched(Instant at) {
        return with(changed(fields(), task.status(), task.completedAt(), at), successor, state);
    }

    /** @throws Rejection INVALID where it does not pass with what else is kept of it */
    LedgerTask bounded() {
        if (dav != null) {
            fields().refuseTooLarge(rest().getBytes(UTF_8).length);
        }
        return this;
    }

    /** Tells if the rule has this date among the next ones: as if it were done now, or on its day. */
    boolean goesOnAt(Due to, Instant now, WorkingDays days) {
        return series().filter(series -> recurrence()
                                .next(series, task.recurFrom(), series.slot().startsAt(series.zone()), days)
                                .filter(next -> next.due().equals(to))
                                .isPresent()
                        || coming(now, days).contains(to))
                .isPresent();
    }

    /**
     * Tells if a client goes on to this date that keeps the last days of months, or counts what is late from its completion.
     *
     * @param rule as the client reads it
     */
    boolean goesOnOtherwiseAt(Due to, String rule, Instant now, WorkingDays days) {
        LocalDate today = LocalDate.ofInstant(now, task.timeZone());
        return series().filter(series -> {
                    LocalDate date = series.slot().date();
                    boolean late = date.isBefore(today);
                    return Objects.equals(to.time(), series.slot().time())
                            && !coming(now, days, 1).isEmpty()
                            && (PlainRule.isNextEndOfMonth(rule, date, to.date())
                                    || late && PlainRule.isNextEndOfMonth(rule, today, to.date())
                                    || late && isNextFromCompletion(series, to, now));
                })
                .isPresent();
    }

    private boolean isNextFromCompletion(Recurrence.Series series, Due to, Instant now) {
        return recurrence()
                .next(series, Recurrence.From.COMPLETION, now)
                .filter(to::equals)
                .isPresent();
    }

    /** Tells if its rule has a date before this one, which was passed over as the one before was done late. */
    boolean passedOver(Due date) {
        return series().filter(series -> date.compareTo(series.anchor()) > 0
                        && date.compareTo(series.slot()) < 0
                        && Objects.equals(date.time(), series.slot().time())
                        && !recurrence()
                                .dates(series.anchor().date(), date.date(), date.date())
                                .isEmpty())
                .isPresent();
    }

    /** Tells if nothing but the version differs. */
    boolean saysTheSame(LedgerTask other) {
        return fields().equals(other.fields()) && Objects.equals(rule(), other.rule());
    }

    /** The same task at a later date of its rule. */
    LedgerTask skippedTo(Recurrence.Occurrence next, Instant at) {
        TaskFields skipped = fields().at(next.due())
                .recurring(recurrence().withoutOne(task.recurFrom()).text());
        return at(next, changed(skipped, task.status(), task.completedAt(), at));
    }

    public LedgerTask completed(Instant at) {
        return with(changed(fields(), Status.COMPLETED, at, at), successor, state);
    }

    /** The same task, new here and completed before; nothing was promised then. */
    LedgerTask wasCompleted(Instant at) {
        Instant known = at.isAfter(task.updatedAt()) ? task.updatedAt() : at;
        return with(said(fields(), Status.COMPLETED, task.version(), task.updatedAt(), known), null, state);
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
        Task back = task(
                task.id(),
                fields,
                status,
                Objects.requireNonNullElse(before.series(), task.series()),
                Objects.requireNonNullElse(before.occurrence(), task.occurrence()),
                task.version() + 1,
                task.createdAt(),
                task.createdBy(),
                at,
                before.completedAt());
        return with(copy -> {
            copy.task = back;
            copy.anchor = before.anchor();
            copy.slot = before.slot();
            copy.placed = before.placed();
            copy.begun = before.begun();
            copy.successor = before.successor();
            copy.promisedBy = null;
            copy.state = State.HERE;
            copy.whereabouts = null;
            copy.dav = before.dav() == null ? dav : new KeptProperties(href(), uid(), before.dav());
        });
    }

    /** The same without the name of a person. */
    LedgerTask without(String person) {
        return with(copy -> {
            copy.task = task.without(person);
            copy.promisedBy = person.equals(promisedBy) ? Erased.NAME : promisedBy;
        });
    }

    /** The mark that a task left behind in a list that is erased: where it went, and nothing of what it said. */
    LedgerTask trace() {
        Task nothing = task(
                task.id(),
                TaskFields.defaults(task.list(), ZoneOffset.UTC),
                task.status(),
                task.series(),
                1,
                task.version(),
                Instant.EPOCH,
                Erased.NAME,
                Instant.EPOCH,
                null);
        return mark(number, nothing, null);
    }

    /** A mark of a task that is not here: its state and where it went, and no place in a rule. */
    LedgerTask mark(int of, Task saying, @Nullable KeptProperties named) {
        return new LedgerTask(v, of, saying, null, null, null, null, null, null, state, whereabouts, named, Map.of());
    }

    /** The mark that a task leaves behind when it goes to another list. */
    public LedgerTask moved(TaskId to) {
        return with(copy -> {
            copy.promisedBy = null;
            copy.state = State.MOVED;
            copy.whereabouts = to;
        });
    }

    /** The task in the list it came to. */
    public LedgerTask arrived(int newNumber) {
        return with(copy -> {
            copy.number = newNumber;
            copy.promisedBy = null;
            copy.state = State.HERE;
            copy.whereabouts = null;
            copy.dav = dav == null ? null : dav.elsewhere();
        });
    }

    /** This task with another occurrence after it, or, for null, none. */
    public LedgerTask followed(@Nullable String by) {
        return with(task, by, state);
    }

    /**
     * The occurrence after this one, promised: the same but for its dates.
     *
     * @param by who completed this one
     */
    public LedgerTask next(TaskId id, Recurrence.Occurrence comes, String by) {
        Task next = occurrence(id.toString(), task.occurrence() + 1, comes.due(), task.updatedAt());
        KeptProperties goesOver = dav == null ? null : dav.next();
        return new LedgerTask(
                1,
                id.number(),
                next,
                anchor,
                comes.slot(),
                day(comes),
                begun,
                null,
                by,
                State.PROMISED,
                null,
                goesOver,
                Map.of());
    }

    /** The promised occurrence, come: due by its rule, or where integrators moved it. */
    public LedgerTask come(Due due, Instant at) {
        Task come = occurrence(task.id(), task.occurrence(), due, at);
        return with(copy -> {
            copy.task = come;
            copy.successor = null;
            copy.promisedBy = null;
            copy.state = State.HERE;
            copy.whereabouts = null;
        });
    }

    /** The next occurrence of this completed task; empty where there is none. */
    Optional<Recurrence.Occurrence> next(WorkingDays days) {
        Instant completedAt = Objects.requireNonNull(task.completedAt(), "completed");
        return series().flatMap(series -> recurrence().next(series, task.recurFrom(), completedAt, days));
    }

    /** The first occurrence after this one that is not before a date, however late it is now; empty where there is none. */
    Optional<Recurrence.Occurrence> nextFrom(Due date, WorkingDays days) {
        return series().flatMap(series -> {
            Due from = series.slot().allDay() ? new Due(date.date(), null) : date;
            Instant begin = from.startsAt(series.zone());
            // The end of a whole day is the begin of the next.
            Instant before = from.allDay() && series.slot().allDay() ? begin : begin.minusMillis(1);
            return recurrence().next(series, task.recurFrom(), before, days);
        });
    }

    /** The occurrence after this one, which is left out; empty without a rule and at its end. */
    Optional<Recurrence.Occurrence> afterSkipping(Instant now, WorkingDays days) {
        return series().flatMap(series -> recurrence().afterSkipping(series, task.recurFrom(), now, days));
    }

    /** The dates to come as far as they are known now: those after this one; of one that is only promised, with its own. */
    List<Due> coming(Instant now, WorkingDays days, int most) {
        List<Due> coming = new ArrayList<>();
        if (state == State.PROMISED && task.due() != null) {
            coming.add(task.due());
        }
        series().ifPresent(series ->
                coming.addAll(recurrence().coming(series, task.recurFrom(), now, days, most - coming.size())));
        return coming;
    }

    /** The dates to come that a client may go on to. */
    List<Due> coming(Instant now, WorkingDays days) {
        return coming(now, days, LOOKED_AT);
    }

    /** Its rule as other programs read it, from its due date on; empty where what comes is not the rule alone, or this was moved. */
    Optional<String> plainRule() {
        return series().filter(series -> task.recurFrom() == Recurrence.From.SCHEDULE
                        && workdays() == Workdays.AS_IS
                        && series.slot().equals(task.due())
                        // Other programs would have the rule begin where a date begins that was added.
                        && (added().isEmpty() || recurrence().has(series, Recurrence.From.SCHEDULE)))
                .flatMap(series -> PlainRule.of(recurrence(), series));
    }

    private Optional<Recurrence.Series> series() {
        return task.recurrence() == null || anchor == null || slot == null
                ? Optional.empty()
                : Optional.of(new Recurrence.Series(
                        anchor, slot, task.timeZone(), RulePlace.ofRule(task.occurrence(), begun), placed));
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
        return anchor == null || slot == null ? null : new Change.Rule(anchor, slot, successor, null);
    }

    /** The rule for its dates that fall on days off. */
    Workdays workdays() {
        return workdays(task);
    }

    private static Workdays workdays(Task task) {
        return Objects.requireNonNullElse(task.workdays(), Workdays.AS_IS);
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
                workdays(task),
                task.reminders(),
                task.nag(),
                task.more());
    }

    /** The task ready to be searched. */
    public Findable findable() {
        return Findable.of(task, number, href());
    }

    /** The name that a client of CalDAV gave it; null: none did. */
    @Nullable
    String href() {
        return dav == null ? null : dav.href();
    }

    /** The UID that a client of CalDAV gave it; null: none did. */
    @Nullable
    String uid() {
        return dav == null ? null : dav.uid();
    }

    /** The dates that its rule does not have, as a client of CalDAV said. */
    SortedSet<LocalDate> leftOut() {
        return dav == null ? Collections.emptySortedSet() : dav.leftOut(task.timeZone());
    }

    /** The dates that come besides those of its rule, likewise. */
    SortedSet<LocalDate> added() {
        return dav == null ? Collections.emptySortedSet() : dav.added(task.timeZone());
    }

    /** The lines that are kept for clients of CalDAV. */
    String rest() {
        return dav == null ? "" : dav.rest();
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
                workdays(task),
                task.reminders(),
                task.nag(),
                task.series(),
                task.occurrence(),
                task.version(),
                task.createdAt(),
                task.createdBy(),
                task.updatedAt(),
                task.completedAt(),
                task.more());
    }

    /** The differences, as {@code field: [old, new]}; of a task that was not there, every field that says something. */
    SortedMap<String, List<JsonNode>> differences(@Nullable LedgerTask before) {
        ObjectNode old = before == null ? Json.object() : Json.tree(before.task);
        ObjectNode now = Json.tree(task);
        SortedMap<String, List<JsonNode>> different = new TreeMap<>();
        for (String field : TOLD) {
            JsonNode was = old.has(field) ? old.get(field) : NullNode.getInstance();
            JsonNode is = now.has(field) ? now.get(field) : NullNode.getInstance();
            boolean saysSomething =
                    !is.isNull() && !(is.isTextual() && is.asText().isEmpty()) && !(is.isArray() && is.isEmpty());
            // Tasks of before had no such field, and said the same.
            boolean usual =
                    was.isNull() && field.equals("workdays") && is.asText().equals("as-is");
            if (!was.equals(is) && !usual && (before != null || saysSomething)) {
                different.put(field, List.of(was, is));
            }
        }
        return different;
    }

    private static @Nullable Due rule(TaskFields fields) {
        return fields.recurrence() == null ? null : fields.due();
    }

    /** The beginning of a rule: the date at hand, as the rule before it had it where working days moved that. */
    private @Nullable Due rule(TaskFields fields, WorkingDays days) {
        Due due = rule(fields);
        Due before = slot;
        return before != null
                        && due != null
                        && due.equals(task.due())
                        && Optional.ofNullable(placed)
                                .or(() -> days.of(before.date()))
                                .filter(day -> due.equals(new Due(day, before.time())))
                                .isPresent()
                ? before
                : due;
    }

    private LedgerTask with(Task changed, @Nullable String next, State became) {
        return with(copy -> {
            copy.task = changed;
            copy.successor = next;
            copy.state = became;
            copy.whereabouts = null;
        });
    }

    private Task occurrence(String id, int occurrence, Due due, Instant at) {
        return task(id, fields().at(due), Status.OPEN, task.series(), occurrence, 1, at, task.createdBy(), at, null);
    }

    private Task changed(TaskFields fields, Status status, @Nullable Instant completedAt, Instant at) {
        return said(fields, status, task.version() + 1, at, completedAt);
    }

    private Task said(TaskFields fields, Status status, int version, Instant updatedAt, @Nullable Instant completedAt) {
        return task(
                task.id(),
                fields,
                status,
                task.series(),
                task.occurrence(),
                version,
                task.createdAt(),
                task.createdBy(),
                updatedAt,
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
                fields.workdays(),
                fields.reminders(),
                fields.nag(),
                series,
                occurrence,
                version,
                createdAt,
                createdBy,
                updatedAt,
                completedAt,
                fields.more());
        return seen(task, updatedAt);
    }

    private LedgerTask with(Consumer<Copy> change) {
        Copy copy = new Copy(this);
        change.accept(copy);
        return new LedgerTask(
                v,
                copy.number,
                copy.task,
                copy.anchor,
                copy.slot,
                copy.placed,
                copy.begun,
                copy.successor,
                copy.promisedBy,
                copy.state,
                copy.whereabouts,
                copy.dav,
                more);
    }

    /** The parts that change, so that only here all of them are listed. */
    private static final class Copy {
        private int number;
        private Task task;
        private @Nullable Due anchor;
        private @Nullable Due slot;
        private @Nullable LocalDate placed;
        private @Nullable Integer begun;
        private @Nullable String successor;
        private @Nullable String promisedBy;
        private State state;
        private @Nullable TaskId whereabouts;
        private @Nullable KeptProperties dav;

        Copy(LedgerTask of) {
            number = of.number;
            task = of.task;
            anchor = of.anchor;
            slot = of.slot;
            placed = of.placed;
            begun = of.begun;
            successor = of.successor;
            promisedBy = of.promisedBy;
            state = of.state;
            whereabouts = of.whereabouts;
            dav = of.dav;
        }
    }
}
