package dev.sandglass.support.memory;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.DeadLetters;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Letter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters on their way to the service again, in the order they came, for ten seconds at most: the steps of
 * {@code <service>.dead-letters.resend} between its calls of Dapr.
 */
public final class Resending {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Order order;
    private final long deadline;
    private long n;
    private long end = Long.MAX_VALUE;
    private int sent;
    private int failed;

    /** The letter with a number, or the letters of a source, null for all, from a number on. */
    private record Order(@Nullable Long n, @Nullable String source, long from) {}

    /**
     * The result of sending letters again.
     *
     * @param sent the number of letters that were taken and are gone
     * @param failed the number of letters that are still here
     * @param next the value of {@code from} to go on; null when all were tried
     */
    public record Resent(int sent, int failed, @Nullable Long next) {}

    Resending(String order, Duration limit) {
        this.order = Json.read(order, Order.class);
        this.deadline = System.nanoTime() + limit.toNanos();
    }

    /** @param order {@code {"n"}} or {@code {"source","from"}} */
    public static Resending begin(@Body String order) {
        return new Resending(order, LIMIT);
    }

    public static void range(@ExchangeProperty("resending") Resending resending, @Body Letter.Head letters) {
        Long only = resending.order.n;
        resending.n = Math.max(letters.first(), only == null ? resending.order.from : only);
        resending.end = Math.min(letters.next(), only == null ? Long.MAX_VALUE : only + 1);
    }

    public static boolean isOpen(@ExchangeProperty("resending") Resending resending) {
        return resending.n < resending.end && System.nanoTime() - resending.deadline <= 0;
    }

    /** The key of the next letter, if there is one. */
    public static List<String> keys(@ExchangeProperty("resending") Resending resending) {
        return List.of(Letter.key(resending.n));
    }

    /** @return the letter to send; null for none */
    public static @Nullable Letter next(
            @ExchangeProperty("resending") Resending resending, @Body Map<String, Stored> read) {
        Stored stored = read.get(Letter.key(resending.n++));
        return stored != null && !stored.absent() && stored.as(Letter.class).isOf(resending.order.source)
                ? stored.as(Letter.class)
                : null;
    }

    /**
     * Removes a letter that was taken. If its event failed again, the letter was written again before the answer, and it stays.
     *
     * @param answer of the service: {@code {"status"}}
     */
    public static Decision<Boolean> taken(@ExchangeProperty("letter") Letter letter, @Body String answer) {
        return "SUCCESS".equals(Json.read(answer, JsonNode.class).path("status").asText())
                ? DeadLetters.remove(letter)
                : documents -> Accepted.unchanged(false);
    }

    public static void became(@ExchangeProperty("resending") Resending resending, @Body boolean gone) {
        if (gone) {
            resending.sent++;
        } else {
            resending.failed++;
        }
    }

    public static Resent outcome(@ExchangeProperty("resending") Resending resending) {
        return new Resent(resending.sent, resending.failed, resending.n < resending.end ? resending.n : null);
    }
}
