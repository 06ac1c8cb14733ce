package dev.sandglass.sync.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-014")
class GroupedTest {
    private static final int TRIES = 20_000;

    /** A socket that opens while its user's last one closes is told of changes. */
    @Test
    void whatIsAddedWhileTheLastOneIsRemovedStays() throws Exception {
        Grouped<String, Integer> sockets = new Grouped<>();
        CyclicBarrier together = new CyclicBarrier(2);
        sockets.add("alice", 0);
        Thread closing = new Thread(() -> {
            for (int i = 0; i < TRIES; i++) {
                meet(together);
                sockets.remove("alice", i);
                meet(together);
            }
        });
        closing.start();
        int lost = 0;
        for (int i = 0; i < TRIES; i++) {
            meet(together);
            sockets.add("alice", i + 1);
            meet(together);
            if (!sockets.of("alice").equals(Set.of(i + 1))) {
                lost++;
                sockets.add("alice", i + 1);
            }
        }
        closing.join();
        assertEquals(0, lost);
        sockets.remove("alice", TRIES);
        assertEquals(Set.of(), sockets.keys());
    }

    private static void meet(CyclicBarrier together) {
        try {
            together.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
