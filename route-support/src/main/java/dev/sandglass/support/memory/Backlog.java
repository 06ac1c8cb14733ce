package dev.sandglass.support.memory;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Work that waits in this replica. A route takes it by {@code from("memory:<name of the bean>")}. */
@FunctionalInterface
public interface Backlog {
    /**
     * Takes what is to be done next, as the body of one exchange: where much waits, much of it together.
     *
     * @param longest how long to wait where nothing is to be done
     * @return null where nothing was to be done for so long
     * @throws InterruptedException when the service stops
     */
    @Nullable
    Object take(Duration longest) throws InterruptedException;
}
