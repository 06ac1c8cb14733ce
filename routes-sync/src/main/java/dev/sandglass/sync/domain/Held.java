package dev.sandglass.sync.domain;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The sockets that a user holds, over all replicas, under {@code sockets/<user>}. A ticket counts as a socket until it is used or
 * ends; an open socket counts as long as its replica lives.
 *
 * @param v schema version of the stored value
 * @param tickets id to the instant at which the ticket ends
 * @param open id of a socket to the replica that has it
 */
public record Held(int v, Map<String, Instant> tickets, Map<String, String> open) {
    public static final Held NONE = new Held(1, Map.of(), Map.of());

    public Held {
        tickets = Map.copyOf(tickets);
        open = Map.copyOf(open);
    }

    public int size() {
        return tickets.size() + open.size();
    }

    /** The replicas that have sockets of the user. */
    public Set<String> replicas() {
        return Set.copyOf(open.values());
    }

    /** The same without ended tickets and without sockets of dead replicas. */
    public Held at(Instant now, Predicate<String> lives) {
        Map<String, Instant> good = new TreeMap<>(tickets);
        good.values().removeIf(until -> !until.isAfter(now));
        Map<String, String> there = new TreeMap<>(open);
        there.values().removeIf(replica -> !lives.test(replica));
        return new Held(v, good, there);
    }

    public Held withTicket(String ticket, Instant until) {
        Map<String, Instant> more = new TreeMap<>(tickets);
        more.put(ticket, until);
        return new Held(v, more, open);
    }

    /** The ticket becomes a socket. */
    public Held used(String ticket, String socket, String replica) {
        Map<String, Instant> fewer = new TreeMap<>(tickets);
        fewer.remove(ticket);
        Map<String, String> more = new TreeMap<>(open);
        more.put(socket, replica);
        return new Held(v, fewer, more);
    }

    public Held closed(Set<String> sockets) {
        Map<String, String> fewer = new TreeMap<>(open);
        fewer.keySet().removeAll(sockets);
        return new Held(v, tickets, fewer);
    }
}
