package dev.sandglass.task.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request with an {@code Idempotency-Key}, as it is kept under {@code once/<user>/<hash>}. It is kept as the response of
 * HTTP that it was: replicas of the version before, which run beside this one during an upgrade, answer with what they find here.
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

    private static final String PATH = "/api/";

    public static IdempotencyRecord of(String request, Answer answer) {
        return new IdempotencyRecord(
                1,
                request,
                answer.made() != null ? 201 : answer.body() != null ? 200 : 204,
                answer.body(),
                answer.made() == null ? null : PATH + answer.made(),
                answer.version() == null ? null : Request.tag(answer.version()));
    }

    public Answer answer() {
        return new Answer(
                body,
                location == null ? null : location.substring(PATH.length()),
                etag == null ? null : Integer.valueOf(etag.replace("\"", "")));
    }
}
