package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many reminders of one second. With {@code -Dsandglass.test.reminders=1000} the figures of the specification. */
@ExtendWith(Stack.class)
@Tag("US-3")
@Tag("FR-003")
@Tag("SC-004")
class ManyRemindersIT {
    private static final int REMINDERS = Integer.getInteger("sandglass.test.reminders", 300);
    private static final int LISTS = 10;
    /** Enough for writing them and for planning them. */
    private static final Duration AHEAD = Duration.ofSeconds(10).plusMillis(30L * REMINDERS);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void allOfASecondComeOnceAndWithinSeconds() throws Exception {
        Person alice = Person.like("alice");
        List<String> lists = alice.lists(LISTS);
        Instant due = Instant.now().plus(AHEAD).truncatedTo(ChronoUnit.SECONDS);
        try (LiveSocket socket = alice.api().live()) {
            Crowd crowd = Crowd.of(
                    LISTS,
                    REMINDERS,
                    n -> Crowd.post(
                            alice.api().token(),
                            "/api/tasks",
                            Map.of(
                                    "title",
                                    "n" + n,
                                    "list",
                                    lists.get(n % LISTS),
                                    "reminders",
                                    List.of(due.toString()))));
            assertEquals(List.of(), crowd.said(status -> status != 201));
            assertTrue(Instant.now().isBefore(due.minusSeconds(5)), "writing them took until they were due");
            Stack.await(
                    "all of them",
                    AHEAD.plus(PATIENCE),
                    () -> lateness(socket, due).size() >= REMINDERS);
            List<Long> lateness =
                    lateness(socket, due).values().stream().sorted().toList();
            System.out.printf(
                    "%d reminders of one second: %d ms late (p50), %d ms (p99), %d ms at most%n",
                    REMINDERS,
                    lateness.get(REMINDERS / 2),
                    lateness.get(REMINDERS * 99 / 100),
                    lateness.get(REMINDERS - 1));
            assertTrue(lateness.get(0) >= 0, "one came " + -lateness.get(0) + " ms early");
            assertTrue(lateness.get(REMINDERS * 99 / 100) < 5_000, "p99: " + lateness.get(REMINDERS * 99 / 100));
            Set<String> once = new HashSet<>();
            socket.frames().stream()
                    .filter(frame -> frame.type().equals("reminder"))
                    .forEach(
                            frame -> assertTrue(once.add(frame.json().path("id").asText()), "twice: " + frame));
        }
    }

    /** By task, milliseconds after its time; a task's first only. */
    private static Map<String, Long> lateness(LiveSocket socket, Instant due) {
        Map<String, Long> lateness = new HashMap<>();
        for (LiveSocket.Frame frame : socket.frames()) {
            if (frame.type().equals("reminder")) {
                lateness.putIfAbsent(
                        frame.json().at("/task/id").asText(),
                        Duration.between(due, frame.at()).toMillis());
            }
        }
        return lateness;
    }
}
