package dev.sandglass.bench;

import dev.sandglass.bench.Benchmark.By;
import dev.sandglass.bench.Product.Person;
import io.vertx.core.Future;
import io.vertx.core.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A change on one device that is seen on another: on one, on ten thousand, after a start, and what follows from a completion. */
final class Hearing {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int A_SECOND = 10;
    private static final int AT_ONCE = 200;
    private static final double SPECIFIED = 500;

    private Hearing() {}

    static Row sync(Site site) {
        Person alice = site.product().person();
        WebSocket device = LoadGenerator.await(site.live().device(alice), SOON);
        List<Map<String, Stat>> rounds = heardRounds(site, alice, site.seconds(4, 1.2));
        LoadGenerator.await(device.close(), SOON);
        return new Row(
                "sync",
                A_SECOND
                        + " changes a second, each until another device has it; floor: a transaction, then an event delivered",
                rounds,
                List.of(
                        Site.mark("p99", "ms", By.SPECIFICATION, SPECIFIED, true, rounds, Stat::p99),
                        Site.mark("p99", "ms", By.OURSELVES, 25, true, rounds, Stat::p99),
                        Site.noErrors(rounds)),
                List.of(),
                List.of());
    }

    private static List<Map<String, Stat>> heardRounds(Site site, Person alice, Duration own) {
        Duration floor = site.seconds(1, 0.2);
        return Site.rounds(
                () -> site.load()
                        .open(
                                A_SECOND,
                                floor,
                                n -> writtenAndHeard(site, site.floor().http(), n)),
                () -> site.load()
                        .open(
                                A_SECOND,
                                floor,
                                n -> writtenAndHeard(site, site.floor().grpc(), n)),
                () -> site.load().open(A_SECOND, own, n -> created(site, alice, n)));
    }

    private static Future<?> writtenAndHeard(Site site, Floor.Calls calls, int n) {
        return calls.transaction(0, n).compose(written -> site.floor().roundTrip(calls));
    }

    private static Future<?> created(Site site, Person person, int n) {
        String title = "t" + n;
        Future<Void> heard = site.live().heard("task.created", title);
        return site.product().create(person, title).compose(task -> heard);
    }

    /** Services stopped and started: how long, and what the first minute is like. */
    static Row restart(Site site) throws Exception {
        Person alice = site.product().person();
        site.stack().run(services("stop"));
        long start = System.nanoTime();
        site.stack().run(services("start"));
        double seconds = LoadGenerator.secondsSince(start);
        site.stack().look();
        WebSocket device = LoadGenerator.await(site.live().device(alice), SOON);
        List<Map<String, Stat>> rounds = heardRounds(site, alice, site.seconds(3, 2));
        LoadGenerator.await(device.close(), SOON);
        return new Row(
                "restart",
                "as sync, begun as soon as the services and their sidecars are healthy after a start",
                rounds,
                List.of(
                        Site.mark("p99", "ms", By.SPECIFICATION, SPECIFIED, true, rounds, Stat::p99),
                        // All of it within the first minute: the worst counts, and it is the first.
                        Site.mark(
                                "p99 of the first seconds",
                                "ms",
                                By.OURSELVES,
                                100,
                                true,
                                rounds.subList(0, 1),
                                Stat::p99),
                        new Benchmark("services healthy after", "s", By.OURSELVES, 60, true, List.of(seconds)),
                        Site.noErrors(rounds)),
                List.of(),
                List.of());
    }

    /** The words that do this to all services and their sidecars. */
    static String[] services(String command) {
        List<String> words = new ArrayList<>(List.of(command));
        for (String service : RunningStack.SERVICES) {
            words.add(service);
            words.add(service + "-sidecar");
        }
        return words.toArray(String[]::new);
    }

    /** Completed, and the next occurrence heard of. */
    static Row next(Site site) {
        int aSecond = 5;
        Person alice = site.product().person();
        Duration floor = site.seconds(1, 0.2);
        Duration own = site.seconds(5, 1.6);
        int count = (int) (own.toMillis() * aSecond / 1000) * Site.ROUNDS;
        List<String> ids = new ArrayList<>(Collections.nCopies(count, ""));
        site.load()
                .each(
                        count,
                        8,
                        n -> site.product()
                                .create(
                                        alice,
                                        Map.of(
                                                "list",
                                                alice.list(),
                                                "title",
                                                "r" + n,
                                                "due",
                                                "2030-01-31T09:00:00",
                                                "recurrence",
                                                "monthly"))
                                .onSuccess(task -> ids.set(n, task.path("id").asText())));
        WebSocket device = LoadGenerator.await(site.live().device(alice), SOON);
        int[] at = {0};
        List<Map<String, Stat>> rounds = Site.rounds(
                () -> site.load()
                        .open(aSecond, floor, n -> followed(site, site.floor().http(), n)),
                () -> site.load()
                        .open(aSecond, floor, n -> followed(site, site.floor().grpc(), n)),
                () -> site.load().open(aSecond, own, n -> {
                    int which = at[0]++;
                    Future<Void> heard = site.live().heard("task.created", "r" + which);
                    return site.product()
                            .call(
                                    io.vertx.core.http.HttpMethod.POST,
                                    alice.token(),
                                    "/api/tasks/" + ids.get(which) + "/complete",
                                    null,
                                    200)
                            .compose(completed -> heard);
                }));
        LoadGenerator.await(device.close(), SOON);
        return new Row(
                "next",
                aSecond
                        + " completions a second, each until another device has the next occurrence; floor: a transaction and an event"
                        + " delivered, a call, both again",
                rounds,
                List.of(
                        Site.mark("p99", "ms", By.SPECIFICATION, 1000, true, rounds, Stat::p99),
                        Site.mark("p99", "ms", By.OURSELVES, 60, true, rounds, Stat::p99),
                        Site.noErrors(rounds)),
                List.of(),
                List.of());
    }

    private static Future<?> followed(Site site, Floor.Calls calls, int n) {
        return writtenAndHeard(site, calls, n)
                .compose(there -> calls.invoke())
                .compose(asked -> writtenAndHeard(site, calls, -n));
    }

    /** Sockets by the thousand: each update at all of them. */
    static Row sockets(Site site) {
        int most = site.quick() ? 1_000 : 10_000;
        List<Person> people = site.product().anybody(site.quick() ? 50 : 100);
        Person alice = site.product().person();
        site.product().share(alice, people);
        Crowd crowd = new Crowd();
        List<WebSocket> sockets = new ArrayList<>();
        List<Benchmark> marks = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        List<Map<String, Stat>> rounds = List.of();
        for (int count = 1_000; count <= most; count *= 10) {
            int from = sockets.size();
            long start = System.nanoTime();
            site.load()
                    .each(
                            count - from,
                            AT_ONCE,
                            n -> site.live()
                                    .open(people.get((from + n) % people.size()), crowd::frame)
                                    .onSuccess(sockets::add));
            notes.add("%,d sockets opened, each with a ticket, in %.1f s"
                    .formatted(count - from, LoadGenerator.secondsSince(start)));
            Duration floor = site.seconds(0.5, 0.2);
            Duration own = site.seconds(4, 1.2);
            int aSecond = count > 1_000 ? 1 : 4;
            int size = count;
            List<Samples> atEach = new ArrayList<>();
            Supplier<Samples> updates = () -> {
                crowd.expect(size);
                Samples atAll = site.load().open(aSecond, own, n -> {
                    Future<Void> heard = crowd.heard("t" + n);
                    return site.product().create(alice, "t" + n).compose(created -> heard);
                });
                atEach.add(crowd.samples);
                return atAll;
            };
            // The floor is the same for however many sockets: an event delivered.
            rounds = count < most
                    ? Site.rounds(updates)
                    : Site.rounds(
                            () -> site.load()
                                    .open(
                                            A_SECOND,
                                            floor,
                                            n -> site.floor()
                                                    .roundTrip(site.floor().http())),
                            () -> site.load()
                                    .open(
                                            A_SECOND,
                                            floor,
                                            n -> site.floor()
                                                    .roundTrip(site.floor().grpc())),
                            updates);
            List<Double> p99 =
                    atEach.stream().map(samples -> samples.stat().p99()).toList();
            String name = "p99 of each update at each of %,d sockets".formatted(count);
            marks.add(new Benchmark(name, "ms", By.SPECIFICATION, SPECIFIED, true, p99));
            marks.add(new Benchmark(name, "ms", By.OURSELVES, count > 1_000 ? 500 : 50, true, p99));
            marks.add(Site.noErrors(rounds));
        }
        for (WebSocket socket : sockets) {
            socket.close();
        }
        return new Row(
                "sockets",
                "an update until all of %,d sockets have it; floor: an event delivered".formatted(most),
                rounds,
                marks,
                List.of(),
                notes);
    }

    /** The sockets that hear an update; it notes when the last of them has it. */
    private static final class Crowd {
        private final Map<String, Update> updates = new HashMap<>();
        private Samples samples = new Samples();
        private int size;

        private record Update(long start, int[] left, io.vertx.core.Promise<Void> all) {}

        void expect(int sockets) {
            size = sockets;
            samples = new Samples();
        }

        Future<Void> heard(String title) {
            io.vertx.core.Promise<Void> all = io.vertx.core.Promise.promise();
            updates.put(title, new Update(System.nanoTime(), new int[] {size}, all));
            return all.future();
        }

        void frame(String frame) {
            String title = Live.word(frame, "title");
            Update update = updates.get(title);
            if (update != null) {
                samples.took(System.nanoTime() - update.start);
                if (--update.left[0] == 0) {
                    updates.remove(title);
                    update.all.complete();
                }
            }
        }
    }
}
