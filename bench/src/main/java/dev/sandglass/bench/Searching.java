package dev.sandglass.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.bench.Benchmark.By;
import dev.sandglass.bench.Product.Person;
import dev.sandglass.task.domain.BulkLoad;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Search in a list with many tasks. */
final class Searching {
    private static final int CLIENTS = 10;
    private static final double SPECIFIED = 2_000;

    private Searching() {}

    static Row search(Site site) throws IOException, InterruptedException {
        int tasks = site.quick() ? 1_000 : 10_000;
        Person alice = site.product().person();
        load(site, alice, tasks);
        // A change of the list by the front door: the relay need not find out by itself what was left behind.
        site.load().each(1, 1, n -> site.product().create(alice, "last"));
        double level = site.meter().levelAfterLoad(Duration.ofSeconds(180), true);
        // Seeds the floor's key, and reads the list into memory: what is measured is warm.
        site.load().each(20, 1, n -> search(site, alice, n));
        site.load().each(1, 1, n -> site.floor().http().transaction(0, n));
        Duration floor = site.seconds(0.5, 0.1);
        Duration own = site.seconds(2, 0.5);
        List<Map<String, Stat>> rounds = Site.rounds(
                () -> site.load().closed(1, floor, n -> site.floor().http().read(0)),
                () -> site.load().closed(1, floor, n -> site.floor().grpc().read(0)),
                () -> site.load().closed(1, own, n -> search(site, alice, n)));
        List<Stat> crowd = new ArrayList<>();
        for (int i = 0; i < Site.ROUNDS; i++) {
            crowd.add(site.load()
                    .closed(CLIENTS, own, n -> search(site, alice, n))
                    .stat());
        }
        return new Row(
                "search",
                "words, filters and orders in %,d tasks, one client; floor: a read of the list's head".formatted(tasks),
                rounds,
                List.of(
                        Site.mark("p99", "ms", By.SPECIFICATION, SPECIFIED, true, rounds, Stat::p99),
                        Site.mark("p99", "ms", By.OURSELVES, 20, true, rounds, Stat::p99),
                        new Benchmark(
                                CLIENTS + " clients",
                                "/s",
                                By.OURSELVES,
                                400,
                                false,
                                crowd.stream().map(Stat::perSecond).toList()),
                        new Benchmark(
                                "errors of " + CLIENTS + " clients",
                                "",
                                By.OURSELVES,
                                0,
                                true,
                                crowd.stream()
                                        .map(stat -> (double) stat.errors())
                                        .toList()),
                        Site.noErrors(rounds)),
                List.of(),
                List.of("%,d tasks written by the ledger's code at once; all consumers level after %.0f s"
                        .formatted(tasks, level)));
    }

    static void load(Site site, Person person, int tasks) throws IOException {
        BulkLoad.through(
                        site.stack().argument("task-sidecar", "--dapr-grpc-port"),
                        site.stack().secret("dapr-api-token"))
                .tasks(person.list(), person.user(), tasks);
    }

    /** Five kinds of question in turns; each has at least one answer. */
    static Future<JsonNode> search(Site site, Person person, int n) {
        String query = switch (n % 5) {
            case 0 -> "q=" + BulkLoad.WORDS.get(n % BulkLoad.WORDS.size());
            case 1 -> "q=" + BulkLoad.WORDS.get(n % BulkLoad.WORDS.size()) + "&sort=-created";
            case 2 -> "priority=high&sort=due";
            case 3 -> "tag=" + BulkLoad.WORDS.get(n % BulkLoad.WORDS.size()) + "&status=open";
            default -> "due_after=2030-02-01&due_before=2030-02-10&sort=-due,title";
        };
        return site.product()
                .get(person, "/api/tasks?list=" + person.list() + "&" + query)
                .compose(found -> found.path("total").asInt() > 0
                        ? Future.succeededFuture(found)
                        : Future.failedFuture("nothing found by " + query));
    }
}
