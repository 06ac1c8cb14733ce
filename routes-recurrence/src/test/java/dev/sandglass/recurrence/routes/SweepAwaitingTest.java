package dev.sandglass.recurrence.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr.Mishap;
import dev.sandglass.support.MemoryLetters;
import dev.sandglass.support.domain.Letter;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** <em>Task</em> says which completions wait; a call goes to it for each: the service as Dapr sees it. */
@QuarkusTest
@Tag("FR-012")
class SweepAwaitingTest {
    private static final int TRIES = 5;
    private static final String SWEEP = "recurrence.timer.sweep-awaiting";

    @Inject
    RecurrenceSidecar sidecar;

    @Inject
    CamelContext camel;

    @BeforeEach
    void nothingIsThere() throws Exception {
        sidecar.answer(200);
        sweep("[]");
        sidecar.keys().stream().filter(key -> key.startsWith("dead-letters")).forEach(key -> sidecar.tamper(key, null));
        sidecar.asked();
    }

    @AfterEach
    void nothingWaits() throws Exception {
        sidecar.fail(0);
        sweep("[]");
    }

    @Test
    void eachCompletionThatWaitsIsFollowed() throws Exception {
        sweep("[" + completion("home.2", "daily") + "," + completion("home.3", "daily") + "]");
        assertEquals(
                List.of("internal/occurrences/home.2", "internal/occurrences/home.3"),
                sidecar.asked().stream().map(RecurrenceSidecar.Call::path).toList());
    }

    @Test
    void aCompletionThatKeepsFailingIsADeadLetterAfterItsTriesAndLeftAlone() throws Exception {
        String waits = "[" + completion("home.2", "FREQ=NEVER") + "," + completion("home.3", "daily") + "]";
        for (int i = 1; i < TRIES; i++) {
            sweep(waits);
            assertEquals(List.of(), letters());
        }
        sidecar.next(Mishap.ANSWER_LOST);
        sweep(waits);
        sweep(waits);
        assertEquals(1, letters().size());
        Letter letter = letters().get(0);
        assertEquals(TRIES, letter.tries());
        assertEquals("home/10", letter.id());
        assertEquals("task.completed", letter.type());
        assertEquals("events/task-events", letter.path());
        assertTrue(letter.why().contains("FREQ"), letter.why());
        assertEquals(
                Json.read(completion("home.2", "FREQ=NEVER"), JsonNode.class),
                Json.read(letter.event(), JsonNode.class).path("data"));
        assertEquals(TRIES + 1, sidecar.asked().size(), "the other one is followed each time");
    }

    @Test
    void whileTheLetterCannotBeKeptItIsTriedOn() throws Exception {
        String waits = "[" + completion("home.4", "FREQ=NEVER") + "]";
        for (int i = 1; i < TRIES; i++) {
            sweep(waits);
        }
        sidecar.fail(1);
        sweep(waits);
        sidecar.fail(0);
        assertEquals(List.of(), letters());
        sweep(waits);
        assertEquals(1, letters().size());
    }

    @Test
    void whileTaskIsAwayNothingIsCounted() throws Exception {
        sidecar.answer(503);
        for (int i = 0; i <= TRIES; i++) {
            sweep("[" + completion("home.5", "daily") + "]");
        }
        assertEquals(List.of(), letters());
        sidecar.asked();
        sidecar.answer(200);
        sweep("[" + completion("home.5", "daily") + "]");
        assertEquals(1, sidecar.asked().size());
    }

    @Test
    void aCompletionThatTaskKeepsFailingAtIsADeadLetterToo() throws Exception {
        sidecar.answer(500);
        for (int i = 0; i < TRIES; i++) {
            sweep("[" + completion("home.6", "daily") + "," + completion("home.7", "daily") + "]");
        }
        assertEquals(2, letters().size());
    }

    /** The timer's turn comes once. One that is started at the instant its turn comes passes it over, and is started again. */
    private void sweep(String waits) throws Exception {
        camel.getRouteController().stopRoute(SWEEP);
        long before = sidecar.sweeps();
        sidecar.awaiting(waits);
        for (int waited = 0;
                sidecar.sweeps() == before || camel.getInflightRepository().size(SWEEP) > 0;
                waited++) {
            assertTrue(waited < 1_000, "not within 10 s");
            if (waited % 50 == 0) {
                camel.getRouteController().stopRoute(SWEEP);
                if (sidecar.sweeps() == before) {
                    camel.getRouteController().startRoute(SWEEP);
                }
            }
            Thread.sleep(10);
        }
        camel.getRouteController().stopRoute(SWEEP);
    }

    private List<Letter> letters() {
        return MemoryLetters.in(sidecar);
    }

    private static String completion(String successor, String recurrence) {
        return """
               {"event":"task.completed","list":"home","seq":10,"at":"2027-01-31T07:00:00Z","actor":"alice","changed":{},\
               "task":{"id":"home.1","list":"home","title":"Pay rent","description":"","priority":"high","tags":[],\
               "status":"completed","due":"2027-01-31","timeZone":"Europe/Warsaw","dueAt":null,"overdue":false,\
               "recurrence":"%s","recurFrom":"schedule","reminders":[],"series":"home.1","occurrence":1,"version":2,\
               "createdAt":"2027-01-01T10:00:00Z","createdBy":"alice","updatedAt":"2027-01-31T07:00:00Z",\
               "completedAt":"2027-01-31T07:00:00Z"},\
               "rule":{"anchor":"2027-01-31","slot":"2027-01-31","successor":"%s"},"prev":"","hash":""}""".formatted(recurrence, successor);
    }
}
