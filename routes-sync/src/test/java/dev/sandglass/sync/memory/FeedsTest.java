package dev.sandglass.sync.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.events.Role;
import dev.sandglass.events.TaskList;
import dev.sandglass.sync.domain.Frame;
import dev.sandglass.sync.domain.ReminderFrame;
import dev.sandglass.sync.domain.Ticket;
import dev.sandglass.sync.memory.SocketsTest.Client;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-014")
class FeedsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Sockets sockets =
            new Sockets(new Fetches(), new SimpleMeterRegistry(), SECOND, SECOND, SECOND, SECOND, 20);
    private final Feeds feeds = new Feeds(sockets);
    private final Client client = new Client(
            Executors.newSingleThreadScheduledExecutor(), new AtomicBoolean(), new ConcurrentLinkedQueue<>());

    @AfterEach
    void stop() {
        client.loop().shutdownNow();
    }

    private void come(String... users) {
        for (String user : users) {
            sockets.expect(user, new Ticket(user, user, Instant.MAX), client);
        }
    }

    @Test
    void aListInWhichNothingIsNewWakesNobody() {
        come("alice");
        assertEquals(Set.of("alice"), learn(7, "alice"));

        assertEquals(Set.of(), learn(7, "alice"));
    }

    @Test
    void membersThatChangedAreWoken() {
        come("alice", "bob", "carol");
        learn(7, "alice", "bob");

        assertEquals(Set.of("alice", "bob", "carol"), learn(8, "alice", "carol"));
    }

    /** A list can have 200 members whom its owner made up, and a user can have 1,000 such lists. */
    @Test
    void ofMembersThoseAreKeptWhoAreHere() {
        ReminderFrame due = new ReminderFrame("r", "l", "{}");
        come("alice");
        learn(7, "alice", "bob", "nobody");
        assertEquals(Set.of("alice"), feeds.members(due));

        come("bob");
        learn(7, "alice", "bob", "nobody");
        assertEquals(Set.of("alice", "bob"), feeds.members(due));

        Frame shared = new Frame("l", 8, "{}", "alice", Set.of("alice", "bob", "other"));
        assertTrue(feeds.isNews(shared));
        feeds.hear(shared);
        assertEquals(Set.of("alice", "bob"), feeds.members(due));
    }

    /** @return who is woken by what the ledger says of the list */
    private Set<String> learn(long seq, String... members) {
        Map<String, Role> roles = new TreeMap<>();
        for (String member : members) {
            roles.put(member, Role.EDITOR);
        }
        TaskList list = new TaskList("l", "List", "alice", new TreeMap<>(roles), seq);
        return feeds.learn(List.of(list)).get(0).users();
    }
}
