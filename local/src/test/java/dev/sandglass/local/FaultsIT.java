package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The table "What happens when" of docs/architecture.md, line by line, each really done. */
@Order(100)
@Tag("FR-012")
@Tag("FR-014")
@Tag("SC-006")
@Tag(Stack.BESIDE_ANOTHER)
@ExtendWith(Stack.class)
class FaultsIT {
    private final FaultInjection faults;
    private Person alice;
    private String list;
    private Device device;

    FaultsIT() throws Exception {
        faults = new FaultInjection();
    }

    @BeforeEach
    void somebodyWithAListAndADevice() throws Exception {
        alice = Person.like("alice");
        list = alice.list("editor");
        device = new Device(alice, UnaryOperator.identity());
        FaultInjection.await("the device is connected", device::connected);
    }

    @AfterEach
    void healed() throws Exception {
        device.close();
        faults.heal();
    }

    @Test
    void kafkaIsDown_allWorksAndComesOutEverywhereWhenItIsBack() throws Exception {
        faults.stop("kafka");
        worksAsEver();
        // Neither waits for Kafka: the feed compares heads, the sweep asks for completions without successor.
        FaultInjection.await("the feed goes on", () -> device.number(list) == alice.seq(list));
        String daily = daily();
        alice.api().post("/api/tasks/" + daily + "/complete", null).with(200);
        oneSuccessor("daily");
        String reminded = reminding(1_000);
        faults.start("kafka");
        everythingIsEverywhere();
        delivered(reminded);
    }

    @Test
    void theWholeSystemIsStartedWithoutKafka_everySidecarServesStateAndTakesKafkaUpByItself() throws Exception {
        List<String> parts = faults.parts();
        faults.stop(parts.toArray(String[]::new));
        parts.remove("kafka");
        faults.start(parts.toArray(String[]::new));
        faults.awaitHealthy(parts.toArray(String[]::new));
        JsonNode health = Api.ofService("recurrence").get("/q/health/ready").with(200);
        assertEquals(
                List.of("the broker of pubsub, pubsub-hooks; works on without"), health.findValuesAsText("waitsFor"));
        worksAsEver();
        String reminded = reminding(1_000);
        faults.start("kafka");
        everythingIsEverywhere();
        delivered(reminded);
    }

    @Test
    void anAnswerIsLostInAKill_theSameIdempotencyKeyGetsItAndNothingIsDoneTwice() throws Exception {
        int made = 0;
        for (String victim : List.of("task", "task-sidecar", "postgres")) {
            Thread hand = new Thread(() -> {
                try {
                    Thread.sleep(20);
                    faults.kill(victim);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            hand.start();
            for (Api.Answer answer : Person.atOnce(8, i -> () -> untilAnswered("x" + i))) {
                answer.with(201);
                made++;
            }
            hand.join();
        }
        int expected = made;
        FaultInjection.await(
                "each is there once",
                () -> alice.seq(list) == expected + 1
                        && alice.api()
                                        .get("/api/tasks?list=" + list)
                                        .with(200)
                                        .path("total")
                                        .asInt()
                                == expected);
    }

    @Test
    void taskIsDown_theOthersWaitAndCatchUp() throws Exception {
        String daily = daily();
        String reminded = reminding(6_000);
        FaultInjection.await("it is planned", () -> status(reminded).equals("scheduled"));
        faults.stop("recurrence");
        alice.api().post("/api/tasks/" + daily + "/complete", null).with(200);
        faults.stop("task");
        faults.start("recurrence");
        faults.awaitHealthy("recurrence", "reminder", "audit", "sync");
        FaultInjection.await(
                "the reminder comes without task",
                () -> !device.reminders(reminded).isEmpty());
        faults.start("task");
        faults.awaitHealthy("task");
        oneSuccessor("daily");
        everythingIsEverywhere();
    }

    @Test
    void auditOrReminderIsDown_theirCallsAre503AndTheRestIsAsEver() throws Exception {
        faults.stop("audit", "reminder");
        for (String call : List.of("/api/audit?list=" + list, "/api/audit/verify?list=" + list, "/api/reminders")) {
            Api.Answer answer = alice.api().get(call);
            answer.with(503);
            assertTrue(answer.headers().firstValue("Retry-After").isPresent(), call);
        }
        worksAsEver();
        String reminded = reminding(1_000);
        faults.start("audit", "reminder");
        faults.awaitHealthy("audit", "reminder");
        delivered(reminded);
        everythingIsEverywhere();
    }

    @Test
    void syncIsDown_theApiGoesOnAndResumingMissesNothingAndRepeatsNothing() throws Exception {
        faults.stop("sync");
        FaultInjection.await("the socket is lost", () -> !device.connected());
        worksAsEver();
        faults.start("sync");
        everythingIsEverywhere();
    }

    @Test
    void recurrenceIsDown_whatAwaitsItsNextOccurrenceIsFound() throws Exception {
        faults.stop("recurrence");
        String daily = daily();
        JsonNode completed =
                alice.api().post("/api/tasks/" + daily + "/complete", null).with(200);
        assertFalse(completed.path("next").isNull(), completed::toString);
        faults.start("recurrence");
        oneSuccessor("daily");
        everythingIsEverywhere();
    }

    @Test
    void twoDevicesChangeOneTask_bothStandOrTheLaterWinsAndIfMatchRefuses() throws Exception {
        String task = "/api/tasks/" + alice.task(list, "shopping").path("id").asText();
        String etag = alice.api().get(task).headers().firstValue("ETag").orElseThrow();
        Person.atOnce(
                2, i -> () -> alice.api().patch(task, i == 0 ? Map.of("title", "food") : Map.of("priority", "high")));
        JsonNode both = alice.api().get(task).with(200);
        assertEquals(
                "food high",
                both.path("title").asText() + " " + both.path("priority").asText());
        alice.api().patch(task, Map.of("title", "earlier")).with(200);
        alice.api().patch(task, Map.of("title", "later")).with(200);
        assertEquals("later", alice.api().get(task).with(200).path("title").asText());
        JsonNode refused = alice.api()
                .send("PATCH", task, Map.of("title", "stale"), Map.of("If-Match", etag))
                .with(412);
        assertEquals("later", refused.at("/task/title").asText());
        everythingIsEverywhere();
    }

    // ---------------------------------------------------------------- What holds

    /** Creating, changing, completing, reopening, deleting, finding: each as if nothing were away. */
    private void worksAsEver() throws Exception {
        for (int i = 0; i < 5; i++) {
            String mark = UUID.randomUUID().toString();
            String task = "/api/tasks/" + alice.task(list, mark).path("id").asText();
            alice.api().patch(task, Map.of("priority", "high")).with(200);
            alice.api().post(task + "/complete", null).with(200);
            assertEquals(
                    1,
                    alice.api()
                            .get("/api/tasks?status=completed&priority=high&q=" + mark)
                            .with(200)
                            .path("total")
                            .asInt());
            alice.api().post(task + "/reopen", null).with(200);
            alice.api().delete(task).with(204);
        }
    }

    /** The audit, the device and both topics have every change of the list. */
    private void everythingIsEverywhere() throws Exception {
        FaultInjection.await("the audit is whole", () -> {
            JsonNode verified =
                    alice.api().get("/api/audit/verify?list=" + list).body();
            return verified.path("complete").asBoolean()
                    && verified.path("entries").asLong() == alice.seq(list);
        });
        FaultInjection.await("the device has it", () -> device.number(list) == alice.seq(list));
        assertEquals(List.of(), device.wrong());
        for (String topic : List.of("task-events", "task-updates")) {
            FaultInjection.await(
                    "everything is on " + topic,
                    () -> Topic.numbers(topic, list).equals(upTo(alice.seq(list))));
        }
    }

    private static Set<Long> upTo(long seq) {
        return LongStream.rangeClosed(1, seq).boxed().collect(Collectors.toSet());
    }

    private String daily() throws Exception {
        return alice.task(
                        list,
                        "daily",
                        "due",
                        LocalDate.now().plusDays(1).toString(),
                        "timeZone",
                        "UTC",
                        "recurrence",
                        "daily")
                .path("id")
                .asText();
    }

    private void oneSuccessor(String title) throws Exception {
        FaultInjection.await("the next occurrence", () -> {
            JsonNode open = alice.api()
                    .get("/api/tasks?status=open&list=" + list + "&q=" + title)
                    .with(200);
            return open.path("total").asInt() == 1
                    && open.at("/tasks/0/occurrence").asInt() == 2;
        });
    }

    /** A task that reminds so many milliseconds from now. */
    private String reminding(long millis) throws Exception {
        return alice.task(
                        list,
                        "remember",
                        "reminders",
                        List.of(Instant.now().plusMillis(millis).toString()))
                .path("id")
                .asText();
    }

    private String status(String task) throws Exception {
        return alice.api()
                .get("/api/reminders?task=" + task)
                .body()
                .at("/reminders/0/status")
                .asText();
    }

    private void delivered(String task) throws Exception {
        FaultInjection.await("the reminder is delivered", () -> status(task).equals("delivered"));
        FaultInjection.await(
                "the reminder is on the device", () -> !device.reminders(task).isEmpty());
        assertEquals(1, device.reminders(task).size());
    }

    private Api.Answer untilAnswered(String title) throws Exception {
        Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        Api.Answer[] last = {null};
        FaultInjection.await("an answer", () -> {
            try {
                last[0] = alice.api().send("POST", "/api/tasks", Map.of("title", title, "list", list), key);
                return last[0].status() != 503 && last[0].status() != 429;
            } catch (IOException e) {
                return false;
            }
        });
        return last[0];
    }
}
