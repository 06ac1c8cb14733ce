package dev.sandglass.sync.memory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.sync.domain.Closed;
import dev.sandglass.sync.domain.Holding;
import dev.sandglass.sync.domain.Together;
import dev.sandglass.sync.domain.Use;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Makes the decisions about users' sockets ({@link Holding}) one after the other in this replica: two about one user would both be made
 * several times. So tickets wait, and those that wait are counted together.
 */
@Singleton
@Named("leases")
public class Leases {
    private static final Duration LONGEST_WAIT = Duration.ofMillis(1_900);
    private static final int TOGETHER = 64;

    /** A semaphore, not a lock: a decision may end on another thread than it began on. */
    private final Semaphore turn = new Semaphore(1, true);

    private final Set<Reservation> waiting = ConcurrentHashMap.newKeySet();
    private final String replica;
    private final int limit;

    Leases(
            @ConfigProperty(name = "sandglass.sync.replica") String address,
            @ConfigProperty(name = "sandglass.sync.sockets-per-user") int limit) {
        this.replica = address + "/" + UUID.randomUUID();
        this.limit = limit;
    }

    /** A ticket that is about to be given. */
    public static final class Reservation {
        private final String user;
        private final String ticket;
        private final Instant until;
        private List<Reservation> together = List.of();
        private volatile @Nullable Boolean room;
        private volatile @Nullable RuntimeException failure;

        private Reservation(String user, String ticket, Instant until) {
            this.user = user;
            this.ticket = ticket;
            this.until = until;
        }

        public boolean isSettled() {
            return room != null || failure != null;
        }
    }

    /**
     * Waits until no other decision about sockets is under way here.
     *
     * @throws Rejection TOO_MANY when that takes long
     */
    public void await() throws InterruptedException {
        if (!turn.tryAcquire(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new Rejection(Reason.TOO_MANY, "Too many connections are opened at once; try again in a moment");
        }
    }

    public void pass() {
        turn.release();
    }

    public Transaction live() {
        return Holding.live(replica);
    }

    public Transaction end() {
        return Holding.end(replica);
    }

    /**
     * A ticket that is about to be given. It is counted together with others that come meanwhile.
     *
     * @param wanted {@code {"user","ticket","until"}}, the last an instant
     */
    public Reservation reservation(@Body String wanted) {
        JsonNode asked = Json.read(wanted, JsonNode.class);
        Reservation reservation = new Reservation(
                asked.path("user").asText(),
                asked.path("ticket").asText(),
                Instant.parse(asked.path("until").asText()));
        waiting.add(reservation);
        return reservation;
    }

    /** Counts the tickets that wait; decides which of them have room. */
    public Decision<List<Map<String, Boolean>>> reserve(@ExchangeProperty("reservation") Reservation own) {
        waiting.remove(own);
        own.together =
                Stream.concat(Stream.of(own), waiting.stream()).limit(TOGETHER).toList();
        own.together.forEach(waiting::remove);
        Map<String, Map<String, Instant>> byUser = new TreeMap<>();
        own.together.forEach(
                one -> byUser.computeIfAbsent(one.user, user -> new HashMap<>()).put(one.ticket, one.until));
        return new Together<>(byUser.entrySet().stream()
                .map(wanted -> of(wanted.getKey()).reserve(wanted.getValue(), limit))
                .toList());
    }

    public void settle(@ExchangeProperty("reservation") Reservation own, @Body List<Map<String, Boolean>> roomOfUsers) {
        Map<String, Boolean> room = new HashMap<>();
        roomOfUsers.forEach(room::putAll);
        own.together.forEach(one -> one.room = room.get(one.ticket));
    }

    /** Tells all that were counted together what went wrong; or the own one, where its turn did not come. */
    public void failed(
            @ExchangeProperty("reservation") Reservation own,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) RuntimeException failure) {
        waiting.remove(own);
        own.failure = failure;
        own.together.forEach(one -> one.failure = failure);
    }

    /** @return {@code {"room":true or false,"limit":n}} */
    public ObjectNode answer(@ExchangeProperty("reservation") Reservation reservation) {
        RuntimeException failure = reservation.failure;
        if (failure != null) {
            throw failure;
        }
        return Json.object().put("room", Boolean.TRUE.equals(reservation.room)).put("limit", limit);
    }

    public Decision<List<Set<Use>>> use(@Body List<Use> together) {
        Map<String, List<Use>> byUser = together.stream()
                .collect(Collectors.groupingBy(use -> use.ticket().user()));
        return new Together<>(byUser.entrySet().stream()
                .map(uses -> of(uses.getKey()).use(uses.getValue()))
                .toList());
    }

    public Decision<Boolean> close(@Body Closed closed) {
        return of(closed.user()).close(closed);
    }

    private Holding of(String user) {
        return new Holding(user, replica, Instant.now());
    }
}
