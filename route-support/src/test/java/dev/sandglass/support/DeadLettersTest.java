package dev.sandglass.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.DeadLetters.Page;
import dev.sandglass.support.DeadLetters.Resent;
import dev.sandglass.support.MemoryDapr.Mishap;
import dev.sandglass.support.domain.Letter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-012")
class DeadLettersTest {
    private static final Resent SENT = new Resent(1, 0, null);
    private static final Resent FAILED = new Resent(0, 1, null);

    /** What the service does with an event it is sent again. */
    private interface Service {
        String take(String path, String event);
    }

    private Service service = (path, event) -> "SUCCESS";
    private final MemoryDapr dapr = new MemoryDapr(1) {
        @Override
        public JsonNode invoke(String app, String verb, String path, @Nullable String body, Duration limit) {
            assertEquals("audit", app);
            return Json.object().put("status", service.take(path, Objects.requireNonNull(body)));
        }
    };
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final DeadLetters letters = new DeadLetters(dapr, meters, "audit");

    @Test
    void a_letter_says_what_came_from_where_why_and_when() {
        park("{\"id\":\"home/1\",\"type\":\"task.created\",\"data\":1}");
        park("no JSON");
        List<Letter> all = all(null);
        assertEquals(
                List.of("no JSON", "{\"id\":\"home/1\",\"type\":\"task.created\",\"data\":1}"),
                all.stream().map(Letter::event).toList());
        Letter letter = all.get(1);
        assertEquals("home/1", letter.id());
        assertEquals("task.created", letter.type());
        assertEquals("cannot be read", letter.why());
        assertEquals("task-events", letter.source());
        assertEquals("events/task-events", letter.path());
        assertNull(all.get(0).id());
    }

    @Test
    void an_event_that_comes_back_is_one_letter_with_more_tries_and_its_last_reason() {
        park("a");
        letters.park("task-events", "events/task-events", "a", "another reason", 2);
        letters.park("audit.hook.export", "hooks/audit.hook.export", "a", "its own", 1);
        assertEquals(
                List.of("its own 1", "another reason 3"),
                all(null).stream().map(l -> l.why() + " " + l.tries()).toList());
        assertEquals(Map.of("task-events", 1L, "audit.hook.export", 1L), letters.count());
    }

    @Test
    void an_unknown_outcome_is_settled_by_reading() {
        dapr.next(Mishap.ANSWER_LOST);
        park("a");
        dapr.next(Mishap.LOST);
        park("b");
        dapr.next(Mishap.ANSWER_LOST);
        park("a");
        assertEquals(
                List.of("b 1", "a 2"),
                all(null).stream().map(l -> l.event() + " " + l.tries()).toList());
        dapr.next(Mishap.ANSWER_LOST);
        letters.dismiss(all(null).get(0).n());
        dapr.next(Mishap.ANSWER_LOST);
        assertEquals(SENT, letters.resendOne(all(null).get(0).n()));
        assertEquals(Map.of("task-events", 0L), letters.count());
    }

    @Test
    void while_the_store_is_away_nothing_is_said_to_be_kept() {
        dapr.fail(1);
        assertThrows(Unavailable.class, () -> park("a"));
        assertThrows(Unavailable.class, () -> letters.letters(null, null, 10));
    }

    @Test
    void what_is_taken_when_sent_again_is_gone() {
        park("a");
        List<String> taken = new ArrayList<>();
        service = (path, event) -> {
            taken.add(path + " " + event);
            return "SUCCESS";
        };
        assertEquals(SENT, letters.resendOne(1));
        assertEquals(List.of("events/task-events a"), taken);
        assertEquals(List.of(), all(null));
        assertEquals(new Resent(0, 0, null), letters.resendOne(1));
        assertEquals(1, dapr.keys().size(), "nothing but the head is left");
    }

    @Test
    void what_fails_again_stays_with_its_new_reason() {
        park("a");
        service = (path, event) -> {
            letters.park("task-events", path, event, "still no good", 1);
            return "SUCCESS";
        };
        assertEquals(FAILED, letters.resendOne(1));
        assertEquals("still no good", all(null).get(0).why());
        assertEquals(2, all(null).get(0).tries());
    }

    @Test
    void what_nobody_takes_stays() {
        park("a");
        service = (path, event) -> {
            throw new Refused(404, "{\"status\":404}");
        };
        assertEquals(FAILED, letters.resendOne(1));
        service = (path, event) -> "RETRY";
        assertEquals(FAILED, letters.resendOne(1));
        service = (path, event) -> {
            throw new Unavailable("audit", null);
        };
        assertEquals(FAILED, letters.resendOne(1));
        assertEquals(1, all(null).get(0).tries());
    }

    @Test
    void all_are_sent_again_once_each_in_the_order_they_came() {
        for (int i = 0; i < 120; i++) {
            park("event " + i);
        }
        letters.park("reminders", "events/reminders", "another", "cannot be read", 1);
        List<String> taken = new ArrayList<>();
        service = (path, event) -> {
            taken.add(event);
            if (event.endsWith("7")) {
                park(event);
            }
            return "SUCCESS";
        };
        assertEquals(new Resent(108, 12, null), letters.resendAll("task-events", 0));
        assertEquals(IntStream.range(0, 120).mapToObj(i -> "event " + i).toList(), taken);
        assertEquals(Map.of("task-events", 12L, "reminders", 1L), letters.count());
        assertEquals(13, all(null).size());
        assertEquals(1, all("reminders").size());
    }

    @Test
    void sending_all_again_ends_in_time_and_goes_on_where_it_ended() {
        park("a");
        park("b");
        service = (path, event) -> {
            sleep(30);
            return "SUCCESS";
        };
        Resent first = letters.resendAll(null, 0, Duration.ofMillis(10));
        assertEquals(new Resent(1, 0, 2L), first);
        assertEquals(new Resent(1, 0, null), letters.resendAll(null, 2));
    }

    @Test
    void what_was_dismissed_is_gone_and_the_pages_show_the_others_once_each() {
        for (int i = 0; i < 2_500; i++) {
            park("event " + i);
        }
        Random random = new Random(5);
        List<String> left = new ArrayList<>();
        for (Letter letter : all(null)) {
            if (letter.n() > 30 && letter.n() < 2_000 || random.nextBoolean()) {
                letters.dismiss(letter.n());
                letters.dismiss(letter.n());
            } else {
                left.add(letter.event());
            }
        }
        assertEquals(left, all(null).stream().map(Letter::event).toList());
        assertEquals(left.size(), letters.count().get("task-events"));
    }

    @Test
    void the_gauge_says_how_many_by_topic_and_goes_back_to_0() {
        park("a");
        park("b");
        letters.count();
        assertEquals(2, gauge());
        letters.resendAll(null, 0);
        letters.count();
        assertEquals(0, gauge());
    }

    private double gauge() {
        return meters.get("sandglass.dead.letters")
                .tag("source", "task-events")
                .gauge()
                .value();
    }

    private void park(String event) {
        letters.park("task-events", "events/task-events", event, "cannot be read", 1);
    }

    private List<Letter> all(@Nullable String source) {
        List<Letter> all = new ArrayList<>();
        Long before = null;
        do {
            Page page = letters.letters(source, before, 7);
            all.addAll(page.letters());
            before = page.next();
        } while (before != null);
        return all;
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
