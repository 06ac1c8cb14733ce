package dev.sandglass.recurrence;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.DeadLetters;
import dev.sandglass.support.DeadLetters.Letter;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.Unavailable;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-012")
class FailuresTest {
    private static final Exception REASON = new IllegalArgumentException("no such rule");

    private final MemoryDapr dapr = new MemoryDapr(1);
    private final DeadLetters deadLetters = new DeadLetters(dapr, new SimpleMeterRegistry(), "recurrence");
    private final Failures failures = new Failures(3, deadLetters);

    @Test
    void a_completion_that_keeps_failing_is_a_dead_letter_after_its_tries_and_left_alone() {
        for (int i = 0; i < 3; i++) {
            assertTrue(failures.mayTry(completion("home.1", 2, 10 + i)));
            assertEquals(List.of(), letters());
            failures.count(completion("home.1", 2, 10 + i), REASON);
        }
        assertFalse(failures.mayTry(completion("home.1", 2, 14)));
        Letter letter = letters().get(0);
        assertEquals("no such rule", letter.why());
        assertEquals(3, letter.tries());
        assertEquals("home.1/2", letter.id());
        assertEquals("task.completed", letter.type());
        assertEquals("events/task-events", letter.path());
        JsonNode data = Json.read(letter.event(), JsonNode.class).path("data");
        assertEquals("home.1", data.at("/task/id").asText());
    }

    @Test
    void tried_again_after_a_restart_it_is_the_same_letter() {
        for (Failures some : List.of(failures, new Failures(3, deadLetters))) {
            for (int i = 0; i < 3; i++) {
                some.count(completion("home.1", 2, 10 + i), REASON);
            }
        }
        assertEquals(1, letters().size());
        assertEquals(6, letters().get(0).tries());
    }

    @Test
    void the_others_and_its_next_completion_go_on() {
        for (int i = 0; i < 3; i++) {
            failures.count(completion("home.1", 2, 10), REASON);
        }
        assertTrue(failures.mayTry(completion("home.1", 4, 11)));
        assertTrue(failures.mayTry(completion("home.2", 2, 11)));
    }

    @Test
    void while_the_letter_cannot_be_kept_it_is_tried_on() {
        failures.count(completion("home.1", 2, 10), REASON);
        failures.count(completion("home.1", 2, 10), REASON);
        dapr.fail(1);
        assertThrows(Unavailable.class, () -> failures.count(completion("home.1", 2, 10), REASON));
        dapr.fail(0);
        assertTrue(failures.mayTry(completion("home.1", 2, 10)));
    }

    @Test
    void an_event_is_left_to_the_sweep_only_where_task_confirms_it_and_the_sweep_has_not_given_up() {
        String change = completion("home.1", 2, 10);
        String completed = "{\"tasks\":[{\"id\":\"home.1\",\"version\":2,\"status\":\"completed\"}]}";
        assertDoesNotThrow(() -> failures.unlessTriedAgain(change, REASON, completed));
        for (String other :
                List.of("{\"tasks\":[]}", completed.replace("2", "3"), completed.replace("completed", "open"))) {
            assertThrows(IllegalArgumentException.class, () -> failures.unlessTriedAgain(change, REASON, other), other);
        }
        for (int i = 0; i < 3; i++) {
            failures.count(change, REASON);
        }
        assertThrows(IllegalArgumentException.class, () -> failures.unlessTriedAgain(change, REASON, completed));
    }

    private List<Letter> letters() {
        return deadLetters.letters(null, null, 10).letters();
    }

    /** As the sweep gets it: the list's number is that of now. */
    private static String completion(String task, int version, int seq) {
        return """
               {"event":"task.completed","list":"home","seq":%d,"at":"2027-01-31T07:00:0%dZ","actor":"alice","changed":{},\
               "task":{"id":"%s","version":%d,"status":"completed","completedAt":"2027-01-31T07:00:00Z"},\
               "prev":"","hash":""}""".formatted(seq, seq % 10, task, version);
    }
}
