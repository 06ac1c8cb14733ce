package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.task.domain.SingleDates.Act;
import dev.sandglass.task.domain.SingleDates.Said;
import dev.sandglass.task.domain.dav.Component;
import dev.sandglass.task.domain.dav.KeptProperties;
import dev.sandglass.task.domain.dav.Moment;
import dev.sandglass.task.domain.dav.Sent;
import dev.sandglass.task.domain.dav.Todo;
import dev.sandglass.task.domain.dav.TodoText;
import dev.sandglass.task.domain.dav.TodoZones;
import dev.sandglass.time.Due;
import dev.sandglass.time.WorkingDays;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A task as its program would read it, and as it puts it: what differs is a change.
 *
 * @param zone of times that have none
 */
record Edit(LedgerTask task, Sent sent, Todo before, Todo after, ZoneId zone, KeptProperties kept) {

    static Edit of(LedgerTask task, Sent sent) {
        ZoneId own = task.task().timeZone();
        Todo before = before(task);
        boolean newRule = task.task().open()
                && !Todo.sameRuleGoingOn(before.rule(), sent.todo(own).rule());
        ZoneId zone = newRule ? sent.context(own) : own;
        return new Edit(task, sent, before, sent.todo(zone), zone, kept(sent, task, before, zone));
    }

    /** The fields of one date that is otherwise. */
    static Edit of(LedgerTask task, Sent sent, Component otherwise) {
        ZoneId own = task.task().timeZone();
        KeptProperties kept = kept(sent, otherwise, task, task.dav(), own);
        return new Edit(task, sent, before(task), sent.other(otherwise, own), own, kept);
    }

    private static Todo before(LedgerTask task) {
        return Todo.of(Todos.component(task), task.task().timeZone(), TodoZones.KNOWN, false);
    }

    private static KeptProperties kept(Sent sent, LedgerTask task, Todo before, ZoneId zone) {
        KeptProperties kept = sent.kept(task.href(), task.uid(), zone);
        // A program that makes the next one itself may take the rule from the one that is done.
        boolean saysNoRule = before.rule() == null || isDoneWithoutRule(sent.todo(zone));
        return task.recurs() && saysNoRule ? kept.withDatesOf(task.dav()) : kept;
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

    private static boolean isDoneWithoutRule(Todo todo) {
        return todo.completed() && todo.rule() == null;
    }

    /** The dates that its rule does not have. */
    Set<LocalDate> leftOut() {
        return kept.leftOut(task.task().timeZone());
    }

    boolean isByItsRule(LedgerTask other) {
        return Todo.sameRuleGoingOn(before.rule(), other.plainRule().orElse(null));
    }

    /**
     * Tells if a task that is still to be done has another date by the same rule, which its program sees.
     *
     * @param present what is said of its date; null: nothing
     */
    boolean moves(@Nullable Said present) {
        return (present == null || present.act() != Act.COMPLETE)
                && !sent.movesOnlyToMove()
                && task.recurs()
                && before.rule() != null
                && task.task().open()
                && !after.completed()
                && task.task().due() != null
                && after.due() != null
                && !after.due().equals(before.due())
                && Todo.sameRuleGoingOn(before.rule(), after.rule());
    }

    /**
     * A step to a later date of its rule: programs that keep one task for a whole series move it when it is done.
     *
     * @param isTaken false where there is none
     * @param isChosen true where its rule goes on as its program counts, not as we do
     * @param between the dates before the one it moved to, if they were still to come: so often was it done
     */
    record Step(boolean isTaken, boolean isChosen, List<Said> between) {
        static final Step NONE = new Step(false, false, List.of());

        /** The words on dates after the one at hand, or done with it. */
        List<Said> later(LedgerTask task, List<Said> dates) {
            return Stream.concat(
                            between.stream(),
                            dates.stream()
                                    .filter(one -> !SingleDates.isOf(task, one.which()))
                                    .filter(one -> between.stream()
                                            .allMatch(gone -> gone.which().compareTo(one.which()) < 0)))
                    .toList();
        }
    }

    /** The step of a task that {@link #moves}. */
    Step step(Instant at, WorkingDays days) {
        Moment to = Objects.requireNonNull(after.due());
        Due due = to.due();
        boolean later = due.compareTo(Objects.requireNonNull(task.task().due())) > 0
                && to.zone().equals(task.task().timeZone());
        if (!later) {
            return Step.NONE;
        }
        boolean byRule = task.goesOnAt(due, at, days);
        // Others keep the ends of months, or count from the completion.
        boolean chosen = !byRule && task.goesOnOtherwiseAt(due, Objects.requireNonNull(before.rule()), at, days);
        return byRule || chosen ? new Step(true, chosen, doneBetween(due, task.coming(at, days))) : Step.NONE;
    }

    private static List<Said> doneBetween(Due to, List<Due> coming) {
        return coming.contains(to)
                ? coming.stream()
                        .takeWhile(date -> !date.equals(to))
                        .map(date -> new Said(date, Act.COMPLETE, null))
                        .toList()
                : List.of();
    }

    /**
     * @param patch of the fields
     * @param steers true where its rule goes on as the patch says; a program that sees a single task moves this one alone
     * @param kept the properties of the date at hand
     */
    record Meant(Act act, ObjectNode patch, boolean steers, KeptProperties kept) {}

    /**
     * Tells what its program means.
     *
     * @param present what it says of the date at hand; null: nothing
     */
    Meant meant(@Nullable Said present, Step step) {
        boolean open = task.task().open();
        Act single = present == null ? null : present.act();
        // The series goes on as the task says where its date was still to be done.
        Component alone = present == null || open && single == Act.COMPLETE ? null : present.otherwise();
        Todo now = alone == null ? after : sent.other(alone, zone);
        boolean done = step.isTaken || single == Act.COMPLETE || now.completed();
        Act act = open && done
                ? Act.COMPLETE
                : !open && !done ? Act.REOPEN : open && single == Act.SKIP ? Act.SKIP : Act.CHANGE;
        return new Meant(
                act,
                patch(now, step.isTaken, alone == null),
                alone == null && (before.rule() != null || now.rule() != null),
                alone == null ? kept : kept(sent, alone, task, kept, zone));
    }

    /** The fields of one date that differ. */
    ObjectNode patch() {
        return patch(after, false, false);
    }

    /**
     * The fields that differ from what the client would read.
     *
     * @param goesOn it moved to its next date, which this one is not
     * @param whole whether it is about the rule too
     */
    private ObjectNode patch(Todo now, boolean goesOn, boolean whole) {
        ZoneId own = task.task().timeZone();
        ObjectNode all = KeepTodo.fields(now, own);
        ObjectNode patch = Json.object();
        if (!before.title().equals(now.title())) {
            patch.set("title", all.get("title"));
        }
        if (!before.description().equals(now.description())) {
            patch.set("description", all.get("description"));
        }
        if (before.priority() != now.priority()) {
            patch.set("priority", all.get("priority"));
        }
        if (!before.tags().equals(now.tags())) {
            patch.set("tags", all.get("tags"));
        }
        if (goesOn) {
            return patch;
        }
        if (!Objects.equals(before.due(), now.due()) && (whole || now.due() != null)) {
            patch.set("due", all.get("due"));
            if (now.due() != null && !now.due().zone().equals(own)) {
                patch.set("timeZone", all.get("timeZone"));
            }
        }
        if (whole && task.task().open() && !isDoneWithoutRule(now) && !Todo.sameRule(before.rule(), now.rule())) {
            patch.set("recurrence", all.get("recurrence"));
        }
        List<String> here = task.task().reminders();
        List<String> reminders = TodoText.reminders(task.task(), now.reminders());
        // A program that reads more of them than the task has saw alarms beyond those that were reminders, and some of
        // these are gone.
        boolean others = !before.reminders().equals(now.reminders())
                || before.reminders().size() > here.size();
        if (!reminders.equals(here) && others) {
            patch.set("reminders", Json.tree(reminders));
        }
        if (!Objects.equals(before.nag(), now.nag())) {
            patch.set("nag", all.get("nag"));
        }
        return patch;
    }
}
