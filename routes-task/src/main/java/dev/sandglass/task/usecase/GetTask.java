package dev.sandglass.task.usecase;

import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.task.domain.Answer;
import dev.sandglass.task.domain.LedgerTask;
import dev.sandglass.task.domain.Places;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Instant;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/** {@code GET /api/tasks/{id}} */
@Singleton
@Named("getTask")
public class GetTask {
    /** @throws Rejection NOT_FOUND where it is not there or not the user's to see */
    public Decision<Answer> get(@ExchangeProperty("request") Request request, @Header("id") String id) {
        return documents -> Accepted.unchanged(Places.find(documents, id, request.user())
                .map(Places.Found::task)
                .filter(LedgerTask::here)
                .map(task -> Answer.task(task.seen(Instant.now())))
                .orElseThrow(Access::noTask));
    }
}
