package dev.sandglass.support.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.DaprCalls;
import dev.sandglass.support.DaprEvents;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.MemoryLetters;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.camel.MemoryComponent;
import dev.sandglass.support.domain.Letter;
import dev.sandglass.support.domain.QueueCursor;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.RouteQueue;
import dev.sandglass.support.kamelets.Granted;
import dev.sandglass.support.kamelets.GrantedCalls;
import dev.sandglass.support.memory.Backlog;
import dev.sandglass.support.memory.RouteQueues;
import dev.sandglass.support.routes.Flows;
import dev.sandglass.support.yaml.room.NoRoom;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.util.ObjectHelper;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes run as the folder says, whatever happens to it; refused files touch nothing; events wait for their route. */
@Tag("FR-012")
class ReloadTest {
    private static final int SWAPS = 20;
    /** For what comes sooner on any machine that works. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Backlog NOTHING_SAVED = longest -> {
        Thread.sleep(longest.toMillis());
        return null;
    };

    @TempDir
    Path dslYaml;

    private Path routes;
    private final AtomicBoolean full = new AtomicBoolean();
    private final AtomicInteger thrown = new AtomicInteger();
    private final MemoryDapr dapr = new MemoryDapr(1) {
        @Override
        public synchronized Map<String, Stored> read(Collection<String> keys) {
            if (full.get() && keys.stream().anyMatch(key -> key.endsWith("/out"))) {
                thrown.incrementAndGet();
                throw new OutOfMemoryError("Java heap space");
            }
            return super.read(keys);
        }
    };
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Got got = new Got();
    private Duration perTry = Duration.ofSeconds(2);
    private DefaultCamelContext camel;
    private LiveFiles live;
    private Reload reload;

    /** The Kamelet of these tests hands here what a route got. */
    public static final class Got {
        final List<String> bodies = new CopyOnWriteArrayList<>();
        final List<Object> deliveries = new CopyOnWriteArrayList<>();
        volatile boolean failing;
        /** The event that alone fails. */
        volatile String failingOf = "";

        volatile boolean slow;
        final AtomicInteger asked = new AtomicInteger();
        volatile boolean noRoom;

        public void take(Exchange exchange) throws InterruptedException {
            if (noRoom) {
                throw new NoRoom("no room");
            }
            if (slow) {
                asked.incrementAndGet();
                Thread.sleep(30_000);
            }
            Object id = exchange.getMessage().getHeader("ce-id");
            deliveries.add(id);
            if (failing || failingOf.equals(id)) {
                throw new IllegalStateException("no");
            }
            bodies.add(exchange.getMessage().getBody(String.class));
        }
    }

    @BeforeEach
    void start() throws Exception {
        Path kamelets = Files.createDirectories(dslYaml.resolve("kamelets"));
        Files.copy(
                CheckTest.OURS.resolve("kamelets/dapr-event-source.kamelet.yaml"),
                kamelets.resolve("dapr-event-source.kamelet.yaml"));
        Files.writeString(kamelets.resolve("got-sink.kamelet.yaml"), """
                apiVersion: camel.apache.org/v1
                kind: Kamelet
                metadata:
                  name: got-sink
                  labels:
                    camel.apache.org/kamelet.type: sink
                spec:
                  definition:
                    title: Got
                    type: object
                    properties: {}
                  template:
                    from:
                      uri: kamelet:source
                      steps:
                        - bean:
                            ref: got
                            method: take
                """);
        routes = Files.createDirectories(dslYaml.resolve("routes/task"));
        restart(8);
    }

    private void restart(int tries) throws Exception {
        begin(tries, new LiveFiles());
        look();
    }

    private void begin(int tries, LiveFiles files) throws Exception {
        stop();
        begin(tries, files, ConfigProvider.getConfig(), PATIENCE);
    }

    /** Begins a replica. It looks at the folder when it is told to. */
    private void begin(int tries, LiveFiles files, Config config, Duration longest) throws Exception {
        live = files;
        camel = new DefaultCamelContext();
        camel.getRegistry().bind("got", got);
        camel.getShutdownStrategy().setTimeout(5);
        Flows.prepare(camel, dapr, "task");
        camel.addComponent("timer", new Flows.Called());
        RouteQueues queues = new RouteQueues(tries, meters);
        Granted granted = new Granted(Granted.SECRETS, "");
        reload = new Reload(
                dslYaml,
                "task",
                config,
                camel,
                live,
                queues,
                new GrantedCalls(new DaprCalls(dapr), granted),
                granted,
                meters,
                longest);
        camel.getRegistry().bind("routeQueues", queues);
        camel.getRegistry().bind("reload", reload);
        camel.getRegistry().bind("savedFiles", NOTHING_SAVED);
        camel.getRegistry().bind("handOver", handOver(PATIENCE));
        camel.getRegistry().bind("daprEvents", new DaprEvents(meters));
        camel.addComponent("memory", new MemoryComponent());
        Flows.load(camel, "decide", "park", "know-routes", "queue-events", "work-off-queues");
        camel.start();
    }

    private HandOver handOver(Duration limit) {
        return new HandOver(live, limit, perTry, meters);
    }

    @AfterEach
    void stop() {
        if (camel != null) {
            reload.stop(null);
            reload.close(null);
            camel.stop();
        }
    }

    private void look() {
        for (int times = 0; times < 2; times++) {
            camel.createProducerTemplate().sendBody("direct:hooks.know-routes", "");
        }
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(routes.resolve(file), text);
        look();
    }

    private static String rules(String answer) {
        return """
                - route:
                    id: task.hook.rules
                    from:
                      uri: direct:new-task-rules
                      steps:
                        - setBody:
                            constant: '"%s"'
                """.formatted(answer);
    }

    private static String onEvents(String id, String... more) {
        return """
                - route:
                    id: %s
                    from:
                      uri: kamelet:dapr-event-source
                      parameters:
                        topic: task-events
                %s      steps:
                        - to: kamelet:got-sink
                """.formatted(id, String.join("", more).indent(8));
    }

    private String ask() {
        return ask(PATIENCE);
    }

    private String ask(Duration limit) {
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody("\"as it came\"");
        handOver(limit).ask("new-task-rules", exchange);
        return exchange.getMessage().getBody(String.class);
    }

    private void event(String... ids) {
        ArrayNode came = Json.array();
        for (String id : ids) {
            ObjectNode event =
                    Json.object().put("id", id).put("type", "task.created").put("subject", "s");
            event.putObject("data").put("list", "l").put("of", id);
            came.addObject().put("entryId", id).set("event", event);
        }
        send(
                "/hooks/events/{topic}",
                Map.of("topic", "task-events"),
                Json.object().set("entries", came));
    }

    /** As the sidecar does. */
    private void send(String path, Map<String, Object> parts, Object body) {
        try {
            String answer = camel.createProducerTemplate()
                    .requestBodyAndHeaders("platform-http:" + path, body.toString(), parts, String.class);
            assertTrue(answer.contains("SUCCESS"), answer);
        } catch (CamelExecutionException e) {
            Unavailable away = ObjectHelper.getException(Unavailable.class, e);
            throw away == null ? e : away;
        }
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            assertTrue(System.nanoTime() < until, () -> "not within " + PATIENCE.toSeconds() + " s");
            Thread.sleep(10);
        }
    }

    private List<String> of() {
        return got.bodies.stream()
                .map(body -> Json.read(body, JsonNode.class).path("of").asText())
                .toList();
    }

    // ---------------------------------------------------------------- The folder

    @Test
    void aBrokenKameletKeepsNoServiceFromItsStartAndIsNamed() throws Exception {
        Files.writeString(dslYaml.resolve("kamelets/broken.kamelet.yaml"), "kind: Kamelet\na: [");
        restart(8);
        write("a.camel.yaml", onEvents("all"));
        write("b.camel.yaml", onEvents("other").replace("got-sink", "broken"));
        event("1");
        await(() -> of().equals(List.of("1")));
        assertEquals(
                List.of("b.camel.yaml:8"),
                reload.refusals().stream()
                        .map(refusal -> refusal.file() + ":" + refusal.line())
                        .toList());
        Map<String, Object> said = new YamlHealth(reload, handOver(Duration.ofSeconds(2)))
                .call()
                .getData()
                .orElseThrow();
        assertTrue(said.get("kamelets/broken.kamelet.yaml").toString().startsWith("line 2: no YAML"), said::toString);
    }

    @Test
    void savedChangedRemovedIsInForce() throws Exception {
        assertEquals("\"as it came\"", ask());
        write("a.camel.yaml", rules("one"));
        assertEquals("\"one\"", ask());
        write("a.camel.yaml", rules("two"));
        assertEquals("\"two\"", ask());
        Files.delete(routes.resolve("a.camel.yaml"));
        look();
        assertEquals("\"as it came\"", ask());
    }

    @Test
    void aFileThatIsReplacedAllTheTimeKeepsNoOtherFromBeingTaken() throws Exception {
        write("a.camel.yaml", rules("one"));
        write("x.camel.yaml", onEvents("x"));
        Files.writeString(routes.resolve("a.camel.yaml"), rules("two"));
        replaceAndLook(5);
        assertEquals("\"two\"", ask());
        Files.delete(routes.resolve("a.camel.yaml"));
        replaceAndLook(5);
        assertEquals("\"as it came\"", ask());
        event("e1");
        await(() -> of().equals(List.of("e1")));
        assertEquals(List.of(), reload.refusals(), "what it said before stays in force");
    }

    @Test
    void eventsWaitForAFileThatIsReplacedAllTheTimeEvenOverARestart() throws Exception {
        write("x.camel.yaml", onEvents("x"));
        begin(8, new LiveFiles());
        Files.writeString(routes.resolve("a.camel.yaml"), rules("one"));
        replaceAndLook(5);
        assertEquals("\"one\"", ask());
        assertEquals(
                "[x.camel.yaml:1: it is being written at every look]",
                reload.refusals().toString());
        event("e1");
        look();
        await(() -> of().equals(List.of("e1")));
        assertEquals(List.of(), reload.refusals());
        begin(8, new LiveFiles());
        replaceAndLook(5);
        Files.delete(routes.resolve("x.camel.yaml"));
        look();
        assertEquals(List.of(), reload.refusals());
        event("e2");
        look();
        assertEquals(List.of("e1"), of());
    }

    private void replaceAndLook(int times) throws IOException {
        for (int i = 0; i < times; i++) {
            Files.writeString(routes.resolve("x.camel.yaml"), onEvents("x") + "# " + System.nanoTime());
            camel.createProducerTemplate().sendBody("direct:hooks.know-routes", "");
        }
    }

    /** An editor saves them one after the other; where the first alone were taken, the events of its route were gone. */
    @Test
    void filesThatAreSavedTogetherAreTakenTogether() throws Exception {
        write("a.camel.yaml", onEvents("x"));
        Files.delete(routes.resolve("a.camel.yaml"));
        camel.createProducerTemplate().sendBody("direct:hooks.know-routes", "");
        Files.writeString(routes.resolve("b.camel.yaml"), onEvents("x"));
        camel.createProducerTemplate().sendBody("direct:hooks.know-routes", "");
        event("e1");
        look();
        await(() -> of().equals(List.of("e1")));
    }

    @Test
    void aRenamedFileGoesOn() throws Exception {
        write("a.camel.yaml", rules("one"));
        Files.move(routes.resolve("a.camel.yaml"), routes.resolve("z.camel.yaml"));
        look();
        assertEquals("\"one\"", ask());
        assertEquals(List.of(), reload.refusals());
    }

    @Test
    void aRenamedRouteGoesOn() throws Exception {
        write("a.camel.yaml", rules("one"));
        write("a.camel.yaml", rules("two").replace("task.hook.rules", "task.hook.others"));
        assertEquals("\"two\"", ask());
    }

    @Test
    void aRouteMayMoveToAnotherFile() throws Exception {
        write("b.camel.yaml", rules("one"));
        Files.writeString(routes.resolve("a.camel.yaml"), rules("two"));
        write("b.camel.yaml", onEvents("task.hook.events"));
        assertEquals(List.of(), reload.refusals());
        assertEquals("\"two\"", ask());
    }

    @Test
    void anEmptyFileIsOneBeingSaved() throws Exception {
        write("a.camel.yaml", rules("one"));
        write("a.camel.yaml", "");
        assertEquals("\"one\"", ask());
        assertEquals(List.of(), reload.refusals());
        write("a.camel.yaml", rules("two"));
        assertEquals("\"two\"", ask());
    }

    @Test
    void aConfigMapsSwapIsSeen() throws Exception {
        Path first = Files.createDirectories(routes.resolve("..2026_1"));
        Path second = Files.createDirectories(routes.resolve("..2026_2"));
        Files.writeString(first.resolve("a.camel.yaml"), rules("one"));
        Files.writeString(second.resolve("a.camel.yaml"), rules("two"));
        Files.createSymbolicLink(routes.resolve("..data"), Path.of("..2026_1"));
        Files.createSymbolicLink(routes.resolve("a.camel.yaml"), Path.of("..data/a.camel.yaml"));
        look();
        assertEquals("\"one\"", ask());
        Path swapped = Files.createSymbolicLink(routes.resolve("..data_tmp"), Path.of("..2026_2"));
        Files.move(
                swapped, routes.resolve("..data"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        look();
        assertEquals("\"two\"", ask());
    }

    @Test
    void aFolderThatCannotBeReadChangesNothing() throws Exception {
        write("a.camel.yaml", rules("one"));
        Files.move(routes, dslYaml.resolve("elsewhere"));
        look();
        assertEquals("\"one\"", ask());
        assertTrue(reload.unreadable() != null);
        Files.move(dslYaml.resolve("elsewhere"), routes);
        look();
        assertEquals(null, reload.unreadable());
    }

    @Test
    void whatIsRefusedLeavesEverythingAsItWas() throws Exception {
        write("a.camel.yaml", rules("one"));
        write("b.camel.yaml", onEvents("task.hook.events"));
        for (String wrong : List.of("- route:\n    id: [", rules("two").replace("setBody", "script"))) {
            write("a.camel.yaml", wrong);
            assertEquals("\"one\"", ask(), wrong);
            assertEquals("a.camel.yaml", reload.refusals().get(0).file());
            assertEquals(1, meters.get("sandglass.yaml.refused").gauge().value());
        }
        write("a.camel.yaml", rules("two"));
        assertEquals("\"two\"", ask());
        assertEquals(List.of(), reload.refusals());
    }

    @Test
    void ofTwoFilesWithOneNameTheLaterIsWrongAndWhatIsInForceStays() throws Exception {
        write("b.camel.yaml", rules("one"));
        write("a.camel.yaml", rules("two"));
        assertEquals("\"one\"", ask());
        List<Refusal> wrong = List.of(
                new Refusal(
                        "a.camel.yaml",
                        1,
                        "the id task.hook.rules is given by b.camel.yaml too; one of them can be in force"),
                new Refusal("b.camel.yaml", 1, "the id task.hook.rules is there already, in a.camel.yaml"));
        assertEquals(wrong, reload.refusals());
        assertEquals(wrong, Check.of(dslYaml, "task", name -> null, new Granted("", "")));
        write("b.camel.yaml", rules("three"));
        assertEquals("\"one\"", ask());
        assertEquals(wrong, reload.refusals());
        Files.delete(routes.resolve("b.camel.yaml"));
        look();
        assertEquals("\"two\"", ask());
        assertEquals(List.of(), reload.refusals());
    }

    @Test
    void whatAFileSendsToItselfIsNoWayInForEventsOfOthers() throws Exception {
        write("b.camel.yaml", onEvents("task.hook.events"));
        write("a.camel.yaml", """
                - route:
                    id: thief
                    from:
                      uri: direct:waiting-task.hook.events
                      steps:
                        - stop: {}
                - route:
                    id: task.hook.rules
                    from:
                      uri: direct:new-task-rules
                      steps:
                        - to: direct:waiting-task.hook.events
                """);
        assertEquals(List.of(), reload.refusals());
        event("1");
        await(() -> got.bodies.size() == 1);
    }

    @Test
    void twoFilesMayExchangeTheirNames() throws Exception {
        write("a.camel.yaml", rules("one"));
        write("b.camel.yaml", onEvents("task.hook.events"));
        Files.writeString(routes.resolve("a.camel.yaml"), onEvents("task.hook.events"));
        write("b.camel.yaml", rules("two"));
        assertEquals(List.of(), reload.refusals());
        assertEquals("\"two\"", ask());
        event("1");
        await(() -> got.bodies.size() == 1);
    }

    @Test
    void aFileOfCommentsHasNoRoutes() throws Exception {
        write("a.camel.yaml", rules("one"));
        write("a.camel.yaml", rules("one").replaceAll("(?m)^", "# "));
        assertEquals("\"as it came\"", ask());
        assertEquals(List.of(), reload.refusals());
    }

    @Test
    void whatIsNoFileIsNamedAndTheRestGoesOn() throws Exception {
        write("a.camel.yaml", rules("one"));
        Path secret = Files.writeString(dslYaml.resolve("secret"), "- s3cret: x");
        Files.createSymbolicLink(routes.resolve("b.camel.yaml"), Path.of("nowhere"));
        Files.createDirectories(routes.resolve("c.camel.yaml"));
        Files.createSymbolicLink(routes.resolve("d.camel.yaml"), secret.toAbsolutePath());
        Files.createSymbolicLink(routes.resolve("e.camel.yaml"), Path.of("e.camel.yaml"));
        Files.write(routes.resolve("f.camel.yaml"), new byte[] {'#', ' ', (byte) 0xff});
        Files.writeString(routes.resolve("g.camel.yaml"), "#".repeat(300_000));
        new ProcessBuilder("mkfifo", routes.resolve("h.camel.yaml").toString())
                .start()
                .waitFor();
        write("a.camel.yaml", rules("two"));
        assertEquals("\"two\"", ask());
        assertEquals(
                List.of(
                        "b.camel.yaml:1: it is a link to nothing",
                        "c.camel.yaml:1: it is no file",
                        "d.camel.yaml:1: it is a link that leads out of the folder",
                        "f.camel.yaml:1: it is no text in UTF-8",
                        "g.camel.yaml:1: it has more than 262144 bytes",
                        "h.camel.yaml:1: it is no file"),
                reload.refusals().stream()
                        .map(Refusal::toString)
                        .filter(refusal -> !refusal.startsWith("e."))
                        .sorted()
                        .toList());
        assertTrue(reload.refusals().stream().anyMatch(refusal -> refusal.file().equals("e.camel.yaml")));
        assertEquals(
                new TreeSet<>(reload.refusals().stream().map(Refusal::toString).toList()),
                new TreeSet<>(Check.of(dslYaml, "task", name -> null, new Granted("", "")).stream()
                        .map(Refusal::toString)
                        .toList()));
        // Routes in force stay when their file becomes none.
        Files.delete(routes.resolve("a.camel.yaml"));
        Files.createDirectories(routes.resolve("a.camel.yaml"));
        look();
        assertEquals("\"two\"", ask());
    }

    @Test
    void aNameThatIsLetGoIsFreeForAnother() throws Exception {
        write("a.camel.yaml", rules("one"));
        write("b.camel.yaml", rules("two"));
        assertEquals("b.camel.yaml", reload.refusals().get(1).file());
        assertEquals("\"one\"", ask());
        Files.delete(routes.resolve("a.camel.yaml"));
        look();
        assertEquals("\"two\"", ask());
    }

    @Test
    void aRouteIsGoneFromAFileInForceThoughAnotherGivesOneOfItsIdsToo() throws Exception {
        write("a.camel.yaml", onEvents("x") + onEvents("y"));
        got.failing = true;
        event("1");
        await(() -> dapr.keys().stream().anyMatch(key -> key.startsWith("hooks/y/")));
        write("b.camel.yaml", onEvents("x"));
        write("a.camel.yaml", onEvents("x"));
        assertEquals(
                List.of("a.camel.yaml", "b.camel.yaml"),
                reload.refusals().stream().map(Refusal::file).toList());
        await(() -> dapr.keys().stream().noneMatch(key -> key.startsWith("hooks/y/")));
        assertTrue(dapr.keys().stream().anyMatch(key -> key.startsWith("hooks/x/")));
    }

    @Test
    void notOneRequestFailsWhileRoutesAreSwappedManyTimes() throws Throwable {
        write("a.camel.yaml", rules("0"));
        whileAsked(() -> {
            for (int i = 1; i <= SWAPS; i++) {
                write("a.camel.yaml", rules(Integer.toString(i)));
            }
        });
        assertEquals("\"" + SWAPS + "\"", ask());
    }

    @Test
    void notOneRequestFailsWhileAFileIsRenamedManyTimes() throws Throwable {
        write("0.camel.yaml", rules("one"));
        whileAsked(() -> {
            for (int i = 1; i <= SWAPS; i++) {
                Files.move(routes.resolve(i - 1 + ".camel.yaml"), routes.resolve(i + ".camel.yaml"));
                look();
            }
        });
        assertEquals("\"one\"", ask());
        assertEquals(List.of(), reload.refusals());
    }

    /** Makes changes while four ask without a pause. */
    private void whileAsked(Executable changes) throws Throwable {
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<List<String>>> asking = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            asking.add(threads.submit(() -> {
                List<String> answers = new ArrayList<>();
                while (!done.get()) {
                    answers.add(ask());
                }
                return answers;
            }));
        }
        changes.execute();
        done.set(true);
        int asked = 0;
        for (Future<List<String>> answers : asking) {
            asked += answers.get().size();
            assertFalse(answers.get().contains("\"as it came\""));
        }
        threads.shutdown();
        assertTrue(asked > SWAPS, "asked " + asked);
    }

    /** Settings that are not there until somebody counts down: the look at a file that asks for them does not end. */
    private Config endless(CountDownLatch never) {
        return endless(never, new CountDownLatch(0));
    }

    /** @param asked counted down once such a look is under way */
    private Config endless(CountDownLatch never, CountDownLatch asked) {
        return (Config) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Config.class}, (proxy, method, args) -> {
                    asked.countDown();
                    while (never.getCount() > 0) {
                        try {
                            never.await();
                        } catch (InterruptedException told) {
                            // It goes on all the same.
                        }
                    }
                    return Optional.empty();
                });
    }

    @Test
    void aFileThatIsNeverLookedThroughKeepsNoServiceFromItsStart() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        stop();
        begin(8, new LiveFiles(), endless(never), Duration.ofSeconds(2));
        Files.writeString(routes.resolve("a.camel.yaml"), onEvents("slow", "list: '{{hook.slow}}'\n"));
        Files.writeString(routes.resolve("b.camel.yaml"), rules("one"));
        long before = System.nanoTime();
        reload.start(null);
        assertTrue(System.nanoTime() - before < PATIENCE.toNanos());
        await(() -> ask().equals("\"one\""));
        assertEquals(List.of(new Refusal("a.camel.yaml", 1, "it takes more than 2 s to look at")), reload.refusals());
        never.countDown();
    }

    /** Removed together with the saving of another, or while that is looked through. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFileThatIsRemovedLeavesWhileAnotherIsLookedThrough(boolean atOnce) throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        stop();
        begin(8, new LiveFiles(), endless(never, asked), PATIENCE);
        Path removed = routes.resolve("b.camel.yaml");
        write("b.camel.yaml", rules("one"));
        Files.writeString(routes.resolve("a.camel.yaml"), onEvents("slow", "list: '{{hook.slow}}'\n"));
        if (atOnce) {
            Files.delete(removed);
        }
        CompletableFuture<Void> looking = CompletableFuture.runAsync(this::look);
        asked.await();
        Files.deleteIfExists(removed);
        await(() -> ask().equals("\"as it came\""));
        assertFalse(looking.isDone());
        Files.writeString(removed, rules("one"));
        never.countDown();
        looking.get();
        look();
        assertEquals("\"one\"", ask(), "it is there again");
    }

    @Test
    void aFileThatIsRenamedStaysInForceWhileAnotherIsLookedThrough() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        stop();
        begin(8, new LiveFiles(), endless(never), PATIENCE);
        write("b.camel.yaml", rules("one"));
        Files.writeString(routes.resolve("a.camel.yaml"), onEvents("slow", "list: '{{hook.slow}}'\n"));
        Files.move(routes.resolve("b.camel.yaml"), routes.resolve("c.camel.yaml"));
        CompletableFuture<Void> looking = CompletableFuture.runAsync(this::look);
        long until = System.nanoTime() + Duration.ofMillis(1_500).toNanos();
        while (System.nanoTime() < until) {
            assertEquals("\"one\"", ask());
        }
        never.countDown();
        looking.get();
        assertEquals("\"one\"", ask());
    }

    @Test
    void aFileThatIsNeverLookedThroughKeepsNoOtherFromItsLookHoweverOftenItChanges() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        stop();
        begin(8, new LiveFiles(), endless(never), Duration.ofSeconds(1));
        for (int i = 0; i < 4; i++) {
            Files.writeString(routes.resolve("a.camel.yaml"), onEvents("slow" + i, "list: '{{hook.slow}}'\n"));
            reload.look();
            reload.look();
        }
        assertTrue(reload.refusals().get(0).reason().contains("has not ended yet"), reload.refusals() + "");
        Files.writeString(routes.resolve("b.camel.yaml"), rules("one"));
        reload.look();
        reload.look();
        assertEquals("\"one\"", ask());
        never.countDown();
        await(() -> {
            Files.writeString(routes.resolve("b.camel.yaml"), rules("n" + System.nanoTime()));
            reload.look();
            reload.look();
            return !reload.refusals().get(0).reason().contains("has not ended yet");
        });
    }

    @Test
    void howeverManyFilesAreNeverLookedThroughTenThreadsAreLeftAlone() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        stop();
        begin(8, new LiveFiles(), endless(never), Duration.ofMillis(100));
        for (int i = 0; i < 13; i++) {
            Files.writeString(routes.resolve("a" + i + ".camel.yaml"), onEvents("slow" + i, "list: '{{hook.slow}}'\n"));
        }
        reload.look();
        reload.look();
        assertEquals(
                3,
                reload.refusals().stream()
                        .filter(refusal -> refusal.reason().contains("took too long and have not ended yet"))
                        .count(),
                reload.refusals() + "");
        never.countDown();
    }

    @Test
    void whateverHappensTheFolderIsLookedAtAgain() throws Exception {
        begin(8, new LiveFiles() {
            @Override
            synchronized SortedMap<String, Loaded> files() {
                if (full.get()) {
                    thrown.incrementAndGet();
                    throw new OutOfMemoryError("Java heap space");
                }
                return super.files();
            }
        });
        full.set(true);
        Files.writeString(routes.resolve("a.camel.yaml"), rules("one"));
        for (String route : List.of("task.hooks.watch-folder", "task.hooks.know-routes")) {
            camel.getRouteController().stopRoute(route);
            camel.removeRoute(route);
        }
        camel.getRegistry().unbind("savedFiles");
        camel.getRegistry().bind("savedFiles", new SavedFiles(dslYaml, "task"));
        Flows.load(camel, "know-routes");
        await(() -> thrown.get() > 0);
        full.set(false);
        await(() -> ask().equals("\"one\""));
    }

    @Test
    void ofManyThatWereExchangedFewAreWaitedFor() throws Exception {
        String waits = """
                - route:
                    id: waits
                    from:
                      uri: timer:x
                      parameters: {period: 1s, delay: "0"}
                      steps:
                        - setBody: {constant: "%s"}
                        - delay: {constant: "30000"}
                """;
        for (int i = 0; i < 15; i++) {
            write("a.camel.yaml", waits.formatted(i));
            Thread.sleep(100);
        }
        assertEquals(List.of(), reload.refusals());
        Files.delete(routes.resolve("a.camel.yaml"));
        look();
        await(() -> Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("dsl-yaml-closing")
                                && Arrays.stream(thread.getStackTrace())
                                        .anyMatch(at -> at.getClassName().endsWith("Loaded")))
                        .count()
                <= 10);
    }

    /** It has no end of its own for twenty minutes. */
    @Test
    void whatWorksForLongEndsWithItsFile() throws Exception {
        write("a.camel.yaml", """
                - route:
                    id: works
                    from:
                      uri: timer:works
                      parameters: {period: 1s, delay: "0"}
                      steps:
                        - loop:
                            constant: "30000"
                            steps:
                              - loop:
                                  constant: "30000"
                                  steps:
                                    - setBody: {constant: x}
                """);
        assertEquals(List.of(), reload.refusals());
        await(() -> works());
        Thread.sleep(2_000);
        Files.delete(routes.resolve("a.camel.yaml"));
        look();
        await(() -> !works());
    }

    private static boolean works() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().contains("timer://works"));
    }

    // ---------------------------------------------------------------- Handing over

    @Test
    void aStepThatFailsIsPassedOverAndSaid() throws Exception {
        write("a.camel.yaml", rules("x").replaceFirst("(?s)setBody:.*", "to: kamelet:got-sink\n"));
        got.failing = true;
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody("{}");
        HandOver handOver = handOver(Duration.ofSeconds(5));
        handOver.ask("new-task-rules", exchange);
        assertEquals("{}", exchange.getMessage().getBody(String.class));
        assertEquals("no", handOver.failing().get("new-task-rules"));
        assertThrows(Unavailable.class, () -> handOver.need("new-task-rules", exchange));
        got.failing = false;
        handOver.ask("new-task-rules", exchange);
        assertTrue(handOver.failing().isEmpty());
    }

    @Test
    void aStepThatIsLateIsPassedOver() throws Exception {
        write("a.camel.yaml", rules("x").replace("setBody:", "delay:").replace("'\"x\"'", "'30000'"));
        assertEquals(List.of(), reload.refusals());
        long before = System.nanoTime();
        assertEquals("\"as it came\"", ask(Duration.ofMillis(200)));
        assertTrue(System.nanoTime() - before < Duration.ofSeconds(25).toNanos());
    }

    @Test
    void aStepThatWasInTimeIsNotLeftOutForAClientWhoCanComeAgain() throws Exception {
        write("a.camel.yaml", rules("held").replace("steps:\n", "steps:\n        - to: kamelet:got-sink\n"));
        assertEquals(List.of(), reload.refusals());
        HandOver handOver = handOver(Duration.ofSeconds(2));
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody("\"as it came\"");
        handOver.askOrRefuse("new-task-rules", exchange);
        assertEquals("\"held\"", exchange.getMessage().getBody());
        got.slow = true;
        handOver.askOrRefuse("new-task-rules", exchange);
        assertEquals(
                "\"held\"", exchange.getMessage().getBody(), "what is late while nobody else asks is late by itself");
        got.slow = false;
        handOver.askOrRefuse("new-task-rules", exchange);
        got.slow = true;
        got.asked.set(0);
        int many = Runtime.getRuntime().availableProcessors() + 4;
        ExecutorService threads = Executors.newFixedThreadPool(many + 1);
        List<Future<?>> crowd = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            crowd.add(threads.submit(() -> handOver.askOrRefuse("new-task-rules", asking())));
        }
        await(() -> got.asked.get() >= many);
        got.noRoom = true;
        crowd.add(threads.submit(() -> handOver.askOrRefuse("new-task-rules", asking())));
        handOver.ask("new-task-rules", exchange);
        assertEquals("\"held\"", exchange.getMessage().getBody(), "others pass it over");
        for (Future<?> one : crowd) {
            Throwable why = assertThrows(ExecutionException.class, one::get).getCause();
            assertEquals(Rejection.Reason.TOO_MANY, ((Rejection) why).reason());
        }
        threads.shutdown();
        got.slow = false;
        got.noRoom = false;
        handOver.askOrRefuse("new-task-rules", exchange);
        got.failing = true;
        handOver.askOrRefuse("new-task-rules", exchange);
        assertEquals("no", handOver.failing().get("new-task-rules"), "what fails by itself is passed over");
    }

    private Exchange asking() {
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody("\"as it came\"");
        return exchange;
    }

    @Test
    void aStepThatIsLateByItselfIsPassedOverForAllWhoAsk() throws Exception {
        write("a.camel.yaml", rules("x").replace("setBody:", "delay:").replace("'\"x\"'", "'5000'"));
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody("\"as it came\"");
        handOver(Duration.ofMillis(200)).askOrRefuse("new-task-rules", exchange);
        assertEquals("\"as it came\"", exchange.getMessage().getBody(String.class));
    }

    @Test
    void aRuleHoldsForEachOfTwoHundredAtOnce() throws Exception {
        write("a.camel.yaml", rules("held").replace("steps:", "steps:\n        - delay:\n            constant: '100'"));
        assertEquals(List.of(), reload.refusals());
        ExecutorService threads = Executors.newFixedThreadPool(200);
        List<Future<String>> asking = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            asking.add(threads.submit(() -> ask()));
        }
        for (Future<String> answer : asking) {
            assertEquals("\"held\"", answer.get());
        }
        threads.shutdown();
    }

    @Test
    void whatIsLateDoesNothingMoreAndTheThreadThatAskedGoesOn() throws Exception {
        write(
                "a.camel.yaml",
                rules("x")
                        .replaceFirst("(?s)setBody:.*", "delay: {constant: '400'}\n        - to: kamelet:got-sink\n"));
        assertEquals(List.of(), reload.refusals());
        assertEquals("\"as it came\"", ask(Duration.ofMillis(100)));
        assertFalse(Thread.interrupted());
        Thread.sleep(600);
        assertEquals(List.of(), got.bodies);
    }

    @Test
    void whatWouldNeverEndEnds() throws Exception {
        String loop = "loop: {constant: '30000', steps: [";
        write(
                "a.camel.yaml",
                rules("x")
                        .replaceFirst(
                                "(?s)setBody:.*",
                                loop + "{" + loop + "{" + loop + "{setHeader: {name: x, constant: y}}]}}]}}]}\n"));
        assertEquals(List.of(), reload.refusals());
        long before = System.nanoTime();
        assertEquals("\"as it came\"", ask(Duration.ofMillis(200)));
        assertTrue(System.nanoTime() - before < Duration.ofSeconds(25).toNanos());
    }

    @Test
    void aTextThatDoublesHasAnEnd() throws Exception {
        write(
                "a.camel.yaml",
                rules("x")
                        .replaceFirst(
                                "(?s)setBody:.*",
                                "loop: {constant: '100', steps: [{setBody: {simple: '\\${body}\\${body}'}}]}\n"));
        assertEquals(List.of(), reload.refusals());
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody("\"as it came\"");
        HandOver handOver = handOver(PATIENCE);
        handOver.ask("new-task-rules", exchange);
        assertEquals("a text of more than 500000 characters", handOver.failing().get("new-task-rules"));
    }

    /** As the shipped files: nothing is sent through them, and nothing of it is read twice. */
    @Test
    void aRouteThatSaysSomethingWhichNobodyReadsIsPassedBy() throws Exception {
        Object body = Json.object().put("title", "x");
        write("a.camel.yaml", rules("x").replaceFirst("(?s)setBody:.*", "log: {loggingLevel: DEBUG, message: x}\n"));
        assertEquals(List.of(), reload.refusals());
        assertSame(body, asked(body));
        write("a.camel.yaml", rules("x").replaceFirst("(?s)setBody:.*", "log: x\n"));
        assertEquals(List.of(), reload.refusals());
        assertEquals("{\"title\":\"x\"}", asked(body), "it went through the route");
    }

    private Object asked(Object body) {
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody(body);
        handOver(PATIENCE).ask("new-task-rules", exchange);
        return exchange.getMessage().getBody();
    }

    @Test
    void aStepThatMakesNoJsonIsPassedOver() throws Exception {
        write("a.camel.yaml", rules("x").replace("'\"x\"'", "'{'"));
        assertEquals("\"as it came\"", ask());
    }

    // ---------------------------------------------------------------- Events

    @Test
    void aRouteGetsTheEventsItWantsInOrder() throws Exception {
        write("a.camel.yaml", onEvents("all"));
        event("1", "2", "3");
        event("4");
        await(() -> got.bodies.size() == 4);
        assertEquals(List.of("1", "2", "3", "4"), of());
    }

    @Test
    void whatARouteDoesNotWantItDoesNotGet() throws Exception {
        write("a.camel.yaml", onEvents("other-type", "type: task.deleted\n"));
        write("b.camel.yaml", onEvents("other-list", "list: m\n"));
        write("c.camel.yaml", onEvents("other-data", "filter: $[?(@.of == '7')]\n"));
        write("e.camel.yaml", onEvents("no-such-data", "filter: $.of[?(@.x == 1)]\n"));
        write(
                "d.camel.yaml",
                onEvents("this", "type: task.updated, task.created\n", "list: l\n", "filter: $[?(@.of == '1')]\n"));
        event("1", "2");
        await(() -> got.bodies.size() == 1);
        event("7");
        await(() -> got.bodies.size() == 2);
        assertEquals(List.of("1", "7"), of());
    }

    /** A route for all types gets changes of lists too, which have no task. */
    @Test
    void aFilterStepLetsNothingThroughWhereItsPathIsNotThere() throws Exception {
        String filter = """
                filter:
                            jsonpath: "%s"
                            steps:
                              - setBody: {constant: "{}"}
                        - to: kamelet:got-sink
                """;
        write(
                "a.camel.yaml",
                onEvents("a").replace("to: kamelet:got-sink\n", filter.formatted("$.task[?(@.priority == 'urgent')]"))
                        + onEvents("b").replace("to: kamelet:got-sink\n", filter.formatted("$.of[?(@.x == 1)]"))
                        + onEvents("c").replace("to: kamelet:got-sink\n", filter.formatted("$[?(@.of == '1')]")));
        assertEquals(List.of(), reload.refusals());
        event("1");
        await(() -> got.bodies.size() == 3);
        assertEquals(List.of("", "1", "1"), of().stream().sorted().toList());
    }

    @Test
    void whatFailsIsTriedAgainAndHoldsUpNobody() throws Exception {
        write("a.camel.yaml", onEvents("all"));
        got.failingOf = "1";
        event("1");
        await(() -> !got.deliveries.isEmpty());
        event("2");
        await(() -> got.bodies.size() == 1);
        got.failingOf = "";
        await(() -> got.bodies.size() == 2);
        assertEquals(List.of("2", "1"), of());
        assertEquals(
                2, new TreeSet<>(got.deliveries.stream().map(String::valueOf).toList()).size());
    }

    @Test
    void whatFailsTooOftenIsADeadLetterAndCanBeSentAgain() throws Exception {
        restart(2);
        write("a.camel.yaml", onEvents("all"));
        got.failing = true;
        event("1");
        await(() -> !MemoryLetters.in(dapr).isEmpty());
        Letter letter = MemoryLetters.in(dapr).get(0);
        assertEquals("all", letter.source());
        assertEquals("hooks/all", letter.path());
        assertEquals(2, letter.tries());
        assertEquals("no", letter.why());
        got.failing = false;
        send("/hooks/{route}", Map.of("route", "all"), letter.event());
        await(() -> got.bodies.size() == 1);
        await(() -> dapr.keys().stream().noneMatch(key -> key.matches("hooks/all/\\d+")));
    }

    @Test
    void eventsWaitWhileTheirFileIsBrokenEvenOverARestart() throws Exception {
        write("a.camel.yaml", onEvents("all"));
        write("a.camel.yaml", "- route: [");
        event("1");
        await(() -> got.bodies.size() == 1);
        restart(8);
        event("2", "3");
        write("a.camel.yaml", onEvents("all"));
        await(() -> got.bodies.size() == 3);
        assertEquals(List.of("1", "2", "3"), of());
    }

    @Test
    void eventsWaitWhileTheirFileIsEmptyEvenOverARestart() throws Exception {
        write("a.camel.yaml", onEvents("all"));
        write("a.camel.yaml", "");
        event("1");
        await(() -> got.bodies.size() == 1);
        restart(8);
        event("2");
        write("b.camel.yaml", rules("another file"));
        event("3");
        assertEquals(List.of(), reload.refusals());
        write("a.camel.yaml", onEvents("all"));
        await(() -> got.bodies.size() == 3);
        assertEquals(List.of("1", "2", "3"), of());
    }

    @Test
    void aFileThatIsGoneWhileItWasEmptyTakesItsEventsWithIt() throws Exception {
        write("a.camel.yaml", onEvents("all"));
        write("a.camel.yaml", " ");
        restart(8);
        event("1");
        assertTrue(dapr.keys().stream().anyMatch(key -> key.startsWith("hooks/all/")), "it waits");
        Files.delete(routes.resolve("a.camel.yaml"));
        look();
        await(() -> dapr.keys().stream().noneMatch(key -> key.startsWith("hooks/")));
    }

    @Test
    void whatCouldNotBeReadAndIsEmptyThenStaysInForce() throws Exception {
        write("a.camel.yaml", rules("one"));
        Files.delete(routes.resolve("a.camel.yaml"));
        Files.createDirectory(routes.resolve("a.camel.yaml"));
        look();
        assertEquals("\"one\"", ask());
        Files.delete(routes.resolve("a.camel.yaml"));
        write("a.camel.yaml", "");
        assertEquals("\"one\"", ask());
        assertEquals(List.of(), reload.refusals());
    }

    @Test
    void howManyEventsWaitIsCountedAnewForARouteThatComesBack() throws Exception {
        got.failing = true;
        write("a.camel.yaml", onEvents("all"));
        event("1");
        await(() -> waiting() == 1);
        Files.delete(routes.resolve("a.camel.yaml"));
        look();
        assertNull(meters.find("sandglass.hooks.waiting").gauge());
        write("a.camel.yaml", onEvents("all"));
        event("2", "3", "4");
        await(() -> waiting() == 3);
    }

    private double waiting() {
        return meters.get("sandglass.hooks.waiting").tag("route", "all").gauge().value();
    }

    @Test
    void whateverHappensTheQueueIsLookedAtAgain() throws Exception {
        write("a.camel.yaml", onEvents("all"));
        full.set(true);
        await(() -> thrown.get() > 0);
        full.set(false);
        event("1");
        await(() -> got.bodies.size() == 1);
    }

    @Test
    void aReplicaThatStopsLetsGoOfWhatIsUnderWayAndCountsNoTry() throws Exception {
        perTry = Duration.ofSeconds(30);
        restart(8);
        write("a.camel.yaml", onEvents("all"));
        got.slow = true;
        event("1");
        await(() -> cursor().worker() != null);
        reload.stop(null);
        await(() -> cursor().worker() == null);
        assertEquals(List.of(new QueueCursor.Failed(1, 0, 0)), cursor().again());
    }

    /** Until its sidecar has left a replica is asked. */
    @Test
    void aReplicaThatStopsAnswersWhoIsAtAPointAndWhoComes() throws Exception {
        write("a.camel.yaml", rules("one").replace("steps:\n", "steps:\n        - delay: {constant: '700'}\n"));
        CompletableFuture<String> asked = CompletableFuture.supplyAsync(this::ask);
        Thread.sleep(200);
        reload.stop(null);
        assertEquals("\"one\"", asked.get());
        assertEquals("\"one\"", ask());
    }

    private QueueCursor cursor() {
        return QueueCursor.of(dapr.read(RouteQueue.out("all")));
    }

    @Test
    void aRemovedRouteIsGoneWithItsEvents() throws Exception {
        write("a.camel.yaml", onEvents("all"));
        got.failing = true;
        event(IntStream.range(0, 250).mapToObj(Integer::toString).toArray(String[]::new));
        await(() -> !got.deliveries.isEmpty());
        Files.delete(routes.resolve("a.camel.yaml"));
        look();
        got.failing = false;
        await(() -> dapr.keys().stream().noneMatch(key -> key.startsWith("hooks/")));
        write("a.camel.yaml", onEvents("all"));
        event("new");
        await(() -> of().contains("new"));
        assertEquals(
                List.of("new"), of().stream().filter(id -> id.equals("new")).toList());
    }

    @Test
    void notOneEventIsLostWhileRoutesAreSwappedManyTimesAndTheStoreFalters() throws Exception {
        write("a.camel.yaml", onEvents("all"));
        dapr.fail(0.02);
        for (int i = 0; i < SWAPS; i++) {
            String id = Integer.toString(i);
            await(() -> {
                try {
                    event(id);
                    return true;
                } catch (Unavailable e) {
                    return false;
                }
            });
            write("a.camel.yaml", "# " + i + "\n" + onEvents("all"));
        }
        dapr.fail(0);
        await(() -> new TreeSet<>(of()).size() == SWAPS);
    }

    @Test
    void ofTwoReplicasOneWorksAndTheOtherFollowsIt() throws Exception {
        write("a.camel.yaml", onEvents("all"));
        DefaultCamelContext first = camel;
        Reload former = reload;
        begin(8, new LiveFiles(), ConfigProvider.getConfig(), Duration.ofSeconds(20));
        look();
        event(IntStream.range(0, 100).mapToObj(Integer::toString).toArray(String[]::new));
        await(() -> new TreeSet<>(of()).size() == 100);
        former.stop(null);
        former.close(null);
        first.stop();
        event("after");
        await(() -> of().contains("after"));
    }
}
