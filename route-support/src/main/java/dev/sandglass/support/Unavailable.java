package dev.sandglass.support;

import org.jspecify.annotations.Nullable;

/** A part the service stands on is away, slow, or refused: the same call may succeed later. */
public class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String part;
    private final boolean outcomeUnknown;

    /** @param part what is away, in an operator's words: {@code the state store}, {@code audit} */
    public Unavailable(String part, @Nullable Throwable cause) {
        this(part, cause, false);
    }

    private Unavailable(String part, @Nullable Throwable cause, boolean outcomeUnknown) {
        super(part + " cannot be reached", cause);
        this.part = part;
        this.outcomeUnknown = outcomeUnknown;
    }

    /** The same where what was asked for may have been done. */
    public Unavailable unknown() {
        return new Unavailable(part, getCause(), true);
    }

    public boolean isOutcomeUnknown() {
        return outcomeUnknown;
    }

    public String part() {
        return part;
    }

    /**
     * Whether the state store says that somebody else was first. For good: an ETag does not come back, so that no earlier sending of
     * the same transaction can be written any more either. Of a deadlock that cannot be said.
     */
    public boolean conflict() {
        String text = String.valueOf(getCause());
        return text.contains("etag mismatch") || text.contains("no item was updated");
    }

    /**
     * Whether the broker, or the sidecar before it, says that one event is more than it takes: it will never take it. Of many events
     * at once that cannot be said.
     */
    public boolean tooLarge() {
        String text = String.valueOf(getCause());
        return text.contains("too large") || text.contains("larger than");
    }
}
