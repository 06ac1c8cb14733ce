package dev.sandglass.sync.memory;

import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.memory.FairShare;
import dev.sandglass.sync.domain.Ticket;
import dev.sandglass.sync.domain.Use;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;

/** The clients that wait to be let in: many tickets are checked together, and one user's do not hold up those of others. */
@Singleton
public class Knocks {
    /** The most tickets that are checked together. */
    private static final int TOGETHER = 64;

    private static final int WAITING = 1_000;

    private final FairShare turns = new FairShare(TOGETHER, TOGETHER, WAITING);

    @Produces
    @Singleton
    @Named("knocks")
    final Waiting<Knock> waiting = new Waiting<>(TOGETHER);

    /** A client that waits to be let in. */
    public record Knock(Use use, FairShare.Turn turn, CompletableFuture<Optional<Ticket>> answer) {}

    /**
     * Has a ticket used.
     *
     * @return the ticket with the lists of its token; empty where one of both is over, or the ticket was used before
     * @throws Rejection TOO_MANY
     */
    public CompletionStage<Optional<Ticket>> add(Use use) {
        CompletableFuture<Optional<Ticket>> answer = new CompletableFuture<>();
        turns.enter(use.ticket().user(), turn -> waiting.add(new Knock(use, turn, answer)));
        return answer;
    }

    public static List<Use> uses(@Body List<Knock> together) {
        return together.stream().map(Knock::use).toList();
    }

    /** @param good of each user those whose tickets are good, and were not used before */
    public static void used(@ExchangeProperty("knocks") List<Knock> together, @Body List<Set<Use>> good) {
        Map<String, Ticket> tickets = new HashMap<>();
        good.forEach(some -> some.forEach(use -> tickets.put(use.socket(), use.ticket())));
        for (Knock knock : together) {
            knock.turn.end();
            knock.answer.complete(Optional.ofNullable(tickets.get(knock.use.socket())));
        }
    }

    /** The tickets could not be checked. */
    public static void failed(
            @ExchangeProperty("knocks") List<Knock> together,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure) {
        for (Knock knock : together) {
            knock.turn.end();
            knock.answer.completeExceptionally(failure);
        }
    }
}
