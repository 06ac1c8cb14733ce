package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sandglass.local.Attacks.Attack;
import dev.sandglass.local.Attacks.Expect;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Attackers send all they have to the public port and the feed, while a calm user works and a victim has something to hide: nothing
 * leaks, nothing changes, nothing breaks. Half a minute, or as many as {@code -Dsandglass.hostile.minutes} says;
 * {@code -Dsandglass.hostile.seed} makes the same attacks again. The attackers are on the same machine as what they attack, so what the
 * calm user waits is printed, and not held against a limit.
 */
@ExtendWith(Stack.class)
@Tag("FR-012")
@Tag("FR-013")
class HostileIT {
    private static final double MINUTES = Double.parseDouble(System.getProperty("sandglass.hostile.minutes", "0.5"));
    private static final long SEED = Long.getLong("sandglass.hostile.seed", 194_569);

    private static final int ATTACKERS = 4;
    private static final Duration CALM = Duration.ofSeconds(6);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    /** For what is not waited for to its end. */
    private static final Duration GLANCE = Duration.ofMillis(200);

    private static final Duration SLOW = Duration.ofSeconds(3);
    private static final Duration PAUSE = Duration.ofMillis(30);
    private static final int EARS = 60;
    private static final int MOST_SHOWN = 40;

    /** Services whose logs are read: what a client does is no error of theirs, and no log has what a task says. */
    private static final List<String> SERVICES = List.of("task", "sync", "audit", "reminder");

    private static final Pattern ERROR = Pattern.compile(" (ERROR|FATAL) |^\\s+at [\\w.$/]+\\(|^Caused by: ");

    /** Words of no answer. */
    private static final List<String> INSIDE =
            List.of("\tat ", "Exception", "java.", "dev.sandglass", "org.apache", "io.vertx", "io.quarkus");

    /** The only reasons for which this port refuses with 503 while all parts run; for another it is tried once more. */
    private static final Pattern TOO_MANY =
            Pattern.compile("Too many of your requests have heads|too many connections");

    /** Bytes that what the service holds may grow by, however long it is attacked: a part of its heap. */
    private static final long MOST_KEPT = 48_000_000;
    /** Bytes resident, as {@link OverloadIT} has it. */
    private static final long MOST_RESIDENT = 600_000_000;

    private static final Pattern HEAP = Pattern.compile("(?m)^jvm_memory_used_bytes\\{area=\"heap\".*} ([0-9.E]+)$");
    private static final Pattern KILOBYTES = Pattern.compile("(?m)^(Rss|Pss): +(\\d+) kB");

    private final Queue<String> found = new ConcurrentLinkedQueue<>();
    private final AtomicLong leaks = new AtomicLong();
    private final AtomicLong broken = new AtomicLong();
    /** Operations that need a server of the operator's, or that end a user: none of their calls can be a good one here. */
    private static final Set<String> NEVER_GOOD =
            Set.of("createWebhook", "changeWebhook", "deleteWebhook", "findDeliveries", "eraseMe", "eraseUser");

    private final AtomicLong passing = new AtomicLong();
    /** Kind, then class of answers, to how many. */
    private final Map<String, Map<String, AtomicLong>> counts = new ConcurrentSkipListMap<>();

    private Victim victim;
    private Attacks attacks;
    private volatile boolean over;

    @Test
    void nothingLeaksNothingChangesNothingBreaks() throws Exception {
        say("seed %d, %.1f minutes; again by -Dsandglass.hostile.seed=%d", SEED, MINUTES, SEED);
        Map<String, Long> logs = new HashMap<>();
        for (String service : SERVICES) {
            logs.put(service, Files.size(log(service)));
        }
        victim = new Victim();
        attacks = new Attacks(SEED, victim);
        Map<String, String> without = attacks.withoutSuccess();
        say("%d operations; without success as somebody who may: %s", attacks.operations(), without);
        without.keySet().removeAll(NEVER_GOOD);
        assertTrue(without.size() <= attacks.operations() / 5, "the calls are no good ones");

        List<LiveSocket> ears = ears();
        try {
            calm(Duration.ofSeconds(3));
            List<Long> before = calm(CALM);
            Map<String, JsonNode> everything = victim.everything();
            Memory memory = Memory.now();
            List<Long> during = attack(ears);
            Memory after = Memory.now();

            Map<String, JsonNode> now = victim.everything();
            everything.forEach((path, was) -> {
                if (!was.equals(now.get(path))) {
                    found.add("the victim's " + path + " was " + was + " and is " + now.get(path));
                }
            });
            for (LiveSocket ear : ears) {
                leak("an open socket", "former", ear.frames().toString());
                if (ear.closed() >= 0) {
                    found.add("a socket was closed with " + ear.closed());
                }
            }
            for (String list : List.of(victim.secret, victim.shared)) {
                verify(victim.victim, list);
            }
            verify(victim.calm, victim.calmList);
            logs.forEach(this::read);

            System.out.println(table());
            say("leaks %d, answers of 5xx %d (503 that passed: %d)", leaks.get(), broken.get(), passing.get());
            say("task before: %s; after: %s", memory, after);
            say(
                    "calm user, ms: before p50 %.1f p99 %.1f of %d calls; during p50 %.1f p99 %.1f of %d calls",
                    quantile(0.5, before),
                    quantile(0.99, before),
                    before.size(),
                    quantile(0.5, during),
                    quantile(0.99, during),
                    during.size());
            if (after.heap - memory.heap > MOST_KEPT || after.resident > MOST_RESIDENT) {
                found.add("memory grew: " + memory + ", and then " + after);
            }
        } finally {
            ears.forEach(LiveSocket::close);
        }
        Set<String> different = new LinkedHashSet<>(found);
        assertEquals(
                "",
                different.stream().limit(MOST_SHOWN).collect(Collectors.joining("\n")),
                () -> different.size() + " faults of seed " + SEED);
    }

    /** Sockets of those who may hear nothing, many of them, and one of who still could when it was opened. */
    private List<LiveSocket> ears() throws Exception {
        List<LiveSocket> ears = new ArrayList<>();
        ears.add(victim.others.get("former").api().live());
        Person another = Person.like("another");
        while (ears.size() < EARS) {
            ears.add(another.api().live());
        }
        for (LiveSocket ear : ears) {
            ear.await("ready", PATIENCE, frame -> frame.path("type").asText().equals("ready"));
        }
        victim.calm
                .api()
                .delete("/api/lists/" + victim.calmList + "/members/"
                        + victim.others.get("former").name())
                .with(204);
        return ears;
    }

    // ---------------------------------------------------------------- The calm user

    /** Nanoseconds that each of their calls took. */
    private List<Long> calm(Duration during) throws Exception {
        return calm(during, List.of());
    }

    private List<Long> calm(Duration during, List<LiveSocket> ears) throws Exception {
        Api api = victim.calm.api();
        List<Long> took = new ArrayList<>();
        long end = System.nanoTime() + during.toNanos();
        String list = victim.calmList;
        while (System.nanoTime() < end) {
            Api.Answer made =
                    timed(took, 201, () -> api.post("/api/tasks", Map.of("title", victim.calmCanary, "list", list)));
            String task = "/api/tasks/" + made.body().path("id").asText();
            timed(took, 200, () -> api.get(task));
            timed(took, 200, () -> api.get("/api/tasks?limit=10&list=" + list));
            timed(took, 200, () -> api.patch(task, Map.of("priority", "high")));
            timed(took, 200, () -> api.post(task + "/complete", null));
            timed(took, 200, () -> api.get("/api/audit?limit=10"));
            timed(took, 204, () -> api.delete(task));
            if (!ears.isEmpty()) {
                LiveSocket asks = ears.get(took.size() % ears.size());
                asks.send(Map.of(
                        "type", "resume", "lists", Map.of(victim.secret, 0, victim.shared, 0, victim.calmList, 0)));
            }
        }
        return took;
    }

    private interface Call {
        Api.Answer send() throws IOException, InterruptedException;
    }

    private Api.Answer timed(List<Long> took, int expected, Call call) throws InterruptedException {
        long start = System.nanoTime();
        Api.Answer answer;
        try {
            answer = call.send();
        } catch (IOException e) {
            answer = new Api.Answer(0, TextNode.valueOf(e.toString()), null);
        }
        took.add(System.nanoTime() - start);
        if (answer.status() != expected) {
            found.add("the calm user was answered " + answer.status() + " " + answer.body());
        }
        Thread.sleep(PAUSE.toMillis());
        return answer;
    }

    private static double quantile(double share, List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        return sorted.get(Math.min(sorted.size() - 1, (int) (share * sorted.size()))) / 1e6;
    }

    // ---------------------------------------------------------------- The attack

    private List<Long> attack(List<LiveSocket> ears) throws Exception {
        Duration time = Duration.ofMillis(Math.round(MINUTES * 60_000));
        AtomicLong numbers = new AtomicLong();
        List<Thread> attackers = new ArrayList<>();
        for (int i = 0; i < ATTACKERS; i++) {
            Thread attacker = new Thread(
                    () -> {
                        while (!over) {
                            one(numbers.getAndIncrement());
                        }
                    },
                    "attacker");
            attacker.start();
            attackers.add(attacker);
        }
        try {
            return calm(time, ears);
        } finally {
            over = true;
            for (Thread attacker : attackers) {
                attacker.join();
            }
        }
    }

    private void one(long n) {
        try {
            Attack attack = attacks.attack(n);
            long start = System.nanoTime();
            RawHttp.Said said = send(attack);
            if (System.nanoTime() - start > SLOW.toNanos()) {
                say("attack %d took %d ms: %s", n, (System.nanoTime() - start) / 1_000_000, shown(attack.what()));
            }
            if (said.answers().stream().anyMatch(it -> it.status() == 503) && !isTooMany(said)) {
                // A fault of the machine passes; a fault of the request does not.
                Thread.sleep(1_000);
                said = send(attack);
                passing.incrementAndGet();
            }
            check(n, attack, said);
        } catch (Exception | AssertionError e) {
            found.add("attack " + n + " could not be made: " + e);
        }
    }

    private static boolean isTooMany(RawHttp.Said said) {
        return TOO_MANY.matcher(said.all()).find();
    }

    private RawHttp.Said send(Attack attack) throws IOException {
        RawHttp.Said said =
                RawHttp.say(attack.port(), attack.request(), attack.expect() == Expect.LEFT ? GLANCE : PATIENCE);
        if (attack.kind().equals("feed") && !said.answers().isEmpty()) {
            // Where the upgrade is refused, the frames behind it are no HTTP.
            said = new RawHttp.Said(said.answers().subList(0, 1), said.all(), said.closed());
        }
        Map<String, AtomicLong> counted = counts.computeIfAbsent(attack.kind(), kind -> new ConcurrentSkipListMap<>());
        count(counted, "requests");
        for (RawHttp.Answer answer : said.answers()) {
            int status = answer.status();
            count(counted, status == 429 || status == 503 ? "" + status : status / 100 + "xx");
        }
        if (said.answers().isEmpty()) {
            count(counted, "none");
        }
        return said;
    }

    private static void count(Map<String, AtomicLong> counts, String what) {
        counts.computeIfAbsent(what, any -> new AtomicLong()).incrementAndGet();
    }

    private void check(long n, Attack attack, RawHttp.Said said) {
        String what = "attack " + n + ", " + attack.kind() + " by " + attack.who() + ", " + shown(attack.what());
        leak(what, attack.who(), said.all());
        for (RawHttp.Answer answer : said.answers()) {
            if (answer.status() >= 500 && !isTooMany(said)) {
                broken.incrementAndGet();
                found.add(what + ": " + answer);
            } else if (answer.status() >= 400) {
                problem(what, answer);
            }
        }
        List<Integer> statuses =
                said.answers().stream().map(RawHttp.Answer::status).toList();
        int first = statuses.isEmpty() ? -1 : statuses.get(0);
        boolean one = statuses.size() == 1;
        boolean refused = one && first / 100 == 4;
        boolean held = first == 429
                || isTooMany(said)
                || switch (attack.expect()) {
                    case REFUSED -> refused && said.closed();
                    case DENIED -> refused;
                    case UNKNOWN -> one && (first == 401 || first == 400);
                    case OWN -> one && first == 200 && said.all().contains(victim.strangersTask);
                    case ANSWERED -> one && first > 0;
                    case LEFT -> statuses.isEmpty() || one && first > 0;
                };
        boolean stays = attack.expect() != Expect.LEFT
                && !said.closed()
                && said.all().toLowerCase(Locale.ROOT).contains("\r\nconnection: close\r\n");
        if (!held || stays) {
            found.add(what + ": expected " + attack.expect() + ", was " + statuses
                    + (said.closed() ? ", closed: " : ", left open: ") + shown(said.all()));
        }
    }

    private void leak(String what, String who, String text) {
        List<String> leaked = victim.leaked(who, text);
        if (!leaked.isEmpty()) {
            leaks.incrementAndGet();
            found.add("LEAK " + leaked + ": " + what);
        }
    }

    /** A refusal must be a problem document, or what programs of CalDAV read, that tells nothing about the inside. */
    private void problem(String what, RawHttp.Answer answer) {
        boolean is;
        try {
            JsonNode problem = Api.JSON.readTree(answer.body());
            is = problem.path("status").asInt() == answer.status()
                    && !problem.path("detail").asText().isBlank()
                    && answer.head().toLowerCase(Locale.ROOT).contains("content-type: application/problem+json");
        } catch (IOException e) {
            is = answer.head().toLowerCase(Locale.ROOT).contains("content-type: application/xml")
                    && answer.body().matches("(?s).*<D:error .*<S:detail>.+</S:detail></D:error>");
        }
        if (!is || INSIDE.stream().anyMatch(answer.body()::contains)) {
            found.add(what + ": no good problem document: " + answer);
        }
    }

    private static String shown(String text) {
        String cut = text.substring(0, Math.min(text.length(), 160));
        return cut.chars()
                .mapToObj(c -> c < ' ' || c > '~' ? "\\x%02x".formatted(c) : Character.toString(c))
                .collect(Collectors.joining());
    }

    // ---------------------------------------------------------------- Afterwards

    private void verify(Person owner, String list) throws Exception {
        try {
            Stack.await("the audit", Duration.ofSeconds(60), () -> Victim.verified(owner, list));
        } catch (AssertionError e) {
            found.add("the audit of " + list + ": " + e.getMessage());
        }
    }

    private static Path log(String service) {
        return Stack.DATA.resolve("logs").resolve(service + ".log");
    }

    private void read(String service, long from) {
        try {
            byte[] all = Files.readAllBytes(log(service));
            String text = new String(all, (int) from, (int) (all.length - from), StandardCharsets.UTF_8);
            List<String> errors = text.lines()
                    .filter(line -> ERROR.matcher(line).find())
                    .limit(10)
                    .toList();
            if (service.equals("task")) {
                errors.forEach(line -> found.add("the log of task: " + line));
            } else if (!errors.isEmpty()) {
                // sync's still has what Camel and Vert.x say of sockets that are closed while they open.
                say("the log of %s, not held against it: %s", service, errors.get(0));
            }
            leak("the log of " + service, "nobody", text);
        } catch (IOException e) {
            found.add("the log of " + service + " cannot be read: " + e);
        }
    }

    private String table() {
        Set<String> classes = new TreeSet<>();
        counts.values().forEach(counted -> classes.addAll(counted.keySet()));
        classes.remove("requests");
        StringBuilder table = new StringBuilder("%-10s %9s".formatted("kind", "requests"));
        classes.forEach(each -> table.append("%8s".formatted(each)));
        Map<String, AtomicLong> all = new TreeMap<>();
        counts.values()
                .forEach(counted -> counted.forEach((each, count) ->
                        all.computeIfAbsent(each, any -> new AtomicLong()).addAndGet(count.get())));
        for (String kind : Attacks.KINDS) {
            table.append(row(kind, counts.getOrDefault(kind, Map.of()), classes));
        }
        return table.append(row("all", all, classes)).toString();
    }

    private static String row(String kind, Map<String, AtomicLong> counted, Set<String> classes) {
        AtomicLong none = new AtomicLong();
        StringBuilder row = new StringBuilder("%n%-10s %9d"
                .formatted(kind, counted.getOrDefault("requests", none).get()));
        classes.forEach(each ->
                row.append("%8d".formatted(counted.getOrDefault(each, none).get())));
        return row.toString();
    }

    /**
     * The memory of the task service, in bytes.
     *
     * @param heap its live objects, without garbage
     */
    private record Memory(long resident, long proportional, long heap) {
        static Memory now() throws Exception {
            String pid = Stack.part("task").path("pid").asText();
            new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            pid,
                            "GC.run")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            String metrics = Api.CLIENT
                    .send(
                            HttpRequest.newBuilder(
                                            URI.create("http://localhost:" + (8090 + Stack.OFFSET) + "/q/metrics"))
                                    .timeout(PATIENCE)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            long heap = HEAP.matcher(metrics)
                    .results()
                    .mapToLong(found -> (long) Double.parseDouble(found.group(1)))
                    .sum();
            assertTrue(heap > 0, metrics);
            Map<String, Long> taken = new HashMap<>();
            Path rollup = Path.of("/proc", pid, "smaps_rollup");
            if (Files.exists(rollup)) {
                KILOBYTES
                        .matcher(Files.readString(rollup))
                        .results()
                        .forEach(found -> taken.put(found.group(1), 1_024 * Long.parseLong(found.group(2))));
            }
            return new Memory(taken.getOrDefault("Rss", 0L), taken.getOrDefault("Pss", 0L), heap);
        }

        @Override
        public String toString() {
            return "RSS %d MB, PSS %d MB, live heap %d MB"
                    .formatted(resident / 1_000_000, proportional / 1_000_000, heap / 1_000_000);
        }
    }

    private static void say(String format, Object... values) {
        System.out.println("[hostile] " + String.format(Locale.ROOT, format, values));
    }
}
