package dev.sandglass.task.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Chain;
import dev.sandglass.support.Dapr;
import dev.sandglass.support.Problem;
import dev.sandglass.support.Stored;
import dev.sandglass.task.domain.Keys;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request with an {@code Idempotency-Key}: what it did is kept, for a day, in the transaction that did it, and answered again.
 *
 * @param key where it is kept: of the user, the path and the client's key
 * @param request SHA-256 of the body
 */
public record Once(String key, String request) {
    static final Duration KEPT = Duration.ofHours(24);

    /** @param idempotencyKey as the client sent it */
    public static Once of(String user, String path, String idempotencyKey, String body) {
        String place = user + "\n" + path + "\n" + idempotencyKey;
        return new Once(Keys.once(user, Chain.sha256(place.getBytes(UTF_8))), Chain.sha256(body.getBytes(UTF_8)));
    }

    /**
     * What was answered.
     *
     * @param v schema version of the stored value
     * @param body absent where the answer had none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Kept(
            int v,
            String request,
            int status,
            @Nullable JsonNode body,
            @Nullable String location,
            @Nullable String etag) {}

    /** See {@link Ledger#answered}. */
    Optional<Answer> answered(Dapr dapr) {
        Stored stored = dapr.read(key);
        return stored.absent() ? Optional.empty() : Optional.of(again(stored.as(Kept.class)));
    }

    /** The same decision, made once. */
    public static Write<Answer> guard(@Nullable Once once, Write<Answer> write) {
        return once == null ? write : once.guard(write);
    }

    private Write<Answer> guard(Write<Answer> write) {
        return new Write<>() {
            @Override
            public Set<String> keys() {
                Set<String> keys = new HashSet<>(write.keys());
                keys.add(key);
                return keys;
            }

            @Override
            public Answer apply(Draft draft) {
                Stored stored = draft.stored(key);
                if (!stored.absent()) {
                    return again(stored.as(Kept.class));
                }
                Optional<Kept> meanwhile = draft.kept(key);
                if (meanwhile.isPresent()) {
                    return again(meanwhile.get());
                }
                Answer answer = write.apply(draft);
                draft.keep(key, new Kept(1, request, answer.status(), answer.body(), answer.location(), answer.etag()));
                return answer;
            }
        };
    }

    private Answer again(Kept kept) {
        if (!kept.request.equals(request)) {
            throw new Problem(422, "This Idempotency-Key came with another body before");
        }
        return new Answer(kept.status, kept.body, kept.location, kept.etag);
    }
}
