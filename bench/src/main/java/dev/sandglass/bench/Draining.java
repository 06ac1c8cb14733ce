package dev.sandglass.bench;

import dev.sandglass.bench.Benchmark.By;
import dev.sandglass.bench.Product.Person;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Changes made while the broker is away, and how fast they go out when it is back. */
final class Draining {
    private static final int CLIENTS = 50;
    private static final int GLANCE = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long QUIET = TimeUnit.SECONDS.toNanos(4);

    private Draining() {}

    static Row drain(Site site) throws Exception {
        List<Person> people = site.product().people(CLIENTS);
        int floors = site.quick() ? 500 : 5_000;
        Stat http = drained(site, site.floor().http(), floors);
        Stat grpc = drained(site, site.floor().grpc(), floors);
        site.meter().level(PATIENCE);
        site.stack().run("stop", "kafka");
        Samples written = site.load()
                .closed(CLIENTS, site.seconds(6, 4), n -> site.product().create(people.get(n % CLIENTS), "t" + n));
        double before = site.meter().delivered("audit");
        long start = System.nanoTime();
        site.stack().run("start", "kafka");
        long back = System.nanoTime();
        // Twice each: once for audit, once for the integrators' routes, and those in bulks of their own.
        long first = 0;
        long last = back;
        double seen = before;
        while (System.nanoTime() - start < PATIENCE.toNanos() && (first == 0 || System.nanoTime() - last < QUIET)) {
            double now = site.meter().delivered("audit");
            if (now > seen) {
                last = System.nanoTime();
                first = first == 0 ? last : first;
                seen = now;
            }
            Thread.sleep(GLANCE);
        }
        double lacking = people.stream()
                .filter(person -> !site.product().verified(List.of(person)))
                .count();
        double since = seconds(last - back);
        Stat stat = written.stat();
        Samples drained = new Samples().over(Math.max(1, last - first));
        for (long i = 0; i < stat.count(); i++) {
            drained.took(last - first);
        }
        Map<String, Stat> round = new LinkedHashMap<>();
        round.put(Row.PRODUCT, drained.stat());
        round.put(Row.HTTP, http);
        round.put(Row.GRPC, grpc);
        return new Row(
                "drain",
                CLIENTS
                        + " clients write while the broker is away: the time from the first of these changes delivered to the last, once"
                        + " it is back; floor: as many events in bulk",
                List.of(round),
                List.of(
                        new Benchmark(
                                "drained",
                                "/s",
                                By.OURSELVES,
                                2_000,
                                false,
                                List.of(drained.stat().perSecond())),
                        new Benchmark(
                                "lists of which the audit lacks a change", "", By.OURSELVES, 0, true, List.of(lacking)),
                        new Benchmark(
                                "writes that failed without the broker", "", By.OURSELVES, 0, true, List.of((double)
                                        stat.errors()))),
                List.of(),
                List.of(
                        "%,d changes written in %.0f s without a broker, p99 %.0f ms; the last was delivered %.1f s after it was back"
                                .formatted(
                                        stat.count(), seconds(site.seconds(6, 4).toNanos()), stat.p99(), since)));
    }

    private static double seconds(long nanos) {
        return nanos / (double) TimeUnit.SECONDS.toNanos(1);
    }

    private static Stat drained(Site site, Floor.Calls calls, int count) {
        long start = System.nanoTime();
        LoadGenerator.await(site.floor().drain(calls, count), PATIENCE);
        long span = System.nanoTime() - start;
        Samples samples = new Samples();
        for (int i = 0; i < count; i++) {
            samples.took(span);
        }
        return samples.over(span).stat();
    }
}
