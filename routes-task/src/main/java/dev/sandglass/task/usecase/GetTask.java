package dev.sandglass.task.usecase;

import dev.sandglass.task.domain.LedgerTask;
import dev.sandglass.task.ledger.Answer;
import dev.sandglass.task.ledger.Places;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Instant;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/** {@code GET /api/tasks/{id}} */
@Singleton
@Named("getTask")
public class GetTask {
    private final Places places;

    GetTask(Places places) {
        this.places = places;
    }

    /** @throws dev.sandglass.support.Problem 404 where it is not there or not the user's to see */
    public Answer get(@ExchangeProperty("request") Request request, @Header("id") String id) {
        return places.find(id, request.user())
                .map(Places.Found::task)
                .filter(LedgerTask::here)
                .map(task -> Answer.task(task.seen(Instant.now())))
                .orElseThrow(Access::noTask);
    }
}
