package dev.sandglass.task.domain;

import static dev.sandglass.task.domain.KeepTodo.merged;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.task.domain.SingleDates.Act;
import dev.sandglass.task.domain.SingleDates.Said;
import dev.sandglass.task.domain.dav.Component;
import dev.sandglass.task.domain.dav.DavNames;
import dev.sandglass.task.domain.dav.DavRefused;
import dev.sandglass.task.domain.dav.KeptProperties;
import dev.sandglass.task.domain.dav.Moment;
import dev.sandglass.task.domain.dav.Todo;
import dev.sandglass.time.Due;
import dev.sandglass.time.Recurrence;
import dev.sandglass.time.WorkingDays;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The write of a PUT into a list.
 *
 * @param wanted the fields of a new task, as the rules leave them
 */
record PutTodo(Draft draft, KeepTodo.Put put, KeepTodo.Before before, Request request, String list, JsonNode wanted) {

    /** @return it answers {@code {"created"}} */
    Answer write() {
        Access.writer(head(), request, Access.noList());
        Optional<LedgerTask> there = Todos.find(draft, list, name());
        put.call().refuseUnlessMeant(there.map(Todos::tag).orElse(null));
        refuseTaken();
        there.ifPresentOrElse(this::change, this::create);
        return Answer.ok(Json.object().put("created", there.isEmpty()));
    }

    private Optional<Head> head() {
        return draft.head(list);
    }

    private String name() {
        return put.call().path().name();
    }

    /** A UID is in a list once. */
    private void refuseTaken() {
        Todos.ofUid(draft, list, put.sent().uid())
                .map(Todos::name)
                .filter(other -> !other.equals(name()))
                .ifPresent(other -> {
                    throw DavRefused.because(DavNames.UID_CONFLICT, "This list has a task with this UID: " + other);
                });
    }

    private void create() {
        Optional<LedgerTask> next = next();
        if (next.isPresent()) {
            change(adopt(next.get()));
            return;
        }
        TaskFields defaults = TaskFields.defaults(list, put.zone());
        ObjectNode asked = wanted.deepCopy();
        asked.put("list", list);
        TaskFields fields = merged(() -> defaults.merge(asked, defaults));
        TaskId id = CreateTask.give(draft, head().orElseThrow());
        LedgerTask fresh = LedgerTask.created(id, fields, request.user(), draft.at(list));
        LedgerTask placed = fresh.on(draft.workingDays(fresh));
        LedgerTask created = merged(() -> placed.kept(kept()));
        draft.change(list, ChangeType.TASK_CREATED, request.user(), null, created);
        name(id.number());
        if (put.sent().todo(put.zone()).completed()) {
            CompleteTask.completing(request).on(draft, head().orElseThrow(), created);
        } else {
            goOn(created, SingleDates.of(put.sent(), created, created.leftOut()));
        }
    }

    private KeptProperties kept() {
        return put.sent().kept(name(), put.sent().uid(), put.zone());
    }

    private void name(int number) {
        draft.putOwn(Todos.byName(list, name()), new Named(1, number));
        draft.putOwn(Todos.byUid(list, put.sent().uid()), new Named(1, number));
    }

    /** The next date of a series that a program has completed, where it puts that itself, and nobody has done anything with ours. */
    private Optional<LedgerTask> next() {
        Todo todo = put.sent().todo(put.zone());
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
    private LedgerTask adopt(LedgerTask task) {
        LedgerTask named = merged(() -> task.kept(kept()));
        name(task.number());
        return task.state() == LedgerTask.State.PROMISED ? come(named) : update(task, named.touched(draft.at(list)));
    }

    /** Has an occurrence that was only promised come, on its date. */
    private LedgerTask come(LedgerTask promised) {
        LedgerTask come = promised.come(Objects.requireNonNull(promised.task().due()), draft.at(list));
        draft.put(head().orElseThrow().settled(come.task().id()));
        draft.change(list, ChangeType.TASK_CREATED, request.user(), null, come);
        return come;
    }

    private LedgerTask update(LedgerTask from, LedgerTask to) {
        draft.change(list, ChangeType.TASK_UPDATED, request.user(), from, to);
        return to;
    }

    private void change(LedgerTask task) {
        if (!Todos.uid(task).equals(put.sent().uid())) {
            throw DavRefused.because(DavNames.UID_CONFLICT, "The task of this name has another UID");
        }
        Edit edit = Edit.of(task, put.sent());
        List<Said> dates = SingleDates.of(put.sent(), task, edit.leftOut());
        Said present = dates.stream()
                .filter(one -> SingleDates.isOf(task, one.which()))
                .findFirst()
                .orElse(null);
        Instant at = draft.at(list);
        WorkingDays days = draft.workingDays(merged(() -> task.kept(edit.kept())));
        boolean moves = edit.moves(present);
        Optional<LedgerTask> copy = moves ? before.doneBeside(draft, task) : Optional.empty();
        Edit.Step step = moves && copy.isEmpty() ? edit.step(at, days) : Edit.Step.NONE;
        Edit.Meant meant = edit.meant(present, step);
        Optional<LedgerTask> beside = meant.act() == Act.COMPLETE && task.recurs()
                ? before.goesOnBeside(draft, task, at, days)
                : Optional.empty();
        Optional<LedgerTask> next = beside.filter(edit::isByItsRule);
        if (beside.isPresent() && next.isEmpty()) {
            meant.patch().putNull("recurrence");
        }
        LedgerTask merged = joined(task, merge(task, meant.patch(), meant.steers()), copy, next);
        List<Said> later = step.later(task, dates);
        LedgerTask performed = perform(meant.act(), write(meant.act(), task, merged, meant.kept()), later);
        if (meant.act() == Act.COMPLETE && present != null && present.otherwise() != null) {
            change(meant.act(), performed, present.otherwise());
        }
        if (step.isChosen()) {
            begin(performed, edit.after());
        }
        goOn(draft.task(list, task.number()).orElseThrow(), later);
    }

    /**
     * A task that a program made for itself becomes one of the series.
     *
     * @param copy of the date that is done
     * @param next the one for the dates to come
     */
    private LedgerTask joined(
            LedgerTask task, LedgerTask patched, Optional<LedgerTask> copy, Optional<LedgerTask> next) {
        copy.ifPresent(done -> update(done, done.inPlaceOf(task).touched(draft.at(list))));
        next.ifPresent(open -> update(open, open.after(task).touched(draft.at(list))));
        return copy.isPresent()
                ? patched.after(task)
                : next.map(open -> patched.followed(open.task().id())).orElse(patched);
    }

    /** One date that is otherwise: the series keeps its own. What follows one that is done was promised before this. */
    private LedgerTask change(Act act, LedgerTask task, Component otherwise) {
        Edit edit = Edit.of(task, put.sent(), otherwise);
        return write(act, task, merge(task, edit.patch(), false), edit.kept());
    }

    /**
     * Writes what is other than it was: of what is kept, that which a client would read. An act that follows makes a version of its own.
     *
     * @return the task as it is then
     */
    private LedgerTask write(Act act, LedgerTask task, LedgerTask merged, KeptProperties kept) {
        Instant at = draft.at(list);
        LedgerTask shown =
                act == Act.COMPLETE ? merged.completed(at) : act == Act.REOPEN ? merged.reopened(at) : merged;
        boolean keptSame = kept.equals(task.dav()) || merged(() -> saysNothingNew(shown, kept));
        LedgerTask with = keptSame ? merged : merged(() -> merged.kept(kept));
        boolean changes = act == Act.CHANGE ? with != task : !with.fields().equals(task.fields());
        if (changes) {
            return update(task, merged == task ? with.touched(at) : with);
        }
        if (with != task) {
            draft.put(list, with);
        }
        return with;
    }

    /** Tells if the properties change nothing of what clients read of a task. */
    private static boolean saysNothingNew(LedgerTask task, KeptProperties kept) {
        return Todos.component(task).saysTheSame(Todos.component(task.kept(kept)));
    }

    private LedgerTask merge(LedgerTask task, ObjectNode patch, boolean following) {
        TaskFields defaults = TaskFields.defaults(list, put.zone());
        return patch.isEmpty()
                ? task
                : merged(() ->
                        new ChangeTask.Patch(request, patch, following, defaults).merge(draft, task, draft.at(list)));
    }

    /** @return the task as it is then */
    private LedgerTask perform(Act act, LedgerTask task, List<Said> later) {
        Head head = head().orElseThrow();
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
    private void goOn(LedgerTask task, List<Said> dates) {
        LedgerTask current = task;
        for (int i = 0; i < dates.size(); i++) {
            Said said = dates.get(i);
            current = current.task().open() ? current : after(current, said.which());
            if (SingleDates.isOver(current, said.which())) {
                continue;
            }
            if (!SingleDates.isOf(current, said.which())) {
                throw SingleDates.toCome(said.which());
            }
            if (!current.task().open()) {
                continue;
            }
            current = perform(said.act(), current, dates.subList(i + 1, dates.size()));
            if (said.otherwise() != null) {
                current = change(said.act(), current, said.otherwise());
            }
        }
    }

    /** The one that follows a task that is done: one that was only promised comes. */
    private LedgerTask after(LedgerTask done, Due which) {
        Successor next = Successor.of(draft, done)
                .filter(found -> found.isThere() && found.head().id().equals(list))
                .orElseThrow(() -> SingleDates.toCome(which));
        return next.isPromised() ? come(next.task()) : next.task();
    }

    /** The one that follows a task that is done begins where a program has it. */
    private void begin(LedgerTask done, Todo chosen) {
        Due due = Objects.requireNonNull(chosen.due()).due();
        LedgerTask next = after(done, due);
        ObjectNode patch = Json.object().put("due", due.toString()).put("recurrence", chosen.rule());
        update(next, merge(next, patch, true));
    }
}
