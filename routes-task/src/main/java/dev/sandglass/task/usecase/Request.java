package dev.sandglass.task.usecase;

import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.Answer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, and on which terms. Routes carry it as the exchange property {@code request}.
 *
 * @param until when the token runs out by which the user is known, null where another service asks
 * @param once where the client sent an {@code Idempotency-Key}
 * @param ifMatch the client's {@code If-Match}
 */
public record Request(
        String user,
        Set<String> roles,
        @Nullable Once once,
        @Nullable String ifMatch,
        @Nullable Instant until) {

    public Request(String user, Set<String> roles, @Nullable Once once, @Nullable String ifMatch) {
        this(user, roles, once, ifMatch, null);
    }

    /**
     * RFC 9110 section 13.1.1: strong comparison, any of a list.
     *
     * @throws Rejection STALE, with the task as it is, where the client means another version
     */
    void unlessStale(Task seen) {
        if (ifMatch != null
                && Arrays.stream(ifMatch.split(","))
                        .map(String::strip)
                        .noneMatch(tag -> tag.equals("*") || tag.equals(Answer.etag(seen)))) {
            throw new Rejection(Reason.STALE, "The task was changed meanwhile").with("task", Json.tree(seen));
        }
    }
}
