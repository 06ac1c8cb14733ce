package dev.sandglass.bench;

import dev.sandglass.bench.Benchmark.By;
import dev.sandglass.bench.Product.Person;
import io.vertx.core.http.WebSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Reminders: how long after their time they are on a device. */
final class Reminding {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int GLANCE = 50;
    /** From its planning to its time; longer than planning takes, shorter than the two minutes timers are armed ahead. */
    private static final Duration AHEAD = Duration.ofSeconds(15);

    private static final Duration QUICKLY = Duration.ofSeconds(5);

    private Reminding() {}

    static Row reminder(Site site) throws InterruptedException {
        Person alice = site.product().person();
        Map<String, Due> due = new HashMap<>();
        WebSocket device = LoadGenerator.await(
                site.live().open(alice, frame -> {
                    if (Live.word(frame, "type").equals("reminder")) {
                        Due one = due.get(Live.word(frame, "title"));
                        if (one != null && !one.came) {
                            one.came = true;
                            one.samples.took(Math.max(
                                    0,
                                    TimeUnit.MICROSECONDS.toNanos(ChronoUnit.MICROS.between(one.at, Instant.now()))));
                        }
                    }
                }),
                SOON);

        int each = site.quick() ? 10 : 100;
        int burst = site.quick() ? 100 : 1_000;
        List<Samples> single = new ArrayList<>();
        Instant start = Instant.now().plus(site.quick() ? QUICKLY : AHEAD).truncatedTo(ChronoUnit.SECONDS);
        Duration between = Duration.ofMillis(site.quick() ? 67 : 100);
        Instant end = start;
        List<Due> all = new ArrayList<>();
        for (int round = 0; round < Site.ROUNDS; round++) {
            Samples samples = new Samples();
            single.add(samples);
            for (int i = 0; i < each; i++) {
                all.add(new Due("single" + round + "-" + i, end, samples));
                end = end.plus(between);
            }
        }
        // All in one second, after those that come one by one.
        Instant second = end.plusSeconds(2).truncatedTo(ChronoUnit.SECONDS);
        Samples together = new Samples();
        for (int i = 0; i < burst; i++) {
            all.add(new Due("burst" + i, second, together));
        }
        all.forEach(one -> due.put(one.title, one));
        // In the order in which they are due, few at once: the first are planned long before the last are written.
        site.load().each(all.size(), 8, n -> {
            Due one = all.get(n);
            return site.product()
                    .create(
                            alice,
                            Map.of("list", alice.list(), "title", one.title, "reminders", List.of(one.at.toString())));
        });
        boolean inTime = Instant.now().isBefore(second.minusSeconds(2));
        // Not before the last has its time: a floor measured meanwhile would be in its way.
        Instant last = second.plusSeconds(4);
        while (Instant.now().isBefore(last)
                && single.stream().mapToLong(Samples::count).sum() + together.count() < all.size()) {
            Thread.sleep(GLANCE);
        }
        LoadGenerator.await(device.close(), SOON);

        Duration floor = site.seconds(1, 0.3);
        List<Map<String, Stat>> rounds = new ArrayList<>();
        for (Samples samples : single) {
            rounds.add(Site.round(
                    () -> site.load()
                            .open(
                                    10,
                                    floor,
                                    n -> site.floor().roundTrip(site.floor().http())),
                    () -> site.load()
                            .open(
                                    10,
                                    floor,
                                    n -> site.floor().roundTrip(site.floor().grpc())),
                    () -> samples));
        }
        List<Double> missing =
                List.of((double) all.stream().filter(one -> !one.came).count());
        String lost = all.stream()
                .filter(one -> !one.came)
                .map(one -> one.title)
                .limit(3)
                .collect(Collectors.joining(", "));
        return new Row(
                "reminder",
                "%d reminders, a tenth of a second between two, then %,d in one second, %s: lateness on a device; floor: an event delivered"
                        .formatted(
                                each * Site.ROUNDS,
                                burst,
                                site.stack().hasScheduler()
                                        ? "by Dapr's jobs"
                                        : "by the sweep (there is no scheduler here)"),
                rounds,
                List.of(
                        Site.mark("p99", "ms", By.SPECIFICATION, 5_000, true, rounds, Stat::p99),
                        Site.mark("p99", "ms", By.OURSELVES, 25, true, rounds, Stat::p99),
                        new Benchmark(
                                "p99 of %,d in one second".formatted(burst),
                                "ms",
                                By.OURSELVES,
                                500,
                                true,
                                List.of(together.stat().p99())),
                        new Benchmark("not delivered", "", By.SPECIFICATION, all.size() / 100.0, true, missing),
                        new Benchmark("not delivered", "", By.OURSELVES, 0, true, missing)),
                List.of(),
                inTime && lost.isEmpty()
                        ? List.of()
                        : List.of(
                                inTime
                                        ? "did not come: " + lost
                                        : "writing them took so long that the last were hardly planned in time"));
    }

    private static final class Due {
        private final String title;
        private final Instant at;
        private final Samples samples;
        private boolean came;

        Due(String title, Instant at, Samples samples) {
            this.title = title;
            this.at = at;
            this.samples = samples;
        }
    }
}
