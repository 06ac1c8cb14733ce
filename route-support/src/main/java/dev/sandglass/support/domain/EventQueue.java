package dev.sandglass.support.domain;

import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Numbered events that wait for one receiver: where they lie, who takes them, and what is kept of how that went. */
public interface EventQueue {
    /** Its name among the queues of the service, which its dead letters have as their source. */
    String name();

    /** Where its {@link QueueCursor} lies. */
    String cursor();

    /** Documents that {@link #next} looks at. */
    Set<String> keys();

    /** @return the number that the next event gets; empty while nothing may be tried */
    OptionalLong next(Documents documents);

    /** Where an event lies. */
    String event(long n);

    /** @return the CloudEvent in what lies there */
    String text(Stored event);

    /** Tells if events wait behind one that must be tried again. */
    boolean isInOrder();

    /** After so many failures an event is a dead letter; at once where the failure {@linkplain NotTaken says} that it is the last. */
    int tries();

    /** The kind of receiver, {@code direct:hooks.give-to-<kind>}; the body of that route is false while it cannot. */
    String to();

    /** The path on which the service takes a dead letter again, without a leading slash. */
    String path();

    /**
     * A try that is over.
     *
     * @param type empty where the event was taken away while it waited
     * @param tries all of the event so far
     * @param reason of the failure; null: the receiver has the event
     * @param next when it is tried again; null: never
     */
    record Tried(
            long n,
            String type,
            Instant at,
            int tries,
            @Nullable String reason,
            @Nullable Instant next) {
        /** The same once the event is a dead letter. */
        public Tried last() {
            return new Tried(n, type, at, tries, reason, null);
        }
    }

    /** Documents that {@link #write} looks at. */
    Set<String> kept();

    /**
     * Writes down how it went.
     *
     * @param gone events that wait no more
     * @param tried those of them, and of the others, that the receiver was to be given, in order
     */
    void write(Transaction transaction, Documents documents, List<Long> gone, List<Tried> tried);
}
