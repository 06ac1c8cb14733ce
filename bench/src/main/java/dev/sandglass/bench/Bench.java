package dev.sandglass.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.bench.Benchmark.By;
import dev.sandglass.bench.Meter.Reading;
import dev.sandglass.bench.Product.Person;
import dev.sandglass.bench.Result.Generator;
import dev.sandglass.bench.Site.Measurement;
import dev.sandglass.events.Json;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code ./run bench}: the command line. The table goes to stdout, progress and errors to stderr. */
public final class Bench {
    private static final String HELP = """
        Every number of the system beside its floor: the same Dapr calls sent straight to a sidecar, in the same run.

          ./run bench [--quick] [ROW...]     on the stack that runs, or one it starts and stops again
          ./run bench --against OLD.json     the same, and what moved beyond both runs' noise; exit 1 if to the worse
          ./run bench --profile PART [ROW]   where a service, its sidecar or kafka spends its time, as a flame graph (row: creates)
          ./run bench growth                 what grows with tasks and lists (minutes; leaves its data in the stack)
          ./run bench peers                  the same work done by others found on this machine

        Rows: %s
        The result is bench/target/result.json, the picture bench/target/result.svg.
        Exit 1: a number of docs/specification.md missed, or a ratio to the floor missed in two of three rounds.
        """;

    /** All rows, in the order of a whole run. */
    private static final Map<String, Measurement> ROWS = new LinkedHashMap<>();

    private static final long BEGAN = System.nanoTime();

    private static final Set<String> NOT_QUICKLY = Set.of("drain", "restart");
    private static final Set<String> BY_NAME_ONLY = Set.of("growth", "peers");

    static {
        ROWS.put("create", site -> List.of(Writing.create(site)));
        ROWS.put("creates", site -> List.of(Writing.creates(site)));
        ROWS.put("mixed", site -> List.of(Writing.mixed(site)));
        ROWS.put("sync", site -> List.of(Hearing.sync(site)));
        ROWS.put("next", site -> List.of(Hearing.next(site)));
        ROWS.put("reminder", site -> List.of(Reminding.reminder(site)));
        ROWS.put("search", site -> List.of(Searching.search(site)));
        ROWS.put("sockets", site -> List.of(Hearing.sockets(site)));
        ROWS.put("drain", site -> List.of(Draining.drain(site)));
        ROWS.put("restart", site -> List.of(Hearing.restart(site)));
        ROWS.put("growth", Growing::growth);
        ROWS.put("peers", Peers::peers);
    }

    /**
     * The words of the command line.
     *
     * @param against an older result, null for none
     * @param profile a part, null for none
     */
    record Wanted(
            boolean quick, @Nullable Path against, @Nullable String profile, List<String> rows) {
        /** @throws CannotMeasure where the words cannot be understood */
        static Wanted of(List<String> words, Path folder) {
            boolean quick = false;
            Path against = null;
            String profile = null;
            List<String> rows = new ArrayList<>();
            for (int i = 0; i < words.size(); i++) {
                String word = words.get(i);
                switch (word) {
                    case "--quick" -> quick = true;
                    case "--against", "--profile" -> {
                        if (++i == words.size()) {
                            throw new CannotMeasure(
                                    word + (word.equals("--against") ? " takes a file" : " takes a part"));
                        }
                        if (word.equals("--against")) {
                            against = folder.resolve(words.get(i));
                        } else {
                            profile = words.get(i);
                        }
                    }
                    default -> {
                        if (!ROWS.containsKey(word)) {
                            throw new CannotMeasure("./run bench does not know " + word + ". Rows: " + names());
                        }
                        rows.add(word);
                    }
                }
            }
            if (rows.isEmpty()) {
                if (profile != null) {
                    rows.add("creates");
                } else {
                    for (String row : ROWS.keySet()) {
                        if (!BY_NAME_ONLY.contains(row) && !(quick && NOT_QUICKLY.contains(row))) {
                            rows.add(row);
                        }
                    }
                }
            }
            return new Wanted(quick, against, profile, rows);
        }
    }

    private Bench() {}

    /**
     * The program.
     *
     * @param args the project's folder, then what was typed behind {@code ./run bench}
     */
    public static void main(String[] args) {
        int code;
        try {
            Path root = Path.of(args[0]).toAbsolutePath().normalize();
            List<String> words = List.of(args).subList(1, args.length);
            if (words.contains("--help") || words.contains("-h")) {
                System.out.printf(HELP, names());
                code = 0;
            } else {
                String folder = System.getenv().getOrDefault("SANDGLASS_CALLED_FROM", ".");
                code = run(root, Wanted.of(words, Path.of(folder)));
            }
        } catch (CannotMeasure | IOException e) {
            System.err.println("./run bench: " + e.getMessage());
            code = 2;
        } catch (InterruptedException e) {
            code = 130;
        } catch (Exception e) {
            e.printStackTrace();
            code = 2;
        }
        System.exit(code);
    }

    private static String names() {
        return String.join(" ", ROWS.keySet());
    }

    private static int run(Path root, Wanted wanted) throws Exception {
        Result old = wanted.against == null ? null : Result.read(wanted.against);
        if (old != null && old.quick() != wanted.quick) {
            throw new CannotMeasure("a quick run and a whole one are not to be compared");
        }
        Path target = Files.createDirectories(root.resolve("bench/target"));
        double busy = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        // Asked for by the part that is to serve profiles, in case the stack is started here.
        RunningStack stack = RunningStack.of(root, wanted.profile != null && wanted.profile.endsWith("-sidecar"));
        try {
            Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
            Http http = new Http(vertx);
            LoadGenerator load = new LoadGenerator(vertx);
            Product product = new Product(http, stack.page());
            Meter meter = new Meter(stack, http);
            Result result;
            try (Floor floor = floor(stack, vertx, http, product)) {
                say("warms up");
                Generator generator = generator(wanted.quick, vertx, load, http);
                warm(wanted.quick, load, product);
                Site site = new Site(
                        wanted.quick,
                        stack,
                        load,
                        http,
                        product,
                        new Live(vertx, product),
                        floor,
                        meter,
                        idle(wanted.quick, meter));
                List<Row> rows = new ArrayList<>(List.of(idleRow(site)));
                Profile profile = wanted.profile == null ? null : new Profile(stack, wanted.profile);
                for (String name : wanted.rows) {
                    say(name);
                    rows.addAll(measured(name, site));
                }
                if (profile != null && wanted.profile != null) {
                    Path svg = target.resolve(wanted.profile + ".svg");
                    FlameGraph graph = profile.finish(svg);
                    System.out.printf(
                            "%nWhere %s is when it works (%s, %,d samples)%n", wanted.profile, svg, graph.samples());
                    graph.hottest(20).forEach(line -> System.out.println("  " + line));
                }
                result = new Result(
                        commit(root),
                        Instant.now().toString(),
                        machine(),
                        jdk(stack),
                        flags(stack),
                        wanted.quick,
                        busy,
                        load.lateness(),
                        generator,
                        parts(stack, meter),
                        rows);
                say("tidies up");
                product.clear();
            }
            result.write(target.resolve("result.json"));
            Files.writeString(target.resolve("result.svg"), Chart.of(result));
            Report.print(result, System.out);
            boolean lost = old != null && Report.against(old, result, System.out);
            return lost || Report.failed(result) ? 1 : 0;
        } finally {
            stack.leave();
        }
    }

    /** A row that cannot be measured fails the run, and not the rows beside it. */
    private static List<Row> measured(String name, Site site) throws Exception {
        try {
            return Objects.requireNonNull(ROWS.get(name)).measure(site);
        } catch (RuntimeException e) {
            Benchmark none = new Benchmark("measured", "", By.SPECIFICATION, 1, false, List.of(0.0));
            return List.of(new Row(
                    name,
                    "",
                    List.of(),
                    List.of(none),
                    List.of(),
                    List.of("it could not be measured: " + Objects.requireNonNullElse(e.getMessage(), e.toString()))));
        }
    }

    static void say(String what) {
        System.err.printf("%6.1f s  bench: %s%n", LoadGenerator.secondsSince(BEGAN), what);
    }

    // ------------------------------------------------------------------------------------------------------------------ beforehand

    /** The floor writes what the product writes: its own documents, read from its own store. */
    private static Floor floor(RunningStack stack, Vertx vertx, Http http, Product product)
            throws IOException, InterruptedException {
        Person person = product.person();
        String task = LoadGenerator.await(
                        product.create(person, "a task as it is written here"), Duration.ofSeconds(30))
                .path("id")
                .asText();
        String number = task.substring(task.lastIndexOf('.') + 1);
        List<JsonNode> documents = new ArrayList<>();
        // The list's first change is its own creation, the second the task's.
        for (String key : List.of("", "/task/" + number, "/change/2")) {
            documents.add(Http.json(LoadGenerator.await(
                    http.call(
                            HttpMethod.GET,
                            stack.part("task-sidecar").port(),
                            "/v1.0/state/state/" + ("list/" + person.list() + key).replace("/", "%2F"),
                            new String[] {"dapr-api-token", stack.secret("dapr-api-token")},
                            null,
                            200),
                    Duration.ofSeconds(10))));
        }
        JsonNode event = Json.read(documents.get(2).path("data").asText(), JsonNode.class);
        return new Floor(stack, vertx, http, documents, event);
    }

    /** A call costs the generator half of the time it costs both, with a server in the same process that does nothing. */
    private static Generator generator(boolean quick, Vertx vertx, LoadGenerator load, Http http) {
        HttpServer echo = LoadGenerator.await(
                vertx.createHttpServer()
                        .requestHandler(request -> request.body()
                                .onSuccess(body -> request.response().end(body)))
                        .listen(0, "127.0.0.1"),
                Duration.ofSeconds(5));
        int port = echo.actualPort();
        String body = "{\"title\":\"t\"}";
        LoadGenerator.Call call =
                n -> http.call(HttpMethod.POST, port, "/", new String[] {"Authorization", "Bearer x"}, body, 200);
        // Until its own code is compiled it costs ten times as much.
        load.closed(20, Duration.ofSeconds(quick ? 1 : 4), call);
        double before = own();
        Samples samples = load.closed(1, Duration.ofSeconds(1), call);
        double spent = own() - before;
        echo.close();
        return new Generator(spent / 2 / samples.count(), samples.stat());
    }

    private static double own() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime() / (double) TimeUnit.MILLISECONDS.toNanos(1)
                : Double.NaN;
    }

    private static void warm(boolean quick, LoadGenerator load, Product product) {
        List<Person> people = product.people(10);
        load.closed(people.size(), Duration.ofSeconds(quick ? 2 : 10), n -> {
            Person person = people.get(n % people.size());
            return product.create(person, "t" + n)
                    .compose(task -> product.get(person, "/api/tasks?list=" + person.list()));
        });
    }

    private static Cost idle(boolean quick, Meter meter) throws IOException, InterruptedException {
        say("idle");
        meter.level(Duration.ofSeconds(60));
        // A list that is quiet leaves the pending ones after five seconds.
        Thread.sleep(quick ? 1_000 : 6_000);
        Reading before = meter.read();
        Thread.sleep(quick ? 3_000 : 10_000);
        return Cost.idle(before, meter.read());
    }

    private static Row idleRow(Site site) throws IOException {
        double megabytes = 0;
        for (String service : RunningStack.SERVICES) {
            megabytes += site.meter().memory(service) + site.meter().memory(service + "-sidecar");
        }
        List<Benchmark> marks = new ArrayList<>();
        marks.add(new Benchmark(
                "processor time a second, whole system",
                "ms",
                By.OURSELVES,
                50,
                true,
                List.of(site.idle().system())));
        if (!Double.isNaN(megabytes)) {
            marks.add(new Benchmark("services and sidecars", "MB", By.OURSELVES, 1_229, true, List.of(megabytes)));
        }
        return new Row("idle", "nothing is done", List.of(), marks, List.of(site.idle()), List.of());
    }

    // ---------------------------------------------------------------- What it is of

    private static String commit(Path root) {
        String commit = said(root, "git", "rev-parse", "--short=12", "HEAD");
        return commit.isEmpty()
                ? "unknown"
                : commit + (said(root, "git", "status", "--porcelain").isEmpty() ? "" : "+");
    }

    private static String said(Path folder, String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String out = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? out.strip() : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private static String machine() throws IOException {
        Path cpus = Path.of("/proc/cpuinfo");
        String model = Files.isReadable(cpus)
                ? Files.readAllLines(cpus).stream()
                        .filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 2))
                        .findFirst()
                        .orElse("")
                : System.getProperty("os.arch");
        long gigabytes =
                ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                        ? system.getTotalMemorySize() >> 30
                        : 0;
        return "%s, %d cores, %d GB, %s %s"
                .formatted(
                        model,
                        Runtime.getRuntime().availableProcessors(),
                        gigabytes,
                        System.getProperty("os.name"),
                        System.getProperty("os.version"));
    }

    private static String jdk(RunningStack stack) throws IOException {
        Path release =
                Path.of(stack.command("task").get(0)).resolve("../../release").normalize();
        return Files.isReadable(release)
                ? Files.readAllLines(release).stream()
                        .filter(line -> line.matches("(IMPLEMENTOR|JAVA_RUNTIME_VERSION)=.*"))
                        .map(line -> line.substring(line.indexOf('=') + 1).replace("\"", ""))
                        .reduce((one, other) -> one + " " + other)
                        .orElse("unknown")
                : "unknown";
    }

    private static Map<String, String> flags(RunningStack stack) {
        Map<String, String> flags = new LinkedHashMap<>();
        for (String service : RunningStack.SERVICES) {
            List<String> command = stack.command(service);
            flags.put(
                    service,
                    String.join(
                            " ",
                            command.stream()
                                    .filter(word -> word.startsWith("-") && !word.equals("-jar"))
                                    .toList()));
        }
        return flags;
    }

    private static Map<String, Result.Part> parts(RunningStack stack, Meter meter) throws IOException {
        Map<String, Result.Part> parts = new LinkedHashMap<>();
        for (RunningStack.Part part : stack.parts().values()) {
            if (part.pid() != 0) {
                parts.put(part.name(), new Result.Part(meter.memory(part.name()), meter.start(part.name())));
            }
        }
        return parts;
    }
}
