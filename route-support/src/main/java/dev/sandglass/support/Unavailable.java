package dev.sandglass.support;

import org.jspecify.annotations.Nullable;

/** A part the service stands on is away, slow, or refused: the same call may succeed later. */
public class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String part;

    /** @param part what is away, in an operator's words: {@code the state store}, {@code audit} */
    public Unavailable(String part, @Nullable Throwable cause) {
        super(part + " cannot be reached", cause);
        this.part = part;
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
}
