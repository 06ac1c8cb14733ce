package dev.sandglass.task.memory;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sandglass.events.Change;
import dev.sandglass.events.ChangeType;
import dev.sandglass.task.domain.Departure;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OutboxesTest {
    private static final Duration AT_ONCE = Duration.ofMillis(10);

    private final Outboxes outboxes = new Outboxes(new SimpleMeterRegistry());

    /** Another replica published the first one, and took the list out of what is pending. */
    @Test
    void aChangeThatComesWhileTheStoreIsAskedGoesOutToo() throws Exception {
        outboxes.written(change(1), null, -1);
        assertNotNull(outboxes.take(AT_ONCE));
        outboxes.written(change(2), null, 1);

        outboxes.left(notPending(1), 0, 0);
        assertNotNull(outboxes.take(AT_ONCE), "it is looked at again");
        outboxes.left(notPending(2), 0, 0);
        assertNull(outboxes.take(AT_ONCE), "all of it is out");
    }

    private static Departure notPending(long last) {
        return new Departure("l", -1, last, 1, List.of());
    }

    private static Change change(long seq) {
        return new Change(
                ChangeType.LIST_UPDATED, "l", seq, Instant.EPOCH, "alice", new TreeMap<>(), null, null, null, "", "");
    }
}
