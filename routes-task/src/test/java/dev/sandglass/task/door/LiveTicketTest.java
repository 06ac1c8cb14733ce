package dev.sandglass.task.door;

import static dev.sandglass.task.door.DoorClient.is;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A client asks for a ticket to the live feed. */
@QuarkusTest
@TestProfile(Local.class)
@Tag("FR-014")
class LiveTicketTest {
    @Inject
    DoorSidecar sidecar;

    @AfterEach
    void healed() {
        sidecar.away.clear();
    }

    @Test
    void aRepeatWithItsKeyIsAnsweredWithTheSameTicketAndTakesNoFurtherPlace() throws Exception {
        DoorClient alice = DoorClient.like("alice");
        Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        sidecar.away.add("sync");
        is(503, alice.call("POST", "/api/live/ticket", null, key));
        sidecar.away.clear();
        JsonNode first = is(200, alice.call("POST", "/api/live/ticket", null, key));
        assertEquals(first, is(200, alice.call("POST", "/api/live/ticket", null, key)));
        List<String> places = places(alice);
        assertEquals(2, places.size(), "what was answered is not counted again");
        assertEquals(places.get(0), places.get(1), "what was not answered is counted under one name");
        assertNotEquals(first, is(200, alice.call("POST", "/api/live/ticket", null)));
        assertNotEquals(places.get(0), places(alice).get(2));
    }

    private List<String> places(DoorClient who) {
        String of = "sync internal/tickets ";
        return sidecar.asked.stream()
                .filter(asked -> asked.startsWith(of))
                .map(asked -> Json.read(asked.substring(of.length()), JsonNode.class))
                .filter(asked -> asked.path("user").asText().equals(who.name()))
                .map(asked -> asked.path("ticket").asText())
                .toList();
    }
}
