package dev.sandglass.support.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.DaprEvents;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.MemoryDapr.Mishap;
import dev.sandglass.support.MemoryLetters;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.camel.MemoryComponent;
import dev.sandglass.support.domain.EventSelector;
import dev.sandglass.support.domain.QueueCursor;
import dev.sandglass.support.domain.RouteQueue;
import dev.sandglass.support.memory.QueueWork;
import dev.sandglass.support.memory.RouteQueues;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.camel.Body;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.component.bean.BeanComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An event on its way to integrators' routes, from the sidecar's call to the emptied queue, whatever the store and other replicas do. */
@Tag("FR-012")
class HooksRoutesTest {
    private final Store dapr = new Store();
    private final IntegratorsRoutes routes = new IntegratorsRoutes();
    private final List<DefaultCamelContext> replicas = new ArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private CamelContext camel;

    /** It tells what it was called for, and can be away for some keys. */
    private static final class Store extends MemoryDapr {
        final List<String> calls = new CopyOnWriteArrayList<>();
        volatile Predicate<String> away = call -> false;
        /** The write that something happens just before, once. */
        volatile String before = "";

        volatile Runnable happens = () -> {};

        Store() {
            super(1);
        }

        private void called(String call) {
            calls.add(call);
            if (away.test(call)) {
                throw new Unavailable("the state store", new IllegalStateException("no answer"));
            }
        }

        @Override
        public Map<String, Stored> read(Collection<String> keys) {
            called("get " + String.join(" ", new TreeSet<>(keys)));
            return super.read(keys);
        }

        @Override
        public void commit(Transaction transaction) {
            List<String> keys = new ArrayList<>();
            transaction.each((key, value) -> keys.add(value == null ? "-" + key : key));
            String call = "write " + String.join(" ", keys);
            called(call);
            if (call.equals(before)) {
                before = "";
                happens.run();
            }
            super.commit(transaction);
        }
    }

    /** A stand-in for the routes of integrators. */
    public static final class IntegratorsRoutes {
        final List<String> tried = new CopyOnWriteArrayList<>();
        volatile Consumer<String> doing = id -> {};

        public boolean give(@Body QueueWork.Try event) {
            String id = event.json().path("id").asText();
            tried.add(id);
            doing.accept(id);
            return true;
        }
    }

    @BeforeEach
    void start() throws Exception {
        TreeMap<String, EventSelector> known = new TreeMap<>();
        for (String route : List.of("a", "b")) {
            known.put(route, new EventSelector(route, route + "-events", List.of(), null, null));
            dapr.tamper(RouteQueue.in(route), Json.text(new RouteQueue(1, 1)));
        }
        dapr.tamper("hooks", Json.text(new RouteQueue.Registry(1, known)));
        camel = replica(8);
    }

    /** @param tries after that many failures an event is a dead letter */
    private CamelContext replica(int tries) throws Exception {
        DefaultCamelContext replica = new DefaultCamelContext();
        replicas.add(replica);
        replica.getShutdownStrategy().setTimeout(1);
        Flows.prepare(replica, dapr, "task");
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        RouteQueues queues = new RouteQueues(tries, meters);
        queues.workOff(Set.of("a", "b"));
        replica.getRegistry().bind("routeQueues", queues);
        replica.getRegistry().bind("handOver", routes);
        replica.getRegistry().bind("daprEvents", new DaprEvents(meters));
        replica.addComponent("memory", new MemoryComponent());
        replica.addComponent("timer", new Flows.Called());
        Flows.load(replica, "decide", "park", "queue-events", "work-off-queues");
        replica.start();
        return replica;
    }

    @AfterEach
    void stop() {
        released.countDown();
        replicas.forEach(DefaultCamelContext::stop);
    }

    @Test
    void whatWorksOnAQueueIsNotHeldByCamel() throws Exception {
        event("a1");
        await(this::isOver);
        BeanComponent beans = camel.getComponent("bean", BeanComponent.class);
        int before = beans.getCurrentBeanCacheSize();
        camel.getRegistry()
                .lookupByNameAndType("routeQueues", RouteQueues.class)
                .workOff(Set.of("a", "b", "another"));
        await(() -> dapr.calls.stream()
                        .filter(call -> call.contains("hooks/another/"))
                        .count()
                > 1);
        assertEquals(before, beans.getCurrentBeanCacheSize(), "Camel keeps what it has called");
    }

    private void event(String... ids) {
        post(camel, "a", ids);
    }

    /** As the sidecar does. An id begins with its list. */
    private static void post(CamelContext to, String route, String... ids) {
        ArrayNode came = Json.array();
        for (String id : ids) {
            ObjectNode event = Json.object().put("id", id).put("type", "task.created");
            event.putObject("data").put("list", id.substring(0, 1));
            came.addObject().put("entryId", id).set("event", event);
        }
        call(
                to,
                "/hooks/events/{topic}",
                Map.of("topic", route + "-events"),
                Json.object().set("entries", came).toString());
    }

    private static void call(CamelContext to, String path, Map<String, Object> parts, String body) {
        String answer =
                to.createProducerTemplate().requestBodyAndHeaders("platform-http:" + path, body, parts, String.class);
        assertTrue(answer.contains("SUCCESS"), answer);
    }

    private void beat(CamelContext replica) {
        replica.createProducerTemplate().sendBody("timer:hooks-beat", "");
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.call()) {
            assertTrue(System.nanoTime() < until, "not within 30 s");
            Thread.sleep(5);
        }
    }

    /** Tells if no event waits and nobody works. */
    private boolean isOver() {
        return List.of("a", "b").stream().allMatch(route -> cursor(route).worker() == null)
                && dapr.keys().stream().noneMatch(key -> key.matches("hooks/[ab]/\\d+"));
    }

    private QueueCursor cursor(String route) {
        return QueueCursor.of(dapr.read(RouteQueue.out(route)));
    }

    private static void hold(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anEventIsQueuedBeforeItIsAcknowledgedAndLeavesTheQueueOnceItsRouteIsDone() throws Exception {
        routes.doing = id -> dapr.calls.add("route " + id);
        event("l1");
        List<String> before = calls();
        assertEquals(List.of("get hooks", "get hooks/a/in", "write hooks/a/in hooks/a/1"), before.subList(0, 3));
        await(() -> !dapr.keys().contains("hooks/a/1"));
        assertEquals(
                List.of(
                        "write hooks/a/out",
                        "get hooks/a/1",
                        "route l1",
                        "get hooks/a/out",
                        "write hooks/a/out -hooks/a/1"),
                calls().subList(3, 8));
    }

    /** The calls without the looks that found nothing. */
    private List<String> calls() {
        return dapr.calls.stream()
                .filter(call -> !call.matches("get hooks/./in hooks/./out"))
                .toList();
    }

    @Test
    void whatIsNotQueuedIsNotAcknowledged() throws Exception {
        dapr.away = call -> true;
        assertThrows(CamelExecutionException.class, () -> event("l1"));
        dapr.away = call -> call.contains("hooks/a/101");
        String[] many = IntStream.range(0, 150).mapToObj(i -> "l" + i).toArray(String[]::new);
        assertThrows(CamelExecutionException.class, () -> event(many));
        dapr.away = call -> false;
        event(many);
        await(this::isOver);
        assertEquals(Set.of(many), Set.copyOf(routes.tried));
    }

    @Test
    void anEventThatIsQueuedComesWhateverTheStoreAnswers() throws Exception {
        for (Mishap mishap : Mishap.values()) {
            dapr.next(mishap);
            event(mishap.name());
            await(() -> routes.tried.contains(mishap.name()) && isOver());
        }
    }

    @Test
    void ofTwoReplicasThatQueueAtOnceNoneTakesTheOthersPlace() throws Exception {
        CamelContext other = replica(8);
        dapr.happens = () -> post(other, "a", "l2");
        dapr.before = "write hooks/a/in hooks/a/1";
        event("l1");
        await(() -> routes.tried.size() == 2 && isOver());
        assertEquals(List.of("l2", "l1"), routes.tried);
    }

    @Test
    void ofTwoReplicasThatClaimAtOnceOneGivesItToTheRoute() throws Exception {
        replica(8);
        routes.doing = id -> hold(released);
        dapr.happens = () -> {
            try {
                await(() -> routes.tried.size() == 1);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
        dapr.before = "write hooks/a/out";
        event("l1");
        await(() -> routes.tried.size() == 1);
        Thread.sleep(500);
        released.countDown();
        await(this::isOver);
        assertEquals(List.of("l1"), routes.tried);
    }

    @Test
    void whatIsDoneIsDoneOnceWhateverTheStoreAnswersToThat() throws Exception {
        for (Mishap mishap : Mishap.values()) {
            routes.doing = id -> dapr.next(mishap);
            event(mishap.name());
            await(() -> routes.tried.contains(mishap.name()) && isOver());
        }
        assertEquals(Arrays.stream(Mishap.values()).map(Mishap::name).toList(), routes.tried);
    }

    @Test
    void whatIsDoneAndCannotBeWrittenDownIsDoneAgainOnceTheStoreIsBack() throws Exception {
        dapr.away = call -> call.equals("write hooks/a/out -hooks/a/1");
        event("l1");
        await(() -> routes.tried.size() == 2);
        assertTrue(dapr.keys().contains("hooks/a/1"));
        dapr.away = call -> false;
        await(this::isOver);
        assertEquals(Set.of("l1"), Set.copyOf(routes.tried));
    }

    @Test
    void aDeadLetterThatCannotBeKeptStaysInItsQueueUntilItCan() throws Exception {
        replicas.get(0).stop();
        camel = replica(1);
        routes.doing = id -> {
            throw new IllegalStateException("no");
        };
        dapr.away = call -> call.startsWith("write") && call.contains("dead-letters");
        event("l1");
        await(() -> routes.tried.size() == 2);
        assertEquals(List.of(), MemoryLetters.in(dapr));
        assertTrue(dapr.keys().contains("hooks/a/1"));
        dapr.away = call -> false;
        await(this::isOver);
        assertEquals("no", MemoryLetters.in(dapr).get(0).why());
    }

    @Test
    void aDeadLetterComesAgainWhateverTheStoreAnswersButNotToARouteThatIsGone() throws Exception {
        for (Mishap mishap : Mishap.values()) {
            String event = "{\"id\":\"" + mishap + "\",\"data\":{\"list\":\"l\"}}";
            dapr.next(mishap);
            call(camel, "/hooks/{route}", Map.of("route", "a"), event);
            await(() -> routes.tried.contains(mishap.name()) && isOver());
            assertThrows(
                    CamelExecutionException.class, () -> call(camel, "/hooks/{route}", Map.of("route", "c"), event));
        }
    }

    @Test
    void aSlowListHoldsUpItsOwnEventsAndASlowRouteNoOther() throws Exception {
        routes.doing = id -> {
            if (id.equals("l1")) {
                hold(released);
            }
        };
        event("l1", "l2", "m1", "m2");
        await(() -> routes.tried.contains("m2"));
        post(camel, "b", "l3");
        await(() -> routes.tried.contains("l3"));
        assertTrue(!routes.tried.contains("l2"));
        released.countDown();
        await(this::isOver);
        assertEquals(
                List.of("l1", "l2"),
                routes.tried.stream().filter(id -> id.matches("l[12]")).toList());
    }

    /** It takes fifteen seconds: so long a replica may be silent. */
    @Test
    void whatAReplicaThatDiedWasAtIsTakenOverWhenItsBeatIsMissingAndNoSooner() throws Exception {
        routes.doing = id -> hold(released);
        event("l1");
        await(() -> !routes.tried.isEmpty());
        routes.doing = id -> {};
        replica(8);
        Thread.sleep(2_000);
        long beats = cursor("a").beat();
        dapr.away = call -> call.startsWith("write hooks/a/out");
        beat(camel);
        dapr.away = call -> false;
        beat(camel);
        assertEquals(beats + 1, cursor("a").beat());
        long last = System.nanoTime();
        await(() -> routes.tried.size() == 2);
        assertTrue(System.nanoTime() - last > Duration.ofSeconds(14).toNanos());
        await(this::isOver);
        // It was not dead.
        released.countDown();
        event("l2");
        await(() -> routes.tried.contains("l2") && isOver());
        assertEquals(List.of("l1", "l1", "l2"), routes.tried);
    }
}
