package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Writes what documents show of the sources: code blocks below a comment {@code <!-- of FILE from `TEXT` to `TEXT` -->}, which
 * are the file's lines from the first that has the one to the next that begins with the other (without: all of it), and the table of
 * events. In CI ({@code CI=true}) it does not write, it fails where a document is not up to date.
 */
class WrittenBlocksTest {
    private static final Path DOCS = DocumentsTest.ROOT.resolve("docs");
    private static final Pattern BLOCK = Pattern.compile(
            "(<!-- of (\\S+)(?: from `([^`]+)` to `([^`]+)`)? -->\\n```(\\w+)\\n)(.*?)(?<=\\n)```\\n", Pattern.DOTALL);
    private static final Pattern TABLE =
            Pattern.compile("(<!-- the messages of asyncapi.yaml -->\\n\\n)(.*?)(\\n\\n)", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("https?://([^/)\\s]+)");
    private static final Set<String> OFFICIAL =
            Set.of("camel.apache.org", "docs.dapr.io", "strimzi.io", "docs.redpanda.com", "docs.confluent.io");
    private static final Pattern RUN_OR_MARKED =
            Pattern.compile("`\\w+(IT|Test)`|`helm/try|[Nn]ot (tried|run)|[Rr]un by hand");
    private static final Pattern FENCE = Pattern.compile("(?m)^```(java|yaml)$");

    @Test
    void codeInTheDocumentsIsThatOfTheSources() throws IOException {
        int blocks = 0;
        for (Path document : DocumentsTest.files(DOCS, ".md")) {
            String text = Files.readString(document);
            blocks += (int) BLOCK.matcher(text).results().count();
            keep(
                    document,
                    text,
                    BLOCK.matcher(text)
                            .replaceAll(block -> Matcher.quoteReplacement(block.group(1) + source(block) + "\n```\n")));
        }
        assertTrue(blocks > 5, "blocks found: " + blocks);
    }

    @Test
    void theArchitectureShowsNoCodeOfItsOwn() throws IOException {
        String text = Files.readString(DOCS.resolve("architecture.md"));
        assertEquals(
                BLOCK.matcher(text).results().count(),
                FENCE.matcher(text).results().count(),
                "every block of Java or YAML in docs/architecture.md is of a file");
    }

    @Test
    void theArchitectureIsOnePageAndLinksToOfficialPagesAlone() throws IOException {
        String text = Files.readString(DOCS.resolve("architecture.md"));
        int words = text.split("\\s+").length;
        assertTrue(words >= 2_500 && words <= 4_000, "words of docs/architecture.md: " + words);
        LINK.matcher(text)
                .results()
                .map(link -> link.group(1))
                .forEach(host -> assertTrue(OFFICIAL.contains(host), host));
    }

    @Test
    void theTableOfEventsIsThatOfTheSchemas() throws IOException {
        Path document = DOCS.resolve("events.md");
        String text = Files.readString(document);
        assertTrue(TABLE.matcher(text).find());
        String table = table();
        keep(
                document,
                text,
                TABLE.matcher(text)
                        .replaceAll(block -> Matcher.quoteReplacement(block.group(1) + table + block.group(3))));
    }

    /** A reader of a command knows whether anybody has run it. */
    @Test
    void aCommandIsRunBySomethingOrMarked() throws IOException {
        for (Path document : DocumentsTest.files(DOCS, ".md")) {
            for (String section : Files.readString(document).split("(?m)^## ")) {
                assertTrue(
                        !section.contains("```sh\n")
                                || RUN_OR_MARKED.matcher(section).find(),
                        () -> document.getFileName() + ": does anybody run this?\n" + section);
            }
        }
    }

    private static void keep(Path document, String before, String after) throws IOException {
        if (System.getProperty("sandglass.write") == null) {
            assertEquals(after, before, "mvn test -Dsandglass.write writes " + document.getFileName() + " anew");
        } else if (!before.equals(after)) {
            Files.writeString(document, after);
        }
    }

    private static String source(MatchResult block) {
        Path file = DocumentsTest.ROOT.resolve(block.group(2));
        List<String> lines = new ArrayList<>();
        try {
            boolean within = block.group(3) == null;
            for (String line : Files.readAllLines(file)) {
                within = within || line.contains(block.group(3));
                if (within) {
                    lines.add(line);
                }
                if (within && block.group(4) != null && ends(line, block.group(4))) {
                    within = false;
                    break;
                }
            }
            assertFalse(
                    lines.isEmpty() || within && block.group(4) != null,
                    () -> "not in " + file + ": " + block.group(3) + " … " + block.group(4));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return String.join("\n", lines).stripIndent().strip();
    }

    private static boolean ends(String line, String text) {
        return line.equals(text) || line.strip().startsWith(text);
    }

    /** Messages with one schema in one topic share a row. */
    private static String table() throws IOException {
        JsonNode document = new YAMLMapper()
                .readTree(Files.readString(DocumentsTest.ROOT.resolve("task-events/src/main/resources/asyncapi.yaml")));
        StringBuilder table =
                new StringBuilder("| topic | type | when | schema of `data` |\n| --- | --- | --- | --- |");
        for (JsonNode channel : document.path("channels")) {
            String topic = "`" + channel.path("address").asText() + "`";
            Map<String, List<JsonNode>> bySchema = new LinkedHashMap<>();
            for (JsonNode reference : channel.path("messages")) {
                JsonNode message = at(document, reference);
                bySchema.computeIfAbsent(schema(document, message), any -> new ArrayList<>())
                        .add(message);
            }
            for (Map.Entry<String, List<JsonNode>> row : bySchema.entrySet()) {
                List<String> types = new ArrayList<>();
                List<String> titles = new ArrayList<>();
                for (JsonNode message : row.getValue()) {
                    String name = message.path("name").asText();
                    types.add(name.contains(".") ? "`" + name + "`" : "those above");
                    titles.add(message.path("title").asText());
                }
                table.append("\n| %s | %s | %s | [%s](../task-events/src/main/resources/schemas/%s) |"
                        .formatted(
                                topic,
                                String.join("<br>", types),
                                String.join("<br>", titles),
                                row.getKey().replace(".v1.json", ""),
                                row.getKey()));
                topic = "";
            }
        }
        return table.toString();
    }

    private static String schema(JsonNode document, JsonNode message) {
        return at(document, message.path("payload"))
                .at("/schema/properties/data/$ref")
                .asText()
                .replace("schemas/", "");
    }

    private static JsonNode at(JsonNode document, JsonNode reference) {
        return document.at(reference.path("$ref").asText().substring(1));
    }
}
