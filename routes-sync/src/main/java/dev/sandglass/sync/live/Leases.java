package dev.sandglass.sync.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.sync.domain.Held;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.net.URLEncoder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * How many sockets a user holds, over all replicas: {@code sockets/<user>}, written when a ticket is given, when it is used, and when its
 * socket closes. A replica says that it lives under {@code replica/<replica>}; the sockets of one that was killed are free when that is
 * forgotten.
 */
@Singleton
@Named("leases")
public class Leases {
    /** So long a replica counts as living after it last said so. */
    private static final Duration LIFE = Duration.ofSeconds(45);
    /** So long tickets that nobody uses are kept; they are over after a minute. */
    private static final Duration KEPT = Duration.ofMinutes(2);

    private final String replica = UUID.randomUUID().toString();
    private final int limit;
    private final Clock clock = Clock.systemUTC();

    Leases(@ConfigProperty(name = "sandglass.sync.sockets-per-user") int limit) {
        this.limit = limit;
    }

    /** This replica lives. */
    public Transaction live() {
        return new Transaction().put(key(replica), 1, LIFE);
    }

    /** This replica leaves: its sockets are nobody's. */
    public Transaction end() {
        return new Transaction().delete(key(replica));
    }

    /**
     * Counts a ticket that is about to be given.
     *
     * @param wanted {@code {"user","ticket","until"}}, the last an instant
     * @return decides on {@code {"room":true or false,"limit":n}}
     */
    public Decision<String> reserve(@Body String wanted) {
        JsonNode asked = Json.read(wanted, JsonNode.class);
        String ticket = asked.path("ticket").asText();
        return decide(asked.path("user").asText(), (stored, held) -> {
            boolean room = held.tickets().containsKey(ticket) || held.size() < limit;
            String answer = Json.object().put("room", room).put("limit", limit).toString();
            return room
                    ? write(
                            stored,
                            held.withTicket(
                                    ticket, Instant.parse(asked.path("until").asText())),
                            answer)
                    : Accepted.unchanged(answer);
        });
    }

    /** Makes a ticket a socket of this replica; decides on whether it was one still. */
    public Decision<Boolean> use(@Body Use use) {
        return decide(use.ticket().user(), (stored, held) -> {
            if (held.open().containsKey(use.socket())) {
                return Accepted.unchanged(true);
            }
            return held.tickets().containsKey(use.ticket().id())
                    ? write(stored, held.used(use.ticket().id(), use.socket(), replica), true)
                    : Accepted.unchanged(false);
        });
    }

    /** Sockets are closed; the user is remembered as gone if they were the last. */
    public Decision<Boolean> close(@Body Closed closed) {
        return decide(closed.user(), (stored, held) -> {
            Held left = held.closed(closed.sockets());
            Accepted<Boolean> freed = left.size() == held.size() ? Accepted.unchanged(true) : write(stored, left, true);
            Instant lastThere = closed.lastThere();
            return lastThere == null
                    ? freed
                    : new Accepted<>(
                            new Transaction().addAll(freed.transaction()).addAll(LastSeen.at(closed.user(), lastThere)),
                            true);
        });
    }

    private interface On<R> {
        Accepted<R> decide(Stored stored, Held held);
    }

    private <R> Decision<R> decide(String user, On<R> on) {
        String key = "sockets/" + URLEncoder.encode(user, UTF_8);
        return new Decision<>() {
            @Override
            public Set<String> keys() {
                return Set.of(key);
            }

            @Override
            public Accepted<R> on(Documents documents) {
                Stored stored = documents.get(key);
                Held held = stored.absent() ? Held.NONE : stored.as(Held.class);
                Map<String, Stored> others = documents.all(held.replicas().stream()
                        .filter(other -> !other.equals(replica))
                        .map(Leases::key)
                        .collect(Collectors.toSet()));
                return on.decide(stored, held.at(clock.instant(), other -> {
                    Stored lease = others.get(key(other));
                    return lease == null || !lease.absent();
                }));
            }
        };
    }

    private static <R> Accepted<R> write(Stored stored, Held held, R answer) {
        Transaction transaction = new Transaction();
        if (!held.open().isEmpty()) {
            transaction.replace(stored, held);
        } else if (!held.tickets().isEmpty()) {
            transaction.replace(stored, held, KEPT);
        } else if (!stored.absent()) {
            transaction.delete(stored);
        }
        return new Accepted<>(transaction, answer);
    }

    private static String key(String replica) {
        return "replica/" + replica;
    }

    /** A ticket on its way to being the socket of that id. */
    public record Use(Ticket ticket, String socket) {}

    /**
     * Sockets that are no more.
     *
     * @param lastThere when their user was last there, null where another socket tells
     */
    public record Closed(
            String user, Set<String> sockets, @Nullable Instant lastThere) {
        Closed and(Closed later) {
            Set<String> all = new HashSet<>(sockets);
            all.addAll(later.sockets);
            return new Closed(user, all, later.lastThere == null ? lastThere : later.lastThere);
        }
    }
}
