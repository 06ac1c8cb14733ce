package dev.sandglass.support.memory;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Work that waits in this replica. A route takes it by {@code from("memory:<name of the bean>")}. */
@FunctionalInterface
public interface Backlog {
    /**
     * Takes the next work, as the body of one exchange: where much waits, much of it together.
     *
     * @param longest the longest wait for work
     * @return null where no work came in that time
     * @throws InterruptedException when the service stops
     */
    @Nullable
    Object take(Duration longest) throws InterruptedException;
}
