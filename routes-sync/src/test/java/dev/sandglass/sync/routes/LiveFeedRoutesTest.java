package dev.sandglass.sync.routes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.HmacKeys;
import dev.sandglass.support.MemoryDapr.Mishap;
import dev.sandglass.support.MemoryLetters;
import dev.sandglass.support.routes.CallsService;
import dev.sandglass.sync.domain.UserSocket;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.io.DataInputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.jose4j.jwt.JwtClaims;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Clients open sockets, events come from the sidecar, calls go to it: the service as clients and Dapr see it. */
@QuarkusTest
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("FR-005")
@Tag("FR-014")
class LiveFeedRoutesTest extends CallsService {
    @Inject
    FeedSidecar dapr;

    @Inject
    CamelContext camel;

    @Inject
    Event<ShutdownDelayInitiatedEvent> stopping;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Client> clients = new ArrayList<>();
    private String list = "";

    /** A client that keeps the texts it gets, and the reason of its close. */
    private static final class Client implements WebSocket.Listener {
        private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
        private final StringBuilder part = new StringBuilder();
        private @Nullable WebSocket socket;

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                JsonNode json = Json.read(part.toString(), JsonNode.class);
                part.setLength(0);
                told.add(json.path("type").asText()
                        + (json.has("seq") ? " " + json.get("seq").asText() : "")
                        + (json.has("id") ? " " + json.get("id").asText() : ""));
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
            told.add("closed " + status);
            return null;
        }

        void says(String text) {
            there(socket).sendText(text, true).join();
        }

        private static WebSocket there(@Nullable WebSocket socket) {
            return java.util.Objects.requireNonNull(socket);
        }

        /** Once. */
        void leaves() {
            WebSocket open = there(socket);
            if (!open.isOutputClosed()) {
                // Perhaps the service closes it at the same time.
                open.sendClose(1000, "bye").exceptionally(late -> open).join();
            }
        }

        /** It is told these, in this order, and no change beside them. */
        void isTold(String... texts) throws InterruptedException {
            for (String text : texts) {
                String next = told.poll(10, TimeUnit.SECONDS);
                assertEquals(text, next);
            }
        }
    }

    @BeforeEach
    void aListOfItsOwn() {
        list = "list" + UUID.randomUUID();
        dapr.heads.clear();
        dapr.heads.put(list, 5L);
        dapr.refused.clear();
        dapr.fired.clear();
        dapr.muted.clear();
        dapr.calls.clear();
    }

    @AfterEach
    void allIsThereAndAllLeave() throws Exception {
        dapr.away.clear();
        dapr.fail(0);
        clients.forEach(Client::leaves);
        await(() -> dapr.read("sockets/alice").absent());
    }

    @Test
    void aSocketIsCountedGreetedTaughtAndFreed() throws Exception {
        Client alice = come();
        alice.isTold("ready", "reminder missed");
        // Heads are compared by a timer, at any time.
        assertEquals(
                List.of("task internal/users/lists", "task internal/users/muted", "reminder internal/fired-for"),
                dapr.calls.stream()
                        .filter(call -> !call.equals("task internal/heads"))
                        .toList());
        assertTrue(dapr.read("sockets/alice").json().contains("\"open\":{\""));
        alice.says("{\"type\":\"ping\"}");
        alice.isTold("pong");
        alice.leaves();
        await(() -> dapr.read("sockets/alice").absent());
        assertTrue(dapr.read("user/alice").json().contains("closed"));
    }

    @Test
    void aTicketIsGoodForOneSocketWhateverTheStoreAnswers() throws Exception {
        for (Mishap mishap : Mishap.values()) {
            String ticket = ticket();
            dapr.next(mishap);
            Client first = open(ticket);
            first.isTold("ready", "reminder missed");
            assertEquals(401, refused(ticket));
            first.leaves();
        }
        assertEquals(401, refused("not a ticket"));
        await(() -> dapr.read("sockets/alice").absent());
    }

    @Test
    @Tag("FR-012")
    void whileTheStoreIsAwayNobodyIsLetInAndWhoLeftIsFreedLater() throws Exception {
        Client alice = come();
        alice.isTold("ready", "reminder missed");
        String ticket = ticket();
        dapr.fail(1);
        assertEquals(503, refused(ticket));
        alice.leaves();
        Thread.sleep(100);
        dapr.fail(0);
        Client again = open(ticket);
        again.isTold("ready");
        again.leaves();
        await(() -> dapr.read("sockets/alice").absent());
    }

    @Test
    @Tag("FR-012")
    void whileTaskIsAwayAClientIsAskedToTryAgain() throws Exception {
        dapr.away.add("task");
        come().isTold("closed 1013");
    }

    /** Mallory's lists are more than task answers. */
    @Test
    @Tag("FR-012")
    void whoseListsAreTooManyIsTurnedAwayAndNobodyWhoCameAtTheSameTime() throws Exception {
        Client alice = come();
        alice.isTold("ready", "reminder missed");
        String socket = Json.read(dapr.read("sockets/alice").json(), JsonNode.class)
                .path("open")
                .fieldNames()
                .next();
        camel.createProducerTemplate()
                .sendBody(
                        "direct:socket.greet",
                        List.of(new UserSocket("a socket", "mallory"), new UserSocket(socket, "alice")));
        alice.isTold("ready", "reminder missed");
    }

    @Test
    void changesComeInOrderOnceEachAndAHoleIsFetched() throws Exception {
        Client alice = come();
        Client other = come();
        for (Client client : List.of(alice, other)) {
            client.isTold("ready", "reminder missed");
        }
        dapr.heads.put(list, 9L);
        assertEquals("SUCCESS", deliver(update(6), update(6), update(9), update(7)));
        for (Client client : List.of(alice, other)) {
            client.isTold("change 6", "change 7", "change 8", "change 9");
        }
        assertEquals(
                List.of("task internal/lists/" + list + "/changes/6"),
                dapr.calls.stream().filter(call -> call.contains("/changes/")).toList());
    }

    @Test
    @Tag("FR-012")
    void whatNoEventBringsIsComparedAndFetched() throws Exception {
        Client alice = come();
        alice.isTold("ready", "reminder missed");
        dapr.heads.put(list, 7L);
        turn("sync.timer.compare-heads");
        alice.isTold("change 6", "change 7");
    }

    @Test
    @Tag("FR-012")
    void aListThatSomebodyJoinedUnheardIsFollowedFromTheNextLookOnAlsoWhereTaskWasAway() throws Exception {
        Client alice = come();
        alice.isTold("ready", "reminder missed");
        String joined = list + "joined";
        dapr.heads.put(joined, 2L);
        dapr.away.add("task");
        turn("sync.timer.compare-lists");
        dapr.away.clear();
        dapr.calls.clear();
        turn("sync.timer.compare-lists");
        assertEquals(
                List.of("task internal/users/lists"),
                dapr.calls.stream()
                        .filter(call -> !call.equals("task internal/heads"))
                        .toList());
        dapr.heads.put(joined, 3L);
        assertEquals("SUCCESS", deliver(dapr.change(joined, 3).asFrame().toString()));
        assertTrue(List.of(next(alice), next(alice)).contains("change 3"));
    }

    @Test
    @Tag("FR-013")
    void whoseTokenRunsOutIsClosedAtTheNextLook() throws Exception {
        Client alice = open(ticket(Instant.now().plusSeconds(2)));
        alice.isTold("ready", "reminder missed", "closed 4401");
    }

    @Test
    @Tag("FR-013")
    void aSocketOfAPersonalTokenHearsOfItsListsAloneAndEndsWithTheToken() throws Exception {
        String other = list + "other";
        dapr.heads.put(other, 1L);
        String token = "a".repeat(64);
        Object lastThere = dapr.read("user/alice").json();
        Consumer<JwtClaims> limited = claims -> {
            claims.setAudience("live-lists");
            claims.setStringClaim("token", token);
        };
        // A ticket that is refused counts as a socket until it is over.
        String ticket = ticket(Instant.now().plusSeconds(60), limited);
        assertEquals(401, refused(ticket), "withdrawn");
        dapr.tokens.add(token);
        dapr.listsOfTokens.put(token, List.of(list));
        dapr.away.add("task");
        assertEquals(503, refused(ticket));
        dapr.away.clear();
        Client program = open(ticket);
        program.isTold("ready");
        dapr.heads.put(other, 2L);
        deliver(dapr.change(other, 2).asFrame().toString());
        due(other + "/r", other);
        due(list + "/r");
        program.isTold("reminder " + list + "/r");
        dapr.heads.put(list, 6L);
        deliver(update(6));
        program.isTold("change 6");
        turn("sync.timer.compare-tokens");
        dapr.away.add("task");
        dapr.tokens.clear();
        turn("sync.timer.compare-tokens");
        program.says("{\"type\":\"ping\"}");
        program.isTold("pong");
        dapr.away.clear();
        turn("sync.timer.compare-tokens");
        program.isTold("closed 4401");
        await(() -> dapr.read("sockets/alice").absent());
        assertEquals(lastThere, dapr.read("user/alice").json(), "alice herself was not there");
    }

    @Test
    @Tag("FR-013")
    void whatCannotBeReadIsAnsweredBeforeTheSocketIsClosedHoweverItCameAndWhileItStillComes() throws Exception {
        Client alice = come();
        alice.says("x".repeat(129 * 1024));
        List<String> told = new ArrayList<>();
        do {
            told.add(next(alice));
        } while (!told.contains("closed 1008") && told.size() < 10);
        assertTrue(told.contains("error"), told::toString);
        // A text in one frame, and a frame of a kind that there is not.
        for (int kind : List.of(0x81, 0x83)) {
            List<String> answers = sayRaw(kind, 1_000_000);
            assertTrue(
                    answers.get(answers.size() - 2).startsWith("{\"type\":\"error\",\"detail\":"), answers::toString);
            assertEquals("1008", answers.get(answers.size() - 1));
        }
    }

    @Test
    @Tag("FR-013")
    void aMessageThatIsTooLongInItsPartsIsAnsweredHoweverSoonItComes() throws Exception {
        ByteBuffer parts = ByteBuffer.allocate(9 * (8 + 16_384));
        for (int kind = 0x01; parts.hasRemaining(); kind = 0x00) {
            parts.put((byte) kind).put((byte) 0xfe).putShort((short) 16_384).position(parts.position() + 4 + 16_384);
        }
        // Camel hands over a socket at any time after its first frames.
        for (int i = 0; i < 20; i++) {
            List<String> answers = sayRaw(parts.array());
            assertEquals(
                    List.of("{\"type\":\"error\",\"detail\":\"A message has at most 128 kB\"}", "1008"),
                    answers.subList(answers.size() - 2, answers.size()));
        }
    }

    @Test
    @Tag("FR-013")
    void whoGoesAwayWhileTheirTicketIsUsedLeavesNoSocketBehind() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (Socket raw = new Socket(service.getHost(), service.getPort())) {
                knock(raw);
            }
        }
        await(() -> dapr.read("sockets/alice").absent());
    }

    private void knock(Socket raw) throws Exception {
        String upgrade =
                "GET /live?ticket=%s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        raw.getOutputStream()
                .write(upgrade.formatted(ticket(), service.getAuthority()).getBytes(ISO_8859_1));
    }

    private List<String> sayRaw(int kind, int bytes) throws Exception {
        // Masked, as a client's frames are, by zeros.
        return sayRaw(ByteBuffer.allocate(14 + bytes)
                .put((byte) kind)
                .put((byte) 0xff)
                .putLong(bytes)
                .array());
    }

    /** Sends frames, whole, before it reads. @return the texts it is told, and the code of the close */
    private List<String> sayRaw(byte[] frames) throws Exception {
        try (Socket raw = new Socket(service.getHost(), service.getPort())) {
            raw.setSoTimeout(60_000);
            DataInputStream in = new DataInputStream(raw.getInputStream());
            knock(raw);
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.readUnsignedByte());
            }
            assertTrue(head.toString().startsWith("HTTP/1.1 101"), head::toString);
            raw.getOutputStream().write(frames);
            List<String> told = new ArrayList<>();
            while (true) {
                int opcode = in.readUnsignedByte() & 0x0f;
                int length = in.readUnsignedByte();
                byte[] text = in.readNBytes(length == 126 ? in.readUnsignedShort() : length);
                if (opcode == 8) {
                    told.add(String.valueOf(ByteBuffer.wrap(text).getShort()));
                    return told;
                }
                told.add(new String(text, UTF_8));
            }
        }
    }

    @Test
    @Tag("FR-012")
    void aReminderNoEventToldGoesOutOnceAlsoWhereReminderWasAway() throws Exception {
        Client alice = come();
        alice.isTold("ready", "reminder missed");
        dapr.fired.add(Json.read(
                "{\"type\":\"reminder\",\"id\":\"%s\",\"task\":{\"list\":\"%s\"}}".formatted(list + "/r", list),
                JsonNode.class));
        dapr.away.add("reminder");
        turn("sync.timer.missed-reminders");
        dapr.away.clear();
        turn("sync.timer.missed-reminders");
        turn("sync.timer.missed-reminders");
        assertTrue(dapr.calls.contains("reminder internal/fired"));
        alice.isTold("reminder " + list + "/r");
        alice.says("{\"type\":\"ping\"}");
        alice.isTold("pong");
    }

    @Test
    void whoResumesIsToldThePastFromTheLedgerAndReloadWhereThatIsGone() throws Exception {
        Client alice = come();
        alice.says("{\"type\":\"resume\",\"lists\":{\"" + list + "\":2}}");
        alice.isTold("ready");
        List<String> told = List.of(next(alice), next(alice), next(alice), next(alice));
        assertEquals(List.of("change 3", "change 4", "change 5"), changes(told));
        dapr.trimmed.put(list, 1L);
        alice.says("{\"type\":\"resume\",\"lists\":{\"" + list + "\":0}}");
        alice.isTold("reload");
        dapr.away.add("task");
        alice.says("{\"type\":\"resume\",\"lists\":{\"strange\":1}}");
        alice.isTold("closed 1013");
    }

    @Test
    @Tag("FR-012")
    void whereTaskHasTooMuchToDoThePastIsAskedForLaterAndNothingIsPassedOver() throws Exception {
        Client alice = come();
        alice.isTold("ready", "reminder missed");
        dapr.refused.put(list, 429);
        dapr.heads.put(list, 6L);
        turn("sync.timer.compare-heads");
        alice.says("{\"type\":\"resume\",\"lists\":{\"" + list + "\":3}}");
        alice.says("{\"type\":\"ping\"}");
        alice.isTold("pong");
        await(() -> dapr.calls.stream().anyMatch(call -> call.endsWith("/changes/3")));
        dapr.refused.clear();
        alice.isTold("change 4", "change 5", "change 6");
    }

    @Test
    @Tag("FR-012")
    void aListThatTaskCannotReadIsNotGone() throws Exception {
        Client alice = come();
        alice.isTold("ready", "reminder missed");
        dapr.heads.remove(list);
        dapr.unreadable.add(list);
        turn("sync.timer.compare-heads");
        dapr.unreadable.clear();
        dapr.heads.put(list, 6L);
        turn("sync.timer.compare-heads");
        alice.isTold("change 6");
    }

    @Test
    void whoNamesAnothersListIsToldThatItIsGone() throws Exception {
        Client alice = come();
        alice.isTold("ready", "reminder missed");
        alice.says("{\"type\":\"resume\",\"lists\":{\"strange\":1}}");
        alice.isTold("gone");
    }

    @Test
    void aReminderComesOnceToEverySocket() throws Exception {
        Client alice = come();
        alice.isTold("ready", "reminder missed");
        due(list + "/r");
        due(list + "/r");
        alice.isTold("reminder " + list + "/r");
        alice.says("{\"type\":\"ping\"}");
        alice.isTold("pong");
        assertEquals(
                2,
                dapr.calls.stream()
                        .filter(call -> call.equals("task internal/users/muted"))
                        .count(),
                "for the greeting and the one that was news");
    }

    @Test
    void aReminderOfAMutedListIsNotTold() throws Exception {
        Client alice = come();
        alice.isTold("ready", "reminder missed");
        dapr.muted.add(list);
        due(list + "/1");
        alice.says("{\"type\":\"ping\"}");
        alice.isTold("pong");
        dapr.muted.clear();
        due(list + "/1");
        due(list + "/2");
        alice.isTold("reminder " + list + "/2");
    }

    @Test
    @Tag("FR-012")
    void whoHasMutedWhatIsNotAskedWhereNobodyIsAndWhileTaskIsAwayRemindersComeAllTheSame() throws Exception {
        due("nobody's/1", "nobody's");
        assertEquals(
                0, dapr.calls.stream().filter(call -> call.endsWith("/muted")).count());
        Client alice = come();
        alice.isTold("ready", "reminder missed");
        dapr.muted.add(list);
        dapr.away.add("task");
        due(list + "/1");
        alice.isTold("reminder " + list + "/1");
    }

    @Test
    @Tag("FR-012")
    void whatIsNoFrameIsADeadLetterAndHoldsUpNobody() throws Exception {
        Client alice = come();
        alice.isTold("ready", "reminder missed");
        assertEquals("SUCCESS", deliver(update(6), "{\"type\":\"change\"}", update(7)));
        alice.isTold("change 6", "change 7");
        assertTrue(MemoryLetters.in(dapr).get(0).why().contains("not a change frame"));
    }

    /** The last, for it leaves for good. */
    @Test
    @Order(Integer.MAX_VALUE)
    void whoStopsTellsEverySocketAndHoldsNoneAnyMore() throws Exception {
        Client alice = come();
        alice.isTold("ready", "reminder missed");
        assertTrue(dapr.keys().stream().anyMatch(key -> key.startsWith("replica/")));
        String ticket = ticket();
        stopping.fire(new ShutdownDelayInitiatedEvent());
        alice.isTold("closed 1001");
        await(() -> dapr.keys().stream().noneMatch(key -> key.startsWith("replica/")));
        assertEquals(503, refused(ticket));
        // The ticket that nobody uses.
        dapr.tamper("sockets/alice", null);
    }

    // ---------------------------------------------------------------- In the system's words

    /** The turn of a timer comes now. */
    private void turn(String route) throws Exception {
        Exchange turn = new DefaultExchange(camel);
        camel.getRoute(route).getProcessor().process(turn);
        assertNull(turn.getException());
    }

    private static List<String> changes(List<String> told) {
        return told.stream().filter(text -> text.startsWith("change")).toList();
    }

    private static String next(Client client) throws InterruptedException {
        return String.valueOf(client.told.poll(10, TimeUnit.SECONDS));
    }

    private Client come() throws Exception {
        return open(ticket());
    }

    private Client open(String ticket) {
        Client client = new Client();
        client.socket = connect(ticket, client).join();
        clients.add(client);
        return client;
    }

    private int refused(String ticket) {
        Throwable no = assertThrows(
                        CompletionException.class,
                        () -> connect(ticket, new Client()).join())
                .getCause();
        return ((WebSocketHandshakeException) no).getResponse().statusCode();
    }

    private CompletableFuture<WebSocket> connect(String ticket, Client client) {
        return http.newWebSocketBuilder()
                .buildAsync(
                        URI.create("ws://" + service.getAuthority() + "/live?ticket=" + ticket.replace(" ", "+")),
                        client);
    }

    /** A ticket as <em>task</em> gives it: counted here, then signed. */
    private String ticket() throws Exception {
        return ticket(Instant.now().plusSeconds(3_600));
    }

    private String ticket(Instant signedOut) throws Exception {
        return ticket(signedOut, claims -> {});
    }

    private String ticket(Instant signedOut, Consumer<JwtClaims> more) throws Exception {
        JwtClaims claims = new JwtClaims();
        claims.setSubject("alice");
        claims.setAudience("live");
        claims.setGeneratedJwtId();
        claims.setClaim("token-exp", signedOut.getEpochSecond());
        claims.setExpirationTimeMinutesInTheFuture(1);
        more.accept(claims);
        JsonNode counted = ask(
                "internal/tickets",
                Json.object()
                        .put("user", "alice")
                        .put("ticket", claims.getJwtId())
                        .put("until", Instant.now().plusSeconds(60).toString())
                        .toString());
        assertTrue(counted.path("room").asBoolean());
        return new HmacKeys(List.of(FeedSidecar.KEY)).sign(claims);
    }

    private String update(long seq) {
        return dapr.change(list, seq).asFrame().toString();
    }

    private void due(String id) throws Exception {
        due(id, list);
    }

    private void due(String id, String of) throws Exception {
        String due =
                event("reminder.due", "{\"id\":\"%s\",\"list\":\"%s\",\"task\":{\"list\":\"%2$s\"}}".formatted(id, of));
        assertEquals("SUCCESS", sent("events/reminders", due).path("status").asText());
    }

    private static String event(String type, String data) {
        return "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"x\",\"type\":\"%s\",\"data\":%s}"
                .formatted(UUID.randomUUID(), type, data);
    }

    /** Delivers changes as one bulk; @return what the sidecar is told of all of them */
    private String deliver(String... changes) throws Exception {
        StringBuilder entries = new StringBuilder();
        for (String change : changes) {
            entries.append(entries.length() == 0 ? "" : ",")
                    .append("{\"entryId\":\"%d\",\"event\":%s}"
                            .formatted(entries.length(), event("list.updated", change)));
        }
        List<String> answers = sent("events/task-updates", "{\"id\":\"b\",\"entries\":[" + entries + "]}")
                .path("statuses")
                .findValuesAsText("status");
        assertEquals(changes.length, answers.size());
        assertEquals(1, answers.stream().distinct().count());
        return answers.get(0);
    }

    private JsonNode sent(String path, String body) {
        HttpResponse<String> answer = post(path, body);
        assertEquals(200, answer.statusCode(), answer.body());
        return Json.read(answer.body(), JsonNode.class);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int waited = 0; !condition.getAsBoolean(); waited++) {
            assertTrue(waited < 6_000, "not within a minute");
            Thread.sleep(10);
        }
    }
}
