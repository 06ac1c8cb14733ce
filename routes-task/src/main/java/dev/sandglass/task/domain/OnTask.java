package dev.sandglass.task.domain;

import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A decision on a task by its id, wherever it is and whoever moves it meanwhile; {@code direct:ledger.change-where-it-is} carries it. */
public final class OnTask {
    private static final int MOVES_MEANWHILE = 10;

    private final Request request;
    private final Decision<Write<Answer>> search;
    private final BooleanSupplier goesOn;

    private @Nullable Write<Answer> write;
    private int moves;
    private boolean open = true;

    /** @param search for the task, or the tasks, and what is to be written where they are; made again where they went elsewhere */
    OnTask(Request request, Decision<Write<Answer>> search) {
        this(request, search, () -> false);
    }

    /** @param goesOn true where what was found last is not all: the search finds the next once that is written, and the last answers */
    OnTask(Request request, Decision<Write<Answer>> search, BooleanSupplier goesOn) {
        this.request = request;
        this.search = search;
        this.goesOn = goesOn;
    }

    /** A decision on the task that a request is about. */
    static OnTask at(Request request, Function<TaskId, Write<Answer>> at) {
        return new OnTask(
                request,
                documents -> Accepted.unchanged(Whereabouts.find(documents, request.id(), request)
                        .map(found -> at.apply(found.place()))
                        .orElseGet(() -> refused(Access.noTask()))));
    }

    /** A repeated request is answered again, also where there is nothing any more that it could be about. */
    static Write<Answer> refused(Rejection why) {
        return Write.alone(Set.of(), draft -> {
            throw why;
        });
    }

    /** A decision on a task that may have been deleted, but not moved away. */
    interface OnDraft {
        Answer on(Draft draft, Head head, LedgerTask task);
    }

    /** A decision by somebody who writes in the list: else it refuses with NOT_FOUND or FORBIDDEN. */
    static OnTask asWriter(Request request, OnDraft decision) {
        return at(request, place -> asWriter(request, place, decision));
    }

    /** The same with each write that answers as it is then. */
    OnTask each(UnaryOperator<Write<Answer>> form) {
        return new OnTask(
                request,
                documents -> {
                    Write<Answer> found = search.on(documents).answer();
                    return Accepted.unchanged(goesOn.getAsBoolean() ? found : form.apply(found));
                },
                goesOn);
    }

    /** The same at a place. */
    static Write<Answer> asWriter(Request request, TaskId place, OnDraft decision) {
        return Write.to(place.list(), draft -> {
                    Access.reader(draft.head(place.list()), request, Access.noTask());
                    LedgerTask task = taskAt(draft, place);
                    Head head = Access.writer(draft.head(place.list()), request, Access.noTask());
                    return decision.on(draft, head, task);
                })
                .lookingAt(Whereabouts.key(place));
    }

    /** Has a decision made again with a further list taking part, where that is not so yet. */
    static void alsoIn(Draft draft, String list) {
        if (!draft.takesPart(list)) {
            throw new Elsewhere(list);
        }
    }

    /** The task as the draft has it there; gone from there, it is looked for again. */
    static LedgerTask taskAt(Draft draft, TaskId place) {
        LedgerTask task = draft.task(place.list(), place.number()).orElseThrow(Access::noTask);
        if (task.state() == LedgerTask.State.MOVED) {
            throw new Elsewhere(null);
        }
        return task;
    }

    /** True until all of it is written. */
    public boolean isOpen() {
        return open;
    }

    /** True while nobody knows where the task is. */
    public boolean isLost() {
        return write == null;
    }

    public Decision<Write<Answer>> search() {
        return search;
    }

    public static void found(OnTask on, Write<Answer> write) {
        on.write = on.goesOn.getAsBoolean() ? write : Once.guard(on.request.once(), write);
    }

    public @Nullable Write<Answer> write() {
        return write;
    }

    public static void answered(OnTask on) {
        on.open = on.goesOn.getAsBoolean();
        on.write = null;
    }

    /** @throws Rejection NOT_NOW where the task was moved too often */
    public static void elsewhere(OnTask on, Elsewhere elsewhere) {
        if (on.write != null && elsewhere.list != null) {
            on.write = on.write.alsoIn(elsewhere.list);
        } else if (++on.moves < MOVES_MEANWHILE) {
            on.write = null;
        } else {
            throw new Rejection(Reason.NOT_NOW, "Others change the same again and again; nothing was changed");
        }
    }

    /** The task was moved between finding and deciding, or the decision writes in a further list. */
    public static final class Elsewhere extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final @Nullable String list;

        Elsewhere(@Nullable String list) {
            super("elsewhere", null, false, false);
            this.list = list;
        }
    }
}
