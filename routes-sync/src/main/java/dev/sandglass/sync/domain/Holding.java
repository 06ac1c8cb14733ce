package dev.sandglass.sync.domain;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides about the sockets a user holds, over all replicas: {@code sockets/<user>}. A living replica writes itself to
 * {@code replica/<address>} again and again; when this expires, or another is at its address, the sockets of a killed replica are free.
 *
 * @param replica the replica that asks: its address, and what tells it from those there before, as {@code sync-0:8094/7d44…}
 */
public record Holding(String user, String replica, Instant now) {
    /** The time a replica counts as living after it last said so. */
    private static final Duration LIFE = Duration.ofSeconds(45);
    /** The time unused tickets are kept; they end after a minute. */
    private static final Duration KEPT = Duration.ofMinutes(2);

    /** A replica lives. */
    public static Transaction live(String replica) {
        return new Transaction().put(key(replica), replica, LIFE);
    }

    /** A replica leaves: its sockets belong to no user. */
    public static Transaction end(String replica) {
        return new Transaction().delete(key(replica));
    }

    /**
     * Counts tickets that are about to be given.
     *
     * @param wanted each with the instant at which it is over
     * @param limit how many sockets a user may hold
     * @return true for each ticket that has room
     */
    public Decision<Map<String, Boolean>> reserve(Map<String, Instant> wanted, int limit) {
        return decide((stored, held) -> {
            Held more = held;
            Map<String, Boolean> room = new HashMap<>();
            for (Map.Entry<String, Instant> ticket : wanted.entrySet()) {
                boolean fits = more.tickets().containsKey(ticket.getKey()) || more.size() < limit;
                room.put(ticket.getKey(), fits);
                more = fits ? more.withTicket(ticket.getKey(), ticket.getValue()) : more;
            }
            return more.equals(held) ? Accepted.unchanged(room) : write(stored, more, room);
        });
    }

    /**
     * Turns tickets into sockets of the replica, each once.
     *
     * @return those whose tickets were still valid
     */
    public Decision<Set<Use>> use(List<Use> uses) {
        return decide((stored, held) -> {
            Held more = held;
            Set<Use> good = new HashSet<>();
            for (Use use : uses) {
                String ticket = use.ticket().id();
                if (more.tickets().containsKey(ticket)) {
                    more = more.used(ticket, use.socket(), replica);
                }
                if (more.open().containsKey(use.socket())) {
                    good.add(use);
                }
            }
            return more.equals(held) ? Accepted.unchanged(good) : write(stored, more, good);
        });
    }

    /** Frees sockets; the user is remembered as gone if they were the last. */
    public Decision<Boolean> close(Closed closed) {
        return decide((stored, held) -> {
            Held left = held.closed(closed.sockets());
            Accepted<Boolean> freed = left.size() == held.size() ? Accepted.unchanged(true) : write(stored, left, true);
            Instant lastThere = closed.lastThere();
            return lastThere == null
                    ? freed
                    : new Accepted<>(
                            new Transaction().addAll(freed.transaction()).addAll(LastSeen.at(user, lastThere)), true);
        });
    }

    private <R> Decision<R> decide(BiFunction<Stored, Held, Accepted<R>> on) {
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
                Map<String, Stored> leases = documents.all(held.replicas().stream()
                        .map(Holding::key)
                        .filter(lease -> !lease.equals(key(replica)))
                        .collect(Collectors.toSet()));
                return on.apply(stored, held.at(now, other -> other.equals(holder(leases.get(key(other))))));
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

    /** The process at an address. At its own, of which it reads no lease, is the replica that asks. */
    private @Nullable String holder(@Nullable Stored lease) {
        if (lease == null) {
            return replica;
        }
        return lease.absent() ? null : lease.as(String.class);
    }

    private static String key(String replica) {
        return "replica/" + replica.split("/")[0];
    }
}
