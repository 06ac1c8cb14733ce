package dev.sandglass.task.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.InternalAnswers;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.task.memory.KnownLists;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The other services ask for lists. */
class InternalRoutesTest {
    private final Replica replica = new Replica(new MemoryDapr(1))
            .bind("allLists", new KnownLists())
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
        replica.start(new InternalRoutes(), new ListsOfUsersRoutes());
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
        assertEquals(
                2,
                ask("direct:allHeads", "", "get", "/internal/heads")
                        .path("heads")
                        .size());
    }

    private JsonNode listsOf(String... users) {
        String asked = Json.object().set("users", Json.tree(users)).toString();
        return ask("direct:listsOf", asked, "post", "/internal/users/lists").path("lists");
    }

    private JsonNode ask(String route, String body, String verb, String path) {
        JsonNode answer = Json.read(replica.<String>send(route, body, Map.of()), JsonNode.class);
        InternalAnswers.assertHolds(verb, path, answer);
        return answer;
    }
}
