package dev.sandglass.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * The stack that all end-to-end tests share: started before the first of them as a user would start it, on ports and data of its own,
 * and stopped after the last. Of two programs that go through the tests together each has one. Of a failed test, the end of every part's
 * log is kept in {@code target/failed/<test>}.
 */
final class Stack implements BeforeAllCallback, TestWatcher {
    /** The tag of a class that may run beside another: nothing in it fails because the machine has something else to do. */
    static final String BESIDE_ANOTHER = "beside-another";

    private static final int PROGRAM = Integer.getInteger("sandglass.program", 1);
    /** With room for {@link OtherStack} and that of {@link StartIT} below each. */
    static final int OFFSET = Integer.getInteger("sandglass.port-offset", 10_000) + 1_500 * (PROGRAM - 1);

    static final String PAGE = "http://localhost:" + (8080 + OFFSET);

    private static final Path ROOT = Path.of(System.getProperty("basedir", "."))
            .toAbsolutePath()
            .normalize()
            .getParent();
    private static final Path TARGET = ROOT.resolve("local/target");
    static final Path DATA = TARGET.resolve(own("stack"));
    /** The integrators' folder, and the stack's copy of it, which tests may change. */
    static final Path OURS = ROOT.resolve("dsl-yaml");

    static final Path DSL_YAML = TARGET.resolve(own("dsl-yaml"));
    private static final Duration HEALTHY = Duration.ofSeconds(180);
    private static final int KEPT_LINES = 400;
    private static volatile Control control;

    /** The result of a command: its exit code and its output. */
    record Result(int code, String out, String err) {
        Result mustSucceed() {
            if (code != 0) {
                throw new AssertionError("exit code " + code + "\n" + out + "\n" + err);
            }
            return this;
        }
    }

    /** A running stack, closed by JUnit after the last test. */
    private static final class Running implements AutoCloseable {
        Running() throws Exception {
            copy(OURS, DSL_YAML);
            Result started = run("--detach", "--fresh");
            if (started.code != 0) {
                keepLogs("start");
                throw new IllegalStateException("the stack did not start:\n" + started.err);
            }
        }

        @Override
        public void close() throws Exception {
            run("stop").mustSucceed();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        once(context, Running.class, Running::new);
    }

    /** Starts something before the first test that wants it; JUnit closes it after the last of all. */
    static <T extends AutoCloseable> void once(ExtensionContext context, Class<T> what, Callable<T> start) {
        // Where two programs share the tests, each class is an execution of its own.
        context.getStore(ExtensionContext.StoreScope.LAUNCHER_SESSION, ExtensionContext.Namespace.GLOBAL)
                .computeIfAbsent(
                        what,
                        type -> {
                            try {
                                return start.call();
                            } catch (Exception e) {
                                throw new IllegalStateException(e.getMessage(), e);
                            }
                        },
                        what);
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        try {
            keepLogs(context.getRequiredTestClass().getSimpleName() + "."
                    + context.getRequiredTestMethod().getName());
        } catch (IOException e) {
            System.err.println("the logs could not be kept: " + e);
        }
    }

    /** {@code ./run} with these arguments, for the tests' stack. */
    static Result run(String... args) throws IOException, InterruptedException {
        return run(Map.of(), args);
    }

    /** {@code ./run} with these arguments and further variables. */
    static Result run(Map<String, String> environment, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(ROOT.resolve("run").toString()));
        command.addAll(List.of(args));
        return execute(environment, command);
    }

    /** The supervisor itself: a command for it takes a second on a slow machine. */
    static Control control() throws IOException {
        Control known = control;
        if (known == null || !known.lives()) {
            known = Objects.requireNonNull(Control.of(DATA), "no stack runs");
            control = known;
        }
        return known;
    }

    /** A shell's command line, in which {@code ./run} is meant for the tests' stack. */
    static Result shell(String line) throws IOException, InterruptedException {
        return execute(Map.of(), List.of("sh", "-c", line));
    }

    /** Returns once these run, as {@code ./run start} does. */
    static void start(String... parts) throws Exception {
        List<String> meant = control().start(List.of(parts));
        for (String name : meant) {
            await(
                    name + " runs",
                    HEALTHY,
                    () -> part(name).path("state").asText().equals("running"));
        }
    }

    /** Returns once these are gone, as {@code ./run stop} does. */
    static void stop(String... parts) throws IOException {
        control().stop(List.of(parts));
    }

    /** Returns once all of the usual stack runs and is healthy, as {@code ./run --detach} does. */
    static void heal() throws Exception {
        new FaultInjection().heal();
    }

    /** The part with all that {@code ./run ps --json} shows of it. */
    static JsonNode part(String name) throws IOException {
        for (JsonNode part : control().ps()) {
            if (part.path("name").asText().equals(name)) {
                return part;
            }
        }
        throw new AssertionError("there is no part " + name);
    }

    /**
     * Sets up a binding of a sidecar, which takes it up while it runs.
     *
     * @param folder the sidecar's own, beside those of the sources
     * @param settings each {@code name: value}
     * @return its file
     */
    static Path binding(Path folder, String name, String type, String... settings) throws IOException {
        StringBuilder metadata = new StringBuilder();
        for (String setting : settings) {
            String[] parts = setting.split(": ", 2);
            metadata.append("    - {name: ")
                    .append(parts[0])
                    .append(", value: ")
                    .append(parts[1])
                    .append("}\n");
        }
        return Files.writeString(folder.resolve(name + ".yaml"), """
                apiVersion: dapr.io/v1alpha1
                kind: Component
                metadata: {name: %s}
                spec:
                  type: bindings.%s
                  version: v1
                  ignoreErrors: true
                  metadata:
                %s""".formatted(name, type, metadata));
    }

    /** A secret of the stack. */
    static String secret(String name) throws IOException {
        return Api.JSON
                .readTree(DATA.resolve("secrets.json").toFile())
                .path(name)
                .asText();
    }

    /** Asks again and again until the answer is yes. */
    static void await(String what, Duration patience, Condition condition) throws Exception {
        long until = System.nanoTime() + patience.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > until) {
                throw new AssertionError(what + ": not within " + patience.toSeconds() + " s");
            }
            Thread.sleep(50);
        }
    }

    /** A question that may fail as long as it is asked again. */
    interface Condition {
        boolean holds() throws Exception;
    }

    private static Result execute(Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile("run", ".out");
        Path err = Files.createTempFile("run", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(ROOT.toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().put("SANDGLASS_PORT_OFFSET", Integer.toString(OFFSET));
            builder.environment().put("SANDGLASS_DATA", DATA.toString());
            builder.environment().put("SANDGLASS_DSL_YAML", DSL_YAML.toString());
            // The build these tests are part of made everything.
            builder.environment().put("SANDGLASS_BUILT", "1");
            builder.environment().putAll(environment);
            Process process = builder.start();
            // A first daprd is built from source, which takes minutes.
            if (!process.waitFor(15, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(command + " does not end\n" + Files.readString(err));
            }
            return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** The name of what each program has for itself. */
    private static String own(String name) {
        return PROGRAM == 1 ? name : name + "-" + PROGRAM;
    }

    /** Makes a folder the same as another. */
    private static void copy(Path from, Path to) throws IOException {
        if (Files.exists(to)) {
            try (var old = Files.walk(to)) {
                for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        try (var all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    private static void keepLogs(String test) throws IOException {
        Path logs = DATA.resolve("logs");
        if (!Files.isDirectory(logs)) {
            return;
        }
        Path kept = Files.createDirectories(TARGET.resolve("failed").resolve(test));
        try (var found = Files.list(logs)) {
            for (Path log : found.toList()) {
                List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                        .lines()
                        .toList();
                Files.write(
                        kept.resolve(log.getFileName()),
                        lines.subList(Math.max(0, lines.size() - KEPT_LINES), lines.size()));
            }
        }
    }
}
