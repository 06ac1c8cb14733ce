package dev.sandglass.support.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import java.util.List;

/**
 * Why a request is refused. It is thrown from inside a decision, which {@link Decision#verdict} answers as the value {@link Rejected},
 * and ends the route that carries the request.
 */
public final class Rejection extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The fault of a cursor that was not given to who shows it, for this query. */
    public static final String WRONG_CURSOR = "is damaged or belongs to another query; begin without it";

    /** The most faults in one answer; the client sees others after it has mended these. */
    private static final int MOST_FAULTS = 100;

    private final Reason reason;
    private final transient ObjectNode more = Json.object();

    /** The kinds of refusals. */
    public enum Reason {
        /** The request cannot be read. */
        UNREADABLE,
        /** It is not there, or not for this user. */
        NOT_FOUND,
        /** The user sees it, and may not do this. */
        FORBIDDEN,
        /** It does not go with the state of things. */
        CONFLICT,
        /** It was there, and is not kept any more. */
        GONE,
        /** The client means another version. */
        STALE,
        /** A value is wrong, or a limit is reached. */
        INVALID,
        /** Others do too much of the same at once; nothing was done. */
        TOO_MANY,
        /** The same request may succeed later. */
        NOT_NOW
    }

    /** A wrong field: its place (RFC 6901) and the fault. */
    public record Fault(String pointer, String detail) {}

    public Rejection(Reason reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    /** Names the fields that are wrong, 100 of them at most. */
    public static Rejection wrong(List<Fault> faults) {
        ArrayNode errors = Json.array();
        faults.stream()
                .limit(MOST_FAULTS)
                .forEach(fault ->
                        errors.addObject().put("pointer", fault.pointer()).put("detail", fault.detail()));
        String detail = faults.size() == 1 ? faults.get(0).detail() : faults.size() + " fields are wrong";
        return new Rejection(Reason.INVALID, detail).with("errors", errors);
    }

    /** @see #WRONG_CURSOR */
    public static Rejection wrongCursor() {
        return wrong("/cursor", WRONG_CURSOR);
    }

    public static Rejection wrong(String pointer, String detail) {
        return wrong(List.of(new Fault(pointer, detail)));
    }

    /** Adds what a client may want to know beside the detail. */
    public Rejection with(String name, JsonNode value) {
        more.set(name, value);
        return this;
    }

    public Reason reason() {
        return reason;
    }

    public ObjectNode more() {
        return more;
    }
}
