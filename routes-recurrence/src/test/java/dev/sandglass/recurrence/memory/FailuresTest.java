package dev.sandglass.recurrence.memory;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.recurrence.domain.Completion;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-012")
class FailuresTest {
    private static final Exception REASON = new IllegalArgumentException("no such rule");

    private final Failures failures = new Failures(3);

    private void fail(String successor) {
        for (int i = 0; i < 3; i++) {
            assertEquals(i == 2, failures.last(completion(successor, "alice")));
            failures.count(completion(successor, "alice"));
        }
    }

    private List<String> toTry(String... successors) {
        return failures
                .toTry(Stream.of(successors)
                        .map(one -> completion(one, "alice"))
                        .toList())
                .stream()
                .map(Completion::successor)
                .toList();
    }

    @Test
    void a_completion_that_keeps_failing_is_left_alone_and_the_others_go_on() {
        fail("home.2");
        assertEquals(List.of("home.3"), toTry("home.2", "home.3"));
        assertEquals(List.of("home.3"), toTry("home.2", "home.3"));
    }

    @Test
    void a_completion_that_is_not_waited_for_any_more_is_forgotten() {
        fail("home.2");
        fail("home.3");
        assertEquals(List.of(), toTry("home.3"));
        assertEquals(List.of("home.2"), toTry("home.2", "home.3"));
    }

    @Test
    void an_event_is_left_to_the_sweep_only_where_task_confirms_it_and_the_sweep_has_not_given_up() {
        Completion heard = completion("home.2", "alice");
        assertDoesNotThrow(() -> failures.unlessTriedAgain(heard, REASON, List.of(heard)));
        for (List<Completion> other : List.of(List.<Completion>of(), List.of(completion("home.2", "mallory")))) {
            assertThrows(IllegalArgumentException.class, () -> failures.unlessTriedAgain(heard, REASON, other));
        }
        fail("home.2");
        assertThrows(IllegalArgumentException.class, () -> failures.unlessTriedAgain(heard, REASON, List.of(heard)));
    }

    private static Completion completion(String successor, String actor) {
        return new Completion(Json.read(
                "{\"list\":\"home\",\"seq\":10,\"actor\":\"%s\",\"rule\":{\"successor\":\"%s\"}}"
                        .formatted(actor, successor),
                JsonNode.class));
    }
}
