package dev.sandglass.bench;

import dev.sandglass.bench.Benchmark.By;
import dev.sandglass.bench.Meter.Reading;
import dev.sandglass.bench.Product.Person;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Creates, from one client and from fifty, and people who read and write. */
final class Writing {
    private static final int CLIENTS = 50;
    private static final double ONE_ROUND = 5;
    private static final Duration LEVEL = Duration.ofSeconds(60);
    private static final double TIMES_THE_FLOOR = 2;
    private static final double SHARE_OF_THE_FLOOR = 0.4;
    private static final double FAST = 300;

    private Writing() {}

    static Row create(Site site) {
        Person alice = site.product().person();
        Duration floor = site.seconds(0.5, 0.1);
        Duration own = site.seconds(ONE_ROUND, 1);
        Spent spent = new Spent(site);
        List<Map<String, Stat>> rounds = Site.rounds(
                () -> site.load().closed(1, floor, n -> site.floor().http().transaction(0, n)),
                () -> site.load().closed(1, floor, n -> site.floor().grpc().transaction(0, n)),
                spent.on(() -> site.load().closed(1, own, n -> site.product().create(alice, "t" + n))));
        List<Benchmark> marks = new ArrayList<>();
        marks.add(Site.mark("p99", "ms", By.SPECIFICATION, FAST, true, rounds, Stat::p99));
        marks.add(new Benchmark(
                "p50 to the floor's",
                "",
                By.FLOOR,
                TIMES_THE_FLOOR,
                true,
                rounds.stream().map(Row::ratio).toList()));
        marks.add(Site.noErrors(rounds));
        marks.add(spent.mark(8));
        return new Row(
                "create",
                "one client, one task after another; floor: a transaction of the same writes",
                rounds,
                marks,
                spent.costs,
                List.of());
    }

    static Row creates(Site site) {
        List<Person> people = site.product().people(CLIENTS);
        Duration floor = site.seconds(1, 0.2);
        Duration own = site.seconds(4, 1);
        Spent spent = new Spent(site);
        List<Map<String, Stat>> rounds = Site.rounds(
                () -> site.load()
                        .closed(CLIENTS, floor, n -> site.floor().http().transaction(n % CLIENTS, n)),
                () -> site.load()
                        .closed(CLIENTS, floor, n -> site.floor().grpc().transaction(n % CLIENTS, n)),
                spent.on(() -> site.load()
                        .closed(CLIENTS, own, n -> site.product().create(people.get(n % CLIENTS), "t" + n))));
        List<Benchmark> marks = new ArrayList<>();
        marks.add(new Benchmark(
                "answered a second to the floor's",
                "",
                By.FLOOR,
                SHARE_OF_THE_FLOOR,
                false,
                rounds.stream().map(Row::share).toList()));
        marks.add(Site.noErrors(rounds));
        marks.add(new Benchmark("all else level after", "s", By.OURSELVES, 30, true, spent.level));
        marks.add(spent.mark(3));
        return new Row(
                "creates",
                CLIENTS + " clients on as many lists, each asks again once it is answered; floor: as many transactions",
                rounds,
                marks,
                spent.costs,
                site.product().verified(people) ? List.of() : List.of("the audit does not have every change"));
    }

    static Row mixed(Site site) {
        List<Person> people = site.product().people(CLIENTS);
        Duration floor = site.seconds(1, 0.2);
        Duration own = site.seconds(4, 1.5);
        List<Map<String, Stat>> rounds = Site.rounds(
                () -> site.load().open(CLIENTS, floor, n -> half(site.floor().http(), n)),
                () -> site.load().open(CLIENTS, floor, n -> half(site.floor().grpc(), n)),
                () -> site.load().open(CLIENTS, own, n -> {
                    // Everybody reads and writes in turns.
                    Person person = people.get(n % CLIENTS);
                    return n / CLIENTS % 2 == 0
                            ? site.product().create(person, "t" + n)
                            : site.product().get(person, "/api/tasks?limit=50&list=" + person.list());
                }));
        return new Row(
                "mixed",
                CLIENTS + " users, each a read or a write every second; floor: a read of one key or a transaction",
                rounds,
                List.of(
                        Site.mark("p99", "ms", By.SPECIFICATION, FAST, true, rounds, Stat::p99),
                        Site.mark("p99", "ms", By.OURSELVES, 50, true, rounds, Stat::p99),
                        Site.noErrors(rounds)),
                List.of(),
                List.of());
    }

    private static Future<?> half(Floor.Calls calls, int n) {
        int list = n % CLIENTS;
        return n / CLIENTS % 2 == 0 ? calls.transaction(list, n) : calls.read(list);
    }

    /** The cost of the changes of each round, until all consumers are level. */
    static final class Spent {
        private final Site site;
        final List<Cost> costs = new ArrayList<>();
        final List<Double> level = new ArrayList<>();

        Spent(Site site) {
            this.site = site;
        }

        /** The same, weighed. */
        Supplier<Samples> on(Supplier<Samples> changes) {
            return () -> {
                try {
                    if (level.isEmpty()) {
                        // Between two rounds nothing but the floor is measured, which no consumer hears.
                        site.meter().level(LEVEL);
                    }
                    Reading before = site.meter().read();
                    Samples samples = changes.get();
                    level.add(site.meter().level(LEVEL));
                    costs.add(Cost.of(before, site.meter().read(), site.idle(), samples.count()));
                    return samples;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException(e);
                }
            };
        }

        /** Holds the processor time of a change against a promise. */
        Benchmark mark(double limit) {
            return new Benchmark(
                    "processor time of a change",
                    "ms",
                    By.OURSELVES,
                    limit,
                    true,
                    costs.stream().map(Cost::system).toList());
        }
    }
}
