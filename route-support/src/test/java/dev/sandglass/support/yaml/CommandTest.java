package dev.sandglass.support.yaml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./run check} and {@code ./run try}, as an integrator's CI runs them. */
@Tag("FR-012")
class CommandTest {
    private static final Path DSL_YAML = Path.of("../dsl-yaml");

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Command command = new Command(DSL_YAML, name -> null, new PrintStream(said, true, UTF_8));

    @TempDir
    Path folder;

    @Test
    void whatIsInTheFolderIsRightAndItsExamplesDoWhatTheirTestsSay() throws IOException {
        assertTrue(command.check(DSL_YAML), said::toString);
    }

    @Test
    void eachExampleHasATest() throws IOException {
        for (Path example : flows(DSL_YAML.resolve("examples"))) {
            assertTrue(
                    Files.exists(Path.of(example.toString().replace(".camel.yaml", ".test.yaml"))), example::toString);
        }
    }

    @Test
    void eachKameletIsUsedByAFlowOrShownByAnExample() throws IOException {
        StringBuilder used = new StringBuilder();
        for (Path flow : flows()) {
            used.append(Files.readString(flow));
        }
        List<Path> kamelets = files(DSL_YAML.resolve("kamelets"), ".kamelet.yaml");
        for (Path kamelet : kamelets) {
            used.append(Files.readString(kamelet));
        }
        assertEquals(
                List.of(),
                kamelets.stream()
                        .map(kamelet -> kamelet.getFileName().toString().replace(".kamelet.yaml", ""))
                        .filter(name -> !used.toString().matches("(?s).*kamelet:" + name + "\\b.*"))
                        .toList());
    }

    @Test
    void everyFlowInYamlIsWhatKaotoAndKaravanOpen() throws Exception {
        List<Path> flows = flows();
        assertTrue(flows.size() > 40, flows::toString);
        for (Path flow : flows) {
            assertEquals(List.of(), Schema.wrong(new YamlText(Files.readString(flow))), flow::toString);
        }
    }

    /** Karavan shows none of a folder's Kamelets where one has no icon; in Kaoto a step without one is a blank. */
    @Test
    void everyKameletHasWhatAnEditorShowsOfIt() throws Exception {
        for (Path kamelet : files(DSL_YAML.resolve("kamelets"), ".kamelet.yaml")) {
            JsonNode json = new YamlText(Files.readString(kamelet)).json();
            for (String shown : List.of(
                    "/metadata/annotations/camel.apache.org~1kamelet.icon",
                    "/metadata/labels/camel.apache.org~1kamelet.type",
                    "/spec/definition/title",
                    "/spec/definition/description")) {
                assertTrue(json.at(shown).isTextual(), () -> kamelet + " has no " + shown);
            }
        }
    }

    /** The services' own, the protocols that they share, the integrators', the examples. */
    private static List<Path> flows() throws IOException {
        List<Path> flows = new ArrayList<>();
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            for (Path module :
                    modules.map(it -> it.resolve("src/main/resources/routes")).toList()) {
                if (Files.exists(module)) {
                    flows.addAll(flows(module));
                }
            }
        }
        flows.addAll(flows(DSL_YAML));
        return flows;
    }

    @Test
    void aMistakeIsToldWithFileLineAndReason() throws IOException {
        Path file = example("from-webhook", "task", text -> text.replace("priority: high", "prority: high"));
        assertFalse(command.check(file));
        assertTrue(
                said.toString(UTF_8).startsWith(file + ":19: create-task-sink has no parameter prority"),
                said::toString);
    }

    @Test
    void whatIsWrongWithKameletsIsToldWithFileAndLineAndTheOthersAreThere() throws IOException {
        Path kamelets = Files.createDirectories(folder.resolve("kamelets"));
        for (Path file : files(DSL_YAML.resolve("kamelets"), ".kamelet.yaml")) {
            Files.copy(file, kamelets.resolve(file.getFileName()));
        }
        Files.writeString(kamelets.resolve("broken.kamelet.yaml"), "kind: Kamelet\na: [");
        Files.writeString(kamelets.resolve("nameless.kamelet.yaml"), "kind: Kamelet\n");
        Files.write(kamelets.resolve("latin.kamelet.yaml"), new byte[] {'a', ':', (byte) 0xe4});
        Files.writeString(
                kamelets.resolve("z.kamelet.yaml"),
                "# another\n" + Files.readString(kamelets.resolve("webhook-sink.kamelet.yaml")));
        Path routes = Files.createDirectories(folder.resolve("routes/reminder"));
        Files.writeString(routes.resolve("a.camel.yaml"), CheckTest.EXAMPLE);
        Files.writeString(
                routes.resolve("b.camel.yaml"),
                CheckTest.EXAMPLE
                        .replace("urgent-to-webhook", "b")
                        .replace("kamelet:dapr-publish-sink", "kamelet:broken"));
        assertFalse(new Command(folder, name -> null, new PrintStream(said, true, UTF_8)).check(folder));
        List<String> lines = said.toString(UTF_8).lines().toList();
        assertEquals(6, lines.size(), lines::toString);
        assertTrue(lines.get(0).startsWith(kamelets.resolve("broken.kamelet.yaml") + ":2: no YAML"), lines::toString);
        assertTrue(lines.get(1).startsWith(kamelets.resolve("latin.kamelet.yaml") + ":1: it cannot be read"));
        assertEquals(
                kamelets.resolve("nameless.kamelet.yaml") + ":1: a Kamelet needs a name, metadata.name", lines.get(2));
        assertEquals(
                kamelets.resolve("z.kamelet.yaml")
                        + ":5: the Kamelet webhook-sink is there already, in kamelets/webhook-sink.kamelet.yaml",
                lines.get(3));
        assertTrue(lines.get(4).startsWith(routes.resolve("b.camel.yaml") + ":15: there is no Kamelet broken"));
        assertEquals("2 files, 5 wrong", lines.get(5));
    }

    @Test
    void anExampleThatDoesSomethingElseThanItsTestSaysIsTold() throws IOException {
        Path file = example("from-webhook", "task", text -> text.replace("priority: high", "priority: low"));
        assertFalse(command.check(file));
        assertTrue(said.toString(UTF_8).contains("from-webhook.test.yaml:1: an order is a task"), said::toString);
        assertTrue(said.toString(UTF_8).contains("\"priority\":\"low\""), said::toString);
    }

    @Test
    void aFileHasAHundredTestsAtMost() throws IOException {
        Path file = example("from-webhook", "task", text -> text);
        Path tests = Path.of(file.toString().replace(".camel.yaml", ".test.yaml"));
        Files.writeString(tests, "- {test: x, body: {}, calls: []}\n".repeat(101));
        assertFalse(command.check(file));
        assertTrue(
                said.toString(UTF_8).contains("from-webhook.test.yaml:101: a file has at most 100 tests"),
                said::toString);
    }

    @Test
    void aFileOrFolderThatIsNotThereIsNothingRight() throws IOException {
        Path routes = Files.createDirectories(folder.resolve("routes/reminder"));
        assertThrows(NoSuchFileException.class, () -> command.check(routes.resolve("frist.camel.yaml")));
        for (Path none : List.of(folder, folder.resolve("routes"), folder.resolve("nowhere"), routes)) {
            said.reset();
            assertFalse(command.check(none));
            assertTrue(said.toString(UTF_8).startsWith("there is no file of routes in " + none + ";"), said::toString);
        }
    }

    @Test
    void whatNoServiceTakesIsTold() throws IOException {
        Path routes = Files.createDirectories(folder.resolve("routes/reminder"));
        Files.writeString(routes.resolve("a.camel.yaml"), CheckTest.EXAMPLE);
        Path typo = Files.createDirectories(folder.resolve("routes/remainder"));
        Files.writeString(typo.resolve("a.camel.yaml"), CheckTest.EXAMPLE);
        Files.createDirectories(folder.resolve("routes/.git"));
        for (String name : List.of("b.yaml", "c.camel.yml", ".d.yaml", "e.md", "f.camel.yaml~", "a.test.yaml")) {
            Files.writeString(routes.resolve(name), "[]");
        }
        assertFalse(command.check(folder));
        assertEquals(
                List.of(
                        typo
                                + ":1: it is no folder of a service; files belong into one named audit, recurrence, reminder,"
                                + " sync, task",
                        routes.resolve("b.yaml") + ":1: it is not taken: files of routes are named *.camel.yaml",
                        routes.resolve("c.camel.yml") + ":1: it is not taken: files of routes are named *.camel.yaml",
                        "3 files, 3 wrong"),
                saidInOrder());
    }

    /** The lines by file, and the sum last. */
    private List<String> saidInOrder() {
        return said.toString(UTF_8)
                .lines()
                .sorted(Comparator.comparing(line -> line.replaceAll("^[0-9]", "z")))
                .toList();
    }

    @Test
    void aTestThatWouldCompareNothingIsTold() throws IOException {
        Path file = example("from-webhook", "task", text -> text);
        Path tests = Path.of(file.toString().replace(".camel.yaml", ".test.yaml"));
        String right = Files.readString(tests);
        Path alone = tests.resolveSibling("gone.test.yaml");
        Map<String, String> wrong = Map.of(
                right.replace("  calls:", "  cals:"),
                ": a test has no cals; it has",
                right.replaceFirst("post:|invoke:", "pots:"),
                ": a call has no pots; it has",
                "test: x",
                ":1: a file of tests is a list of tests");
        for (Map.Entry<String, String> one : wrong.entrySet()) {
            said.reset();
            Files.writeString(tests, one.getKey());
            assertFalse(command.check(file), one::getKey);
            assertTrue(said.toString(UTF_8).contains(one.getValue()), said::toString);
        }
        Files.write(tests, new byte[] {(byte) 0xff});
        Files.writeString(alone, right);
        said.reset();
        Path routes = Files.move(
                file.getParent(),
                Files.createDirectories(folder.resolve("routes")).resolve("task"));
        assertFalse(command.check(routes));
        assertEquals(
                List.of(
                        routes.resolve("from-webhook.test.yaml") + ":1: it is no text in UTF-8",
                        routes.resolve("gone.test.yaml") + ":1: there is no gone.camel.yaml beside it",
                        "1 file, 2 wrong"),
                saidInOrder());
    }

    @Test
    void tryShowsWhatARouteWouldDoAndDoesNothing() throws IOException {
        Path event = folder.resolve("event.json");
        Files.writeString(
                event,
                "{\"id\":\"l/1\",\"type\":\"task.created\",\"data\":{\"task\":{\"title\":\"Call\",\"priority\":\"urgent\"}}}");
        Path file = DSL_YAML.resolve("examples/reminder/urgent-to-webhook.camel.yaml");
        assertTrue(command.tryOut(file, event, null));
        assertTrue(said.toString(UTF_8).contains("line 15: to[kamelet:webhook-sink"), said::toString);
        assertTrue(said.toString(UTF_8).contains("would post http://localhost:9999/hook"), said::toString);

        said.reset();
        Files.writeString(event, "{\"id\":\"l/1\",\"type\":\"task.deleted\",\"data\":{}}");
        assertTrue(command.tryOut(file, event, null));
        assertTrue(said.toString(UTF_8).startsWith("the route does not want this event"), said::toString);
    }

    @Test
    void tryFailsWhereTheRouteDoes() throws IOException {
        Path event = Files.writeString(folder.resolve("event.json"), "{\"none\":true}");
        assertFalse(command.tryOut(DSL_YAML.resolve("examples/task/from-webhook.camel.yaml"), event, null));
        assertTrue(said.toString(UTF_8).contains("failed: "), said::toString);
    }

    private Path example(String name, String service, java.util.function.UnaryOperator<String> change)
            throws IOException {
        Path to = Files.createDirectories(folder.resolve("examples").resolve(service));
        Path from = DSL_YAML.resolve("examples").resolve(service);
        Files.copy(from.resolve(name + ".test.yaml"), to.resolve(name + ".test.yaml"));
        return Files.writeString(
                to.resolve(name + ".camel.yaml"), change.apply(Files.readString(from.resolve(name + ".camel.yaml"))));
    }

    private static List<Path> flows(Path folder) throws IOException {
        return files(folder, ".camel.yaml");
    }

    private static List<Path> files(Path folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(suffix)).toList();
        }
    }
}
