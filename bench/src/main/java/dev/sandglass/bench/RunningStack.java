package dev.sandglass.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The system under measurement, as {@code ./run} shows it. */
final class RunningStack {
    static final List<String> SERVICES = List.of("task", "recurrence", "reminder", "audit", "sync");

    private static final Pattern PAGE = Pattern.compile("http://[^:]+:(\\d+)/#token=");

    /**
     * @param pid 0 of a part that does not run
     * @param port the one it is known by, 0 of a part that is not to be had
     */
    record Part(String name, long pid, int port, Path log) {}

    private final Path root;
    private final boolean startedHere;
    private final int page;
    private Map<String, Part> parts = Map.of();

    private RunningStack(Path root, boolean startedHere, int page) throws IOException, InterruptedException {
        this.root = root;
        this.startedHere = startedHere;
        this.page = page;
        look();
    }

    /**
     * Takes the stack that runs, or starts one.
     *
     * @param root the project's folder
     * @param profiled whether the sidecars of one that is started here are to serve profiles
     * @throws CannotMeasure if it does not become healthy
     */
    static RunningStack of(Path root, boolean profiled) throws IOException, InterruptedException {
        boolean runs = parts(root).values().stream().anyMatch(part -> part.pid != 0);
        Matcher page = PAGE.matcher(run(root, profiled ? Map.of("SANDGLASS_PPROF", "true") : Map.of(), "--detach"));
        if (!page.find()) {
            throw new CannotMeasure("./run --detach named no page");
        }
        return new RunningStack(root, !runs, Integer.parseInt(page.group(1)));
    }

    /** Stops it if it was started here. */
    void leave() throws IOException, InterruptedException {
        if (startedHere) {
            run("stop");
        }
    }

    Path root() {
        return root;
    }

    /** The port of the page and of {@code /api}. */
    int page() {
        return page;
    }

    boolean startedHere() {
        return startedHere;
    }

    /** Looks again, for pids after a restart. */
    void look() throws IOException, InterruptedException {
        parts = parts(root);
    }

    /** All parts that run, in the order of {@code ./run ps}. */
    Map<String, Part> parts() {
        return parts;
    }

    /** @throws CannotMeasure if it does not run */
    Part part(String name) {
        Part part = parts.get(name);
        if (part == null || part.pid == 0) {
            throw new CannotMeasure(name + " does not run");
        }
        return part;
    }

    boolean hasScheduler() {
        Part scheduler = parts.get("scheduler");
        return scheduler != null && scheduler.pid != 0;
    }

    /** The command line of a part: the program, then its arguments. */
    List<String> command(String name) {
        ProcessHandle.Info info =
                ProcessHandle.of(part(name).pid).map(ProcessHandle::info).orElseThrow();
        List<String> command = new ArrayList<>();
        command.add(info.command().orElseThrow());
        command.addAll(Arrays.asList(info.arguments().orElseThrow()));
        return command;
    }

    /** The value of an argument {@code --name=value}. */
    String argument(String name, String argument) {
        return command(name).stream()
                .filter(one -> one.startsWith(argument + "="))
                .map(one -> one.substring(argument.length() + 1))
                .findFirst()
                .orElseThrow(() -> new CannotMeasure(name + " has no " + argument));
    }

    /** The data folder. */
    Path data() {
        return part("task").log.resolve("../..").normalize();
    }

    /** @throws IOException if the data folder has none of that name */
    String secret(String name) throws IOException {
        return Json.read(Files.readString(data().resolve("secrets.json")), JsonNode.class)
                .required(name)
                .asText();
    }

    /**
     * Runs {@code ./run} with these words, its progress shown.
     *
     * @return what it prints
     * @throws CannotMeasure if its exit code is not 0
     */
    String run(String... words) throws IOException, InterruptedException {
        return run(root, Map.of(), words);
    }

    private static String run(Path root, Map<String, String> environment, String... words)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(root.resolve("run").toString()));
        command.addAll(Arrays.asList(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        // Everything was built before this was started.
        builder.environment().put("SANDGLASS_BUILT", "1");
        builder.environment().putAll(environment);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new CannotMeasure("./run " + String.join(" ", words) + " failed");
        }
        return out;
    }

    private static Map<String, Part> parts(Path root) throws IOException, InterruptedException {
        Map<String, Part> parts = new LinkedHashMap<>();
        for (JsonNode part : Json.read(run(root, Map.of(), "ps", "--json"), JsonNode.class)) {
            parts.put(
                    part.path("name").asText(),
                    new Part(
                            part.path("name").asText(),
                            part.path("pid").asLong(),
                            part.path("port").asInt(),
                            Path.of(part.path("log").asText())));
        }
        return parts;
    }
}
