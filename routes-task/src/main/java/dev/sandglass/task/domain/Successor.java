package dev.sandglass.task.domain;

import dev.sandglass.events.Role;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.time.Due;
import java.util.Optional;

/**
 * The occurrence after a task, and the list it is in.
 *
 * @param head of a list that takes no part in the decision, as it was lately
 */
record Successor(LedgerTask task, Head head) {
    /** A chain of occurrences that were completed before: beyond this nothing is promised. */
    private static final int MOST_DONE = 100;

    static Optional<Successor> of(Draft draft, LedgerTask task) {
        return Optional.ofNullable(task.successor())
                .flatMap(TaskId::parse)
                .flatMap(place -> Whereabouts.follow(draft, place))
                .flatMap(found -> draft.look(found.place().list()).map(head -> new Successor(found.task(), head)));
    }

    /** When the first occurrence after a task that is still to be done is due; empty where there is none for who asks to see. */
    static Optional<Due> toCome(Draft draft, LedgerTask task, Request asked) {
        Optional<Successor> next = of(draft, task);
        for (int done = 0; done < MOST_DONE && next.filter(Successor::done).isPresent(); done++) {
            next = of(draft, next.get().task);
        }
        return next.filter(found -> found.isThere() && !found.done() && found.head.role(asked) != null)
                .map(found -> found.task.task().due());
    }

    /**
     * Takes a task that its series goes on from.
     *
     * @throws Rejection CONFLICT where it is done, or was done before and what follows it was kept
     */
    static void refuseFollowed(Draft draft, LedgerTask task) {
        if (!task.task().open()) {
            throw new Rejection(Reason.CONFLICT, "The task is done: change the one that follows it");
        }
        if (of(draft, task).filter(Successor::isThere).isPresent()) {
            throw new Rejection(Reason.CONFLICT, "The one that follows is there already: change that, or delete this");
        }
    }

    /** Tells if it has still to come. */
    boolean isPromised() {
        return task.state() == LedgerTask.State.PROMISED && head.awaiting().containsKey(id());
    }

    /** Tells if it came or will come, and was not taken away since. */
    boolean isThere() {
        return !head.deleted() && (task.here() || isPromised());
    }

    private boolean done() {
        return isThere() && !task.task().open();
    }

    /** Tells if who asks may take it away as if it had never been: nobody has done anything with it, and they write in its list. */
    boolean mayBeWithdrawn(Request asked) {
        Role role = head.role(asked);
        return isThere() && (isPromised() || task.task().version() == 1) && role != null && role.writes();
    }

    String id() {
        return task.task().id();
    }
}
