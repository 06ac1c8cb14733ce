package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A stack beside the one that all share, for what is set before a start: traces, which are usually off, and logs as JSON; a scheduler,
 * the stand-in of {@code src/test/scheduler} or Dapr's own where {@code SANDGLASS_SCHEDULER} names it; a reminder service that arms
 * nothing ahead by itself; and the name of a language model's component. Started before the first test that wants it.
 */
final class OtherStack implements BeforeAllCallback {
    static final int OFFSET = Stack.OFFSET - 500;
    static final String PAGE = "http://localhost:" + (8080 + OFFSET);
    static final Path DATA = Stack.DATA.resolveSibling("other-stack");
    /** Dapr's own scheduler cannot be told to do wrong. */
    static final boolean REAL = System.getenv("SANDGLASS_SCHEDULER") != null;

    private static final Path STAND_IN = Path.of("target/scheduler").toAbsolutePath();
    private static final Map<String, String> ENVIRONMENT = new HashMap<>();
    private static Collector collector;
    private static String missing;
    private static boolean runs;

    /** Closed by JUnit after the last test, whatever became of it. */
    private record Running() implements AutoCloseable {
        @Override
        public void close() throws Exception {
            stop();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        Stack.once(context, Running.class, Running::new);
        if (!runs) {
            start();
        }
    }

    private static void start() throws Exception {
        collector = new Collector();
        missing = REAL ? null : build();
        ENVIRONMENT.putAll(Map.of(
                "SANDGLASS_PORT_OFFSET",
                Integer.toString(OFFSET),
                "SANDGLASS_DATA",
                DATA.toString(),
                "SANDGLASS_TRACES",
                collector.endpoint(),
                // As they are: nothing is changed in them here, and the copy is made by the first test of the other
                // stack.
                "SANDGLASS_DSL_YAML",
                Stack.OURS.toString(),
                "SANDGLASS_LOG_JSON",
                "true",
                "SANDGLASS_REMINDER_WINDOW",
                "PT0.1S",
                "SANDGLASS_TASK_CONVERSATION",
                "conversation",
                "SANDGLASS_TASK_CONVERSATION_LIMIT",
                "3s"));
        if (!REAL && missing == null) {
            ENVIRONMENT.put("SANDGLASS_SCHEDULER", STAND_IN.toString());
        }
        runs = true;
        try {
            run("--detach", "--fresh").mustSucceed();
        } catch (AssertionError e) {
            // Its parts that run would go on.
            stop();
            throw e;
        }
    }

    /** {@code ./run} with these arguments, for this stack. */
    static Stack.Result run(String... args) throws IOException, InterruptedException {
        return Stack.run(ENVIRONMENT, args);
    }

    /** The machine is others' from then on; the next class that uses it starts it anew. */
    static void stop() throws Exception {
        if (runs) {
            runs = false;
            try {
                run("stop").mustSucceed();
            } finally {
                collector.close();
            }
        }
    }

    /** The traces that its parts sent. */
    static Collector traces() {
        return collector;
    }

    /** The part that a scheduler lacks, null where there is one. */
    static String missing() {
        return missing;
    }

    /** @return what is missing for it, null when it is built */
    private static String build() throws Exception {
        Path sources = Path.of("src/test/scheduler").toAbsolutePath();
        try {
            Process fetched = new ProcessBuilder("go", "mod", "download")
                    .directory(sources.toFile())
                    .inheritIO()
                    .start();
            if (fetched.waitFor() != 0) {
                return "its modules cannot be had";
            }
        } catch (IOException e) {
            return "there is no Go";
        }
        Process built = new ProcessBuilder("go", "build", "-o", STAND_IN.toString(), ".")
                .directory(sources.toFile())
                .inheritIO()
                .start();
        assertEquals(0, built.waitFor(), "go build");
        return null;
    }
}
