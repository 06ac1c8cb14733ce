package dev.sandglass.task.domain;

import dev.sandglass.support.domain.Documents;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds tasks: they are in the list they were born in, unless the remains there say where they went. */
public final class Whereabouts {
    /** An id that cannot be ours is looked for here, so that it costs as much as others. */
    private static final TaskId NOWHERE = new TaskId("-", 1);

    private Whereabouts() {}

    /** @param task as it lies there */
    public record Found(TaskId place, LedgerTask task) {}

    /**
     * Finds a task, also a deleted one, and its place. For who may not see it this takes the same reads as for a task that never
     * was.
     *
     * @return empty in both cases
     */
    public static Optional<Found> find(Documents documents, String id, Request asked) {
        TaskId place = TaskId.parse(id).orElse(NOWHERE);
        Set<String> seen = new LinkedHashSet<>();
        while (seen.add(key(place))) {
            Optional<LedgerTask> task = at(documents, place);
            TaskId elsewhere = task.map(LedgerTask::whereabouts).orElse(null);
            TaskId now = elsewhere == null ? place : elsewhere;
            boolean theirs = Head.of(documents, now.list())
                    .filter(head -> head.role(asked) != null)
                    .isPresent();
            if (!theirs || elsewhere == null) {
                return task.filter(there -> theirs).map(there -> new Found(now, there));
            }
            place = now;
        }
        // It came back while it was followed.
        throw new Documents.Unseen(seen);
    }

    /** Finds which of some tasks are there, wherever they are by now, whoever may see them. They are read together. */
    static List<LedgerTask> here(Documents documents, List<String> ids) {
        List<LedgerTask> born = read(documents, ids.stream().flatMap(id -> TaskId.parse(id).stream()));
        List<LedgerTask> moved =
                read(documents, born.stream().map(LedgerTask::whereabouts).filter(Objects::nonNull));
        return Stream.concat(born.stream(), moved.stream())
                .filter(LedgerTask::here)
                .toList();
    }

    private static List<LedgerTask> read(Documents documents, Stream<TaskId> places) {
        return documents.all(places.map(Whereabouts::key).toList()).values().stream()
                .flatMap(stored -> LedgerTask.of(stored).stream())
                .toList();
    }

    /** Finds a task from a place where it was, whoever may see it. */
    static Optional<Found> follow(Draft draft, TaskId from) {
        TaskId place = from;
        Set<String> seen = new LinkedHashSet<>();
        while (seen.add(key(place))) {
            LedgerTask found = draft.task(place.list(), place.number()).orElse(null);
            TaskId elsewhere = found == null ? null : found.whereabouts();
            if (elsewhere == null) {
                TaskId there = place;
                return Optional.ofNullable(found).map(task -> new Found(there, task));
            }
            place = elsewhere;
        }
        // It came back while it was followed.
        throw new Documents.Unseen(seen);
    }

    /**
     * Says whether who asks is a member of the list a task is in, or was born in, or was to the end of one that is gone. The reads are
     * the same for a task that never was.
     */
    public static boolean isKnown(Documents documents, String id, Request asked) {
        TaskId birth = TaskId.parse(id).orElse(NOWHERE);
        Optional<LedgerTask> task = at(documents, birth);
        boolean was = isMember(documents, birth, asked);
        TaskId elsewhere = task.map(LedgerTask::whereabouts).orElse(null);
        if (elsewhere == null) {
            // Something else is read, so that the time it takes does not tell whether a task was moved.
            documents.get(Keys.user(asked.user()));
            return task.isPresent() && was;
        }
        return isMember(documents, elsewhere, asked) || was;
    }

    private static boolean isMember(Documents documents, TaskId place, Request asked) {
        return Head.of(documents, place.list())
                .filter(head -> head.isKnownTo(asked))
                .isPresent();
    }

    private static Optional<LedgerTask> at(Documents documents, TaskId place) {
        return LedgerTask.of(documents.get(key(place))).filter(task -> task.state() != LedgerTask.State.PROMISED);
    }

    /** The key under which a task lies, to be read along with its list's head. */
    public static String key(TaskId place) {
        return Keys.task(place.list(), place.number());
    }
}
