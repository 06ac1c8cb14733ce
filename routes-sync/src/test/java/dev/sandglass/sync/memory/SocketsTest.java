package dev.sandglass.sync.memory;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.sync.domain.ReminderFrame;
import dev.sandglass.sync.domain.Ticket;
import dev.sandglass.sync.domain.UserSocket;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-014")
class SocketsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Sockets sockets =
            new Sockets(new Fetches(), new SimpleMeterRegistry(), SECOND, SECOND, SECOND, SECOND, 20);
    private final ReadsNothing client = new ReadsNothing(Executors.newSingleThreadScheduledExecutor());

    record ReadsNothing(ScheduledExecutorService loop) implements Peer {
        @Override
        public boolean isClosed() {
            return false;
        }

        @Override
        public boolean tookLeave() {
            return false;
        }

        @Override
        public boolean isFull() {
            return true;
        }

        @Override
        public void send(String text) {}

        @Override
        public void ping() {}

        @Override
        public void close(short code, String reason) {}
    }

    @AfterEach
    void stop() {
        client.loop.shutdownNow();
    }

    /** A close takes half a minute to get through behind what a client does not read. */
    @Test
    void whatAClosingClientWasToBeSentIsHeldNoLonger() throws Exception {
        sockets.expect("s", new Ticket("alice", "t", Instant.MAX), client);
        sockets.opened("s");
        WeakReference<String> waits = remind();
        client.loop.submit(System::gc).get();
        assertTrue(waits.get() != null, "it waits");
        sockets.turnAway(List.of(new UserSocket("s", "alice")));
        for (int tries = 0; tries < 50 && waits.get() != null; tries++) {
            client.loop.submit(System::gc).get();
            Thread.sleep(20);
        }
        assertTrue(waits.get() == null);
    }

    private WeakReference<String> remind() {
        String text = "x".repeat(1_000);
        sockets.remind(new ReminderFrame("r", "l", text), Set.of("alice"));
        return new WeakReference<>(text);
    }
}
