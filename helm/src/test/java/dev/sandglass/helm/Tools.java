package dev.sandglass.helm;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Programs this machine may have, and the chart as Helm renders it. */
final class Tools {
    static final YAMLMapper YAML = new YAMLMapper();
    static final Path ROOT = Path.of(System.getProperty("basedir", "."))
            .toAbsolutePath()
            .normalize()
            .getParent();
    static final Path CHART = ROOT.resolve("helm/sandglass");

    private Tools() {}

    /** The exit code and the output of a program. */
    record Said(int exit, String out, String err) {}

    /** A program on the path or where {@code go install} puts it; where there is none, the test is left out, and says so. */
    static String need(String name) {
        Optional<Path> found = Stream.concat(
                        Arrays.stream(System.getenv("PATH").split(":")).map(Path::of),
                        Stream.of(Path.of(System.getProperty("user.home"), "go/bin")))
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty()) {
            leftOut(name + " is not installed (.ci/run installs it)");
        }
        return found.orElseThrow().toString();
    }

    static void leftOut(String why) {
        System.out.println("Left out: " + why);
        Assumptions.abort(why);
    }

    static Said run(String... command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("out", "");
        Path err = Files.createTempFile("err", "");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(ROOT.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("not done within 2 minutes: " + String.join(" ", command));
            }
            return new Said(process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    static Said helm(String verb, String... values) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(need("helm"), verb));
        if (verb.equals("template")) {
            command.addAll(List.of("sandglass", "--namespace=tasks"));
        }
        command.add(CHART.toString());
        command.addAll(List.of(values));
        return run(command.toArray(String[]::new));
    }

    /** @return the resources */
    static List<JsonNode> rendered(String... values) throws IOException, InterruptedException {
        Said said = helm("template", values);
        if (said.exit() != 0) {
            throw new AssertionError(String.join(" ", values) + ": " + said.err());
        }
        return documents(said.out());
    }

    static List<JsonNode> documents(String text) throws IOException {
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(text)) {
            return documents.readAll().stream()
                    .filter(it -> it != null && it.isObject())
                    .toList();
        }
    }
}
