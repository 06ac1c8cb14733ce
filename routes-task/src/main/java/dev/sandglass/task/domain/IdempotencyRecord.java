package dev.sandglass.task.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request with an {@code Idempotency-Key}, as it is kept under {@code once/<user>/<hash>}.
 *
 * @param v schema version of the stored value
 * @param request SHA-256 of the body
 * @param body absent where the answer had none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IdempotencyRecord(
        int v,
        String request,
        int status,
        @Nullable JsonNode body,
        @Nullable String location,
        @Nullable String etag) {
    static final Duration KEPT = Duration.ofHours(24);

    public static IdempotencyRecord of(String request, Answer answer) {
        return new IdempotencyRecord(1, request, answer.status(), answer.body(), answer.location(), answer.etag());
    }

    public Answer answer() {
        return new Answer(status, body, location, etag);
    }
}
