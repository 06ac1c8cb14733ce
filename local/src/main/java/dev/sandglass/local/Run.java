package dev.sandglass.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;

/** {@code ./run}: the command line. Results go to stdout, progress and errors to stderr. */
public final class Run {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final Duration GLANCE = Duration.ofMillis(120);
    /** The number of deaths in a row without having been up, after which a part does not come up by itself. */
    private static final int HOPELESS = 4;

    private static final int LOG_LINES = 20;
    /** The names that a stack keeps in its data folder; only these may be deleted there. */
    private static final List<String> DATA = List.of(
            "apps",
            "kafka",
            "kafka.properties",
            "live-group",
            "logs",
            "names.db",
            "names.db-shm",
            "names.db-wal",
            "names.new",
            "postgres",
            "postgres.new",
            "scheduler",
            "secrets.json",
            "supervisor.json",
            Orphans.FILE);

    private static final String HELP = """
        Sandglass on this machine: Kafka, PostgreSQL, Dapr and five services.

          ./run                     start everything, show the page's address; Ctrl-C stops everything
          ./run --detach            the same in the background: returns once all is healthy
          ./run --fresh             start with empty data (also with --detach)
          ./run ps [--json]         every part: name, pid, state, port, log
          ./run stop [PART...]      stop these parts, or everything
          ./run start PART...       start them again, where nothing runs with what they need; task-2 is a second
                                    replica of task
          ./run kill PART           SIGKILL; it is restarted by itself
          ./run backup FILE         everything there is, as one file, while it runs
          ./run restore FILE        an empty system becomes what the file has; --fresh deletes first what is there
          ./run dead-letters        events that services could not handle, with the reason
          ./run dead-letters resend ID|all
          ./run dead-letters dismiss ID
          ./run dev SERVICE         one service in Quarkus dev mode, within the running stack
          ./run bench [--quick] [ROW...]
                                    every number beside its floor; ./run bench --help
          ./run check [PATH]        what is wrong with routes in YAML (dsl-yaml), their own tests included
          ./run try FILE EVENT.json [ROUTE]
                                    what a route would make of an event, step by step, without effect
          ./run --help

        SANDGLASS_DATA            the data folder (.local)
        SANDGLASS_PORT_OFFSET     added to every port
        SANDGLASS_PORT_<NAME>     one port: PUBLIC, KAFKA, POSTGRES, TASK, TASK_SIDECAR ... (see local/ports.properties)
        SANDGLASS_SCHEDULER       a Dapr scheduler to use
        """;

    private final Path root;
    private final Path data;
    private final Ports ports;
    private final Progress progress = new Progress("1".equals(System.getenv("SANDGLASS_TTY")));

    Run(Path root, Path data) {
        this.root = root;
        this.data = data;
        this.ports = Ports.read(root.resolve("local/ports.properties"), System.getenv());
    }

    /**
     * The program.
     *
     * @param args the project's folder, then the arguments of {@code ./run}
     */
    public static void main(String[] args) {
        int code;
        try {
            Path root = Path.of(args[0]).toAbsolutePath().normalize();
            String folder = System.getenv().getOrDefault("SANDGLASS_DATA", ".local");
            Path data = root.resolve(folder.isBlank() ? ".local" : folder).normalize();
            code = new Run(root, data).command(List.of(args).subList(1, args.length));
        } catch (CannotRun e) {
            System.err.println(e.getMessage());
            code = 1;
        } catch (IOException e) {
            System.err.println("./run: " + (e.getMessage() == null ? e : e.getMessage()));
            code = 1;
        } catch (InterruptedException e) {
            code = 130;
        }
        System.exit(code);
    }

    private int command(List<String> args) throws IOException, InterruptedException {
        String first = args.isEmpty() ? "" : args.get(0);
        List<String> rest = args.isEmpty() ? List.of() : args.subList(1, args.size());
        return switch (first) {
            case "ps" -> ps(rest);
            case "stop" -> stop(rest);
            case "start" -> start(rest);
            case "kill" -> kill(rest);
            case "dead-letters" -> new DeadLettersCommand(page(running(List.of())), System.out).command(rest);
            case "dev" -> dev(rest);
            case "backup" -> backup(rest);
            case "restore" -> restore(rest);
            case "check" -> integrators(first, rest, 0, 1);
            case "try" -> integrators(first, rest, 2, 3);
            case "supervise" -> supervise(rest);
            case "--help", "-h", "help" -> {
                System.out.print(HELP);
                yield 0;
            }
            default -> {
                Set<String> options = new HashSet<>(args);
                boolean detach = options.remove("--detach");
                boolean fresh = options.remove("--fresh");
                if (!options.isEmpty()) {
                    System.err.println("./run does not know " + String.join(" ", options) + "\n\n" + HELP);
                    yield 2;
                }
                yield up(detach, fresh);
            }
        };
    }

    private int up(boolean detach, boolean fresh) throws IOException, InterruptedException {
        Control running;
        Control started;
        try (FileChannel alone = alone()) {
            running = Control.of(data);
            if (fresh) {
                if (running != null) {
                    progress.step("stops what runs");
                    end(running);
                    running = null;
                }
                Orphans.end(data);
                for (String kept : DATA) {
                    Host.delete(data.resolve(kept));
                }
            }
            started = running == null ? launch(true, detach) : running;
        }
        if (running != null) {
            int code = awaitStack(running);
            if (code == 0) {
                links(running);
                if (!detach) {
                    progress.tell("It ran already; ./run stop ends it.");
                }
            }
            return code;
        }
        AtomicBoolean left = new AtomicBoolean(detach);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (left.compareAndSet(false, true) && started.lives()) {
                progress.tell("\nStops everything …");
                try {
                    end(started);
                } catch (IOException e) {
                    progress.tell("It could not be asked to stop (" + e.getMessage() + "); ./run stop tries again.");
                }
            }
        }));
        int code = awaitStack(started);
        if (code == 0) {
            links(started);
        }
        if (detach || code != 0) {
            if (detach && code != 0) {
                progress.tell("What does run was left running: ./run ps shows it, ./run stop ends it.");
            }
            return code;
        }
        progress.tell("Ctrl-C stops everything.");
        watch(started);
        left.set(true);
        progress.tell("It was stopped.");
        return 0;
    }

    /** Keeps other starts in this data folder waiting until it is closed, or this program ends. */
    private FileChannel alone() throws IOException {
        Host.ownFolder(data);
        FileChannel file =
                FileChannel.open(data.resolve("start.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (file.tryLock() == null) {
            progress.step("waits for another ./run, which starts this stack");
            file.lock();
            progress.stepDone();
        }
        return file;
    }

    /**
     * Starts a supervisor in a session of its own, holding none of our streams.
     *
     * @param all true if it starts everything
     * @param detach true if it goes on without us
     */
    private Control launch(boolean all, boolean detach) throws IOException, InterruptedException {
        Orphans.end(data);
        Files.createDirectories(data.resolve("logs"));
        String version = Files.readString(root.resolve("dapr/VERSION")).strip();
        DaprBinaries dapr = new DaprBinaries(version, progress::step);
        Path daprd = dapr.daprd();
        Path scheduler = dapr.scheduler();
        progress.stepDone();
        Blueprint blueprint = new Blueprint(root, data, ports, daprd, scheduler);
        refuseTakenPorts(blueprint);
        blueprint.makeNames();

        // A build at the same time replaces these jars while the supervisor may still load classes from them.
        Path own = data.resolve("apps/run");
        Links.renew(root.resolve("local/target/lib"), own);
        Files.copy(
                root.resolve("local/target/local.jar"), own.resolve("local.jar"), StandardCopyOption.REPLACE_EXISTING);
        List<String> command = new ArrayList<>();
        if (Host.onPath("setsid") != null) {
            command.add("setsid");
        } else {
            // macOS has no setsid, but it has Perl.
            command.addAll(List.of("perl", "-MPOSIX", "-e", "POSIX::setsid(); exec @ARGV"));
        }
        command.addAll(List.of(
                Host.java(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                own + "/*",
                Run.class.getName(),
                root.toString(),
                "supervise",
                daprd.toString(),
                scheduler == null ? "" : scheduler.toString(),
                Boolean.toString(all),
                detach ? "" : Long.toString(ProcessHandle.current().pid())));
        Path log = data.resolve("logs/supervisor.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("SANDGLASS_DATA", data.toString());
        Process process = builder.start();
        while (process.isAlive()) {
            Control control = Control.of(data);
            if (control != null) {
                return control;
            }
            Thread.sleep(20);
        }
        Control other = Control.of(data);
        if (other != null) {
            return other;
        }
        throw new CannotRun("The supervisor ended at once:\n" + tail(log));
    }

    private int supervise(List<String> args) throws IOException, InterruptedException {
        Path scheduler = args.get(1).isEmpty() ? null : Path.of(args.get(1));
        boolean all = Boolean.parseBoolean(args.get(2));
        ProcessHandle master = args.get(3).isEmpty()
                ? null
                : ProcessHandle.of(Long.parseLong(args.get(3))).orElse(null);
        Supervisor.run(data, new Blueprint(root, data, ports, Path.of(args.get(0)), scheduler), all, master);
        return 0;
    }

    private static void refuseTakenPorts(Blueprint blueprint) throws IOException {
        Map<Integer, String> names = new LinkedHashMap<>();
        List<String> wrong = new ArrayList<>();
        for (Part part : blueprint.parts()) {
            part.ports().forEach((name, port) -> {
                String other = names.put(port, name);
                if (other != null) {
                    wrong.add("Port %d is meant for both %s and %s: move one with %s or %s."
                            .formatted(port, other, name, Ports.variable(other), Ports.variable(name)));
                } else if (Ports.taken(port)) {
                    wrong.add("Port %d (%s) is taken: move it with %s=<port>, or all of them with %s=<number>."
                            .formatted(port, name, Ports.variable(name), Ports.OFFSET));
                }
            });
        }
        if (!wrong.isEmpty()) {
            throw new CannotRun(String.join("\n", wrong));
        }
    }

    private int awaitStack(Control control) throws IOException, InterruptedException {
        return await(control, control.start(List.of()), true, PATIENCE);
    }

    int awaitParts(Control control, List<String> names, Duration patience) throws IOException, InterruptedException {
        return await(control, control.start(names), false, patience);
    }

    /**
     * Shows parts until they are healthy.
     *
     * @param names the parts that count
     * @param whole true if all around them must work too
     * @return 0, or 1 after a message about the fault
     */
    private int await(Control control, List<String> names, boolean whole, Duration patience)
            throws IOException, InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        while (true) {
            if (!control.lives()) {
                progress.tell("The supervisor is gone.\n" + tail(data.resolve("logs/supervisor.log")));
                return 1;
            }
            Map<String, JsonNode> known = new LinkedHashMap<>();
            control.ps().forEach(part -> known.put(part.path("name").asText(), part));
            List<JsonNode> parts = known.values().stream()
                    .filter(part -> names.contains(part.path("name").asText()))
                    .toList();
            progress.show(lines(parts, whole));
            List<JsonNode> missing =
                    parts.stream().filter(part -> !healthy(part, whole)).toList();
            if (missing.isEmpty()) {
                return 0;
            }
            boolean late = System.nanoTime() > until;
            List<JsonNode> lost = missing.stream()
                    .filter(part -> late
                            || part.path("deaths").asInt() >= HOPELESS
                                    && awaited(part, known).isEmpty())
                    .toList();
            if (!lost.isEmpty()) {
                String what = late ? "is not healthy after " + patience.toSeconds() + " s" : "fails again and again";
                lost.forEach(part -> explain(part, what, awaited(part, known)));
                return 1;
            }
            Thread.sleep(GLANCE.toMillis());
        }
    }

    /** The parts that do not run, among those it needs directly or through others. */
    private static Set<String> awaited(JsonNode part, Map<String, JsonNode> known) {
        Set<String> away = new TreeSet<>();
        for (JsonNode need : part.path("needs")) {
            JsonNode needed = known.get(need.asText());
            if (needed != null) {
                if (!needed.path("state").asText().equals("running")) {
                    away.add(need.asText() + " (" + needed.path("state").asText() + ")");
                }
                away.addAll(awaited(needed, known));
            }
        }
        return away;
    }

    private static boolean healthy(JsonNode part, boolean whole) {
        return part.path("state").asText().equals("running")
                && (!whole || part.path("whole").asBoolean());
    }

    private static List<Progress.Line> lines(List<JsonNode> parts, boolean all) {
        List<Progress.Line> lines = new ArrayList<>();
        boolean scheduler = !all;
        for (JsonNode part : parts) {
            String name = part.path("name").asText();
            if (!scheduler && !List.of("kafka", "postgres").contains(name)) {
                scheduler = true;
                if (!name.equals("scheduler")) {
                    lines.add(
                            new Progress.Line("scheduler", "absent", "not to be had here; reminders go by the sweep"));
                }
            }
            boolean waits = part.path("state").asText().equals("running")
                    && all
                    && !part.path("whole").asBoolean();
            lines.add(new Progress.Line(
                    name,
                    waits ? "starting" : part.path("state").asText(),
                    part.path("note").asText()));
        }
        return lines;
    }

    /**
     * @param what the fault, as a verb and the words after it
     * @param awaited parts it would need; where there are none the end of its log may tell the reason
     */
    private void explain(JsonNode part, String what, Set<String> awaited) {
        Path written = Path.of(part.path("log").asText());
        String note = part.path("note").asText();
        progress.tell("\n" + part.path("name").asText() + " " + what + (note.isEmpty() ? "" : ": " + note)
                + (awaited.isEmpty() ? "." : "; it needs " + String.join(", ", awaited) + ".")
                + (awaited.isEmpty()
                        ? "\nThe end of " + written + ":\n" + tail(written)
                        : " Its log is " + written + "."));
    }

    private static String tail(Path log) {
        try {
            List<String> lines = Files.exists(log)
                    ? new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                            .lines()
                            .toList()
                    : List.of();
            List<String> end = lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
            return end.isEmpty() ? "  (empty)" : "  " + String.join("\n  ", end);
        } catch (IOException e) {
            return "  (cannot be read: " + e.getMessage() + ")";
        }
    }

    /** The page's address and a signed-in link for each demo user. */
    private void links(Control control) throws IOException, InterruptedException {
        String page = page(control);
        System.out.println("Sandglass is at " + page + "\n");
        for (String user : List.of("alice", "bob", SignIn.OPERATOR)) {
            boolean operator = user.equals(SignIn.OPERATOR);
            try {
                String token = SignIn.token(page, user, operator);
                System.out.println("  " + user + (operator ? ", operator" : "") + "\n    " + page + "/#token=" + token);
            } catch (IOException e) {
                progress.tell("There is no signed-in link for " + user + " (" + e.getMessage() + ").");
            }
        }
        System.out.flush();
    }

    private static String page(Control control) throws IOException {
        return "http://localhost:"
                + control.part("task").path("ports").path("public").asInt();
    }

    /** Tells about changes of the parts until the supervisor ends. */
    private void watch(Control control) throws InterruptedException {
        Map<String, String> before = new LinkedHashMap<>();
        while (control.lives()) {
            try {
                for (JsonNode part : control.ps()) {
                    String name = part.path("name").asText();
                    String state = part.path("state").asText();
                    String note = part.path("note").asText();
                    String last = before.put(name, state);
                    if (last != null && !last.equals(state)) {
                        progress.tell(name + " " + (state.equals("failed") ? note + ", is started again" : state));
                    }
                }
            } catch (IOException e) {
                // It may be ending; the next look tells if it lives.
            }
            Thread.sleep(500);
        }
    }

    private int ps(List<String> args) throws IOException {
        boolean json = args.contains("--json");
        if (args.size() > (json ? 1 : 0)) {
            throw new CannotRun("./run ps takes --json and nothing else");
        }
        ArrayNode parts = status();
        if (json) {
            System.out.println(parts);
            return 0;
        }
        String row = "%-20s %8s  %-9s %6s  %s%n";
        System.out.printf(row, "PART", "PID", "STATE", "PORT", "LOG");
        for (JsonNode part : parts) {
            System.out.printf(
                    row,
                    part.path("name").asText(),
                    part.path("pid").asText().replace("null", "-"),
                    part.path("state").asText(),
                    part.path("port").asText().replace("null", "-"),
                    part.path("log").asText());
        }
        return 0;
    }

    private ArrayNode status() throws IOException {
        Control control = Control.of(data);
        Map<String, JsonNode> known = new LinkedHashMap<>();
        if (control != null) {
            control.ps().forEach(part -> known.put(part.path("name").asText(), part));
        }
        Map<String, Long> orphans = control == null ? Orphans.of(data) : Map.of();
        boolean absent = control == null
                ? !new DaprBinaries(
                                Files.readString(root.resolve("dapr/VERSION")).strip(), word -> {})
                        .hasScheduler()
                : !known.containsKey("scheduler");
        ArrayNode list = JSON.createArrayNode();
        Blueprint.overview(root, ports).forEach((name, port) -> {
            JsonNode part = known.remove(name);
            if (part != null) {
                list.add(five(part));
                return;
            }
            boolean gone = absent && name.equals("scheduler");
            Long orphan = orphans.get(name);
            list.addObject()
                    .put("name", name)
                    .put("pid", orphan)
                    .put("state", gone ? "absent" : orphan == null ? "stopped" : "running")
                    .put("port", gone ? null : port)
                    .put("log", data.resolve("logs").resolve(name + ".log").toString());
        });
        known.values().forEach(replica -> list.add(five(replica)));
        return list;
    }

    private static ObjectNode five(JsonNode part) {
        ObjectNode five = JSON.createObjectNode();
        for (String field : List.of("name", "pid", "state", "port", "log")) {
            five.set(field, part.get(field));
        }
        return five;
    }

    private int stop(List<String> parts) throws IOException, InterruptedException {
        Control control = Control.of(data);
        if (control == null) {
            refuseUnknown(parts);
            Orphans.end(data);
            System.err.println("Nothing runs.");
        } else if (parts.isEmpty()) {
            end(control);
        } else {
            boolean scheduler = control.ps().findValuesAsText("name").contains("scheduler");
            // A scheduler that does not exist here does not run either.
            List<String> there = parts.stream()
                    .filter(part -> scheduler || !part.equals("scheduler"))
                    .toList();
            if (!there.isEmpty()) {
                control.stop(there);
            }
        }
        return 0;
    }

    private int start(List<String> parts) throws IOException, InterruptedException {
        if (parts.isEmpty()) {
            throw new CannotRun("./run start needs a part; ./run --detach starts everything");
        }
        Control control = Control.of(data);
        if (control == null) {
            refuseUnknown(parts);
            try (FileChannel alone = alone()) {
                Control other = Control.of(data);
                control = other == null ? launch(false, true) : other;
            }
        }
        return awaitParts(control, parts, PATIENCE);
    }

    private int kill(List<String> parts) throws IOException {
        if (parts.size() != 1) {
            throw new CannotRun("./run kill needs one part");
        }
        running(parts).kill(parts.get(0));
        return 0;
    }

    private int backup(List<String> args) throws IOException {
        if (args.size() != 1) {
            throw new CannotRun("./run backup needs one file");
        }
        if (Control.of(data) == null) {
            throw new CannotRun("No stack runs here; ./run --detach starts one.");
        }
        Path file = Path.of(args.get(0)).toAbsolutePath();
        int port = ports.of("postgres");
        Backup.write(file, port, StackSecrets.of(data, port).get("postgres-password"));
        progress.tell("Everything is in " + file + ".");
        return 0;
    }

    /** Kafka, the scheduler's jobs and the sidecars' names are created anew: the ledger has all their data. */
    private int restore(List<String> args) throws IOException, InterruptedException {
        List<String> rest = new ArrayList<>(args);
        boolean fresh = rest.remove("--fresh");
        if (rest.size() != 1) {
            throw new CannotRun("./run restore needs one file");
        }
        Path file = Path.of(rest.get(0)).toAbsolutePath();
        if (!Files.isReadable(file)) {
            throw new CannotRun(file + " cannot be read");
        }
        if (Control.of(data) != null) {
            throw new CannotRun("A stack runs here; ./run stop ends it.");
        }
        if (Files.exists(data.resolve("postgres")) && !fresh) {
            throw new CannotRun(
                    "There is data in " + data + "; ./run restore " + rest.get(0) + " --fresh deletes it first.");
        }
        Orphans.end(data);
        for (String kept : DATA) {
            // Without its secrets all users would have to sign in again.
            if (!kept.equals("secrets.json")) {
                Host.delete(data.resolve(kept));
            }
        }
        Host.ownFolder(data);
        Files.createDirectories(data.resolve("logs"));
        int port = ports.of("postgres");
        StackSecrets secrets = StackSecrets.of(data, port);
        Part postgres = Postgres.part(data, ports, secrets);
        if (Ports.taken(port)) {
            throw new CannotRun(
                    "Port %d (postgres) is taken: move it with %s=<port>.".formatted(port, Ports.variable("postgres")));
        }
        postgres.prepare().run(progress::step);
        Process process = new ProcessBuilder(postgres.start().command())
                .directory(postgres.start().directory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(data.resolve("logs/postgres.log").toFile())
                .start();
        boolean done = false;
        try {
            progress.step("restores " + file);
            while (process.isAlive() && !postgres.up().answer().yes()) {
                Thread.sleep(GLANCE.toMillis());
            }
            long rows = Backup.read(file, port, secrets.get("postgres-password"));
            done = true;
            progress.stepDone();
            progress.tell(rows + " entries are restored; ./run starts the system.");
            return 0;
        } finally {
            process.destroy();
            process.waitFor();
            if (!done) {
                Host.delete(data.resolve("postgres"));
            }
        }
    }

    /** Runs the commands that need no stack: the services' own checks, on the class path of a built service. */
    private int integrators(String command, List<String> args, int least, int most)
            throws IOException, InterruptedException {
        if (args.size() < least || args.size() > most) {
            throw new CannotRun("./run " + command + " takes other arguments; see ./run --help");
        }
        Path libraries = root.resolve("routes-task/target/quarkus-app/lib");
        List<String> line = new ArrayList<>(List.of(
                Host.java(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                // Without this, newer JDKs warn about Netty.
                "-Dio.netty.noUnsafe=true",
                "-cp",
                libraries.resolve("boot") + "/*" + File.pathSeparator + libraries.resolve("main") + "/*",
                "dev.sandglass.support.yaml.Command",
                command,
                root.resolve("dsl-yaml").toString()));
        String from = System.getenv("SANDGLASS_CALLED_FROM");
        Path here = from == null ? root : Path.of(from);
        for (int i = 0; i < args.size(); i++) {
            // The third argument of try is a route.
            line.add(i < 2 ? here.resolve(args.get(i)).toString() : args.get(i));
        }
        return new ProcessBuilder(line).inheritIO().start().waitFor();
    }

    /** One service in Quarkus dev mode in the place of the built one. */
    private int dev(List<String> args) throws IOException, InterruptedException {
        if (args.size() != 1) {
            throw new CannotRun("./run dev needs one service");
        }
        String service = args.get(0);
        RunFile.App app = RunFile.read(root.resolve("dapr/dapr.yaml")).apps().stream()
                .filter(one -> one.appID().equals(service))
                .findFirst()
                .orElseThrow(() -> new CannotRun("There is no service \"" + service + "\""));
        Control control = running(args);
        Path maven = DevMaven.find(progress::step);
        progress.stepDone();
        ProcessBuilder builder = new ProcessBuilder(
                        maven.toString(),
                        "-Dspotless.check.skip=true",
                        "-DskipTests",
                        "-Prun",
                        "-pl",
                        Path.of(app.appDirPath()).getFileName().toString(),
                        "-am",
                        "compile",
                        "quarkus:dev")
                .directory(root.toFile())
                .inheritIO();
        control.part(service)
                .path("environment")
                .properties()
                .forEach(entry -> builder.environment()
                        .put(entry.getKey(), entry.getValue().asText()));
        // The Dev UI's log expects all requests on Quarkus' own port, but the front door has another one.
        builder.environment().put("QUARKUS_HTTP_ACCESS_LOG_EXCLUDE_PATTERN", ".*");
        AtomicBoolean restored = new AtomicBoolean();
        control.stop(List.of(service));
        Process mode = builder.start();
        Runnable restore = () -> {
            try {
                mode.waitFor();
                if (restored.compareAndSet(false, true) && control.lives()) {
                    progress.tell("Starts the built " + service + " again.");
                    awaitParts(control, List.of(service), PATIENCE);
                }
            } catch (IOException e) {
                progress.tell(service + " could not be started again: " + e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        // Ctrl-C ends both Maven and this program.
        Runtime.getRuntime().addShutdownHook(new Thread(restore));
        int code = mode.waitFor();
        restore.run();
        return code;
    }

    private Control running(List<String> parts) throws IOException {
        Control control = Control.of(data);
        if (control == null) {
            refuseUnknown(parts);
            throw new CannotRun("No stack runs here; ./run --detach starts one.");
        }
        return control;
    }

    private void refuseUnknown(List<String> parts) {
        Map<String, Integer> known = Blueprint.overview(root, ports);
        for (String part : parts) {
            boolean replica = part.matches(".*-[2-5]") && known.containsKey(part.replaceFirst("[2-5]$", "sidecar"));
            if (!replica && !known.containsKey(part)) {
                throw new CannotRun("There is no part \"" + part + "\". Parts: " + String.join(" ", known.keySet()));
            }
        }
    }

    private static void end(Control control) throws IOException {
        control.stop(List.of());
        control.awaitEnd();
    }
}
