package dev.sandglass.task.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.InternalAnswers;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.ProblemDocuments;
import dev.sandglass.task.memory.KnownLists;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The other services ask for lists. */
class ForServicesTest {
    private final Replica replica = new Replica(new MemoryDapr(1))
            .bind("allLists", new KnownLists())
            .bind("problemDocuments", new ProblemDocuments());

    @BeforeEach
    void start() {
        replica.start("answer-heads", "answer-lists-of");
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
        assertEquals(2, ask("get", "/internal/heads", "").path("heads").size());
    }

    private JsonNode listsOf(String... users) {
        String asked = Json.object().set("users", Json.tree(users)).toString();
        return ask("post", "/internal/users/lists", asked).path("lists");
    }

    private JsonNode ask(String verb, String path, String body) {
        JsonNode answer = Json.read(replica.<String>send("platform-http:" + path, body, Map.of()), JsonNode.class);
        InternalAnswers.assertHolds(verb, path, answer);
        return answer;
    }
}
