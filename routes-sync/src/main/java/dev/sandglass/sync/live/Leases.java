package dev.sandglass.sync.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Problem;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
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

    private static final Duration LONGEST_WAIT = Duration.ofMillis(1_900);
    private static final int TURNS = 1_024;

    /** Not locks: a decision may end on another thread than it began on. */
    private final Semaphore[] turns =
            IntStream.range(0, TURNS).mapToObj(turn -> new Semaphore(1, true)).toArray(Semaphore[]::new);

    private final Grouped<String, Reservation> reservations = new Grouped<>();
    private final String replica = UUID.randomUUID().toString();
    private final int limit;
    private final Clock clock = Clock.systemUTC();

    Leases(@ConfigProperty(name = "sandglass.sync.sockets-per-user") int limit) {
        this.limit = limit;
    }

    /**
     * Waits until no other decision about the user's sockets is under way here: racing, each would be made several times.
     *
     * @throws Problem 429 when that takes long
     */
    public void await(@ExchangeProperty("user") String user) throws InterruptedException {
        if (!turn(user).tryAcquire(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new Problem(429, "Too many connections of yours are opened at once; try again in a moment");
        }
    }

    /** The next decision about the user's sockets may be made. */
    public void pass(@ExchangeProperty("user") String user) {
        turn(user).release();
    }

    private Semaphore turn(String user) {
        return turns[Math.floorMod(user.hashCode(), turns.length)];
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
     * A ticket that is about to be given, to be counted with others of its user that come meanwhile.
     *
     * @param wanted {@code {"user","ticket","until"}}, the last an instant
     */
    public Reservation reservation(@Body String wanted) {
        JsonNode asked = Json.read(wanted, JsonNode.class);
        Reservation reservation = new Reservation(
                asked.path("user").asText(),
                asked.path("ticket").asText(),
                Instant.parse(asked.path("until").asText()));
        reservations.add(reservation.user, reservation);
        return reservation;
    }

    /** Counts all tickets of a user that wait to be; decides on which there is room for. */
    public Decision<Map<Reservation, Boolean>> reserve(@ExchangeProperty("reservation") Reservation own) {
        // Its own too where those it was counted with failed.
        Set<Reservation> together = new HashSet<>(reservations.of(own.user));
        together.add(own);
        together.forEach(one -> reservations.remove(own.user, one));
        return decide(own.user, (stored, held) -> {
            Held more = held;
            Map<Reservation, Boolean> room = new HashMap<>();
            for (Reservation one : together) {
                boolean fits = more.tickets().containsKey(one.ticket) || more.size() < limit;
                room.put(one, fits);
                more = fits ? more.withTicket(one.ticket, one.until) : more;
            }
            return more.size() == held.size() ? Accepted.unchanged(room) : write(stored, more, room);
        });
    }

    /** That is decided. */
    public void settle(@Body Map<Reservation, Boolean> room) {
        room.forEach((reservation, fits) -> reservation.room = fits);
    }

    /** Whether there is room, {@code {"room":true or false,"limit":n}}. */
    public String answer(@ExchangeProperty("reservation") Reservation reservation) {
        return Json.object()
                .put("room", Boolean.TRUE.equals(reservation.room))
                .put("limit", limit)
                .toString();
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

    /** A ticket that is about to be given. */
    public static final class Reservation {
        private final String user;
        private final String ticket;
        private final Instant until;
        private volatile @Nullable Boolean room;

        Reservation(String user, String ticket, Instant until) {
            this.user = user;
            this.ticket = ticket;
            this.until = until;
        }

        public String getUser() {
            return user;
        }

        public boolean isSettled() {
            return room != null;
        }
    }

    /** A ticket on its way to being the socket of that id. */
    public record Use(Ticket ticket, String socket) {
        public String user() {
            return ticket.user();
        }
    }

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
