package dev.sandglass.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/** The hand that kills parts of the tests' stack, alone or together, and remembers what it did. */
final class FaultInjection {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Control control;
    private final List<String> done = Collections.synchronizedList(new ArrayList<>());
    private final long start = System.nanoTime();

    FaultInjection() throws IOException {
        this(Stack.control());
    }

    /** For another stack than the one that all share. */
    FaultInjection(Control control) {
        this.control = control;
    }

    /** Every part that runs, replicas included. */
    List<String> parts() throws IOException {
        List<String> names = new ArrayList<>();
        for (JsonNode part : control.ps()) {
            if (!part.path("state").asText().equals("stopped")) {
                names.add(part.path("name").asText());
            }
        }
        return names;
    }

    /** SIGKILL to all of them at the same time; each is started again at once. */
    void kill(String... names) throws Exception {
        List<Thread> hands = new ArrayList<>();
        for (String name : names) {
            hands.add(new Thread(() -> {
                try {
                    control.kill(name);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        note("kill -9", names);
        hands.forEach(Thread::start);
        for (Thread hand : hands) {
            hand.join();
        }
        // Otherwise the pause before a restart would double each time the same one is chosen.
        control.start(List.of(names));
    }

    /** They are gone and stay so. */
    void stop(String... names) throws IOException {
        note("stop", names);
        control.stop(List.of(names));
    }

    /** They are wanted again; returns at once. */
    void start(String... names) throws IOException {
        note("start", names);
        control.start(List.of(names));
    }

    /** Returns when these run and are healthy, or all there are. */
    void awaitHealthy(String... names) throws Exception {
        List<String> some = List.of(names);
        await((some.isEmpty() ? "everything" : some) + " is healthy", () -> {
            for (JsonNode part : control.ps()) {
                String state = part.path("state").asText();
                boolean counts = some.isEmpty()
                        ? !state.equals("stopped")
                        : some.contains(part.path("name").asText());
                if (counts && !(state.equals("running") && part.path("whole").asBoolean())) {
                    return false;
                }
            }
            return true;
        });
    }

    /** Ends what was begun: all parts of the usual stack run again. */
    void heal() throws Exception {
        control.start(List.of());
        awaitHealthy();
    }

    /**
     * Kills what chance says, when it says, for a time: mostly one part, often two at once, some of them while they are still starting;
     * now and then they stay away for seconds. In between some work gets done, where it gets done at all.
     *
     * @param work how much was done so far
     */
    void random(long seed, Duration time, IntSupplier work) throws Exception {
        Random chance = new Random(seed);
        List<String> parts = parts();
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            awaitWork(work, 1 + chance.nextInt(60), Duration.ofMillis(500 + chance.nextInt(8_000)));
            Collections.shuffle(parts, chance);
            int dice = chance.nextInt(100);
            String[] victims =
                    parts.subList(0, dice < 60 ? 1 : dice < 92 ? 2 : 3).toArray(String[]::new);
            boolean stays = chance.nextInt(100) < 15;
            int away = 1_000 + chance.nextInt(5_000);
            kill(victims);
            if (stays) {
                stop(victims);
                Thread.sleep(away);
                start(victims);
            }
        }
    }

    /** Kills these one after another, those named together at once, with some work done in between. */
    void oneByOne(IntSupplier work, String... together) throws Exception {
        for (String names : together) {
            awaitWork(work, 15, Duration.ofSeconds(5));
            kill(names.split(" "));
        }
        awaitWork(work, 15, Duration.ofSeconds(5));
    }

    private static void awaitWork(IntSupplier work, int more, Duration patience) throws InterruptedException {
        int enough = work.getAsInt() + more;
        long end = System.nanoTime() + patience.toNanos();
        while (work.getAsInt() < enough && System.nanoTime() < end) {
            Thread.sleep(10);
        }
    }

    /** How many processes were killed so far. */
    int count() {
        return done.stream()
                .filter(fault -> fault.contains("kill -9"))
                .mapToInt(fault -> fault.split("kill -9 ")[1].split(" ").length)
                .sum();
    }

    /** The faults so far, one a line, with their second. */
    String story() {
        synchronized (done) {
            return done.stream().collect(Collectors.joining("\n"));
        }
    }

    /** Asks until the answer is yes; a question that fails, because a part is away, is asked again. */
    static void await(String what, Stack.Condition condition) throws Exception {
        AtomicReference<Throwable> last = new AtomicReference<>();
        try {
            Stack.await(what, PATIENCE, () -> {
                try {
                    return condition.holds();
                } catch (IOException | AssertionError e) {
                    last.set(e);
                    return false;
                }
            });
        } catch (AssertionError e) {
            throw new AssertionError(
                    e.getMessage() + (last.get() == null ? "" : "; the last failure: " + last.get()), e);
        }
    }

    /** Says how it goes, for whoever waits. */
    static void say(String format, Object... values) {
        System.out.println("[faults] " + String.format(Locale.ROOT, format, values));
    }

    private void note(String what, String... names) {
        done.add("%6.1f s  %s %s".formatted((System.nanoTime() - start) / 1e9, what, String.join(" ", names)));
    }
}
