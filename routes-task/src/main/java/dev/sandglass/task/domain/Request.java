package dev.sandglass.task.domain;

import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request: the user, the time and the terms. Routes carry it as the exchange property {@code request}.
 *
 * @param grant what the personal token is good for by which they ask; null for who signed in
 * @param until when the token runs out by which the user is known, null where another service asks
 * @param once where the client sent an {@code Idempotency-Key}
 * @param ifMatch the client's {@code If-Match}
 * @param ifNoneMatch the client's {@code If-None-Match}, where it reads
 * @param at when it came
 * @param id the task, list or letter that its path names; empty where it names none
 * @param member the user, or the link, that its path names beside it
 */
public record Request(
        String user,
        Set<String> roles,
        @Nullable Grant grant,
        @Nullable Once once,
        @Nullable String ifMatch,
        @Nullable String ifNoneMatch,
        @Nullable Instant until,
        Instant at,
        String id,
        String member) {
    public Request {
        // Clients get instants to the millisecond.
        at = at.truncatedTo(ChronoUnit.MILLIS);
    }

    public Request(String user, Set<String> roles, @Nullable Once once, @Nullable String ifMatch, Instant at) {
        this(user, roles, null, once, ifMatch, null, null, at, "", "");
    }

    /** The same for a task or a list, and for a member of it. */
    public Request about(String wanted, String whom) {
        return new Request(user, roles, grant, once, ifMatch, ifNoneMatch, until, at, wanted, whom);
    }

    /** The same for a task or a list. */
    public Request about(String wanted) {
        return about(wanted, "");
    }

    /** The same as a part of a request, whose answer is not kept. */
    Request withoutKey() {
        return once(null);
    }

    /** The same as a part of a request, with a key of its own. */
    public Request once(@Nullable Once own) {
        return new Request(user, roles, grant, own, ifMatch, ifNoneMatch, until, at, id, member);
    }

    /** The same with no word of versions: who asks by CalDAV names them otherwise. */
    Request unconditional() {
        return new Request(user, roles, grant, once, null, null, until, at, id, member);
    }

    /** The same by a personal token. */
    public Request by(Grant token) {
        return new Request(user, roles, token, once, ifMatch, ifNoneMatch, until, at, id, member);
    }

    /** Tells if who asks may ask about a list, where they are a member. */
    boolean isFor(String list) {
        return grant == null || grant.lists() == null || grant.lists().contains(list);
    }

    /** A version as clients name it. */
    public static String tag(int version) {
        return "\"" + version + "\"";
    }

    /** Tells if a list of tags names one: to the letter, or all. */
    static boolean names(String tags, String tag) {
        return Arrays.stream(tags.split(",")).map(String::strip).anyMatch(one -> one.equals("*") || one.equals(tag));
    }

    /** Tells if a client has what has a tag (RFC 9110 section 13.1.2: a weak one counts, too). */
    static boolean isKnown(@Nullable String ifNoneMatch, String tag) {
        return ifNoneMatch != null && names(ifNoneMatch.replace("W/", ""), tag);
    }

    /**
     * Takes a task that is there, as the client knows it (RFC 9110 section 13.1.1: strong comparison, any of a list).
     *
     * @throws Rejection NOT_FOUND where it was deleted; STALE, with the task as it is, where the client means another version
     */
    void unlessStale(LedgerTask task, Instant now) {
        if (!task.here()) {
            throw Access.noTask();
        }
        Task seen = task.seen(now);
        if (ifMatch != null && !names(ifMatch, tag(seen.version()))) {
            throw new Rejection(Reason.STALE, "The task was changed meanwhile").with("task", Json.tree(seen));
        }
    }
}
