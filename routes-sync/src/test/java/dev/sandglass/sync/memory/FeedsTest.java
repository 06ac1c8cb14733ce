package dev.sandglass.sync.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sandglass.events.Json;
import dev.sandglass.events.Role;
import dev.sandglass.events.TaskList;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-014")
class FeedsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Feeds feeds =
            new Feeds(new Sockets(new Fetches(), new SimpleMeterRegistry(), SECOND, SECOND, SECOND, SECOND, 20));

    @Test
    void aListInWhichNothingIsNewWakesNobody() {
        assertEquals(Set.of("alice"), learn(7, "alice"));

        assertEquals(Set.of(), learn(7, "alice"));
    }

    @Test
    void membersThatChangedAreWoken() {
        learn(7, "alice", "bob");

        assertEquals(Set.of("alice", "bob", "carol"), learn(8, "alice", "carol"));
    }

    /** @return who is woken by what the ledger says of the list */
    private Set<String> learn(long seq, String... members) {
        Map<String, Role> roles = new TreeMap<>();
        for (String member : members) {
            roles.put(member, Role.EDITOR);
        }
        TaskList list = new TaskList("l", "List", "alice", new TreeMap<>(roles), seq);
        return feeds.learn(Json.object().set("lists", Json.tree(List.of(list))).toString())
                .get(0)
                .users();
    }
}
