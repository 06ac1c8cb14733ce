package dev.sandglass.sync.memory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Problem;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.sync.domain.Closed;
import dev.sandglass.sync.domain.Holding;
import dev.sandglass.sync.domain.Use;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
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

/** Makes the decisions about a user's sockets ({@link Holding}) one after the other in this replica, and counts tickets together. */
@Singleton
@Named("leases")
public class Leases {
    private static final Duration LONGEST_WAIT = Duration.ofMillis(1_900);
    private static final int TURNS = 1_024;

    /** Semaphores, not locks: a decision may end on another thread than it began on. */
    private final Semaphore[] turns =
            IntStream.range(0, TURNS).mapToObj(turn -> new Semaphore(1, true)).toArray(Semaphore[]::new);

    private final Grouped<String, Reservation> reservations = new Grouped<>();
    private final String replica = UUID.randomUUID().toString();
    private final int limit;

    Leases(@ConfigProperty(name = "sandglass.sync.sockets-per-user") int limit) {
        this.limit = limit;
    }

    /** A ticket that is about to be given. */
    public static final class Reservation {
        private final String user;
        private final String ticket;
        private final Instant until;
        private Set<Reservation> together = Set.of();
        private volatile @Nullable Boolean room;

        private Reservation(String user, String ticket, Instant until) {
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

    /**
     * Waits until no other decision about the user's sockets is under way here: two at once would both be made several times.
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
        return Holding.live(replica);
    }

    /** This replica leaves. */
    public Transaction end() {
        return Holding.end(replica);
    }

    /**
     * A ticket that is about to be given. It is counted together with other tickets of its user that come meanwhile.
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

    /** Counts all tickets of a user that wait for it; decides which of them have room. */
    public Decision<Map<String, Boolean>> reserve(@ExchangeProperty("reservation") Reservation own) {
        // It counts its own ticket again where the count with the others failed.
        own.together = new HashSet<>(reservations.of(own.user));
        own.together.add(own);
        own.together.forEach(one -> reservations.remove(own.user, one));
        return of(own.user)
                .reserve(
                        own.together.stream()
                                .collect(Collectors.toMap(one -> one.ticket, one -> one.until, (same, again) -> same)),
                        limit);
    }

    /** Takes the decision. */
    public void settle(@ExchangeProperty("reservation") Reservation own, @Body Map<String, Boolean> room) {
        own.together.forEach(one -> one.room = room.get(one.ticket));
    }

    /** @return {@code {"room":true or false,"limit":n}} */
    public ObjectNode answer(@ExchangeProperty("reservation") Reservation reservation) {
        return Json.object().put("room", Boolean.TRUE.equals(reservation.room)).put("limit", limit);
    }

    public Decision<Boolean> use(@Body Use use) {
        return of(use.ticket().user()).use(use.ticket().id(), use.socket());
    }

    public Decision<Boolean> close(@Body Closed closed) {
        return of(closed.user()).close(closed);
    }

    private Holding of(String user) {
        return new Holding(user, replica, Instant.now());
    }
}
