package dev.sandglass.task.ledger;

import dev.sandglass.support.Dapr;
import dev.sandglass.support.Stored;
import dev.sandglass.task.domain.LedgerTask;
import dev.sandglass.task.domain.TaskId;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Where tasks are now: where they were born, unless what stayed behind there says where they went. */
@Singleton
public class Places {
    private final Dapr dapr;

    Places(Dapr dapr) {
        this.dapr = dapr;
    }

    /**
     * @return the list and the task's number in it; empty where there never was such a task
     * @throws dev.sandglass.support.Unavailable when the state store does not answer in time
     */
    public Optional<TaskId> of(String id) {
        Optional<TaskId> birth = TaskId.parse(id);
        if (birth.isEmpty()) {
            return Optional.empty();
        }
        Stored stored = dapr.read(key(birth.get()));
        if (stored.absent()) {
            return Optional.empty();
        }
        LedgerTask task = stored.as(LedgerTask.class);
        return task.state() == LedgerTask.State.PROMISED
                ? Optional.empty()
                : Optional.of(task.whereabouts() == null ? birth.get() : task.whereabouts());
    }

    /** The key under which a task lies, to be read along with its list's head. */
    public static String key(TaskId place) {
        return Keys.task(place.list(), place.number());
    }
}
