package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.SingleDates.Act;
import dev.sandglass.task.domain.SingleDates.Said;
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
import dev.sandglass.time.Recurrence;
import dev.sandglass.time.WorkingDays;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
     * @param zone of the user, or of a new series that is in another
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
        call.path().refuseTooLong();
        Sent sent = Sent.read(call.body());
        return new Put(call, sent, sent.context(user.timeZone()));
    }

    /**
     * The tasks that are there before: the one of this name, and others with the same title. Programs make tasks of their own for what
     * they have completed, or for what comes next. What a view showed may be over when it is written, so only numbers are held: what
     * they are is read with the write, and what came to the list since.
     */
    public static final class Before implements Onlooker {
        private static final int MOST = 100;

        private final boolean isNew;
        private final boolean comesAgain;
        private final Head head;
        private final @Nullable Due due;
        private final String title;
        private final List<Integer> alike = new ArrayList<>();

        /** @param due of the task that is there; null: of none */
        private Before(boolean isNew, boolean comesAgain, Head head, @Nullable Due due, String title) {
            this.isNew = isNew;
            this.comesAgain = comesAgain;
            this.head = head;
            this.due = due;
            this.title = title;
        }

        public boolean isNew() {
            return isNew;
        }

        /** The lists to look through: none, unless the task comes again. */
        public List<Extent> lists() {
            return comesAgain ? List.of(head.extent()) : List.of();
        }

        @Override
        public synchronized void see(Findable task) {
            // A long series has many that are done.
            boolean counts = task.task().open()
                    || due != null
                            && task.href() != null
                            && due.equals(task.task().due());
            if (counts && task.task().title().equals(title) && alike.size() < MOST) {
                alike.add(task.number());
            }
        }

        private Stream<LedgerTask> alike(Draft draft) {
            return draft.head(head.id()).stream().flatMap(now -> alike(draft, now));
        }

        private Stream<LedgerTask> alike(Draft draft, Head now) {
            Set<Integer> numbers = Stream.of(
                            alike.stream(),
                            promised(head),
                            promised(now),
                            IntStream.rangeClosed(head.tasks() + 1, now.tasks()).boxed())
                    .flatMap(some -> some)
                    .collect(Collectors.toCollection(TreeSet::new));
            Documents.together(numbers, number -> draft.task(now.id(), number));
            return numbers.stream()
                    .flatMap(number -> draft.task(now.id(), number).stream())
                    .filter(task -> task.here()
                            || task.state() == LedgerTask.State.PROMISED
                                    && now.awaiting().containsKey(task.task().id()))
                    .filter(task -> task.task().title().equals(title));
        }

        /** The numbers that were promised last. */
        private static Stream<Integer> promised(Head head) {
            return head.awaiting().entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                    .limit(MOST)
                    .flatMap(awaited -> TaskId.parse(awaited.getKey()).stream())
                    .map(TaskId::number);
        }

        /** The task of this date that a program has made, and that is done. */
        private Optional<LedgerTask> doneBeside(Draft draft, LedgerTask task) {
            return alike(draft)
                    .filter(other -> other.href() != null
                            && other.number() != task.number()
                            && !other.task().open()
                            && !other.recurs()
                            && Objects.equals(other.task().due(), task.task().due()))
                    .findFirst();
        }

        /** The task of the dates to come that a program has made. */
        private Optional<LedgerTask> goesOnBeside(Draft draft, LedgerTask task, Instant now, WorkingDays days) {
            return alike(draft)
                    .filter(other -> other.href() != null
                            && other.number() != task.number()
                            && other.task().open()
                            && other.recurs()
                            && (other.task().occurrence() == 1
                                    || other.task().series().equals(task.task().series()))
                            && other.task().due() != null
                            && task.goesOnAt(other.task().due(), now, days))
                    .findFirst();
        }
    }

    /** Looks what there is before. */
    public static Decision<Before> look(Put put) {
        return documents -> {
            DavCall call = put.call;
            String list = call.list(documents);
            Head head = Access.writer(Head.of(documents, list), call.request(), Access.noList());
            Optional<LedgerTask> there = Todos.find(documents, list, call.path().name());
            Todo todo = put.sent.todo(put.zone);
            boolean comesAgain = there.map(task -> task.recurs() && task.task().open())
                    .orElse(todo.rule() != null && !todo.completed());
            Due due = there.map(task -> task.task().due()).orElse(null);
            return Accepted.unchanged(new Before(there.isEmpty(), comesAgain, head, due, todo.title()));
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
                    .lookingAt(Todos.byName(list, call.path().name()))
                    .lookingAt(Todos.byUid(list, put.sent.uid())));
        });
    }

    private static Answer put(Draft draft, Put put, Before before, Request request, String list, JsonNode wanted) {
        Head head = Access.writer(draft.head(list), request, Access.noList());
        String name = put.call.path().name();
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
        Todos.ofUid(draft, list, put.sent.uid())
                .map(Todos::name)
                .filter(other -> !other.equals(name))
                .ifPresent(other -> {
                    throw DavRefused.because(DavNames.UID_CONFLICT, "This list has a task with this UID: " + other);
                });
    }

    private static void create(Draft draft, Put put, Before before, Request request, Head head, JsonNode wanted) {
        Sent sent = put.sent;
        String list = head.id();
        Optional<LedgerTask> next = next(draft, put, before);
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
        String name = put.call.path().name();
        LedgerTask created = merged(() -> placed.kept(sent.kept(name, sent.uid(), put.zone)));
        draft.change(list, ChangeType.TASK_CREATED, request.user(), null, created);
        name(draft, put, list, id.number());
        if (sent.todo(put.zone).completed()) {
            CompleteTask.completing(request).on(draft, draft.head(list).orElseThrow(), created);
        } else {
            goOn(draft, put, request, created, SingleDates.of(sent, created, created.leftOut()));
        }
    }

    private static void name(Draft draft, Put put, String list, int number) {
        draft.putOwn(Todos.byName(list, put.call.path().name()), new Named(1, number));
        draft.putOwn(Todos.byUid(list, put.sent.uid()), new Named(1, number));
    }

    /** The next date of a series that a program has completed, where it puts that itself, and nobody has done anything with ours. */
    private static Optional<LedgerTask> next(Draft draft, Put put, Before before) {
        Todo todo = put.sent.todo(put.zone);
        Moment due = todo.due();
        if (todo.rule() == null || todo.completed() || due == null) {
            return Optional.empty();
        }
        return before.alike(draft)
                .filter(task -> task.href() == null
                        && task.task().occurrence() > 1
                        && task.task().open()
                        && task.task().version() == 1
                        && isNext(task, due.in(task.task().timeZone()), todo.rule()))
                .findFirst();
    }

    /** A program counts from the date that was done, however late: what is over by now may be its next one. */
    private static boolean isNext(LedgerTask task, Due due, @Nullable String rule) {
        return due.equals(task.task().due())
                || Todo.sameRuleGoingOn(rule, task.plainRule().orElse(null)) && task.passedOver(due);
    }

    /** It gets the program's names; one that was only promised comes. */
    private static LedgerTask adopt(Draft draft, Put put, Request request, String list, LedgerTask task) {
        KeptProperties kept = put.sent.kept(put.call.path().name(), put.sent.uid(), put.zone);
        LedgerTask named = merged(() -> task.kept(kept));
        name(draft, put, list, task.number());
        if (task.state() == LedgerTask.State.PROMISED) {
            return come(draft, request, named);
        }
        LedgerTask adopted = named.touched(draft.at(list));
        draft.change(list, ChangeType.TASK_UPDATED, request.user(), task, adopted);
        return adopted;
    }

    /** Has an occurrence that was only promised come, on its date. */
    private static LedgerTask come(Draft draft, Request request, LedgerTask promised) {
        String list = promised.task().list();
        LedgerTask come = promised.come(Objects.requireNonNull(promised.task().due()), draft.at(list));
        draft.put(draft.head(list).orElseThrow().settled(come.task().id()));
        draft.change(list, ChangeType.TASK_CREATED, request.user(), null, come);
        return come;
    }

    private static void change(Draft draft, Put put, Before known, Request request, Head head, LedgerTask task) {
        Sent sent = put.sent;
        String list = head.id();
        ZoneId own = task.task().timeZone();
        if (!Todos.uid(task).equals(sent.uid())) {
            throw DavRefused.because(DavNames.UID_CONFLICT, "The task of this name has another UID");
        }
        Instant at = draft.at(list);
        Todo before = Todo.of(Todos.component(task), own, TodoZones.KNOWN, false);
        boolean newRule = task.task().open()
                && !Todo.sameRuleGoingOn(before.rule(), sent.todo(own).rule());
        ZoneId zone = newRule ? sent.context(own) : own;
        Todo master = sent.todo(zone);
        KeptProperties kept = kept(sent, task, before, zone);
        List<Said> dates = SingleDates.of(sent, task, kept.leftOut(own));
        Optional<Said> present = dates.stream()
                .filter(one -> SingleDates.isOf(task, one.which()))
                .findFirst();
        Act single = present.map(Said::act).orElse(null);
        WorkingDays days = draft.workingDays(merged(() -> task.kept(kept)));
        boolean moves = single != Act.COMPLETE && !sent.movesOnlyToMove() && moves(task, before, master);
        Optional<LedgerTask> copy = moves ? known.doneBeside(draft, task) : Optional.empty();
        Due onward = moves && copy.isEmpty() ? onward(task, master) : null;
        boolean byRule = onward != null && task.goesOnAt(onward, at, days);
        // Others keep the ends of months, or count from the completion.
        boolean chooses = onward != null
                && !byRule
                && task.goesOnOtherwiseAt(onward, Objects.requireNonNull(before.rule()), at, days);
        boolean goesOn = byRule || chooses;
        List<Said> between = goesOn ? doneBetween(task, master, at, days) : List.of();
        List<Said> later = Stream.concat(
                        between.stream(),
                        dates.stream()
                                .filter(one -> !SingleDates.isOf(task, one.which()))
                                .filter(one -> between.stream()
                                        .allMatch(gone -> gone.which().compareTo(one.which()) < 0)))
                .toList();
        boolean open = task.task().open();
        Component otherwise = present.map(Said::otherwise).orElse(null);
        // The series goes on as the task says where its date was still to be done.
        Component alone = open && single == Act.COMPLETE ? null : otherwise;
        boolean following = alone == null;
        Todo after = alone == null ? master : sent.other(alone, zone);
        boolean done = goesOn || single == Act.COMPLETE || after.completed();
        Act act = open && done
                ? Act.COMPLETE
                : !open && !done ? Act.REOPEN : open && single == Act.SKIP ? Act.SKIP : Act.CHANGE;
        ObjectNode patch = patch(task.task(), before, after, own, goesOn, following);
        Optional<LedgerTask> beside =
                act == Act.COMPLETE && task.recurs() ? known.goesOnBeside(draft, task, at, days) : Optional.empty();
        Optional<LedgerTask> next = beside.filter(
                other -> Todo.sameRuleGoingOn(before.rule(), other.plainRule().orElse(null)));
        if (beside.isPresent() && next.isEmpty()) {
            patch.putNull("recurrence");
        }
        // A program that sees a single task moves this one alone.
        boolean steers = following && (before.rule() != null || after.rule() != null);
        LedgerTask patched = merged(draft, put, request, task, patch, steers);
        LedgerTask merged = copy.isPresent()
                ? patched.after(task)
                : next.map(other -> patched.followed(other.task().id())).orElse(patched);
        copy.ifPresent(its -> join(draft, request, its, its.inPlaceOf(task)));
        next.ifPresent(other -> join(draft, request, other, other.after(task)));
        LedgerTask written =
                write(draft, request, act, task, merged, alone == null ? kept : kept(sent, alone, task, kept, zone));
        LedgerTask performed = perform(draft, request, act, written, later);
        if (act == Act.COMPLETE && otherwise != null) {
            change(draft, put, request, act, performed, otherwise);
        }
        if (chooses) {
            begin(draft, put, request, performed, master);
        }
        goOn(draft, put, request, draft.task(list, task.number()).orElseThrow(), later);
    }

    /** A task that a program made for itself becomes one of the series. */
    private static void join(Draft draft, Request request, LedgerTask alone, LedgerTask joined) {
        String list = alone.task().list();
        draft.change(list, ChangeType.TASK_UPDATED, request.user(), alone, joined.touched(draft.at(list)));
    }

    /**
     * @param otherwise all that is said of its date
     * @param series what is kept of all its dates
     */
    private static KeptProperties kept(
            Sent sent, Component otherwise, LedgerTask task, @Nullable KeptProperties series, ZoneId zone) {
        KeptProperties kept = sent.other(otherwise, zone).completed()
                ? sent.keptOf(otherwise, task.href(), task.uid())
                : sent.keptWith(otherwise, task.href(), task.uid(), zone);
        return kept.withDatesOf(series);
    }

    private static KeptProperties kept(Sent sent, LedgerTask task, Todo before, ZoneId zone) {
        KeptProperties kept = sent.kept(task.href(), task.uid(), zone);
        // A program that makes the next one itself may take the rule from the one that is done.
        boolean saysNoRule = before.rule() == null || isDoneWithoutRule(sent.todo(zone));
        return task.recurs() && saysNoRule ? kept.withDatesOf(task.dav()) : kept;
    }

    private static boolean isDoneWithoutRule(Todo todo) {
        return todo.completed() && todo.rule() == null;
    }

    /**
     * Writes what is other than it was: of what is kept, that which a client would read. An act that follows makes a version of its own.
     *
     * @return the task as it is then
     */
    private static LedgerTask write(
            Draft draft, Request request, Act act, LedgerTask task, LedgerTask merged, KeptProperties kept) {
        String list = task.task().list();
        Instant at = draft.at(list);
        LedgerTask shown =
                act == Act.COMPLETE ? merged.completed(at) : act == Act.REOPEN ? merged.reopened(at) : merged;
        boolean keptSame = kept.equals(task.dav()) || merged(() -> saysNothingNew(shown, kept));
        LedgerTask with = keptSame ? merged : merged(() -> merged.kept(kept));
        boolean changes = act == Act.CHANGE ? with != task : !with.fields().equals(task.fields());
        if (changes) {
            LedgerTask changed = merged == task ? with.touched(at) : with;
            draft.change(list, ChangeType.TASK_UPDATED, request.user(), task, changed);
            return changed;
        }
        if (with != task) {
            draft.put(list, with);
        }
        return with;
    }

    private static LedgerTask merged(
            Draft draft, Put put, Request request, LedgerTask task, ObjectNode patch, boolean following) {
        String list = task.task().list();
        TaskFields defaults = TaskFields.defaults(list, put.zone);
        return patch.isEmpty()
                ? task
                : merged(() ->
                        new ChangeTask.Patch(request, patch, following, defaults).merge(draft, task, draft.at(list)));
    }

    /** @return the task as it is then */
    private static LedgerTask perform(Draft draft, Request request, Act act, LedgerTask task, List<Said> later) {
        String list = task.task().list();
        Head head = draft.head(list).orElseThrow();
        switch (act) {
            case COMPLETE ->
                CompleteTask.completing(
                                request,
                                (completed, days) -> SingleDates.following(
                                        completed, completed.recurs() ? later : List.of(), completed.next(days), days))
                        .on(draft, head, task);
            case REOPEN -> ReopenTask.reopening(request).on(draft, head, task);
            case SKIP -> {
                WorkingDays days = draft.workingDays(task);
                Optional<Recurrence.Occurrence> next = task.afterSkipping(draft.at(list), days);
                SkipTask.skip(draft, request, head, task, SingleDates.following(task, later, next, days));
            }
            case CHANGE -> {}
        }
        return draft.task(list, task.number()).orElseThrow();
    }

    /** Does what a client says of single dates: of the one of this task, if it is open, and of those that follow, each in its turn. */
    private static void goOn(Draft draft, Put put, Request request, LedgerTask task, List<Said> dates) {
        LedgerTask current = task;
        for (int i = 0; i < dates.size(); i++) {
            Said said = dates.get(i);
            current = current.task().open() ? current : after(draft, request, current, said.which());
            if (SingleDates.isOver(current, said.which())) {
                continue;
            }
            if (!SingleDates.isOf(current, said.which())) {
                throw SingleDates.toCome(said.which());
            }
            if (!current.task().open()) {
                continue;
            }
            current = perform(draft, request, said.act(), current, dates.subList(i + 1, dates.size()));
            if (said.otherwise() != null) {
                current = change(draft, put, request, said.act(), current, said.otherwise());
            }
        }
    }

    /** The one that follows a task that is done: one that was only promised comes. */
    private static LedgerTask after(Draft draft, Request request, LedgerTask done, Due which) {
        String list = done.task().list();
        Successor next = Successor.of(draft, done)
                .filter(found -> found.isThere() && found.head().id().equals(list))
                .orElseThrow(() -> SingleDates.toCome(which));
        return next.isPromised() ? come(draft, request, next.task()) : next.task();
    }

    /**
     * One date that is otherwise: the series keeps its own. What follows one that is done was promised before this.
     *
     * @return the task as it is then
     */
    private static LedgerTask change(
            Draft draft, Put put, Request request, Act act, LedgerTask task, Component otherwise) {
        ZoneId zone = task.task().timeZone();
        Todo before = Todo.of(Todos.component(task), zone, TodoZones.KNOWN, false);
        ObjectNode patch = patch(task.task(), before, put.sent.other(otherwise, zone), zone, false, false);
        LedgerTask merged = merged(draft, put, request, task, patch, false);
        return write(draft, request, act, task, merged, kept(put.sent, otherwise, task, task.dav(), zone));
    }

    /** Tells if the properties change nothing of what clients read of a task. */
    private static boolean saysNothingNew(LedgerTask task, KeptProperties kept) {
        return Todos.component(task).saysTheSame(Todos.component(task.kept(kept)));
    }

    /** Tells if a task that is still to be done has another date by the same rule, which its program sees. */
    private static boolean moves(LedgerTask task, Todo before, Todo after) {
        return task.recurs()
                && before.rule() != null
                && task.task().open()
                && !after.completed()
                && task.task().due() != null
                && after.due() != null
                && !after.due().equals(before.due())
                && Todo.sameRuleGoingOn(before.rule(), after.rule());
    }

    /** The later date that it moved to: programs that keep one task for a whole series do so when it is done. Null where it is none. */
    private static @Nullable Due onward(LedgerTask task, Todo after) {
        Moment to = Objects.requireNonNull(after.due());
        return to.due().compareTo(Objects.requireNonNull(task.task().due())) > 0
                        && to.zone().equals(task.task().timeZone())
                ? to.due()
                : null;
    }

    /** The one that follows a task that is done begins where a program has it. */
    private static void begin(Draft draft, Put put, Request request, LedgerTask done, Todo chosen) {
        Due due = Objects.requireNonNull(chosen.due()).due();
        LedgerTask next = after(draft, request, done, due);
        ObjectNode patch = Json.object().put("due", due.toString()).put("recurrence", chosen.rule());
        LedgerTask begun = merged(draft, put, request, next, patch, true);
        draft.change(done.task().list(), ChangeType.TASK_UPDATED, request.user(), next, begun);
    }

    /** The dates before the one that it moved to, if they are still to come: so often was it done. */
    private static List<Said> doneBetween(LedgerTask task, Todo after, Instant now, WorkingDays days) {
        Due to = Objects.requireNonNull(after.due()).due();
        List<Due> coming = task.coming(now, days);
        return coming.contains(to)
                ? coming.stream()
                        .takeWhile(date -> !date.equals(to))
                        .map(date -> new Said(date, Act.COMPLETE, null))
                        .toList()
                : List.of();
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
        if (!Objects.equals(before.due(), after.due()) && (whole || after.due() != null)) {
            patch.set("due", all.get("due"));
            if (after.due() != null && !after.due().zone().equals(zone)) {
                patch.set("timeZone", all.get("timeZone"));
            }
        }
        if (whole && task.open() && !isDoneWithoutRule(after) && !Todo.sameRule(before.rule(), after.rule())) {
            patch.set("recurrence", all.get("recurrence"));
        }
        List<String> reminders = TodoText.reminders(task, after.reminders());
        // A program that reads more of them than the task has saw alarms beyond those that were reminders, and some of
        // these are gone.
        boolean others = !before.reminders().equals(after.reminders())
                || before.reminders().size() > task.reminders().size();
        if (!reminders.equals(task.reminders()) && others) {
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
                                Todos.find(draft, list, call.path().name()).orElseThrow(DavCall::nothing);
                        Access.writer(draft.head(list), request, Access.noList());
                        call.refuseUnlessMeant(Todos.tag(task));
                        return ChangeTask.deleting(request).on(draft, head, task);
                    })
                    .lookingAt(Todos.byName(list, call.path().name())));
        });
    }
}
