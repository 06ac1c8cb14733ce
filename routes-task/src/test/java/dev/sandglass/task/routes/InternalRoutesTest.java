package dev.sandglass.task.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.task.memory.Registry;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The other services ask for lists. */
class InternalRoutesTest {
    private final Replica replica = new Replica(new MemoryDapr(1))
            .bind("registry", new Registry())
            .bind("identity", new Known())
            .bind("requests", new Known())
            .bind("answers", new Answers());

    /** Nobody is asked for here. */
    public static final class Known {
        public void onBehalf() {}

        public void read(Object body, String operation) {}
    }

    @BeforeEach
    void start() {
        replica.start(new InternalRoutes());
    }

    @AfterEach
    void stop() {
        replica.stop();
    }

    @Test
    void aUserWhoAsksForNothingButTheirListsHasAnInboxToo() {
        JsonNode first = listsOf("alice", "bob");
        assertEquals(2, first.size());
        assertEquals("Inbox", first.at("/0/name").asText());
        assertEquals(first, listsOf("alice", "bob"));
        JsonNode heads = Json.read(replica.<String>send("direct:allHeads", "", Map.of()), JsonNode.class);
        assertEquals(2, heads.path("heads").size());
    }

    private JsonNode listsOf(String... users) {
        String asked = Json.object().set("users", Json.tree(users)).toString();
        return Json.read(replica.<String>send("direct:listsOf", asked, Map.of()), JsonNode.class)
                .path("lists");
    }
}
