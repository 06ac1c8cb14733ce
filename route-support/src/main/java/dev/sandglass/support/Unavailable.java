package dev.sandglass.support;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part that the service needs is away, slow, or refused: the same call may succeed later. */
public class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final List<String> REFUSALS =
            List.of("can't contain '||'", "incorrect value for metadata", "(SQLSTATE 22", "(SQLSTATE 54");

    private final String part;
    private final boolean outcomeUnknown;

    /** @param part the part in an operator's words: {@code the state store}, {@code audit} */
    public Unavailable(String part, @Nullable Throwable cause) {
        this(part, part + " cannot be reached", cause);
    }

    Unavailable(String part, String message, @Nullable Throwable cause) {
        this(part, message, cause, false);
    }

    private Unavailable(String part, String message, @Nullable Throwable cause, boolean outcomeUnknown) {
        super(message, cause);
        this.part = part;
        this.outcomeUnknown = outcomeUnknown;
    }

    /** Its parts end one after the other, and nobody shall take that for a fault of a call. */
    public static Unavailable whileThisServiceStops(Throwable cause) {
        return new Unavailable("this service, which is stopping,", cause);
    }

    /** The part that is away among the causes of a failure, null where none is: a service that {@linkplain CallFailed failed} is there. */
    public static @Nullable Unavailable in(Throwable reason) {
        for (Throwable cause = reason; cause != null; cause = cause.getCause()) {
            if (cause instanceof Unavailable away && !(away instanceof CallFailed)) {
                return away;
            }
        }
        return null;
    }

    /** The same where the call may have been done. */
    public Unavailable unknown() {
        return new Unavailable(part, String.valueOf(getMessage()), getCause(), true);
    }

    public boolean isOutcomeUnknown() {
        return outcomeUnknown;
    }

    public String part() {
        return part;
    }

    /**
     * Tells if the state store answered with a conflict: another write was first. That is final: an ETag does not come back, so no
     * earlier sending of the same transaction can be written later. A deadlock is not final.
     */
    public boolean conflict() {
        String text = String.valueOf(getCause());
        return text.contains("etag mismatch") || text.contains("no item was updated");
    }

    /**
     * Tells if the sidecar or the state store called the request wrong: nobody is away, and it will always be wrong. Daprd 1.18 says most
     * errors of a store as INTERNAL, whatever they are, so that its words decide: those for a key, for a time to be kept, and PostgreSQL's
     * classes for data (22) and limits (54).
     */
    boolean refused() {
        String text = String.valueOf(getCause());
        return REFUSALS.stream().anyMatch(text::contains)
                || text.startsWith("io.dapr.exceptions.DaprException: INVALID_ARGUMENT:")
                        // Said of a store that is not loaded.
                        && !text.contains("is not found");
    }

    /**
     * Tells if the broker, or the sidecar before it, answered that one event is too large: it will never take it. For many events at
     * once this is not certain.
     */
    public boolean tooLarge() {
        String text = String.valueOf(getCause());
        return text.contains("too large") || text.contains("larger than");
    }
}
