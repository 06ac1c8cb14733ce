package dev.sandglass.task.ledger;

import dev.sandglass.support.Dapr;
import dev.sandglass.support.Stored;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.Keys;
import dev.sandglass.task.domain.LedgerTask;
import dev.sandglass.task.domain.TaskId;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where tasks are now: where they were born, unless what stayed behind there says where they went. */
@Singleton
public class Places {
    /** Where an id that cannot be ours is looked for, so that it costs what others cost. */
    private static final TaskId NOWHERE = new TaskId("-", 1);

    private final Dapr dapr;
    private final Views views;

    Places(Dapr dapr, Views views) {
        this.dapr = dapr;
        this.views = views;
    }

    /**
     * Where a task is, and the task there, also a deleted one. For a user who may not see it this takes the same reads as for a task
     * that never was.
     *
     * @return empty in both cases
     * @throws dev.sandglass.support.Unavailable when the state store does not answer in time
     */
    public Optional<Found> find(String id, String user) {
        TaskId place = TaskId.parse(id).orElse(NOWHERE);
        Optional<LedgerTask> task = at(place);
        while (true) {
            TaskId elsewhere = task.map(LedgerTask::whereabouts).orElse(null);
            TaskId now = elsewhere == null ? place : elsewhere;
            boolean theirs = views.head(now.list())
                    .filter(head -> head.role(user) != null)
                    .isPresent();
            if (!theirs || elsewhere == null) {
                return task.filter(there -> theirs).map(there -> new Found(now, there));
            }
            place = now;
            task = at(place);
        }
    }

    /** @param task as it lies there */
    public record Found(TaskId place, LedgerTask task) {}

    /**
     * Whether the user is a member of the list a task is in, or was born in, or was to the end of one that is gone. The reads are the
     * same for a task that never was.
     *
     * @throws dev.sandglass.support.Unavailable when the state store does not answer in time
     */
    public boolean isKnown(String id, String user) {
        TaskId birth = TaskId.parse(id).orElse(NOWHERE);
        Optional<LedgerTask> task = at(birth);
        TaskId now = task.map(LedgerTask::whereabouts).orElse(birth);
        List<Head> heads = Stream.of(birth, now)
                .flatMap(place -> views.head(place.list()).stream())
                .toList();
        return task.isPresent()
                && heads.stream().anyMatch(head -> head.members().containsKey(user));
    }

    private Optional<LedgerTask> at(TaskId place) {
        Stored stored = dapr.read(key(place));
        return stored.absent()
                ? Optional.empty()
                : Optional.of(stored.as(LedgerTask.class)).filter(task -> task.state() != LedgerTask.State.PROMISED);
    }

    /** The key under which a task lies, to be read along with its list's head. */
    public static String key(TaskId place) {
        return Keys.task(place.list(), place.number());
    }
}
