package dev.sandglass.task.usecase;

import dev.sandglass.task.ledger.Once;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, and on which terms. Routes carry it as the exchange property {@code request}.
 *
 * @param once where the client sent an {@code Idempotency-Key}
 * @param ifMatch the client's {@code If-Match}
 */
public record Request(
        String user,
        Set<String> roles,
        @Nullable Once once,
        @Nullable String ifMatch) {}
