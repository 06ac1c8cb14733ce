package dev.sandglass.task.usecase;

import dev.sandglass.support.Problem;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.LedgerTask;
import dev.sandglass.task.domain.TaskId;
import dev.sandglass.task.ledger.Answer;
import dev.sandglass.task.ledger.Draft;
import dev.sandglass.task.ledger.Ledger;
import dev.sandglass.task.ledger.Once;
import dev.sandglass.task.ledger.Places;
import dev.sandglass.task.ledger.Write;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/** Decides on a task by its id, wherever it is and whoever moves it meanwhile. */
@Singleton
public class DecideOnTask {
    private static final int MOVES_MEANWHILE = 10;

    private final Ledger ledger;
    private final Places places;

    DecideOnTask(Ledger ledger, Places places) {
        this.ledger = ledger;
        this.places = places;
    }

    /** A decision on a task that may have been deleted, but not moved away. */
    interface Decision {
        Answer on(Draft draft, Head head, LedgerTask task);
    }

    /** @throws Problem 404 where the task is not the user's to see, 403 where a viewer would write, and what the decision refuses */
    Answer asWriter(Request request, String id, Decision decision) {
        return whereItIs(request, id, place -> asWriter(request, place, decision));
    }

    /** The same at a place, as part of {@link #whereItIs}. */
    Answer asWriter(Request request, TaskId place, Decision decision) {
        Write<Answer> write = Once.guard(request.once(), at(place, request, (draft, head, task) -> {
            Access.writer(draft.head(head.id()), request.user(), Access.noTask());
            return decision.on(draft, head, task);
        }));
        SortedSet<String> lists = new TreeSet<>(List.of(place.list()));
        while (true) {
            try {
                return lists.size() == 1 ? ledger.write(place.list(), write) : ledger.write(lists, write);
            } catch (AlsoIn e) {
                lists.add(e.list);
            }
        }
    }

    /** Has a decision made again with a further list taking part, where that is not so yet. */
    static void alsoIn(Draft draft, String list) {
        if (!draft.takesPart(list)) {
            throw new AlsoIn(list);
        }
    }

    /** Finds the task, and finds it again where it was moved away before the attempt took hold. */
    Answer whereItIs(Request request, String id, Function<TaskId, Answer> attempt) {
        for (int moves = 0; moves < MOVES_MEANWHILE; moves++) {
            Optional<Places.Found> found = places.find(id, request.user());
            if (found.isEmpty()) {
                // What was done before is answered again, also to somebody who may not see the task any more.
                return ledger.answered(request.once()).orElseThrow(Access::noTask);
            }
            try {
                return attempt.apply(found.get().place());
            } catch (MovedAway e) {
                // Its new place is in what stayed behind.
            }
        }
        throw new Problem(503, "The task is being moved; nothing was changed");
    }

    /** The task as the draft has it there; gone from there, it is looked for again by {@link #whereItIs}. */
    static LedgerTask taskAt(Draft draft, TaskId place) {
        LedgerTask task = draft.task(place.list(), place.number()).orElseThrow(Access::noTask);
        if (task.state() == LedgerTask.State.MOVED) {
            throw new MovedAway();
        }
        return task;
    }

    private static Write<Answer> at(TaskId place, Request request, Decision decision) {
        return new Write<>() {
            @Override
            public Set<String> keys() {
                return Set.of(Places.key(place));
            }

            @Override
            public Answer apply(Draft draft) {
                Head head = Access.reader(draft.head(place.list()), request.user(), Access.noTask());
                return decision.on(draft, head, taskAt(draft, place));
            }
        };
    }

    /** The decision writes in a further list. */
    private static final class AlsoIn extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String list;

        AlsoIn(String list) {
            this.list = list;
        }
    }

    /** The task was moved between finding and deciding. */
    private static final class MovedAway extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
