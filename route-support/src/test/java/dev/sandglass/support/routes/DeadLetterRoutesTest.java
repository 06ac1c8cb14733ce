package dev.sandglass.support.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.DaprEvents;
import dev.sandglass.support.InternalAnswers;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.MemoryDapr.Mishap;
import dev.sandglass.support.MemoryLetters;
import dev.sandglass.support.ProblemDocuments;
import dev.sandglass.support.Refused;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.DeadLetters.Page;
import dev.sandglass.support.domain.Letter;
import dev.sandglass.support.domain.ParkEvent;
import dev.sandglass.support.memory.DeadLetterGauge;
import dev.sandglass.support.memory.Resending.Resent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The dead letters of a service as its sidecar, and <em>task</em> through that, see them. */
@Tag("FR-012")
class DeadLetterRoutesTest {
    private static final Resent SENT = new Resent(1, 0, null);
    private static final Resent FAILED = new Resent(0, 1, null);
    private static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");

    /** A service that takes an event again. */
    private interface Service {
        String take(String path, String event);
    }

    private Service service = (path, event) -> "SUCCESS";
    private final MemoryDapr dapr = new MemoryDapr(1) {
        @Override
        public JsonNode invoke(String app, String verb, String path, @Nullable String body, @Nullable Duration limit) {
            assertEquals("audit POST PT10S", app + " " + verb + " " + limit);
            return Json.object().put("status", service.take(path, Objects.requireNonNull(body)));
        }
    };
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final CamelContext camel = new DefaultCamelContext();

    @BeforeEach
    void start() throws Exception {
        Flows.prepare(camel, dapr, "audit");
        camel.getRegistry().bind("daprEvents", new DaprEvents(meters));
        camel.getRegistry().bind("problemDocuments", new ProblemDocuments());
        camel.getRegistry().bind("deadLetterGauge", new DeadLetterGauge(meters));
        Flows.load(
                camel,
                "decide",
                "park",
                "park-undelivered",
                "count-dead-letters",
                "show-dead-letters",
                "resend-dead-letters",
                "dismiss-dead-letter");
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("kamelet:dapr-subscription-source?topic=reminders")
                        .errorHandler(noErrorHandler())
                        .throwException(new IllegalStateException("no good"));
            }
        });
        camel.start();
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    @Test
    void aLetterSaysWhatCameFromWhereWhyAndWhen() {
        String event = "{\"id\":\"home/1\",\"type\":\"task.created\",\"data\":1}";
        park(event);
        park("no JSON");
        assertEquals(
                List.of("no JSON", event), all(null).stream().map(Letter::event).toList());
        Letter letter = all(null).get(1);
        assertEquals(
                new Letter(
                        1,
                        1,
                        "task-events",
                        "events/task-events",
                        event,
                        "home/1",
                        "task.created",
                        "cannot be read",
                        NOW,
                        NOW,
                        1),
                letter);
        assertNull(all(null).get(0).id());
    }

    @Test
    void aPageOfLargeLettersEndsBeforeItsLimit() {
        for (int i = 0; i < 20; i++) {
            park(i + "x".repeat(300_000));
        }
        Page page = answer("", "{\"limit\":20}", Page.class);
        assertEquals(2, page.letters().size());
        assertEquals(20, all(null).stream().map(Letter::event).distinct().count());
    }

    @Test
    void anEventThatComesBackIsOneLetterWithMoreTriesAndItsLastReason() {
        park("a");
        park("task-events", "a", "another reason", 2);
        park("audit.hook.export", "a", "its own", 1);
        assertEquals(
                List.of("its own 1", "another reason 3"),
                all(null).stream().map(l -> l.why() + " " + l.tries()).toList());
        assertEquals(Map.of("task-events", 1L, "audit.hook.export", 1L), counts());
    }

    @Test
    void anUnknownOutcomeIsSettledByReading() {
        dapr.next(Mishap.ANSWER_LOST);
        park("a");
        dapr.next(Mishap.LOST);
        park("b");
        dapr.next(Mishap.LATE);
        park("c");
        dapr.next(Mishap.ANSWER_LOST);
        park("a");
        assertEquals(
                List.of("c 1", "b 1", "a 2"),
                all(null).stream().map(l -> l.event() + " " + l.tries()).toList());
        for (Mishap mishap : List.of(Mishap.ANSWER_LOST, Mishap.LATE)) {
            dapr.next(mishap);
            dismiss(all(null).get(0).n());
        }
        dapr.next(Mishap.ANSWER_LOST);
        assertEquals(SENT, resend("{\"n\":1}"));
        assertEquals(Map.of("task-events", 0L), counts());
    }

    @Test
    void whileTheStoreIsAwayNothingIsSaidToBeKept() {
        dapr.fail(1);
        assertInstanceOf(
                Unavailable.class,
                request("direct:dead-letters.park", event("task-events", "a", "why", 1))
                        .getException());
        assertEquals("RETRY", status(undelivered("a")));
        assertEquals("RETRY", status(call("/events/reminders", "no JSON")));
        assertEquals("RETRY", status(call("/events/reminders", "{\"id\":\"a\",\"type\":\"b\",\"data\":{}}")));
        for (String path : List.of("", "/resend", "/dismiss")) {
            Exchange answer = call("/internal/dead-letters" + path, "{\"n\":1,\"limit\":10}");
            assertEquals(503, answer.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE), path);
        }
        dapr.fail(0);
        assertEquals(List.of(), all(null));
    }

    @Test
    void whatASubscriptionBringsAndTheServiceCannotDoIsALetter() {
        String good = "{\"id\":\"a\",\"type\":\"b\",\"data\":{}}";
        assertEquals("SUCCESS", status(call("/events/reminders", good)));
        assertEquals("SUCCESS", status(call("/events/reminders", "no JSON")));
        assertEquals("SUCCESS", status(undelivered("nor is this")));
        assertEquals("SUCCESS", status(undelivered("{\"id\":\"x\",\"type\":\"b\",\"data\":{}}")));
        assertEquals(
                List.of(
                        "x: Dapr could not bring it to the service",
                        "null: not a CloudEvent with JSON data",
                        "null: not a CloudEvent with JSON data",
                        "a: no good"),
                all("reminders").stream().map(l -> l.id() + ": " + l.why()).toList());
        assertEquals("events/reminders", all(null).get(0).path());
        assertEquals("nor is this", all(null).get(1).event());
    }

    /** One copy comes by the service's own subscription, five by those of integrators' routes. */
    @Test
    void aMessageThatIsNoTextIsOneLetterHoweverManySubscriptionsCouldNotReadIt() {
        byte[] message = {(byte) 0xff, (byte) 0xfe, 0, 'a'};
        for (int copy = 0; copy < 6; copy++) {
            assertEquals("SUCCESS", status(undelivered(message)));
        }
        assertEquals(1, all(null).size());
        assertEquals(6, all(null).get(0).tries());
        assertEquals("{\"data_base64\":\"//4AYQ==\"}", all(null).get(0).event());
        service = (path, event) -> status(call("/" + path, event));
        assertEquals(new Resent(0, 1, null), resend("{\"n\":1}"));
        assertEquals(7, all(null).get(0).tries());
        dismiss(1);
        assertEquals(List.of(), all(null));
    }

    @Test
    void whatIsTakenWhenSentAgainIsGone() {
        park("a ${body} {{x}}");
        List<String> taken = new ArrayList<>();
        service = (path, event) -> {
            taken.add(path + " " + event);
            return "SUCCESS";
        };
        assertEquals(SENT, resend("{\"n\":1}"));
        assertEquals(List.of("events/task-events a ${body} {{x}}"), taken);
        assertEquals(List.of(), all(null));
        assertEquals(new Resent(0, 0, null), resend("{\"n\":1}"));
        assertEquals(1, dapr.keys().size(), "nothing but the head is left");
    }

    @Test
    void whatFailsAgainStaysWithItsNewReason() {
        park("a");
        service = (path, event) -> {
            park("task-events", event, "still no good", 1);
            return "SUCCESS";
        };
        assertEquals(FAILED, resend("{\"n\":1}"));
        assertEquals("still no good", all(null).get(0).why());
        assertEquals(2, all(null).get(0).tries());
    }

    @Test
    void whatNobodyTakesStays() {
        park("a");
        List<Service> services = List.of(
                (path, event) -> {
                    throw new Refused(404, "{\"status\":404}");
                },
                (path, event) -> "RETRY",
                (path, event) -> {
                    throw new Unavailable("audit", null);
                });
        for (Service one : services) {
            service = one;
            assertEquals(FAILED, resend("{\"n\":1}"));
        }
        assertEquals(1, all(null).get(0).tries());
    }

    @Test
    void whatIsDismissedWhileItIsSentIsGone() {
        park("a");
        service = (path, event) -> {
            dismiss(1);
            return "SUCCESS";
        };
        assertEquals(SENT, resend("{\"n\":1}"));
        assertEquals(Map.of("task-events", 0L), counts());
    }

    @Test
    void allAreSentAgainOnceEachInTheOrderTheyCame() {
        for (int i = 0; i < 120; i++) {
            park("event " + i);
        }
        park("reminders", "another", "cannot be read", 1);
        List<String> taken = new ArrayList<>();
        service = (path, event) -> {
            taken.add(event);
            if (event.endsWith("7")) {
                park(event);
            }
            return "SUCCESS";
        };
        assertEquals(new Resent(108, 12, null), resend("{\"source\":\"task-events\",\"from\":0}"));
        assertEquals(IntStream.range(0, 120).mapToObj(i -> "event " + i).toList(), taken);
        assertEquals(Map.of("task-events", 12L, "reminders", 1L), counts());
        assertEquals(13, all(null).size());
        assertEquals(1, all("reminders").size());
    }

    /** A route of an integrator takes an event again at once, and gives it up again later. */
    @Test
    void whatComesAfterItBeganIsNotSentAgain() {
        park("a");
        List<String> taken = new ArrayList<>();
        service = (path, event) -> {
            taken.add(event);
            park(event + "a");
            return "SUCCESS";
        };
        assertEquals(SENT, resend("{\"from\":0}"));
        assertEquals(List.of("a"), taken);
    }

    @Test
    void whatWasDismissedIsGoneAndThePagesShowTheOthersOnceEach() {
        for (int i = 0; i < 2_500; i++) {
            park("event " + i);
        }
        Random random = new Random(5);
        List<String> left = new ArrayList<>();
        for (Letter letter : all(null)) {
            if (letter.n() > 30 && letter.n() < 2_000 || random.nextBoolean()) {
                dismiss(letter.n());
                dismiss(letter.n());
            } else {
                left.add(letter.event());
            }
        }
        assertEquals(left, all(null).stream().map(Letter::event).toList());
        assertEquals(left.size(), counts().get("task-events"));
    }

    @Test
    void theGaugeSaysHowManyByTopicAndGoesBackTo0() throws Exception {
        park("a");
        park("b");
        await(2);
        resend("{\"from\":0}");
        await(0);
    }

    private void await(int expected) throws Exception {
        for (int i = 0; i < 100; i++) {
            var gauge = meters.find("sandglass.dead.letters")
                    .tag("source", "task-events")
                    .gauge();
            if (gauge != null && gauge.value() == expected) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("the gauge is not at " + expected);
    }

    // ---------------------------------------------------------------- In the sidecar's words

    private void park(String event) {
        park("task-events", event, "cannot be read", 1);
    }

    private void park(String source, String event, String why, int tries) {
        assertInstanceOf(
                Letter.class,
                request("direct:dead-letters.park", event(source, event, why, tries))
                        .getMessage()
                        .getBody());
    }

    private static ParkEvent event(String source, String event, String why, int tries) {
        return new ParkEvent(source, "events/" + source, event, why, tries, NOW);
    }

    private Exchange undelivered(String message) {
        return undelivered(message.getBytes(UTF_8));
    }

    /** As Dapr brings what is no event. */
    private Exchange undelivered(byte[] message) {
        String wrapped = Json.object()
                .put("id", UUID.randomUUID().toString())
                .put("type", "com.dapr.event.sent")
                .put("data_base64", Base64.getEncoder().encodeToString(message))
                .toString();
        return camel.createProducerTemplate().request("platform-http:/dead-letters/{topic}", exchange -> {
            exchange.getMessage().setHeader("topic", "reminders");
            exchange.getMessage().setBody(wrapped);
        });
    }

    private Resent resend(String order) {
        return answer("/resend", order, Resent.class);
    }

    private void dismiss(long n) {
        assertEquals(Json.object(), answer("/dismiss", "{\"n\":%d}".formatted(n), JsonNode.class));
    }

    private List<Letter> all(@Nullable String source) {
        List<Letter> all = new ArrayList<>();
        Long before = null;
        do {
            Page page = answer(
                    "",
                    Json.object()
                            .put("source", source)
                            .put("before", before)
                            .put("limit", 7)
                            .toString(),
                    Page.class);
            assertTrue(page.letters().size() <= 7);
            all.addAll(page.letters());
            before = page.next();
        } while (before != null);
        if (source == null) {
            assertEquals(MemoryLetters.in(dapr), all);
        }
        return all;
    }

    private Map<String, Long> counts() {
        return answer("", "{\"limit\":1}", Page.class).counts();
    }

    private <T> T answer(String path, String body, Class<T> type) {
        Exchange answer = call("/internal/dead-letters" + path, body);
        assertNull(answer.getException());
        assertEquals(200, answer.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE));
        JsonNode read = Json.read(answer.getMessage().getBody(String.class), JsonNode.class);
        InternalAnswers.assertHolds("post", "/internal/dead-letters" + path, read);
        return Json.read(read, type);
    }

    private static String status(Exchange answer) {
        assertNull(answer.getException());
        return Json.read(answer.getMessage().getBody(String.class), JsonNode.class)
                .path("status")
                .asText();
    }

    private Exchange call(String path, String body) {
        return request("platform-http:" + path, body);
    }

    private Exchange request(String uri, Object body) {
        return camel.createProducerTemplate()
                .request(uri, exchange -> exchange.getMessage().setBody(body));
    }
}
