package dev.sandglass.recurrence;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.ParkEvent;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-012")
class FailuresTest {
    private static final Exception REASON = new IllegalArgumentException("no such rule");

    private final Failures failures = new Failures(3);

    @Test
    void a_completion_that_keeps_failing_is_a_dead_letter_after_its_tries_and_left_alone() {
        for (int i = 0; i < 3; i++) {
            assertTrue(failures.mayTry(completion("home.2")));
            assertEquals(i == 2, failures.last(completion("home.2")));
            failures.count(completion("home.2"));
        }
        assertFalse(failures.mayTry(completion("home.2")));
        ParkEvent letter = failures.letter(completion("home.2"), REASON);
        assertEquals("no such rule", letter.why());
        assertEquals(3, letter.tries());
        assertEquals("events/task-events", letter.path());
        JsonNode event = Json.read(letter.event(), JsonNode.class);
        assertEquals("home/10", event.path("id").asText());
        assertEquals("task.completed", event.path("type").asText());
        assertEquals(Json.read(completion("home.2"), JsonNode.class), event.path("data"));
    }

    @Test
    void the_others_and_its_next_completion_go_on() {
        for (int i = 0; i < 3; i++) {
            failures.count(completion("home.2"));
        }
        assertTrue(failures.mayTry(completion("home.3")));
    }

    @Test
    void what_is_not_waited_for_any_more_is_forgotten() {
        for (String one : List.of("home.2", "home.3")) {
            for (int i = 0; i < 3; i++) {
                failures.count(completion(one));
            }
        }
        failures.forget("{\"changes\":[%s]}".formatted(completion("home.3")));
        assertTrue(failures.mayTry(completion("home.2")));
        assertFalse(failures.mayTry(completion("home.3")));
    }

    @Test
    void an_event_is_left_to_the_sweep_only_where_task_confirms_it_and_the_sweep_has_not_given_up() {
        String change = completion("home.2");
        String awaited = "{\"changes\":[%s]}".formatted(change);
        assertDoesNotThrow(() -> failures.unlessTriedAgain(change, REASON, awaited));
        for (String other : List.of("{\"changes\":[]}", awaited.replace("alice", "mallory"))) {
            assertThrows(IllegalArgumentException.class, () -> failures.unlessTriedAgain(change, REASON, other), other);
        }
        for (int i = 0; i < 3; i++) {
            failures.count(change);
        }
        assertThrows(IllegalArgumentException.class, () -> failures.unlessTriedAgain(change, REASON, awaited));
    }

    private static String completion(String successor) {
        return """
               {"event":"task.completed","list":"home","seq":10,"at":"2027-01-31T07:00:00Z","actor":"alice","changed":{},\
               "task":{"id":"home.1","version":2,"status":"completed","completedAt":"2027-01-31T07:00:00Z"},\
               "rule":{"anchor":"2027-01-31","slot":"2027-01-31","successor":"%s"},"prev":"","hash":""}""".formatted(successor);
    }
}
