package dev.sandglass.sync.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.events.Role;
import dev.sandglass.events.TaskList;
import dev.sandglass.support.Refused;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.camel.MemoryComponent;
import dev.sandglass.support.routes.Flows;
import dev.sandglass.sync.domain.Frame;
import dev.sandglass.sync.domain.News;
import dev.sandglass.sync.domain.Replay;
import dev.sandglass.sync.domain.ReplayAnswer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** After a restart everybody resumes at once. */
@Tag("FR-014")
class FetchesTest {
    private static final int MANY = 10_000;
    private static final long HEAD = 20;

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final Fetches fetches = new Fetches();
    private final Told told = new Told();
    private final Feeds feeds =
            new Feeds(new Sockets(fetches, new SimpleMeterRegistry(), SECOND, SECOND, SECOND, SECOND, 20));
    /** The questions to the ledger, as {@code <list>/<after>}. */
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private final CountDownLatch answer = new CountDownLatch(1);
    private @Nullable RuntimeException trouble;

    /** The answers to sockets, by their ids. */
    public static final class Told {
        private final Map<String, String> answers = new ConcurrentHashMap<>();

        public void answer(List<ReplayAnswer> some) {
            some.forEach(one -> answers.put(one.replay().socket(), said(one)));
        }

        public void wake(News news) {}

        private static String said(ReplayAnswer answer) {
            return answer.past() == null
                    ? answer.what().toString()
                    : answer.past().frames().stream()
                            .map(Frame::seq)
                            .filter(seq -> seq > answer.replay().after())
                            .toList()
                            .toString();
        }
    }

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** The integrators have no step. */
    public static final class NoStep {
        public void ask(String point) {}
    }

    @BeforeEach
    void start() throws Exception {
        context.addComponent("memory", new MemoryComponent());
        context.getRegistry().bind("sockets", told);
        context.getRegistry().bind("feeds", feeds);
        context.getRegistry().bind("fetches", fetches);
        context.getRegistry().bind("handOver", new NoStep());
        Flows.load(context, "fetch-changes", "replay-changes", "show-frame");
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                routeTemplate("dapr-invoke-action")
                        .templateParameter("app")
                        .templateParameter("method")
                        .templateParameter("verb")
                        .from("kamelet:source")
                        .errorHandler(noErrorHandler())
                        .process(exchange -> {
                            String list = exchange.getProperty("list", String.class);
                            long after = exchange.getProperty("after", Long.class);
                            asked.add(list + "/" + after);
                            if (list.equals("l")) {
                                answer.await();
                            }
                            if (trouble != null) {
                                throw trouble;
                            }
                            exchange.getMessage().setBody(changes(list, after));
                        });
            }
        });
        context.start();
        for (String list : List.of("l", "m")) {
            feeds.learn(List.of(list(list)));
        }
    }

    @AfterEach
    void stop() {
        answer.countDown();
        context.stop();
    }

    private static TaskList list(String id) {
        return new TaskList(id, "List", "alice", new TreeMap<>(Map.of("alice", Role.OWNER)), HEAD);
    }

    private static String changes(String list, long after) {
        return Json.object()
                .<ObjectNode>set(
                        "changes",
                        Json.tree(LongStream.rangeClosed(after + 1, HEAD)
                                .mapToObj(seq -> new Change(
                                        ChangeType.LIST_UPDATED,
                                        list,
                                        seq,
                                        Instant.EPOCH,
                                        "alice",
                                        new TreeMap<>(),
                                        null,
                                        list(list),
                                        null,
                                        "",
                                        ""))
                                .toList()))
                .put("seq", HEAD)
                .toString();
    }

    private void resume(String socket, String list, long after) {
        fetches.add(new Replay(socket, list, after));
    }

    private void everybodyResumes(int sockets, long after) throws Exception {
        for (int i = 0; i < sockets; i++) {
            resume("s" + i, "l", after);
        }
        await(() -> !asked.isEmpty());
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.call()) {
            assertTrue(System.nanoTime() < until, "not within 20 s");
            Thread.sleep(5);
        }
    }

    private long whoWereTold(String what) {
        return told.answers.values().stream().filter(what::equals).count();
    }

    @Test
    void tenThousandResumesAreOneFetch() throws Exception {
        everybodyResumes(MANY, 17);
        resume("other", "m", 19);
        await(() -> told.answers.containsKey("other"));
        assertEquals(List.of("l/17", "m/19"), asked.stream().sorted().toList(), "another list waits for none of them");
        answer.countDown();
        await(() -> told.answers.size() == MANY + 1);
        assertEquals(2, asked.size(), asked::toString);
        assertEquals(MANY, whoWereTold("[18, 19, 20]"));
    }

    @Test
    void whatIsFetchedIsForAllWhoAreWithinItAndTheOthersLookAgain() throws Exception {
        everybodyResumes(1, 15);
        resume("later", "l", 18);
        resume("before", "l", 3);
        answer.countDown();
        await(() -> told.answers.size() == 3);
        if (whoWereTold("LOOK_AGAIN") > 0) {
            resume("before", "l", 3);
            await(() -> whoWereTold("LOOK_AGAIN") == 0);
        }
        assertEquals(List.of("l/15", "l/3"), asked);
        assertTrue(String.valueOf(told.answers.get("before")).matches("\\[4, .*, 20]"), told.answers::toString);
    }

    @Test
    void numbersTheListHasNeverHadAreAnsweredTogetherToo() throws Exception {
        everybodyResumes(100, HEAD + 5);
        answer.countDown();
        await(() -> told.answers.size() == 100);
        assertEquals(100, whoWereTold("[]"), told.answers::toString);
        assertEquals(1, asked.size(), asked::toString);
    }

    @Test
    void whileTheLedgerIsAwayAllAskLater() throws Exception {
        trouble = new Unavailable("task", null);
        everybodyResumes(100, 17);
        answer.countDown();
        await(() -> told.answers.size() == 100);
        assertEquals(100, whoWereTold("ASK_LATER"), told.answers::toString);
        assertEquals(1, asked.size(), asked::toString);
    }

    @Test
    void whatIsTooOldForOneMayBeThereForTheOthers() throws Exception {
        trouble = new Refused(410, "{}");
        everybodyResumes(1, 1);
        resume("other", "l", 17);
        answer.countDown();
        await(() -> told.answers.size() == 2);
        assertEquals("TOO_OLD", told.answers.get("s0"));
    }
}
