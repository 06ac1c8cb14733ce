package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Changes of a list reach a server of its owner's choice among the operator's, whatever is killed meanwhile. */
@ExtendWith(Stack.class)
@Order(100)
@Tag("FR-012")
@Tag(Stack.BESIDE_ANOTHER)
class WebhooksIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    /** Dapr looks at its components when they change, and once a minute. */
    private static final Duration SET_UP = Duration.ofSeconds(90);

    private static final AtomicInteger STATUS = new AtomicInteger(200);
    private static ForeignServer server;
    private static Path component;

    private final FaultInjection faults;
    private final Person alice;
    private final String list;

    WebhooksIT() throws Exception {
        faults = new FaultInjection();
        alice = Person.like("alice");
        list = alice.list("owner");
    }

    @BeforeAll
    static void setUp() throws Exception {
        server = new ForeignServer(number -> STATUS.get());
        String name = "channel-webhook.localhost." + server.port();
        component = Stack.binding(
                Stack.DATA.resolve("apps/task-sidecar"),
                name,
                "http",
                "url: " + server.address(),
                "responseTimeout: 8s");
        Stack.await("the host is set up", SET_UP, () -> components().contains(name));
    }

    /** As the sidecar tells of itself. */
    private static String components() throws Exception {
        int port = Stack.part("task-sidecar").path("port").asInt();
        return Api.CLIENT
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1.0/metadata"))
                                .header("dapr-api-token", Stack.secret("dapr-api-token"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @AfterAll
    static void takeAway() throws Exception {
        Files.delete(component);
        server.close();
    }

    @AfterEach
    void healed() throws Exception {
        STATUS.set(200);
        faults.heal();
    }

    @Test
    void aChangeIsPostedSignedAndShownAsDelivered() throws Exception {
        JsonNode made = webhook(alice, list).with(201);
        String task = alice.task(list, "Pay <rent> – now").path("id").asText();
        alice.api().post("/api/tasks/" + task + "/complete", null).with(200);
        Stack.await("both", SOON, () -> posts().size() == 2);
        for (ForeignServer.Post post : posts()) {
            assertEquals(
                    ForeignServer.signature(made.path("secret").asText(), post.body()),
                    post.header("X-Sandglass-Signature"));
            assertEquals("application/cloudevents+json", post.header("Content-Type"));
            assertNull(post.header("dapr-api-token"), "the sidecar's token stays here");
            assertEquals(
                    list + "/" + post.json().at("/data/seq").asLong(),
                    post.json().path("id").asText());
        }
        assertEquals(List.of("task.created", "task.completed"), types());
        assertEquals(
                "Pay <rent> – now", posts().get(0).json().at("/data/task/title").asText());
        Stack.await("it is shown", SOON, () -> statuses(made).equals(List.of("delivered", "delivered")));
    }

    /** As whoever tries {@code ./run} has it: nobody has set up this server. */
    @Test
    void aServerOfThisMachineTakesNoBinding() throws Exception {
        AtomicInteger status = new AtomicInteger(503);
        try (ForeignServer another = new ForeignServer(number -> status.get())) {
            JsonNode made = alice.api()
                    .post("/api/webhooks", Map.of("url", another.address() + "/a%20b%2Fc%23%25?c=d", "list", list))
                    .with(201);
            alice.task(list, "now");
            Stack.await("a try", SOON, () -> statuses(made).equals(List.of("waiting")));
            assertEquals(
                    "the server answered 503", deliveries(made).at("/0/reason").asText());
            status.set(204);
            Stack.await("it comes", SOON, () -> statuses(made).equals(List.of("delivered")));
            ForeignServer.Post post = another.posts.get(another.posts.size() - 1);
            assertEquals("/a%20b%2Fc%23%25?c=d", post.path());
            assertEquals(
                    ForeignServer.signature(made.path("secret").asText(), post.body()),
                    post.header("X-Sandglass-Signature"));
            assertEquals("application/cloudevents+json", post.header("Content-Type"));
            assertNull(post.header("dapr-api-token"), "the sidecar's token stays here");
            assertEquals("now", post.json().at("/data/task/title").asText());
        }
    }

    @Test
    void theServiceIsKilledBetweenAChangeAndItsPost_eachComesInOrderAndOneThatComesAgainHasTheSameId()
            throws Exception {
        JsonNode made = webhook(alice, list).with(201);
        List<String> titles = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            // First what was posted may not be written down yet, then what is written down was not posted.
            STATUS.set(round == 0 ? 200 : 503);
            for (int i = 0; i < 3; i++) {
                String title = round + "." + i;
                titles.add(title);
                alice.task(list, title);
            }
            if (round > 0) {
                String tried = round + ".0";
                Stack.await("a try", SOON, () -> titles().contains(tried));
            }
            faults.kill("task");
            STATUS.set(200);
            faults.awaitHealthy("task");
            int all = titles.size();
            Stack.await(
                    "they come",
                    SOON,
                    () -> statuses(made).stream().filter("delivered"::equals).count() == all);
        }
        Map<Long, String> byNumber = new TreeMap<>();
        for (ForeignServer.Post post : posts()) {
            String id = post.header("X-Sandglass-Delivery");
            String before = byNumber.put(post.json().at("/data/seq").asLong(), id);
            assertTrue(before == null || before.equals(id));
        }
        assertEquals(titles, titles().stream().distinct().toList());
    }

    @Test
    void whatTheServerRefusesIsADeadLetterAndIsSentAgain() throws Exception {
        JsonNode made = webhook(alice, list).with(201);
        STATUS.set(410);
        alice.task(list, "a");
        Stack.await("it has failed", SOON, () -> statuses(made).equals(List.of("failed")));
        STATUS.set(200);
        assertEquals("the server answered 410", deliveries(made).at("/0/reason").asText());
        Api operator = Api.as("olga", Stack.PAGE, "operator");
        JsonNode letters = operator.get("/api/ops/dead-letters?service=task&source="
                        + made.path("id").asText())
                .with(200)
                .path("deadLetters");
        assertEquals(1, letters.size());
        operator.post("/api/ops/dead-letters/" + letters.at("/0/id").asText() + "/resend", null)
                .with(200);
        assertEquals(List.of("delivered"), statuses(made));
        assertEquals(2, posts().size());
        assertEquals(
                posts().get(0).header("X-Sandglass-Delivery"), posts().get(1).header("X-Sandglass-Delivery"));
    }

    /** The ledger, where it waits, loses what names them. */
    @Test
    void whatAMemberDidIsPostedAlsoWhereTheyAreErasedMeanwhile() throws Exception {
        Person bob = Person.like("bob");
        alice.share(list, "editor", bob);
        JsonNode made = webhook(alice, list).with(201);
        STATUS.set(503);
        List<String> titles = List.of("a", "b", "c");
        for (String title : titles) {
            bob.task(list, title);
        }
        Stack.await("a try", SOON, () -> statuses(made).equals(List.of("waiting")));
        bob.api().post("/api/me/erasure", Map.of("confirm", bob.name())).with(200);
        Stack.await("the list tells of it", SOON, () -> audit().contains("\"erased\""));
        // The timer's next two turns.
        Thread.sleep(11_000);
        STATUS.set(200);
        Stack.await("they come", SOON, () -> new LinkedHashSet<>(titles()).containsAll(titles));
        Stack.await("bob's name is gone", SOON, () -> !audit().contains(bob.name()));
        assertEquals(titles, titles().stream().distinct().limit(3).toList());
    }

    private String audit() throws Exception {
        return alice.api().get("/api/audit?limit=100&list=" + list).with(200).toString();
    }

    @Test
    void withKafkaAwayAChangeIsPostedAllTheSame() throws Exception {
        JsonNode made = webhook(alice, list).with(201);
        faults.stop("kafka");
        alice.task(list, "a");
        Stack.await("it", SOON, () -> statuses(made).equals(List.of("delivered")));
    }

    private static Api.Answer webhook(Person who, String list) throws Exception {
        return who.api().post("/api/webhooks", Map.of("url", server.address() + "/" + list + "?x=1", "list", list));
    }

    private JsonNode deliveries(JsonNode webhook) throws Exception {
        return alice.api()
                .get("/api/webhooks/" + webhook.path("id").asText() + "/deliveries")
                .with(200)
                .path("deliveries");
    }

    /** The newest first. */
    private List<String> statuses(JsonNode webhook) throws Exception {
        return deliveries(webhook).findValuesAsText("status");
    }

    private List<ForeignServer.Post> posts() {
        return server.posts.stream()
                .filter(post -> post.path().equals("/" + list + "?x=1"))
                .toList();
    }

    private List<String> types() {
        return posts().stream().map(post -> post.json().path("type").asText()).toList();
    }

    private List<String> titles() {
        return posts().stream()
                .map(post -> post.json().at("/data/task/title").asText())
                .toList();
    }
}
