package dev.sandglass.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.bench.Product.Person;
import dev.sandglass.events.Json;
import dev.sandglass.task.domain.BulkLoad;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.WebSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The same work with more and more tasks in its list, and with more and more lists in the system. */
final class Growing {
    private static final List<Integer> TASKS = List.of(1_000, 10_000, 100_000);
    private static final List<Integer> LISTS = List.of(10, 1_000, 10_000, 100_000);
    private static final int MOST_LISTS = 1_000;
    private static final int REPLAYED = 1_000;
    /** One of so many tasks. */
    private static final int MADE_BY_MEASURING = 20;

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration LEVEL = Duration.ofMinutes(15);

    private final Site site;
    private final Person alice;
    private final BulkLoad bulk;
    private final List<Double> at = new ArrayList<>();
    private final Map<String, List<Double>> values = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();

    private Growing(Site site) throws IOException {
        this.site = site;
        this.alice = site.product().person();
        this.bulk = BulkLoad.through(
                site.stack().argument("task-sidecar", "--dapr-grpc-port"),
                site.stack().secret("dapr-api-token"));
    }

    /** First the lists, then the tasks of one list: they are written last, and all else is there by then. */
    static List<Row> growth(Site site) throws Exception {
        return List.of(new Growing(site).lists(), new Growing(site).tasks());
    }

    private Row lists() throws Exception {
        bulk.tasks(alice.list(), alice.user(), REPLAYED);
        int there = 0;
        int before = -REPLAYED;
        for (int count : limited(LISTS)) {
            Bench.say("growth: %,d lists".formatted(count));
            for (; there < count; there += Math.min(MOST_LISTS, count - there)) {
                bulk.lists("bench-many-" + alice.list() + "-" + there, Math.min(MOST_LISTS, count - there));
            }
            measure(count, count - before);
            before = count;
        }
        return row("growth of lists", "the same work while there are more lists in the system");
    }

    private Row tasks() throws Exception {
        int there = 0;
        for (int count : limited(TASKS)) {
            Bench.say("growth: %,d tasks".formatted(count));
            // The measuring makes some too, and no list has more than the last of these counts.
            int more = count - count / MADE_BY_MEASURING - there;
            bulk.tasks(alice.list(), alice.user(), more);
            there += more;
            measure(count, more);
        }
        return row("growth of tasks", "the same work in a list with more tasks");
    }

    private List<Integer> limited(List<Integer> counts) {
        return site.quick() ? counts.subList(0, 2) : counts;
    }

    private Row row(String name, String about) {
        List<Curve> curves = new ArrayList<>();
        values.forEach((number, each) -> curves.add(new Curve(number, at, each)));
        return new Row(name, about, List.of(), List.of(), List.of(), notes, curves);
    }

    private void measure(int count, int added) throws Exception {
        at.add((double) count);
        double level = site.meter().levelAfterLoad(LEVEL, false);
        put("consumers level after the load, s a 1,000 changes", level * 1_000 / added);
        Meter.Reading before = site.meter().read();
        Thread.sleep(15_000);
        put(
                "idle, processor ms a second",
                Cost.idle(before, site.meter().read()).system());

        List<String> made = new ArrayList<>();
        put(
                "create, p50 ms",
                one(n -> site.product()
                                .create(alice, "t" + n)
                                .onSuccess(task -> made.add(task.path("id").asText())))
                        .p50());
        int[] next = {0};
        put(
                "completion, p50 ms",
                one(n -> site.product()
                                .call(
                                        HttpMethod.POST,
                                        alice.token(),
                                        "/api/tasks/" + made.get(next[0]++ % made.size()) + "/complete",
                                        null,
                                        200))
                        .p50());
        timed("first search after the load, ms", this::search);
        Stat search = one(n -> Searching.search(site, alice, n));
        put("search, p50 ms", search.p50());
        put("search, p99 ms", search.p99());
        timed("resume of the last 1,000 changes, ms", this::resume);
        // The audit has to have the changes of the calls above as well.
        site.meter().level(SOON);
        timed("verify, ms", () -> {
            if (!site.product().verified(List.of(alice))) {
                throw new IllegalStateException("not complete");
            }
        });
        restart();
    }

    private Stat one(LoadGenerator.Call call) {
        Stat stat = site.load().closed(1, site.seconds(4, 1), call).stat();
        if (stat.errors() > 0) {
            notes.add("%d errors at %s: %s"
                    .formatted(stat.errors(), Benchmark.number(at.get(at.size() - 1)), stat.firstError()));
        }
        return stat;
    }

    private void resume() {
        JsonNode list = LoadGenerator.await(site.product().get(alice, "/api/lists/" + alice.list()), SOON);
        int[] left = {REPLAYED};
        Promise<Void> all = Promise.promise();
        WebSocket socket = LoadGenerator.await(
                site.live().open(alice, frame -> {
                    if (--left[0] == 0) {
                        all.complete();
                    }
                }),
                SOON);
        long after = list.path("seq").asLong() - REPLAYED;
        socket.writeTextMessage(Json.text(Map.of("type", "resume", "lists", Map.of(alice.list(), Math.max(0, after)))));
        LoadGenerator.await(all.future(), SOON);
        LoadGenerator.await(socket.close(), SOON);
    }

    /** Services stopped and started, and the first search, which finds no list in memory. */
    private void restart() throws Exception {
        site.stack().run(Hearing.services("stop"));
        timed("restart of the services, ms", () -> site.stack().run(Hearing.services("start")));
        site.stack().look();
        timed("first search after it, ms", this::search);
    }

    private void search() {
        LoadGenerator.await(Searching.search(site, alice, 0), SOON);
    }

    private interface Step {
        void run() throws Exception;
    }

    private void timed(String number, Step step) {
        long start = System.nanoTime();
        try {
            step.run();
            put(number, (System.nanoTime() - start) / (double) TimeUnit.MILLISECONDS.toNanos(1));
        } catch (Exception e) {
            notes.add("%s at %s: %s".formatted(number, Benchmark.number(at.get(at.size() - 1)), e.getMessage()));
            put(number, Double.NaN);
        }
    }

    private void put(String number, double value) {
        // It takes up to an hour: what is known is seen.
        Bench.say("growth: at %s: %s: %s"
                .formatted(Benchmark.number(at.get(at.size() - 1)), number, Benchmark.number(value)));
        values.computeIfAbsent(number, key -> new ArrayList<>()).add(value);
    }
}
