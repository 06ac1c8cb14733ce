package dev.sandglass.task.usecase;

import dev.sandglass.support.Dapr;
import dev.sandglass.support.Stored;
import dev.sandglass.task.domain.LedgerTask;
import dev.sandglass.task.domain.TaskId;
import dev.sandglass.task.ledger.Answer;
import dev.sandglass.task.ledger.Places;
import dev.sandglass.task.ledger.Views;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/** {@code GET /api/tasks/{id}} */
@Singleton
@Named("getTask")
public class GetTask {
    private final Dapr dapr;
    private final Views views;
    private final Places places;

    GetTask(Dapr dapr, Views views, Places places) {
        this.dapr = dapr;
        this.views = views;
        this.places = places;
    }

    /** @throws dev.sandglass.support.Problem 404 where it is not there or not the user's to see */
    public Answer get(@ExchangeProperty("request") Request request, @Header("id") String id) {
        TaskId place = places.of(id).orElseThrow(Access::noTask);
        Access.reader(views.heads(List.of(place.list())).stream().findFirst(), request.user(), Access.noTask());
        Stored stored = dapr.read(Places.key(place));
        if (stored.absent()) {
            throw Access.noTask();
        }
        LedgerTask task = stored.as(LedgerTask.class);
        if (!task.here()) {
            throw Access.noTask();
        }
        return Answer.task(task.seen(Instant.now()));
    }
}
