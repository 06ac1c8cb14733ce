package dev.sandglass.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The processor time, Dapr calls, bytes and memory that the parts use. */
final class Meter {
    private static final double TICKS_PER_SECOND = 100;
    private static final Duration SCRAPE = Duration.ofSeconds(10);
    private static final Pattern SAMPLE = Pattern.compile("^(\\w+)\\{(.*)} ([-+.eE\\d]+)$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
    private static final int PAUSE = 100;
    private static final long QUIET = TimeUnit.SECONDS.toNanos(1);
    /** The relay takes over what has stood still for eight seconds, as it finds at one of its looks, four seconds apart at most. */
    private static final long UNTIL_FOUND = TimeUnit.SECONDS.toNanos(20);

    private static final String GENERATOR = "generator";

    /**
     * Everything at one moment, as counted since each part's start.
     *
     * @param cpu milliseconds of processor time by part
     * @param calls Dapr calls by caller and kind
     * @param routes by route: {seconds in it, times through it}
     * @param bytes by where they are
     */
    record Reading(
            long nanos,
            Map<String, Double> cpu,
            Map<String, Double> calls,
            Map<String, double[]> routes,
            Map<String, Double> bytes) {}

    private final RunningStack stack;
    private final Http http;
    private final Map<String, Integer> sidecars = new TreeMap<>();

    Meter(RunningStack stack, Http http) {
        this.stack = stack;
        this.http = http;
        for (String service : RunningStack.SERVICES) {
            sidecars.put(service, Integer.parseInt(stack.argument(service + "-sidecar", "--metrics-port")));
        }
    }

    Reading read() throws IOException {
        Map<String, Double> calls = new TreeMap<>();
        Map<String, double[]> routes = new TreeMap<>();
        for (String service : RunningStack.SERVICES) {
            for (String line : scrape(sidecar(service), "/metrics")) {
                count(service, line, calls);
            }
            for (String line : scrape(stack.part(service).port(), "/q/metrics")) {
                time(line, routes);
            }
        }
        // Last, and so first of the next: reading the metrics is not to count.
        return new Reading(System.nanoTime(), cpu(), calls, routes, bytes());
    }

    /**
     * Waits until the consumers' sidecars have handed on no event for a moment.
     *
     * @param atMost after which it gives up
     * @return seconds until the last one; infinite if they did not come to rest
     */
    double level(Duration atMost) throws InterruptedException {
        return level(atMost, QUIET);
    }

    /**
     * The same after a {@link dev.sandglass.task.domain.BulkLoad}, counted from when the relay begins to hand on: until then it has to find
     * what was left behind, of each shard at its own time.
     */
    double levelAfterLoad(Duration atMost, boolean oneList) throws InterruptedException {
        double before = delivered();
        for (long until = System.nanoTime() + UNTIL_FOUND; delivered() == before && System.nanoTime() < until; ) {
            Thread.sleep(PAUSE);
        }
        return level(atMost, oneList ? QUIET : UNTIL_FOUND);
    }

    private double level(Duration atMost, long quiet) throws InterruptedException {
        long start = System.nanoTime();
        long last = start;
        double before = delivered();
        while (System.nanoTime() - last < quiet) {
            if (System.nanoTime() - start > atMost.toNanos()) {
                return Double.POSITIVE_INFINITY;
            }
            Thread.sleep(PAUSE);
            double now = delivered();
            if (now > before) {
                before = now;
                last = System.nanoTime();
            }
        }
        return (last - start) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    /** Deliveries, of one event or of many, that the consumers' sidecars have made so far. */
    double delivered() {
        double sum = 0;
        for (String service : List.of("recurrence", "reminder", "audit", "sync")) {
            sum += delivered(service);
        }
        return sum;
    }

    /** Deliveries that a service's sidecar has made so far. */
    double delivered(String service) {
        double sum = 0;
        for (String line : scrape(sidecar(service), "/metrics")) {
            if (line.startsWith("dapr_component_pubsub_ingress_bulk_event_count")) {
                sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            }
        }
        return sum;
    }

    /** The metrics port of a service's sidecar. */
    private int sidecar(String service) {
        return Objects.requireNonNull(sidecars.get(service), service);
    }

    /** Megabytes of memory a part has for itself (PSS), its children included; NaN where the system does not tell. */
    double memory(String part) throws IOException {
        double kilobytes = 0;
        for (long pid : family(stack.part(part).pid())) {
            Path file = Path.of("/proc", Long.toString(pid), "smaps_rollup");
            if (!Files.isReadable(file)) {
                return Double.NaN;
            }
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith("Pss:")) {
                    kilobytes += Double.parseDouble(line.replaceAll("\\D", ""));
                }
            }
        }
        return kilobytes / 1024;
    }

    /** Seconds a service or sidecar took to start, by its own log; NaN for others. */
    double start(String part) throws IOException {
        Pattern said = Pattern.compile(
                part.endsWith("-sidecar") ? "Init Elapsed (\\d+)ms" : "powered by Quarkus.* started in ([\\d.]+)s");
        double seconds = Double.NaN;
        Path log = stack.part(part).log();
        if (!RunningStack.SERVICES.contains(part.replace("-sidecar", "")) || !Files.isReadable(log)) {
            return seconds;
        }
        try (Stream<String> lines = Files.lines(log, UTF_8)) {
            for (String line : (Iterable<String>) lines::iterator) {
                Matcher found = said.matcher(line);
                if (found.find()) {
                    seconds = Double.parseDouble(found.group(1)) / (part.endsWith("-sidecar") ? 1000 : 1);
                }
            }
        }
        return seconds;
    }

    // ------------------------------------------------------------------------------------------------------------
    // processor time

    private Map<String, Double> cpu() throws IOException {
        Map<String, Double> cpu = new TreeMap<>();
        for (RunningStack.Part part : stack.parts().values()) {
            if (part.pid() != 0) {
                cpu.put(part.name(), cpu(part.pid()));
            }
        }
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean own) {
            cpu.put(GENERATOR, own.getProcessCpuTime() / (double) TimeUnit.MILLISECONDS.toNanos(1));
        }
        return cpu;
    }

    /** Milliseconds of processor time of a process and of its children, past ones included where the system tells. */
    static double cpu(long pid) throws IOException {
        double millis = 0;
        for (long member : family(pid)) {
            Path stat = Path.of("/proc", Long.toString(member), "stat");
            if (Files.isReadable(stat)) {
                // Behind the name, which may hold anything: utime, stime, cutime, cstime are the fields 14 to 17.
                String line = Files.readString(stat);
                String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
                for (int i = 11; i <= 14; i++) {
                    millis += Double.parseDouble(fields[i]) * TimeUnit.SECONDS.toMillis(1) / TICKS_PER_SECOND;
                }
            } else {
                millis += ProcessHandle.of(member)
                        .flatMap(process -> process.info().totalCpuDuration())
                        .map(Duration::toMillis)
                        .orElse(0L);
            }
        }
        return millis;
    }

    private static List<Long> family(long pid) {
        List<Long> family = new ArrayList<>(List.of(pid));
        ProcessHandle.of(pid)
                .ifPresent(
                        process -> process.descendants().map(ProcessHandle::pid).forEach(family::add));
        return family;
    }

    // -----------------------------------------------------------------------------------------------------------------
    // Dapr calls

    private static void count(String service, String line, Map<String, Double> calls) {
        Matcher sample = SAMPLE.matcher(line);
        if (!sample.matches()) {
            return;
        }
        Map<String, String> labels = labels(sample.group(2));
        String kind = switch (sample.group(1)) {
            case "dapr_component_state_count" ->
                "state " + labels.get("operation") + (failed(labels) ? " (failed)" : "");
            case "dapr_component_pubsub_egress_count", "dapr_component_pubsub_bulk_egress_event_count" ->
                "publish " + labels.get("topic") + (failed(labels) ? " (failed)" : "");
            case "dapr_component_pubsub_ingress_bulk_count", "dapr_component_pubsub_ingress_count" ->
                "delivery " + labels.get("topic");
            case "dapr_runtime_service_invocation_req_sent_total" -> "invoke " + labels.get("dst_app_id");
            case "dapr_component_input_binding_event_count" -> "binding";
            default -> "";
        };
        if (!kind.isEmpty()) {
            calls.merge(service + ": " + kind, Double.parseDouble(sample.group(3)), Double::sum);
        }
    }

    private static boolean failed(Map<String, String> labels) {
        return "false".equals(labels.get("success"));
    }

    private static void time(String line, Map<String, double[]> routes) {
        Matcher sample = SAMPLE.matcher(line);
        if (sample.matches() && sample.group(1).startsWith("camel_route_policy_seconds_")) {
            String route = labels(sample.group(2)).getOrDefault("routeId", "");
            if (!route.isEmpty()) {
                double[] times = routes.computeIfAbsent(route, key -> new double[2]);
                double value = Double.parseDouble(sample.group(3));
                if (sample.group(1).endsWith("_sum")) {
                    times[0] += value;
                } else if (sample.group(1).endsWith("_count")) {
                    times[1] += value;
                }
            }
        }
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new HashMap<>();
        Matcher label = LABEL.matcher(text);
        while (label.find()) {
            labels.put(label.group(1), label.group(2));
        }
        return labels;
    }

    private List<String> scrape(int port, String path) {
        try {
            return LoadGenerator.await(http.call(HttpMethod.GET, port, path, new String[0], null, 200), SCRAPE)
                    .toString()
                    .lines()
                    .toList();
        } catch (IllegalStateException e) {
            throw new IllegalStateException("metrics on port " + port + ": " + e.getMessage(), e);
        }
    }

    // ---------------------------------------------------------------------------------------------------------------------- bytes

    private Map<String, Double> bytes() throws IOException {
        Map<String, Double> bytes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(stack.data().resolve("kafka"))) {
            bytes.put(
                    "Kafka",
                    files.filter(file -> file.toString().endsWith(".log")
                                    && !file.toString().contains("/bench"))
                            .mapToDouble(file -> file.toFile().length())
                            .sum());
        }
        String url = "jdbc:postgresql://127.0.0.1:" + stack.part("postgres").port() + "/sandglass";
        try (Connection connection = DriverManager.getConnection(url, "sandglass", stack.secret("postgres-password"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0'), pg_database_size('sandglass')")) {
            row.next();
            bytes.put("PostgreSQL's log", row.getDouble(1));
            bytes.put("PostgreSQL's tables", row.getDouble(2));
        } catch (SQLException e) {
            throw new IOException("PostgreSQL: " + e.getMessage(), e);
        }
        return bytes;
    }
}
