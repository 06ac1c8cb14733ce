package dev.sandglass.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** The parts of a stack, made from {@code dapr.yaml}, {@code ports.properties} and the environment. */
final class Blueprint {
    private static final String RESILIENCY = "resiliency.yaml";
    private static final String HOST_IP = "DAPR_HOST_IP";
    /** SQLite's files, as dapr/config.yaml names them. */
    private static final List<String> NAMES = List.of("names.db", "names.db-shm", "names.db-wal");

    private static final Duration NAMES_PATIENCE = Duration.ofSeconds(30);
    /** The distance from a replica's ports to those of the replica before; with four replicas, no port of dapr.yaml is used twice. */
    private static final int PER_REPLICA = 20;
    /** The address for the traces of services and sidecars (OTLP over HTTP), as {@code http://localhost:4318}; null for none. */
    private static final @Nullable String TRACES = System.getenv("SANDGLASS_TRACES");

    private static final boolean LOG_JSON = "true".equals(System.getenv("SANDGLASS_LOG_JSON"));

    /** True if sidecars serve profiles, for {@code ./run bench --profile}; each a hundred ports above its metrics. */
    private static final boolean PPROF = "true".equals(System.getenv("SANDGLASS_PPROF"));

    private static final int PPROF_ABOVE = 100;

    private final Path root;
    private final Path data;
    private final Ports ports;
    private final RunFile file;
    private final StackSecrets secrets;
    private final Path daprd;
    private final @Nullable Path scheduler;
    private final String liveGroup;

    /**
     * @param root the project's folder
     * @param data the stack's data folder, created if it does not exist
     * @param scheduler null where there is none
     */
    Blueprint(Path root, Path data, Ports ports, Path daprd, @Nullable Path scheduler) throws IOException {
        this.root = root;
        this.data = Files.createDirectories(data);
        this.ports = ports;
        this.file = RunFile.read(root.resolve("dapr/dapr.yaml"));
        this.secrets = StackSecrets.of(data, ports.of("postgres"));
        this.daprd = daprd;
        this.scheduler = scheduler;
        Path kept = data.resolve("live-group");
        if (!Files.exists(kept)) {
            Files.writeString(kept, StackSecrets.hex(4));
        }
        this.liveGroup = Files.readString(kept).strip();
    }

    /** All parts of the usual stack with their ports, in the order they are listed in, without starting anything. */
    static Map<String, Integer> overview(Path root, Ports ports) {
        Map<String, Integer> overview = new LinkedHashMap<>();
        for (String ground : List.of("kafka", "postgres", "scheduler")) {
            overview.put(ground, ports.of(ground));
        }
        for (RunFile.App app : RunFile.read(root.resolve("dapr/dapr.yaml")).apps()) {
            overview.put(app.appID(), ports.of(app.appID(), app.appPort()));
            overview.put(app.appID() + "-sidecar", ports.of(app.appID() + "-sidecar", app.daprHTTPPort()));
        }
        return overview;
    }

    /** Every part of the usual stack; the scheduler only where there is one. */
    List<Part> parts() throws IOException {
        List<Part> parts = new ArrayList<>();
        parts.add(Kafka.part(root.resolve("local/target"), data, ports));
        parts.add(Postgres.part(data, ports, secrets));
        if (scheduler != null) {
            parts.add(scheduler(scheduler));
        }
        for (RunFile.App app : file.apps()) {
            parts.addAll(service(app, app.appID(), usual(app)));
        }
        return parts;
    }

    /**
     * A further replica of a service with its sidecar, on ports above the usual ones: another connection could
     * take a free port of the system's choice while the part is down.
     *
     * @param name {@code task-2}
     * @return empty if the name is not a service with a number from 2 to 5
     */
    List<Part> replica(String name) {
        int dash = name.lastIndexOf('-');
        if (dash < 0 || !name.substring(dash + 1).matches("[2-5]")) {
            return List.of();
        }
        int further = PER_REPLICA * (Integer.parseInt(name.substring(dash + 1)) - 1);
        return file.apps().stream()
                .filter(app -> app.appID().equals(name.substring(0, dash)))
                .findFirst()
                .map(app -> service(app, name, kind -> usual(app).applyAsInt(kind) + further))
                .orElse(List.of());
    }

    private ToIntFunction<String> usual(RunFile.App app) {
        Map<String, Integer> listed = Map.of(
                "", app.appPort(),
                "-sidecar", app.daprHTTPPort(),
                "-sidecar-grpc", app.daprGRPCPort(),
                "-sidecar-internal", app.daprInternalGRPCPort(),
                "-sidecar-metrics", app.metricsPort());
        return kind -> {
            Integer port = listed.get(kind);
            return port == null ? ports.of("public") : ports.of(app.appID() + kind, port);
        };
    }

    private Part scheduler(Path program) {
        int port = ports.of("scheduler");
        int healthz = ports.of("scheduler-healthz");
        int metrics = ports.of("scheduler-metrics");
        int etcd = ports.of("scheduler-etcd");
        int peer = ports.of("scheduler-etcd-peer");
        Probe probe = Probe.listens(port);
        return new Part(
                "scheduler",
                port,
                Map.of(
                        "scheduler", port,
                        "scheduler-healthz", healthz,
                        "scheduler-metrics", metrics,
                        "scheduler-etcd", etcd,
                        "scheduler-etcd-peer", peer),
                new Part.Start(
                        List.of(
                                program.toString(),
                                "--listen-address=127.0.0.1",
                                "--port=" + port,
                                "--override-broadcast-host-port=127.0.0.1:" + port,
                                "--healthz-port=" + healthz,
                                "--healthz-listen-address=127.0.0.1",
                                "--metrics-port=" + metrics,
                                "--metrics-listen-address=127.0.0.1",
                                "--etcd-data-dir=" + data.resolve("scheduler"),
                                "--etcd-client-port=" + etcd,
                                "--etcd-initial-cluster=dapr-scheduler-server-0=http://127.0.0.1:" + peer,
                                "--id=dapr-scheduler-server-0",
                                "--mode=standalone"),
                        Map.of(),
                        data),
                say -> Files.createDirectories(data.resolve("scheduler")),
                probe,
                probe,
                List.of(),
                List.of(),
                "TERM");
    }

    /** A service and its sidecar. */
    private List<Part> service(RunFile.App app, String name, ToIntFunction<String> port) {
        int own = port.applyAsInt("");
        int http = port.applyAsInt("-sidecar");
        int grpc = port.applyAsInt("-sidecar-grpc");
        Path folder = root.resolve("dapr").resolve(app.appDirPath()).normalize();
        Path links = data.resolve("apps").resolve(name);

        Map<String, Integer> listens = new LinkedHashMap<>();
        listens.put(name, own);
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(own));
        environment.put("DAPR_HTTP_PORT", Integer.toString(http));
        environment.put("DAPR_GRPC_PORT", Integer.toString(grpc));
        environment.put("DAPR_API_TOKEN", secrets.get("dapr-api-token"));
        environment.put("SANDGLASS_PROFILE", "local");
        // The host name is like a pod's in Kubernetes: a replica started again is the same one.
        environment.put("HOSTNAME", name);
        // As a pod, a further replica starts and stops with its sidecar.
        environment.put("SANDGLASS_SIDECAR_LEAVES_FIRST", Boolean.toString(!name.equals(app.appID())));
        if (TRACES != null) {
            environment.put("QUARKUS_OTEL_SDK_DISABLED", "false");
            environment.put("QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT", TRACES);
        }
        if (LOG_JSON) {
            environment.put("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "true");
        }
        String yaml = System.getenv("SANDGLASS_DSL_YAML");
        environment.put(
                "SANDGLASS_DSL_YAML", yaml == null ? root.resolve("dsl-yaml").toString() : yaml);
        if (app.appID().equals("task")) {
            int front = port.applyAsInt("public");
            listens.put("public", front);
            environment.put("SANDGLASS_PUBLIC_PORT", Integer.toString(front));
            file.apps().stream()
                    .filter(other -> other.appID().equals("sync"))
                    .forEach(sync -> environment.put(
                            "SANDGLASS_LIVE_URL", "ws://localhost:" + ports.of("sync", sync.appPort()) + "/live"));
        }
        if (app.appID().equals("sync")) {
            // The page opens its socket from the front door's origin, which moves with its port.
            int front = ports.of("public");
            environment.put(
                    "SANDGLASS_SYNC_ALLOWED_ORIGINS", "http://localhost:" + front + ",http://127.0.0.1:" + front);
        }
        if (app.env() != null) {
            environment.putAll(app.env());
        }
        List<String> command = new ArrayList<>(app.command());
        if (command.get(0).equals("java")) {
            command.set(0, Host.java());
        }
        Probe ready = Probe.ready(own);
        Part service = new Part(
                name,
                own,
                listens,
                new Part.Start(command, environment, links),
                // The command's "target/…" is below the links, see Links.
                say -> Links.renew(folder.resolve("target/quarkus-app"), links.resolve("target/quarkus-app")),
                ready,
                ready,
                List.of(name + "-sidecar"),
                List.of(),
                "TERM");
        return List.of(service, sidecar(app, name, own, http, grpc, port));
    }

    private Part sidecar(RunFile.App app, String name, int appPort, int http, int grpc, ToIntFunction<String> port) {
        RunFile.Common common = file.common();
        Path dapr = root.resolve("dapr");
        List<String> command = daprd(app.appID(), port);
        command.addAll(List.of(
                "--app-port=" + appPort,
                "--app-protocol=http",
                "--scheduler-host-address=" + (scheduler == null ? "" : "127.0.0.1:" + ports.of("scheduler"))));
        // The run file's own folder holds more than resources, and daprd warns of each other file.
        Path resources = data.resolve("apps").resolve(name + "-sidecar");
        for (String folder : common.resourcesPaths()) {
            Path meant = dapr.resolve(folder).normalize();
            command.add("--resources-path=" + (meant.equals(dapr) ? resources : meant));
        }
        if (common.enableAppHealthCheck()) {
            command.add("--enable-app-health-check");
        }
        if (LOG_JSON) {
            command.add("--log-as-json");
        }
        if (PPROF) {
            command.add("--enable-profiling");
            command.add("--profile-port=" + (port.applyAsInt("-sidecar-metrics") + PPROF_ABOVE));
        }
        flag(command, "--app-health-check-path", common.appHealthCheckPath());
        flag(command, "--app-health-probe-interval", common.appHealthProbeInterval());
        flag(command, "--app-health-probe-timeout", common.appHealthProbeTimeout());
        flag(command, "--app-health-threshold", common.appHealthThreshold());
        flag(command, "--max-body-size", common.daprMaxBodySize());

        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("DAPR_API_TOKEN", secrets.get("dapr-api-token"));
        // During an exchange of the token the services accept several; a sidecar has one.
        environment.put("APP_API_TOKEN", secrets.get("app-token").split(",")[0].strip());
        environment.put(HOST_IP, "127.0.0.1");
        if (TRACES != null) {
            environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", TRACES);
            environment.put("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
            environment.put("OTEL_EXPORTER_OTLP_INSECURE", "true");
        }
        environment.put("KAFKA_BROKERS", "127.0.0.1:" + ports.of("kafka"));
        environment.put("MAIL_PORT", Integer.toString(ports.of("mail")));
        environment.put("LIVE_GROUP", name + "-" + liveGroup);
        List<String> ground = List.of("kafka", "postgres");
        List<String> needs = new ArrayList<>(ground);
        if (scheduler != null) {
            needs.add("scheduler");
        }
        SidecarProbe probe =
                new SidecarProbe(http, app.appID(), secrets.get("dapr-api-token"), Probe.listens(ports.of("kafka")));
        return new Part(
                name + "-sidecar",
                http,
                Map.of(
                        name + "-sidecar",
                        http,
                        name + "-sidecar-grpc",
                        grpc,
                        name + "-sidecar-internal",
                        port.applyAsInt("-sidecar-internal"),
                        name + "-sidecar-metrics",
                        port.applyAsInt("-sidecar-metrics")),
                // It runs in the data folder, since the configuration names files relative to it.
                new Part.Start(command, environment, data),
                say -> Files.copy(
                        dapr.resolve(RESILIENCY),
                        Files.createDirectories(resources).resolve(RESILIENCY),
                        StandardCopyOption.REPLACE_EXISTING),
                probe::up,
                probe::whole,
                needs,
                ground,
                "TERM");
    }

    /** The part of a sidecar's command that is the same for all. */
    private List<String> daprd(String app, ToIntFunction<String> port) {
        return new ArrayList<>(List.of(
                daprd.toString(),
                "--app-id=" + app,
                "--dapr-http-port=" + port.applyAsInt("-sidecar"),
                "--dapr-grpc-port=" + port.applyAsInt("-sidecar-grpc"),
                "--dapr-internal-grpc-port=" + port.applyAsInt("-sidecar-internal"),
                "--dapr-listen-addresses=127.0.0.1",
                "--dapr-internal-grpc-listen-address=127.0.0.1",
                "--metrics-port=" + port.applyAsInt("-sidecar-metrics"),
                "--metrics-listen-address=127.0.0.1",
                "--config="
                        + root.resolve("dapr")
                                .resolve(file.common().configFilePath())
                                .normalize(),
                "--placement-host-address=",
                "--dapr-graceful-shutdown-seconds=3",
                "--log-level=info"));
    }

    /**
     * Has daprd create the database of names anew, while no sidecar runs: when five sidecars opened a new one at once, one of them found it
     * locked and went on without name resolution (seen with daprd 1.18.1). The old names belong to sidecars that are gone.
     *
     * @throws IOException if daprd cannot make it
     */
    void makeNames() throws IOException, InterruptedException {
        Path making = data.resolve("names.new");
        Host.delete(making);
        Path resources = Files.createDirectories(making.resolve("resources"));
        for (String file : NAMES) {
            Files.deleteIfExists(data.resolve(file));
        }
        ToIntFunction<String> port = usual(file.apps().get(0));
        List<String> command = daprd("names", port);
        command.addAll(List.of("--resources-path=" + resources, "--scheduler-host-address="));
        Path log = data.resolve("logs/names.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(making.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put(HOST_IP, "127.0.0.1");
        Probe found = new SidecarProbe(port.applyAsInt("-sidecar"), "names", "", () -> Probe.Answer.YES)::up;
        Process process = builder.start();
        Probe.Answer answer = found.answer();
        for (long until = System.nanoTime() + NAMES_PATIENCE.toNanos();
                !answer.yes() && process.isAlive() && System.nanoTime() < until;
                answer = found.answer()) {
            Thread.sleep(20);
        }
        Keeper.end(process.toHandle(), "TERM");
        if (!answer.yes()) {
            throw new IOException("daprd cannot make " + NAMES.get(0) + ", in which sidecars find each other: "
                    + answer.lacks() + "; see " + log);
        }
        for (String file : NAMES) {
            if (Files.exists(making.resolve(file))) {
                Files.move(making.resolve(file), data.resolve(file));
            }
        }
        Host.delete(making);
    }

    private static void flag(List<String> command, String name, @Nullable Object value) {
        if (value != null) {
            command.add(name + "=" + value);
        }
    }
}
