package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.dav.Component;
import dev.sandglass.task.domain.dav.DavNames;
import dev.sandglass.task.domain.dav.DavRefused;
import dev.sandglass.task.domain.dav.KeptProperties;
import dev.sandglass.task.domain.dav.Moment;
import dev.sandglass.task.domain.dav.Sent;
import dev.sandglass.task.domain.dav.Todo;
import dev.sandglass.task.domain.dav.TodoText;
import dev.sandglass.task.domain.dav.TodoZones;
import dev.sandglass.task.domain.finding.Findable;
import dev.sandglass.task.domain.finding.Onlooker;
import dev.sandglass.time.Due;
import dev.sandglass.time.WorkingDays;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * PUT and DELETE of a task by CalDAV. Of what a client puts, what differs from what it would read is a change; the rest stays as it is. So
 * a field that it does not know, or writes as it had it, is not taken back. Each habit of completing a task that comes again is told
 * from what it leaves behind, and becomes a completion.
 */
public final class KeepTodo {
    private KeepTodo() {}

    /**
     * A PUT of a task.
     *
     * @param zone of the user
     */
    public record Put(DavCall call, Sent sent, ZoneId zone) {
        /** As a new task is asked for. */
        public JsonNode wanted() {
            ObjectNode wanted = fields(sent.todo(zone), zone);
            if (sent.todo(zone).completed()) {
                // A task that is done does not come again.
                wanted.remove("recurrence");
            }
            if (wanted.path("timeZone").asText().equals(zone.getId())) {
                wanted.remove("timeZone");
            }
            List.of("due", "recurrence").stream()
                    .filter(name -> wanted.path(name).isNull())
                    .forEach(wanted::remove);
            return wanted;
        }
    }

    /** @throws Rejection with the condition that is not met */
    public static Put read(DavCall call, User user) {
        return new Put(call, Sent.read(call.body()), user.timeZone());
    }

    /**
     * The tasks that are there before: the one of this name, and others with the same title. Programs make tasks of their own for what
     * they have completed, or for what comes next.
     */
    public static final class Before implements Onlooker {
        private static final int MOST = 100;

        private final boolean isNew;
        private final List<Extent> lists;
        private final String title;
        private final List<Findable> alike = new ArrayList<>();

        private Before(boolean isNew, List<Extent> lists, String title) {
            this.isNew = isNew;
            this.lists = lists;
            this.title = title;
        }

        public boolean isNew() {
            return isNew;
        }

        /** The lists to look through: none, unless the task comes again. */
        public List<Extent> lists() {
            return lists;
        }

        @Override
        public synchronized void see(Findable task) {
            if (task.task().title().equals(title) && alike.size() < MOST) {
                alike.add(task);
            }
        }

        /** Tells if a program has made a task of this date that is done. */
        private boolean isDoneBeside(LedgerTask task) {
            return alike.stream()
                    .anyMatch(other -> other.href() != null
                            && other.number() != task.number()
                            && !other.task().open()
                            && Objects.equals(other.task().due(), task.task().due()));
        }

        /** Tells if a program has made a task of the dates to come. */
        private boolean goesOnBeside(LedgerTask task, Instant now, WorkingDays days) {
            return alike.stream()
                    .anyMatch(other -> other.href() != null
                            && other.number() != task.number()
                            && other.task().open()
                            && other.task().recurrence() != null
                            && other.task().due() != null
                            && task.goesOnAt(other.task().due(), now, days));
        }
    }

    /** Looks what there is before. */
    public static Decision<Before> look(Put put) {
        return documents -> {
            DavCall call = put.call;
            String list = call.list(documents);
            Head head = Access.writer(Head.of(documents, list), call.request(), Access.noList());
            Optional<LedgerTask> there =
                    Todos.find(documents, list, call.place().name());
            Todo todo = put.sent.todo(put.zone);
            boolean comesAgain = there.map(task -> task.recurs() && task.task().open())
                    .orElse(todo.rule() != null && !todo.completed());
            return Accepted.unchanged(
                    new Before(there.isEmpty(), comesAgain ? List.of(head.extent()) : List.of(), todo.title()));
        };
    }

    /**
     * @param wanted the fields of a new task, as the rules leave them
     * @return it answers {@code {"created"}}
     */
    public static OnTask put(Put put, Before before, JsonNode wanted) {
        DavCall call = put.call;
        Request request = call.request().unconditional();
        return new OnTask(request, documents -> {
            String list = call.list(documents);
            return Accepted.unchanged(Write.to(list, draft -> put(draft, put, before, request, list, wanted))
                    .lookingAt(Todos.byName(list, call.place().name()))
                    .lookingAt(Todos.byUid(list, put.sent.uid())));
        });
    }

    private static Answer put(Draft draft, Put put, Before before, Request request, String list, JsonNode wanted) {
        Head head = Access.writer(draft.head(list), request, Access.noList());
        String name = put.call.place().name();
        Optional<LedgerTask> there = Todos.find(draft, list, name);
        put.call.refuseUnlessMeant(there.map(Todos::tag).orElse(null));
        refuseTaken(draft, put, list, name);
        if (there.isEmpty()) {
            create(draft, put, before, request, head, wanted);
        } else {
            change(draft, put, before, request, head, there.get());
        }
        return Answer.ok(Json.object().put("created", there.isEmpty()));
    }

    /** A UID is in a list once. */
    private static void refuseTaken(Draft draft, Put put, String list, String name) {
        draft.own(Todos.byUid(list, put.sent.uid()), Named.class)
                .flatMap(its -> draft.task(list, its.number()))
                .filter(task -> task.here() && Todos.uid(task).equals(put.sent.uid()))
                .map(Todos::name)
                .filter(other -> !other.equals(name))
                .ifPresent(other -> {
                    throw DavRefused.because(DavNames.UID_CONFLICT, "This list has a task with this UID: " + other);
                });
    }

    private static void create(Draft draft, Put put, Before before, Request request, Head head, JsonNode wanted) {
        Sent sent = put.sent;
        if (!sent.others().isEmpty() || !sent.leftOut(put.zone).isEmpty()) {
            throw DavRefused.because(
                    DavNames.VALID_OBJECT,
                    "A new task comes again by its rule alone, without dates that are otherwise");
        }
        String list = head.id();
        Optional<LedgerTask> next = next(draft, put, before, head);
        if (next.isPresent()) {
            LedgerTask adopted = adopt(draft, put, request, list, next.get());
            change(draft, put, before, request, draft.head(list).orElseThrow(), adopted);
            return;
        }
        TaskFields defaults = TaskFields.defaults(list, put.zone);
        ObjectNode asked = wanted.deepCopy();
        asked.put("list", list);
        TaskFields fields = merged(() -> defaults.merge(asked, defaults));
        TaskId id = CreateTask.give(draft, head);
        LedgerTask fresh = LedgerTask.created(id, fields, request.user(), draft.at(list));
        LedgerTask placed = fresh.on(draft.workingDays(fresh));
        String name = put.call.place().name();
        LedgerTask created = merged(() -> placed.kept(sent.kept(name, sent.uid())));
        draft.change(list, ChangeType.TASK_CREATED, request.user(), null, created);
        name(draft, put, list, id.number());
        if (sent.todo(put.zone).completed()) {
            CompleteTask.completing(request).on(draft, draft.head(list).orElseThrow(), created);
        }
    }

    private static void name(Draft draft, Put put, String list, int number) {
        draft.putOwn(Todos.byName(list, put.call.place().name()), new Named(1, number));
        draft.putOwn(Todos.byUid(list, put.sent.uid()), new Named(1, number));
    }

    /** The next date of a series that a program has completed, where it puts that itself, and nobody has done anything with ours. */
    private static Optional<LedgerTask> next(Draft draft, Put put, Before before, Head head) {
        Todo todo = put.sent.todo(put.zone);
        if (todo.rule() == null || todo.completed() || todo.due() == null) {
            return Optional.empty();
        }
        Stream<Integer> promised = head.awaiting().keySet().stream()
                .flatMap(id -> TaskId.parse(id).stream())
                .filter(id -> id.list().equals(head.id()))
                .map(TaskId::number)
                .limit(Before.MOST);
        Stream<Integer> come = before.alike.stream()
                .filter(other -> other.href() == null && other.task().occurrence() > 1)
                .map(Findable::number);
        return Stream.concat(promised, come)
                .flatMap(number -> draft.task(head.id(), number).stream())
                .filter(task -> (task.here() || task.state() == LedgerTask.State.PROMISED)
                        && task.task().open()
                        && task.task().version() == 1
                        && task.task().title().equals(todo.title())
                        && new Moment(
                                        Objects.requireNonNull(task.task().due()),
                                        task.task().timeZone())
                                .equals(todo.due()))
                .findFirst();
    }

    /** It gets the program's names; one that was only promised comes. */
    private static LedgerTask adopt(Draft draft, Put put, Request request, String list, LedgerTask task) {
        Instant at = draft.at(list);
        KeptProperties kept = put.sent.kept(put.call.place().name(), put.sent.uid());
        boolean promised = task.state() == LedgerTask.State.PROMISED;
        LedgerTask adopted = merged(() ->
                (promised ? task.come(Objects.requireNonNull(task.task().due()), at) : task.touched(at)).kept(kept));
        if (promised) {
            draft.put(draft.head(list).orElseThrow().settled(task.task().id()));
            draft.change(list, ChangeType.TASK_CREATED, request.user(), null, adopted);
        } else {
            draft.change(list, ChangeType.TASK_UPDATED, request.user(), task, adopted);
        }
        name(draft, put, list, task.number());
        return adopted;
    }

    /** The act that the client means. */
    private enum Act {
        CHANGE,
        COMPLETE,
        REOPEN,
        SKIP
    }

    private static void change(Draft draft, Put put, Before known, Request request, Head head, LedgerTask task) {
        Sent sent = put.sent;
        String list = head.id();
        ZoneId zone = task.task().timeZone();
        if (!Todos.uid(task).equals(sent.uid())) {
            throw DavRefused.because(DavNames.UID_CONFLICT, "The task of this name has another UID");
        }
        Instant at = draft.at(list);
        Todo before = Todo.of(Todos.component(task), zone, TodoZones.KNOWN, false);
        Todo master = sent.todo(zone);
        Dates dates = Dates.of(sent, task, zone);
        boolean goesOn = dates.done == null
                && !sent.movesOnlyToMove()
                && !master.completed()
                && !known.isDoneBeside(task)
                && isGoneOn(task, before, master, at, draft.workingDays(task));
        Todo after = dates.changed == null ? master : sent.other(dates.changed, zone);
        boolean done = goesOn || dates.done != null || after.completed();
        boolean open = task.task().open();
        Act act = open && done
                ? Act.COMPLETE
                : !open && !done ? Act.REOPEN : open && dates.leftOut ? Act.SKIP : Act.CHANGE;
        ObjectNode patch = patch(task.task(), before, after, zone, goesOn, dates.changed == null);
        if (act == Act.COMPLETE && task.recurs() && known.goesOnBeside(task, at, draft.workingDays(task))) {
            patch.putNull("recurrence");
        }
        boolean following = dates.changed == null;
        TaskFields defaults = TaskFields.defaults(list, put.zone);
        LedgerTask merged = merged(() -> patch.isEmpty()
                ? task
                : new ChangeTask.Patch(request, patch, following, defaults).merge(draft, task, at));
        KeptProperties kept = sent.kept(task.href(), task.uid());
        boolean keptSame = kept.equals(task.dav()) || task.dav() == null && merged(() -> saysNothingNew(task, kept));
        if (act == Act.CHANGE && merged == task && keptSame) {
            return;
        }
        LedgerTask with = merged(() -> keptSame ? merged : merged.kept(kept));
        boolean changes = !with.fields().equals(task.fields()) || act == Act.CHANGE;
        if (changes) {
            LedgerTask changed = merged == task ? with.touched(at) : with;
            draft.change(list, ChangeType.TASK_UPDATED, request.user(), task, changed);
            perform(draft, request, list, act, changed);
        } else {
            draft.put(list, with);
            perform(draft, request, list, act, with);
        }
    }

    private static void perform(Draft draft, Request request, String list, Act act, LedgerTask task) {
        Head head = draft.head(list).orElseThrow();
        switch (act) {
            case COMPLETE -> CompleteTask.completing(request).on(draft, head, task);
            case REOPEN -> ReopenTask.reopening(request).on(draft, head, task);
            case SKIP -> SkipTask.skipping(request).on(draft, head, task);
            case CHANGE -> {}
        }
    }

    /** Tells if the properties change nothing of what clients read: a task that nobody wrote by CalDAV need not keep them. */
    private static boolean saysNothingNew(LedgerTask task, KeptProperties kept) {
        return Todos.component(task).saysTheSame(Todos.component(task.kept(kept)));
    }

    /**
     * Dates of a series that the client says otherwise.
     *
     * @param done the present one is done; null: it does not say so
     * @param changed the present one is otherwise; null: it does not say so
     * @param leftOut the present one is left out
     */
    private record Dates(@Nullable Component done, @Nullable Component changed, boolean leftOut) {
        /** @throws Rejection where it says so of one that is still to come: it is no task yet */
        static Dates of(Sent sent, LedgerTask task, ZoneId zone) {
            Component done = null;
            Component changed = null;
            for (Component other : sent.others()) {
                Due which = sent.which(other, zone);
                int place = place(task, which);
                if (place > 0) {
                    throw toCome(which);
                }
                if (place == 0 && sent.other(other, zone).completed()) {
                    done = other;
                } else if (place == 0) {
                    changed = other;
                }
            }
            boolean leftOut = false;
            for (Due which : sent.leftOut(zone)) {
                int place = place(task, which);
                if (place > 0) {
                    throw toCome(which);
                }
                leftOut |= place == 0;
            }
            return new Dates(done, changed, leftOut && task.recurs());
        }

        private static Rejection toCome(Due which) {
            return DavRefused.because(
                    DavNames.VALID_OBJECT,
                    "The date " + which + " is still to come: each is a task once the one before it is done");
        }

        /** Below zero: it is over; zero: it is the present one; above: it is to come. */
        private static int place(LedgerTask task, Due which) {
            Due due = task.task().due();
            Due slot = task.slot() == null ? due : task.slot();
            if (due == null || slot == null) {
                return -1;
            }
            boolean present = which.equals(slot)
                    || which.equals(due)
                    || which.allDay()
                            && (which.date().equals(slot.date()) || which.date().equals(due.date()));
            return present || !task.recurs() ? (present ? 0 : -1) : which.compareTo(slot);
        }
    }

    /** Programs that keep one task for a whole series move it to its next date when it is done. */
    private static boolean isGoneOn(LedgerTask task, Todo before, Todo after, Instant now, WorkingDays days) {
        Due from = task.task().due();
        if (!task.recurs() || !task.task().open() || from == null || after.due() == null) {
            return false;
        }
        Due to = after.due().due();
        return to.compareTo(from) > 0
                && after.due().zone().equals(task.task().timeZone())
                && Todo.sameRuleGoingOn(before.rule(), after.rule())
                && task.goesOnAt(to, now, days);
    }

    /**
     * The fields that differ from what the client would read.
     *
     * @param goesOn it moved to its next date, which this one is not
     * @param whole whether it is about the rule too
     */
    private static ObjectNode patch(Task task, Todo before, Todo after, ZoneId zone, boolean goesOn, boolean whole) {
        ObjectNode all = fields(after, zone);
        ObjectNode patch = Json.object();
        if (!before.title().equals(after.title())) {
            patch.set("title", all.get("title"));
        }
        if (!before.description().equals(after.description())) {
            patch.set("description", all.get("description"));
        }
        if (before.priority() != after.priority()) {
            patch.set("priority", all.get("priority"));
        }
        if (!before.tags().equals(after.tags())) {
            patch.set("tags", all.get("tags"));
        }
        if (goesOn) {
            return patch;
        }
        if (!Objects.equals(before.due(), after.due())) {
            patch.set("due", all.get("due"));
            if (after.due() != null && !after.due().zone().equals(zone)) {
                patch.set("timeZone", all.get("timeZone"));
            }
        }
        if (whole && task.open() && !Todo.sameRule(before.rule(), after.rule())) {
            patch.set("recurrence", all.get("recurrence"));
        }
        List<String> reminders = TodoText.reminders(task, after.reminders());
        if (!reminders.equals(task.reminders()) && !before.reminders().equals(after.reminders())) {
            patch.set("reminders", Json.tree(reminders));
        }
        if (!Objects.equals(before.nag(), after.nag())) {
            patch.set("nag", all.get("nag"));
        }
        return patch;
    }

    private static ObjectNode fields(Todo todo, ZoneId zone) {
        ObjectNode fields = Json.object()
                .put("title", todo.title())
                .put("description", todo.description())
                .put("due", todo.due() == null ? null : todo.due().due().toString())
                .put("timeZone", (todo.due() == null ? zone : todo.due().zone()).getId())
                .put("recurrence", todo.rule());
        fields.set("priority", Json.tree(todo.priority()));
        fields.set("tags", Json.tree(todo.tags()));
        fields.set("reminders", Json.tree(todo.reminders()));
        fields.set("nag", Json.tree(todo.nag()));
        return fields;
    }

    /** Merges, and refuses the calendar where the ledger does not take the task. */
    private static <T> T merged(Supplier<T> merge) {
        try {
            return merge.get();
        } catch (Rejection e) {
            throw e.reason() == Reason.INVALID ? DavRefused.data(String.valueOf(e.getMessage())) : e;
        }
    }

    /** @return it refuses with NOT_FOUND, FORBIDDEN, or STALE */
    public static OnTask delete(DavCall call) {
        Request request = call.request().unconditional();
        return new OnTask(request, documents -> {
            String list = call.list(documents);
            return Accepted.unchanged(Write.to(list, draft -> {
                        Head head = Access.reader(draft.head(list), request, Access.noList());
                        LedgerTask task =
                                Todos.find(draft, list, call.place().name()).orElseThrow(DavCall::nothing);
                        Access.writer(draft.head(list), request, Access.noList());
                        call.refuseUnlessMeant(Todos.tag(task));
                        return ChangeTask.deleting(request).on(draft, head, task);
                    })
                    .lookingAt(Todos.byName(list, call.place().name())));
        });
    }
}
