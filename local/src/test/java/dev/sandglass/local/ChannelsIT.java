package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Users are told beside the feed, at servers that are none of ours, by bindings that an operator sets up while all runs. */
@ExtendWith(Stack.class)
@Tag("FR-003")
@Tag(Stack.BESIDE_ANOTHER)
class ChannelsIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    /** Dapr looks at its components when they change, and once a minute. */
    private static final Duration SET_UP = Duration.ofSeconds(90);

    private static final Pattern CODE = Pattern.compile("([2-9A-Z]{4}-){2}[2-9A-Z]{4}");
    /** The sidecar's own folder, beside those of the sources. */
    private static final Path COMPONENTS = Stack.DATA.resolve("apps/reminder-sidecar");

    private static MailServer mail;
    private static ForeignServer server;
    private static ForeignServer gone;

    @BeforeAll
    static void setUp() throws Exception {
        int smtp = Ports.free();
        mail = new MailServer(smtp);
        server = new ForeignServer(number -> 200);
        gone = new ForeignServer(number -> number == 0 ? 200 : 410);
        Stack.binding(
                COMPONENTS,
                "channel-email",
                "smtp",
                "host: 127.0.0.1",
                "port: \"" + smtp + "\"",
                "emailFrom: sandglass@localhost");
        Stack.binding(COMPONENTS, "channel-ntfy", "http", "url: " + server.address());
        Stack.binding(COMPONENTS, "channel-webhook.localhost." + server.port(), "http", "url: " + server.address());
        Stack.binding(COMPONENTS, "channel-webhook.localhost." + gone.port(), "http", "url: " + gone.address());
        Person somebody = Person.like("somebody");
        for (var one : Map.of(
                        "ntfy", "home",
                        "webhook", gone.address() + "/",
                        "email", somebody.name() + "@example.com")
                .entrySet()) {
            Stack.await(
                    one.getKey() + " is set up",
                    SET_UP,
                    () -> name(somebody, one.getKey(), one.getValue()).status() == 200);
        }
    }

    @AfterAll
    static void takeAway() throws IOException {
        try (var all = Files.newDirectoryStream(COMPONENTS, "channel-*.yaml")) {
            for (Path file : all) {
                Files.delete(file);
            }
        }
        mail.close();
        server.close();
        gone.close();
    }

    @Test
    void aReminderComesWhereItsUserConfirmedThatItMayAndNowhereElse() throws Exception {
        Person alice = Person.like("alice");
        Person bob = Person.like("bob");
        String address = alice.name() + "@example.com";
        String topic = alice.name();
        JsonNode me = name(alice, "email", address).with(200);
        assertFalse(me.at("/channels/email/confirmed").asBoolean());
        name(alice, "webhook", server.address() + "/" + alice.name() + "?x=1").with(200);
        name(alice, "ntfy", topic).with(200);
        String list = alice.list("viewer", bob);
        String early = remind(alice, list, "too early", 1);
        Stack.await(
                "it is delivered",
                SOON,
                () -> alice.reminders(early, "delivered").size() == 1);
        Stack.await("the code", SOON, () -> !mail.of(address).isEmpty());
        assertEquals(1, mail.all(address).size(), "nothing but the code");
        confirm(alice, "email", mail.of(address));
        confirm(alice, "webhook", hooks(alice).get(0).json().path("code").asText());
        confirm(alice, "ntfy", pushes(topic).get(0).json().path("message").asText());
        assertEquals(1, hooks(alice).size());

        String task = remind(alice, list, "Pay <rent> – now", 2);
        Stack.await(
                "all have it",
                SOON,
                () -> List.of("live", "email", "ntfy", "webhook").stream()
                        .allMatch(channel -> delivered(alice, task, channel)));
        String message = mail.all(address).get(1);
        assertTrue(message.contains("Pay &lt;rent&gt;"), message);
        assertEquals(2, mail.all(address).size());
        ForeignServer.Post hook = hooks(alice).get(1);
        String id = alice.reminders(task, "delivered").at("/0/id").asText();
        assertEquals(id, hook.header("X-Sandglass-Delivery"));
        assertEquals(id, hook.json().path("id").asText());
        assertEquals("Pay <rent> – now", hook.json().at("/task/title").asText());
        assertEquals(null, hook.header("dapr-api-token"), "the sidecar's token stays here");
        assertEquals(topic, pushes(topic).get(1).json().path("topic").asText());
        assertEquals(
                1,
                bob.reminders(task, "delivered").at("/0/deliveries").size(),
                "where alice is told is nobody else's to know");

        alice.api().patch("/api/me", Map.of("muted", List.of(list))).with(200);
        String muted = remind(alice, list, "muted", 1);
        Stack.await(
                "it is delivered", SOON, () -> bob.reminders(muted, "delivered").size() == 1);
        Thread.sleep(2_000);
        assertEquals(2, mail.all(address).size());
        assertEquals(2, hooks(alice).size());
    }

    @Test
    void whatTheServerRefusesIsShownWithItsReasonAndTheOthersHaveIt() throws Exception {
        Person alice = Person.like("alice");
        withMail(alice);
        JsonNode me =
                name(alice, "webhook", gone.address() + "/" + alice.name()).with(200);
        assertEquals(
                "the server answered 410", me.at("/channels/webhook/reason").asText());
        ForeignServer.Post code = gone.posts.get(gone.posts.size() - 1);
        confirm(alice, "webhook", code.json().path("code").asText());
        String task = remind(alice, alice.list("owner"), "bins", 1);
        Stack.await(
                "the others have it", SOON, () -> delivered(alice, task, "live") && delivered(alice, task, "email"));
        Stack.await("it has failed", SOON, () -> status(alice, task, "webhook").equals("failed"));
        assertEquals(
                "the server answered 410",
                delivery(alice, task, "webhook").path("reason").asText());
    }

    @Test
    void inQuietHoursChannelsWaitAndTheFeedDoesNot() throws Exception {
        Person alice = Person.like("alice");
        String address = withMail(alice);
        // The next full minute that leaves the feed time to have it before.
        LocalTime end = LocalTime.now(ZoneOffset.UTC)
                .plusSeconds(15)
                .truncatedTo(ChronoUnit.MINUTES)
                .plusMinutes(1);
        alice.api()
                .patch(
                        "/api/me",
                        Map.of(
                                "timeZone",
                                "UTC",
                                "quiet",
                                Map.of(
                                        "from", end.minusMinutes(3).toString(),
                                        "to", end.toString())))
                .with(200);
        String task = remind(alice, alice.list("owner"), "bins", 1);
        Stack.await("the feed has it", SOON, () -> delivered(alice, task, "live"));
        Stack.await("the mail waits", SOON, () -> status(alice, task, "email").equals("scheduled"));
        Instant then = Instant.parse(delivery(alice, task, "email").path("at").asText());
        assertEquals(end, LocalTime.ofInstant(then, ZoneOffset.UTC));
        assertEquals(1, mail.all(address).size());
        Stack.await("it comes", Duration.ofSeconds(180), () -> delivered(alice, task, "email"));
        assertEquals(2, mail.all(address).size());
        assertFalse(Instant.now().isBefore(then));
    }

    @Test
    void onceQuietHoursAreTakenAwayWhatWaitsComesAndTheNextAtItsTime() throws Exception {
        Person alice = Person.like("alice");
        String address = withMail(alice);
        LocalTime now = LocalTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES);
        Map<String, String> hours = Map.of(
                "from",
                now.minusMinutes(5).toString(),
                "to",
                now.plusMinutes(60).toString());
        alice.api().patch("/api/me", Map.of("timeZone", "UTC", "quiet", hours)).with(200);
        String list = alice.list("owner");
        String task = remind(alice, list, "bins", 1);
        Stack.await("the mail waits", SOON, () -> status(alice, task, "email").equals("scheduled"));
        // The same hours by another clock.
        alice.api().patch("/api/me", Map.of("timeZone", "Asia/Tokyo")).with(200);
        Stack.await("it comes", Duration.ofSeconds(10), () -> delivered(alice, task, "email"));
        alice.api().patch("/api/me", Map.of("timeZone", "UTC")).with(200);
        String second = remind(alice, list, "dishes", 1);
        Stack.await("the mail waits", SOON, () -> status(alice, second, "email").equals("scheduled"));
        alice.api().patch("/api/me", "{\"quiet\":null}").with(200);
        Stack.await("it comes", Duration.ofSeconds(10), () -> delivered(alice, second, "email"));
        String third = remind(alice, list, "plants", 1);
        Stack.await("the next", SOON, () -> delivered(alice, third, "email"));
        assertEquals(4, mail.all(address).size());
    }

    @Test
    void whatOthersDoIsToldToWhoAskedForIt() throws Exception {
        Person alice = Person.like("alice");
        Person bob = Person.like("bob");
        name(bob, "ntfy", bob.name()).with(200);
        Stack.await("the code", SOON, () -> pushes(bob.name()).size() == 1);
        confirm(bob, "ntfy", pushes(bob.name()).get(0).json().path("message").asText());
        bob.api()
                .patch("/api/me", Map.of("channels", Map.of("ntfy", Map.of("for", List.of("shared", "completed")))))
                .with(200);
        String list = alice.list("editor", bob);
        String hers = alice.task(list, "bins").path("id").asText();
        String his = bob.task(list, "dishes").path("id").asText();
        bob.api().post("/api/tasks/" + his + "/complete", null).with(200);
        alice.api().post("/api/tasks/" + hers + "/complete", null).with(200);
        Stack.await("both are told", SOON, () -> pushes(bob.name()).size() == 3);
        Thread.sleep(1_000);
        assertEquals(
                List.of(alice.name() + " shared “List” with you", "Completed: bins"),
                pushes(bob.name()).stream()
                        .skip(1)
                        .map(push -> push.json().path("title").asText())
                        .toList());
        Stack.await(
                "it is written down", SOON, () -> told(bob).equals(List.of("shared delivered", "completed delivered")));
        assertEquals(List.of(), told(alice));
    }

    /** The acts of others that a user is told of, each with the status of its delivery. */
    private static List<String> told(Person who) throws Exception {
        return who.api()
                .get("/api/reminders")
                .with(200)
                .path("reminders")
                .valueStream()
                .filter(entry -> entry.has("kind"))
                .map(entry -> entry.path("kind").asText() + " "
                        + entry.at("/deliveries/ntfy/status").asText())
                .toList();
    }

    /** Beyond this machine, which with {@code ./run} is its users' own. */
    @Test
    void noUserSendsTheServiceToAPlaceOfTheirChoice() throws Exception {
        Person eve = Person.like("eve");
        for (String url : List.of(
                "http://127.0.0.2:3502/v1.0/metadata",
                "http://localhost.example.com/",
                "http://localhost:" + server.port() + "@169.254.169.254/latest",
                "http://169.254.169.254/latest/meta-data",
                "http://[::1]:" + server.port() + "/",
                "http://localhost:" + server.port() + "/a/../../b")) {
            name(eve, "webhook", url).with(422);
        }
        name(eve, "email", "alice@example.com\nBcc: eve@example.com").with(422);
        name(eve, "ntfy", "../v1/account").with(422);
        assertEquals(0, eve.api().get("/api/me").with(200).path("channels").size());
    }

    /** @return the address of mail that they have confirmed */
    private static String withMail(Person who) throws Exception {
        String address = who.name() + "@example.com";
        name(who, "email", address).with(200);
        Stack.await("the code", SOON, () -> !mail.of(address).isEmpty());
        confirm(who, "email", mail.of(address));
        return address;
    }

    private static Api.Answer name(Person who, String channel, String address) throws Exception {
        return who.api().patch("/api/me", Map.of("channels", Map.of(channel, Map.of("address", address))));
    }

    /** Confirms an address by the code in what came there. */
    private static void confirm(Person who, String channel, String message) throws Exception {
        Matcher code = CODE.matcher(message);
        assertTrue(code.find(), message);
        JsonNode me = who.api()
                .patch("/api/me", Map.of("channels", Map.of(channel, Map.of("code", code.group()))))
                .with(200);
        assertTrue(me.at("/channels/" + channel + "/confirmed").asBoolean());
    }

    private static String remind(Person who, String list, String title, int seconds) throws Exception {
        String at = Instant.now()
                .plusSeconds(seconds)
                .truncatedTo(ChronoUnit.MILLIS)
                .toString();
        return who.task(list, title, "reminders", List.of(at)).path("id").asText();
    }

    private static JsonNode delivery(Person who, String task, String channel) throws Exception {
        return who.api().get("/api/reminders?task=" + task).with(200).at("/reminders/0/deliveries/" + channel);
    }

    private static String status(Person who, String task, String channel) throws Exception {
        return delivery(who, task, channel).path("status").asText();
    }

    private static boolean delivered(Person who, String task, String channel) {
        try {
            return status(who, task, channel).equals("delivered");
        } catch (Exception e) {
            return false;
        }
    }

    private static List<ForeignServer.Post> hooks(Person who) {
        return server.posts.stream()
                .filter(post -> post.path().equals("/" + who.name() + "?x=1"))
                .toList();
    }

    private static List<ForeignServer.Post> pushes(String topic) {
        return server.posts.stream()
                .filter(post -> post.json().path("topic").asText().equals(topic))
                .toList();
    }
}
