package dev.sandglass.support.kamelets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.DaprCalls;
import dev.sandglass.support.Problem;
import dev.sandglass.support.RecordingDapr;
import dev.sandglass.support.Refused;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.Signature;
import dev.sandglass.support.yaml.room.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.DefaultUnitOfWork;
import org.apache.camel.spi.UnitOfWork;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultExchange;
import org.jboss.logmanager.ExtLogRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The work of each Kamelet on a message, with a sidecar that remembers its calls. */
@Tag("FR-011")
class KameletsTest {
    private final RecordingDapr dapr = new RecordingDapr();
    private final CamelContext camel = new DefaultCamelContext();
    private final List<Exchange> came = new ArrayList<>();

    @BeforeEach
    void start() {
        KameletComponent kamelets = new KameletComponent();
        kamelets.setLocation("file:../dsl-yaml/kamelets");
        kamelets.setNoErrorHandler(true);
        camel.addComponent("kamelet", kamelets);
        camel.getRegistry().bind("daprCalls", new DaprCalls(dapr));
        camel.getRegistry().bind("webhooks", new Webhooks(dapr, new Granted("hook-key, hook-token", ""), "task"));
        camel.getRegistry().bind("yamlState", new YamlState(dapr));
        camel.getRegistry().bind("messages", new Messages());
        camel.start();
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    /** A route that passes a message to a Kamelet, and what becomes of it. */
    private Exchange through(String kamelet, Object body, Map<String, Object> headers) throws Exception {
        String id = "route-" + kamelet.hashCode();
        if (camel.getRoute(id) == null) {
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    errorHandler(noErrorHandler());
                    from("direct:" + id).routeId(id).to("kamelet:" + kamelet).process(came::add);
                }
            });
        }
        return camel.createProducerTemplate().request("direct:" + id, exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeaders(new HashMap<>(headers));
        });
    }

    private Exchange through(String kamelet, Object body) throws Exception {
        return through(kamelet, body, Map.of());
    }

    private static JsonNode json(String text) {
        return Json.read(text, JsonNode.class);
    }

    @Test
    void aWebhookIsPostedTheBodyAsItIs() throws Exception {
        assertNull(through("webhook-sink?url=http://localhost:9999/hook?a=b", "{ \"a\" : 1}")
                .getException());
        RecordingDapr.Call call = dapr.only();
        assertEquals("{ \"a\" : 1}", call.body());
        assertEquals("application/json", call.with().get("Content-Type"));
        assertFalse(call.with().containsKey("X-Sandglass-Signature"));
        assertFalse(call.with().containsKey("Authorization"));
    }

    @Test
    @Tag("FR-013")
    void aWebhookIsSignedWithASecretOfTheStore() throws Exception {
        dapr.keep("hook-key", "It's a Secret to Everybody");
        dapr.keep("hook-token", "t0ken");
        through("webhook-sink?url=http://localhost:9999/hook&secret=hook-key&token=hook-token", "Hello, World!");
        // The example in GitHub's documentation of its webhooks.
        assertEquals(
                "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
                dapr.only().with().get("X-Sandglass-Signature"));
        assertEquals("Bearer t0ken", dapr.only().with().get("Authorization"));
    }

    @Test
    @Tag("FR-012")
    void everyTryOfADeliveryHasTheSameIdAndEveryDeliveryItsOwn() throws Exception {
        String hook = "webhook-sink?url=http://localhost:9999/hook";
        dapr.status(503);
        assertInstanceOf(
                Unavailable.class, through(hook, "{}", Map.of("ce-id", "l/1")).getException());
        dapr.status(0);
        assertInstanceOf(
                Unavailable.class, through(hook, "{}", Map.of("ce-id", "l/1")).getException());
        dapr.status(404);
        assertInstanceOf(
                Refused.class, through(hook, "{}", Map.of("ce-id", "l/1")).getException());
        dapr.status(202);
        assertNull(through(hook, "{}", Map.of("ce-id", "l/1")).getException());
        assertNull(through(hook, "{}", Map.of("ce-id", "l/2")).getException());
        assertNull(through(hook + "/other", "{}", Map.of("ce-id", "l/1")).getException());
        for (String type : List.of("reminder.due", "reminder.delivered")) {
            assertNull(
                    through(hook, "{}", Map.of("ce-id", "l/1", "ce-type", type)).getException());
        }
        List<String> ids = dapr.calls().stream()
                .map(call -> call.with().get("X-Sandglass-Delivery"))
                .toList();
        assertEquals(1, ids.subList(0, 4).stream().distinct().count());
        assertEquals(5, ids.subList(3, 8).stream().distinct().count());
    }

    @Test
    void stateIsKeptApartFromTheServicesOwn() throws Exception {
        through("dapr-state-action?operation=save&key=x-${header.n}", "{\"a\":1}", Map.of("n", 7));
        assertTrue(
                dapr.keys().stream().allMatch(key -> key.startsWith("yaml/")),
                () -> dapr.keys().toString());
        assertEquals(
                json("{\"a\":1}"),
                json(through("dapr-state-action?operation=get&key=x-7", "")
                        .getMessage()
                        .getBody(String.class)));
        assertEquals(
                "null",
                through("dapr-state-action?operation=get&key=y", "")
                        .getMessage()
                        .getBody());
    }

    @Test
    @Tag("FR-012")
    void aKeyThatNoStoreCanHaveIsTheRoutesOwnMistake() throws Exception {
        for (String kamelet : List.of("dapr-state-action?operation=get&key=", "deduplicate-action?key=")) {
            for (String key : List.of("a||b", "a\nb", "x".repeat(501))) {
                assertInstanceOf(
                        IllegalArgumentException.class,
                        through(kamelet + "${header.n}", "", Map.of("n", key)).getException(),
                        kamelet + key);
            }
            assertNull(
                    through(kamelet + "${header.n}", "", Map.of("n", "a|b ż/")).getException());
        }
    }

    /** A time that the store does not take would be an error of each call; one of a thousand years would be for ever. */
    @Test
    @Tag("FR-013")
    void aTimeIsFromOneSecondToAYear() throws Exception {
        for (String kamelet : List.of(
                "dapr-state-action?operation=save&key=a",
                "dapr-state-action?operation=append&key=b",
                "deduplicate-action?key=c")) {
            for (String kept : List.of("P25000D", "P367D", "-PT2S", "PT0S", "PT0.9S", "PT2540400H10M1.1S", "P1Y", "")) {
                Exception wrong =
                        through(kamelet + "&kept=RAW(" + kept + ")", "1").getException();
                assertInstanceOf(IllegalArgumentException.class, wrong, kamelet + kept);
                assertTrue(wrong.getMessage().contains("not '" + kept + "'"), wrong::getMessage);
            }
            for (String kept : List.of("PT1S", "P366D")) {
                assertNull(through(kamelet + "&kept=" + kept, "1").getException());
            }
        }
    }

    @Test
    @Tag("FR-013")
    void aListThatNobodyAddsToGoesOneDay() throws Exception {
        through("dapr-state-action?operation=append&key=a", "1");
        through("dapr-state-action?operation=append&key=a", "2");
        through("dapr-state-action?operation=append&key=b&kept=P1D", "1");
        assertEquals(Duration.ofDays(30), dapr.kept("yaml/a"));
        assertEquals(Duration.ofDays(1), dapr.kept("yaml/b"));
    }

    @Test
    void aListHasAnEnd() throws Exception {
        String text = "\"" + "x".repeat(400_000) + "\"";
        String append = "dapr-state-action?operation=append&key=list";
        assertNull(through(append, text).getException());
        assertInstanceOf(IllegalStateException.class, through(append, text).getException());
    }

    @Test
    void oneTextInThePlaceOfManyHasAnEnd() throws Exception {
        String many = "[" + "1,".repeat(10_000) + "1]";
        assertInstanceOf(
                IllegalStateException.class,
                through("redact-action?fields=$[*]&with=" + "x".repeat(10_000), many)
                        .getException());
    }

    @Test
    void whatIsAppendedIsThereInItsOrderAndRemovedOnlyAsItWasRead() throws Exception {
        through("dapr-state-action?operation=append&key=list", "{\"a\":1}");
        through("dapr-state-action?operation=append&key=list", "{\"a\":2}");
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:take")
                        .to("kamelet:dapr-state-action?operation=get&key=list")
                        .process(came::add)
                        .filter(simple("${header.meanwhile}"))
                        .setBody(constant("{\"a\":3}"))
                        .to("kamelet:dapr-state-action?operation=append&key=list")
                        .end()
                        .to("kamelet:dapr-state-action?operation=remove&key=list");
            }
        });
        assertThrows(
                CamelExecutionException.class,
                () -> camel.createProducerTemplate().requestBodyAndHeader("direct:take", "", "meanwhile", true));
        assertEquals(
                "[{\"a\":1},{\"a\":2},{\"a\":3}]",
                camel.createProducerTemplate().requestBody("direct:take", "", String.class));
        assertEquals("null", camel.createProducerTemplate().requestBody("direct:take", "", String.class));
    }

    @Test
    void onlyTheFirstWithAKeyComesThroughAndItsRetriesDo() throws Exception {
        String once = "deduplicate-action?key=day-${header.day}";
        through(once, "a", Map.of("ce-id", "1", "day", "mon"));
        through(once, "b", Map.of("ce-id", "2", "day", "mon"));
        through(once, "c", Map.of("ce-id", "1", "day", "mon"));
        through(once, "d", Map.of("ce-id", "2", "day", "tue"));
        // A reminder and what became of it are two events with one id.
        through(once, "e", Map.of("ce-id", "1", "ce-type", "reminder.delivered", "day", "mon"));
        assertEquals(
                List.of("a", "c", "d"),
                came.stream().map(it -> it.getMessage().getBody(String.class)).toList());
    }

    @Test
    @Tag("FR-012")
    void theSameMessageGoesOnAndIsRememberedAnew() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:timer")
                        .to("kamelet:deduplicate-action?key=x&kept=PT10M")
                        .to("kamelet:deduplicate-action?key=x&kept=P2D")
                        .process(came::add);
            }
        });
        camel.createProducerTemplate().sendBody("direct:timer", "a");
        camel.createProducerTemplate().sendBody("direct:timer", "b");
        assertEquals(1, came.size());
    }

    @Test
    @Tag("FR-012")
    void twoFilesWithOneKeyDoNotTakeEachOthersTurn() throws Exception {
        YamlState state = new YamlState(dapr);
        for (String file : List.of("a.camel.yaml", "b.camel.yaml", "a.camel.yaml")) {
            try (DefaultCamelContext room = new DefaultCamelContext()) {
                room.getCamelContextExtension().setName(file);
                Exchange exchange = new DefaultExchange(room);
                state.first(exchange, "day", "P2D");
                came.add(exchange);
            }
        }
        assertEquals(
                List.of(false, false, true),
                came.stream().map(Exchange::isRouteStop).toList());
    }

    @Test
    @Tag("FR-013")
    void aSecretIsNeitherInTheBodyNorInAHeader() throws Exception {
        dapr.keep("crm", "s3cret");
        Exchange after = through("dapr-secret-action?name=crm", "body");
        assertEquals("s3cret", after.getProperty("secretValue"));
        assertEquals("body", after.getMessage().getBody());
        assertFalse(after.getMessage().getHeaders().toString().contains("s3cret"));
    }

    @Test
    void mailIsPlainTextMadeSafeForABindingThatSendsHtml() throws Exception {
        through(
                "mail-sink?to=alice@example.com&subject=Due today: ${header.n}",
                "rent < 100 & bread\n\"x\"",
                Map.of("n", 2));
        RecordingDapr.Call call = dapr.only();
        assertEquals("mail create", call.where());
        assertEquals(Map.of("emailTo", "alice@example.com", "subject", "Due today: 2"), call.with());
        assertEquals("<div style=\"white-space:pre-wrap\">rent &lt; 100 &amp; bread\n\"x\"</div>", call.body());
    }

    @Test
    void aLineBreakBeginsNoOtherHeaderOfAMail() throws Exception {
        through(
                "mail-sink?to=${header.to}&subject=Due today: ${header.n}",
                "rent",
                Map.of("to", "alice@example.com\r\nBcc: eve@example.com", "n", "2\nBcc: eve@example.com\0"));
        assertEquals(
                Map.of(
                        "emailTo", "alice@example.com Bcc: eve@example.com",
                        "subject", "Due today: 2 Bcc: eve@example.com "),
                dapr.only().with());
    }

    @Test
    void ntfyAndSlackGetTheirOwnForms() throws Exception {
        through("ntfy-sink?topic=home&title=Due&priority=5", "Pay \"rent\"");
        through("slack-sink?url=http://localhost:9998/services/x", "Pay \"rent\"");
        assertEquals("https://ntfy.sh", dapr.calls().get(0).where());
        assertEquals(
                json("{\"topic\":\"home\",\"title\":\"Due\",\"message\":\"Pay \\\"rent\\\"\",\"priority\":5}"),
                json(dapr.calls().get(0).body()));
        assertEquals("http://localhost:9998/services/x", dapr.calls().get(1).where());
        assertEquals(
                json("{\"text\":\"Pay \\\"rent\\\"\"}"),
                json(dapr.calls().get(1).body()));
    }

    @Test
    @Tag("FR-013")
    void fieldsAreRedactedInEveryFormABodyHas() throws Exception {
        String redact = "redact-action?fields=$.task.description;$.entries[*].changed.title;$.none";
        String text = "{\"task\":{\"id\":\"x\",\"description\":\"d\"},\"entries\":[{\"changed\":{\"title\":1}}]}";
        JsonNode expected = json("{\"task\":{\"id\":\"x\"},\"entries\":[{\"changed\":{}}]}");
        assertEquals(expected, json(through(redact, text).getMessage().getBody(String.class)));
        assertEquals(expected, through(redact, json(text)).getMessage().getBody());
        Object maps = Json.read(text, Object.class);
        assertEquals(
                Json.read(expected, Object.class),
                through(redact, maps).getMessage().getBody());
        assertEquals(
                "***",
                json(through("redact-action?fields=$.task.description&with=***", text)
                                .getMessage()
                                .getBody(String.class))
                        .at("/task/description")
                        .asText());
        assertNotEquals(null, through("redact-action?fields=$.[", text).getException());
    }

    @Test
    void whatIsTakenOutOrLookedForHasAnEnd() throws Exception {
        String refused = String.valueOf(through("redact-action?fields=" + "$..a;".repeat(50) + "$.b", "{}")
                .getException());
        assertTrue(refused.contains("at most 50 paths"), refused);
        refused = String.valueOf(through("tag-action?tag=x&words=" + "a,".repeat(500) + "b", "{}")
                .getException());
        assertTrue(refused.contains("at most 500 words"), refused);
        Exchange late = posted("{\"title\":\"x\"}", null);
        Deadline.set(late, Duration.ZERO);
        assertThrows(IllegalStateException.class, () -> new Messages().redact(late, "$.a;$.b", ""));
        assertThrows(IllegalStateException.class, () -> new Messages().tag(late, "a,b", "x"));
    }

    @Test
    void aFieldIsSet() throws Exception {
        Exchange after =
                through("set-action?field=priority&value=${header.to}", "{\"title\":\"x\"}", Map.of("to", "urgent"));
        assertEquals(
                "{\"title\":\"x\",\"priority\":\"urgent\"}", after.getMessage().getBody());
    }

    @Test
    void throttledMessagesComeLaterButCome() throws Exception {
        for (int n = 0; n < 5; n++) {
            through("throttle-action?messages=2&period=200", n);
        }
        assertEquals(5, came.size());
        long lasted =
                came.get(4).getClock().getCreated() - came.get(0).getClock().getCreated();
        assertTrue(lasted >= 200, () -> "the fifth began after " + lasted + " ms");
    }

    @Test
    void aTaskIsTaggedByTheWordsItSpeaksOf() throws Exception {
        String tag = "tag-action?words=rent,phone bill&tag=money";
        Consumer<String> tagged = task -> {
            try {
                assertEquals(
                        json("[\"money\"]"),
                        ((ObjectNode) through(tag, json(task)).getMessage().getBody()).get("tags"),
                        task);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        };
        tagged.accept("{\"title\":\"Pay RENT!\"}");
        tagged.accept("{\"title\":\"x\",\"description\":\"the phone\\nbill\"}");
        tagged.accept("{\"title\":\"rent\",\"tags\":[\"money\"]}");
        for (String task : List.of("{\"title\":\"Parenting\"}", "{\"title\":\"phone the bill collector\"}")) {
            assertEquals(json(task), through(tag, json(task)).getMessage().getBody());
        }
    }

    @Test
    @Tag("FR-001")
    void aDateMovesOffFreeDays() throws Exception {
        String days = "working-day-action?free=saturday,SUNDAY,12-25,12-26,2027-12-27";
        for (String due : List.of("2027-12-25T09:00:00", "2027-12-28T09:00:00")) {
            assertEquals(
                    json("{\"due\":\"2027-12-28T09:00:00\",\"a\":1}"),
                    json(through(days, "{\"due\":\"" + due + "\",\"a\":1}")
                            .getMessage()
                            .getBody(String.class)));
        }
        assertEquals(
                "{\"due\":\"2027-12-24\"}",
                through(days + "&move=previous", "{\"due\":\"2027-12-27\"}")
                        .getMessage()
                        .getBody());
    }

    @Test
    void aTaskIsOrderedFromTaskWithWhatItIsKnownBy() throws Exception {
        through(
                "create-task-sink?user=alice&key=${header.delivery}",
                "{\"title\":\"Call\"}",
                Map.of("delivery", "d-1"));
        assertEquals("task POST internal/users/alice/tasks", dapr.only().where());
        assertEquals(
                json("{\"key\":\"d-1\",\"task\":{\"title\":\"Call\"}}"),
                json(dapr.only().body()));
    }

    @Test
    @Tag("FR-006")
    void tasksAreAskedForAsByTheApi() throws Exception {
        dapr.answer(json("{\"tasks\":[]}"));
        Exchange answered = through(
                "find-tasks-action?user=alice&dueBefore=${header.day}&tag=home", "", Map.of("day", "2027-02-01"));
        assertEquals(
                "task GET internal/users/alice/tasks?status=open&due_before=2027-02-01&tag=home&sort=due&limit=100",
                dapr.only().where());
        assertEquals("{\"tasks\":[]}", answered.getMessage().getBody(String.class));
    }

    @Test
    @Tag("FR-006")
    void tasksAreAskedForByAFilter() throws Exception {
        dapr.answer(json("{\"tasks\":[]}"));
        through(
                "find-tasks-action?user=alice&filter=RAW(title ~ \"a & b\" and tag = ${header.tag})",
                "",
                Map.of("tag", "home"));
        assertEquals(
                "task GET internal/users/alice/tasks?status=open&filter=title+%7E+%22a+%26+b%22+and+tag+%3D+home&sort=due&limit=100",
                dapr.only().where());
    }

    @Test
    @Tag("FR-013")
    void aUserIsOnePartOfAPathWhateverTheName() throws Exception {
        for (Map.Entry<String, String> user : Map.of(
                        "auth0|a/b",
                        "auth0%7Ca%2Fb",
                        "a b?c#d",
                        "a%20b%3Fc%23d",
                        "a..b/.c/d.@e.org",
                        "a..b%2F.c%2Fd.%40e.org",
                        "a%2Fb*",
                        "a%252Fb%2A")
                .entrySet()) {
            for (String kamelet : List.of("find-tasks-action?user=RAW(", "create-task-sink?key=k&user=RAW(")) {
                dapr.calls().clear();
                through(kamelet + user.getKey() + ")", "{\"title\":\"x\"}");
                String where = dapr.calls().get(dapr.calls().size() - 1).where();
                assertTrue(where.contains(" internal/users/" + user.getValue() + "/tasks"), where);
            }
        }
        dapr.calls().clear();
        for (String nobody : List.of(
                "..",
                ".",
                "../lists/l-1/changes/0?x=",
                "a/../../lists/l-1",
                "a/..?x=",
                "a/.;/b",
                "..%2Flists",
                "%2e%2E%252Flists",
                "a%2F%2525%32e%252e%5cb")) {
            for (String kamelet : List.of("find-tasks-action?user=RAW(", "create-task-sink?key=k&user=RAW(")) {
                assertInstanceOf(
                        IllegalArgumentException.class,
                        through(kamelet + nobody + ")", "{\"title\":\"x\"}").getException(),
                        nobody);
            }
        }
        assertEquals(List.of(), dapr.calls());
    }

    @Test
    void anAddressIsCalledAsItIsWritten() {
        Map.of(
                        "http://localhost:9999/h?x=1&secret=a&e=b", "http://localhost:9999/h?x=1&secret=a&e=b",
                        "https://example.com", "https://example.com",
                        "HTTP://example.com/a%20b?c+d", "http://example.com/a%20b?c+d",
                        "http://[::1]:8080/a?b=[1]", "http://[::1]:8080/a?b=%5B1%5D",
                        "http://h/a b/{{c}}|d?e=\"f\"#g", "http://h/a%20b/%7B%7Bc%7D%7D%7Cd?e=%22f%22%23g",
                        "http://h/a?%zz%", "http://h/a?%25zz%25",
                        "http://h/a%40b?c=%2F%3B%23%3F%25", "http://h/a%40b?c=%2F%3B%23%3F%25",
                        "http://h/ż?q=😀", "http://h/%C5%BC?q=%F0%9F%98%80",
                        "http://h/a\\b?\nc", "http://h/a%5Cb?%0Ac")
                .forEach((written, called) ->
                        assertEquals(called, Webhooks.address(written).toString()));
        for (String none : List.of(
                "",
                "x",
                "file:///etc/hostname",
                "http://",
                "http:///x",
                "ftp://h/x",
                "//h/x",
                "http:h",
                "http://h:0/",
                "http://h:99999/",
                "http://h:-1/",
                "http://a b/")) {
            assertThrows(IllegalArgumentException.class, () -> Webhooks.address(none), none);
        }
    }

    @Test
    @Tag("FR-013")
    void onlyWhatIsGrantedIsReadOrCalled() throws Exception {
        Webhooks webhooks = new Webhooks(dapr, new Granted("hook-key", ""), "task");
        dapr.keep("token-key", "s3cret");
        assertThrows(
                IllegalArgumentException.class,
                () -> webhooks.post(posted("x", null), "http://localhost/", "token-key", ""));
        assertThrows(
                IllegalArgumentException.class,
                () -> webhooks.post(posted("x", null), "http://localhost/", "", "token-key"));
        assertThrows(IllegalArgumentException.class, () -> webhooks.verify(posted("x", "y"), "X-Sig", "token-key"));
        for (String url : List.of("http://x/../a", "http://x/a//b", "http://x/%2e%2e/a")) {
            assertThrows(IllegalArgumentException.class, () -> webhooks.post(posted("x", null), url, "", ""), url);
        }
        GrantedCalls calls = new GrantedCalls(new DaprCalls(dapr), new Granted("", "crm/orders"));
        assertThrows(IllegalArgumentException.class, () -> calls.secret(posted("x", null), "token-key", "p"));
        assertThrows(IllegalArgumentException.class, () -> calls.publish(posted("{}", null), "task-events"));
        for (String method : List.of(
                "internal/tasks",
                "internal/users/../tasks",
                "internal/users/%2e%2e/tasks",
                "internal/users/..%2Flists%2Fl-1%2Fchanges%2F0%3Fx=/tasks",
                "internal/users/..%2Flists%2Fl-1/tasks",
                "internal/users/a%252F..%252F..%252Flists/tasks",
                "internal/users/a%5C..%5Cb/tasks",
                "internal/users/a/b/tasks",
                "x")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> calls.invoke(posted("x", null), "task", "GET", method, "100"),
                    method);
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> calls.invoke(posted("x", null), "audit", "GET", "internal/users/a/tasks", "100"));
        assertThrows(
                IllegalArgumentException.class, () -> calls.bind(posted("x", null), "channel-email", "create", ""));
        assertEquals(List.of(), dapr.calls());
        calls.invoke(posted("x", null), "task", "GET", "internal/users/a%2Fb/tasks?status=open", "100");
        calls.invoke(posted("x", null), "crm", "GET", "orders/7", "100");
        assertEquals(2, dapr.calls().size());
    }

    @Test
    @Tag("FR-013")
    void aForeignPostIsTakenWithTheSendersSignatureAlone() {
        dapr.keep("hook-key", "It's a Secret to Everybody");
        Webhooks webhooks = new Webhooks(dapr, new Granted("hook-key, hook-token", ""), "task");
        String signature = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        for (String given : List.of(signature, "sha256=" + signature)) {
            Exchange exchange = posted("Hello, World!", given);
            webhooks.verify(exchange, "X-Sig", "hook-key");
            assertEquals("Hello, World!", exchange.getMessage().getBody());
            assertTrue(exchange.getProperty("delivery", String.class).length() > 8);
        }
        for (String given : new String[] {null, "", "sha256=", signature.replace('7', '8'), "sha1=" + signature}) {
            assertEquals(
                    401,
                    assertThrows(
                                    Problem.class,
                                    () -> webhooks.verify(posted("Hello, World!", given), "X-Sig", "hook-key"))
                            .status());
        }
        assertThrows(Problem.class, () -> webhooks.verify(posted("Hello, World?", signature), "X-Sig", "hook-key"));
    }

    @Test
    @Tag("FR-012")
    void whoCannotSignWritesALineAMinute() throws Exception {
        dapr.keep("hook-key", "k");
        AtomicLong now = new AtomicLong();
        AtomicReference<Processor> door = new AtomicReference<>();
        camel.getRegistry().bind("webhooks", new Webhooks(dapr, new Granted("hook-key", ""), "task", now::get));
        camel.getRegistry().bind("webhookHeaders", new WebhookHeaders());
        camel.getRegistry().bind("platform-http-engine", new Engine(door));
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("kamelet:webhook-source?name=shop&secret=hook-key&signatureHeader=X-Sig")
                        .throwException(new IllegalStateException("not now"));
            }
        });
        List<String> lines = new CopyOnWriteArrayList<>();
        Handler reader = new Lines(lines);
        Logger log = Logger.getLogger("dev.sandglass.webhook");
        log.addHandler(reader);
        try {
            for (int i = 0; i < 1_000; i++) {
                assertEquals(401, status(door.get(), "no signature"));
            }
            assertEquals(1, lines.size());
            String name = lines.get(0).split(" ")[1];
            assertEquals("/hooks/in/shop", lines.get(0).split(" ")[0]);
            assertTrue(name.matches("[A-Za-z0-9._?-]{1,201}:"), name);
            now.addAndGet(Duration.ofMinutes(1).toNanos());
            status(door.get(), "no signature");
            assertEquals(2, lines.size());
            assertTrue(lines.get(1).contains(" and 999 more"));

            String signature = Signature.of("x".getBytes(UTF_8), "k");
            assertEquals(503, status(door.get(), signature));
            assertEquals(503, status(door.get(), signature));
            assertEquals(4, lines.size(), "what was signed and failed is told each time");
        } finally {
            log.removeHandler(reader);
        }
    }

    private int status(Processor door, String signature) throws Exception {
        Exchange post = posted("x", signature);
        post.getMessage().setHeader("X-GitHub-Delivery", "a b\u202e" + "A".repeat(2_000));
        door.process(post);
        return post.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
    }

    private static final class Lines extends Handler {
        private final List<String> lines;

        Lines(List<String> lines) {
            this.lines = lines;
        }

        @Override
        public void publish(LogRecord line) {
            lines.add(((ExtLogRecord) line).getFormattedMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @Test
    @Tag("FR-012")
    void aSlowRouteOnPostsTakesSixteenThreadsAtMost() throws Exception {
        dapr.keep("hook-key", "k");
        AtomicReference<Processor> door = new AtomicReference<>();
        camel.getRegistry().bind("webhookHeaders", new WebhookHeaders());
        camel.getRegistry().bind("platform-http-engine", new Engine(door));
        CountDownLatch slow = new CountDownLatch(1);
        AtomicInteger inside = new AtomicInteger();
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("kamelet:webhook-source?name=shop&secret=hook-key&signatureHeader=X-Sig")
                        .process(exchange -> {
                            inside.incrementAndGet();
                            slow.await();
                        });
            }
        });
        ExecutorService threads = Executors.newFixedThreadPool(20);
        List<Future<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(threads.submit(() -> {
                Exchange post = posted("x", Signature.of("x".getBytes(UTF_8), "k"));
                door.get().process(post);
                return post.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
            }));
        }
        for (int waited = 0;
                waited < 400
                        && (inside.get() < 16
                                || answers.stream().filter(Future::isDone).count() < 4);
                waited++) {
            Thread.sleep(50);
        }
        assertEquals(16, inside.get());
        slow.countDown();
        Map<Integer, Integer> statuses = new HashMap<>();
        for (Future<Integer> answer : answers) {
            statuses.merge(answer.get(), 1, Integer::sum);
        }
        assertEquals(Map.of(204, 16, 503, 4), statuses);
        threads.shutdown();
        Exchange next = posted("x", Signature.of("x".getBytes(UTF_8), "k"));
        door.get().process(next);
        assertEquals(204, next.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class));
    }

    /** A door that a test posts through. */
    private record Engine(AtomicReference<Processor> door) implements PlatformHttpEngine {
        @Override
        public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
            door.set(exchange -> {
                exchange.getExchangeExtension().setFromEndpoint(endpoint);
                UnitOfWork work = new DefaultUnitOfWork(exchange);
                exchange.getExchangeExtension().setUnitOfWork(work);
                processor.process(exchange);
                work.done(exchange);
            });
            return new Door(endpoint, processor);
        }
    }

    private static final class Door extends DefaultConsumer implements PlatformHttpConsumer {
        private final PlatformHttpEndpoint endpoint;

        Door(PlatformHttpEndpoint endpoint, Processor processor) {
            super(endpoint, processor);
            this.endpoint = endpoint;
        }

        @Override
        public PlatformHttpEndpoint getEndpoint() {
            return endpoint;
        }
    }

    private Exchange posted(String body, @Nullable String signature) {
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody(body.getBytes(UTF_8));
        exchange.getMessage().setHeader("X-Sig", signature);
        return exchange;
    }

    @Test
    void theDayBeginsAtItsTimeInItsZoneForAnHour() {
        assertEquals("2027-01-31", day("2027-01-31T06:00:00Z"));
        assertEquals("2027-01-31", day("2027-01-31T06:59:59Z"));
        assertNull(day("2027-01-31T05:59:59Z"));
        assertNull(day("2027-01-31T07:00:00Z"));
        assertEquals("2027-07-31", day("2027-07-31T05:00:00Z"));
    }

    /** The date, at seven in Warsaw; null where it is not time. */
    private @Nullable String day(String now) {
        Exchange exchange = new DefaultExchange(camel);
        new Messages(Clock.fixed(Instant.parse(now), ZoneOffset.UTC)).daily(exchange, "07:00", "Europe/Warsaw");
        return exchange.isRouteStop() ? null : exchange.getProperty("day", String.class);
    }

    @Test
    @Tag("FR-010")
    void anotherServiceIsAskedAndAJobScheduled() throws Exception {
        dapr.answer(json("{\"b\":2}"));
        Exchange answered =
                through("dapr-invoke-action?app=task&method=internal/x/${header.n}", "{\"a\":1}", Map.of("n", 7));
        assertEquals("task POST internal/x/7", dapr.only().where());
        assertEquals(json("{\"a\":1}"), json(dapr.only().body()));
        assertEquals("{\"b\":2}", answered.getMessage().getBody(String.class));
        through("dapr-job-sink?name=n-${header.n}&at=2027-01-31T08:00:00Z", "{}", Map.of("n", 7));
        assertEquals("n-7 2027-01-31T08:00:00Z", dapr.calls().get(1).where());
    }

    @Test
    @Tag("FR-009")
    void aModelIsAskedWhatTheBodySays() throws Exception {
        dapr.answer(json("{\"outputs\":[]}"));
        Exchange answered = through(
                "dapr-conversation-action?component=${header.name}&limit=${header.left}",
                json("{\"inputs\":[]}"),
                Map.of("name", "conversation", "left", 2_500L));
        assertEquals("conversation", dapr.only().where());
        assertEquals("{\"inputs\":[]}", dapr.only().body());
        assertEquals("PT2.5S", dapr.only().with().get("limit"));
        assertEquals("{\"outputs\":[]}", answered.getMessage().getBody(String.class));
    }

    @Test
    @Tag("FR-012")
    void anotherServiceHasTheTimeThatIsSetUnlessTheRouteSaysAnother() throws Exception {
        through("dapr-invoke-action?app=task&method=internal/x", "{}");
        through("dapr-invoke-action?app=task&method=internal/x&limit=2500", "{}");
        through("find-tasks-action?user=alice", "");
        assertEquals(
                Arrays.asList(null, "PT2.5S", null),
                dapr.calls().stream().map(call -> call.with().get("limit")).toList());
    }
}
