package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Writes {@code docs/traceability.md}: which tests say, by their tags, that they prove which number of
 * {@code docs/specification.md}. In CI ({@code CI=true}) it does not write, it fails where the file is not up to date.
 */
class TraceabilityTest {
    private static final Path NUMBERS = DocumentsTest.ROOT.resolve("docs/specification.md");
    private static final Path WRITTEN = DocumentsTest.ROOT.resolve("docs/traceability.md");

    private static final Pattern ROW = Pattern.compile("(?m)^\\| ((?:US|FR|SC)-\\d+) \\| ([^|]+?) \\|");
    private static final Pattern TAG = Pattern.compile("^\\s*@(?:Arch)?Tag\\(\"((?:US|FR|SC)-\\d+)\"\\)");
    private static final Pattern TYPE = Pattern.compile("^(?:public |final |abstract )*class (\\w+)");
    private static final Pattern METHOD =
            Pattern.compile("^ {4}(?:public |protected |private |static |final )*[\\w<>\\[\\], .?]+ (\\w+)\\(");

    /** A class of tests: which of its methods are tagged with a number; none named: all of them. */
    private record Proof(Path file, Set<String> methods) {}

    @Test
    void theTableOfNumbersAndTestsIsUpToDate() throws IOException {
        Map<String, String> numbers = numbers();
        Map<String, List<Proof>> proofs = proofs();
        Set<String> unknown = new TreeSet<>(proofs.keySet());
        unknown.removeAll(numbers.keySet());
        assertEquals(Set.of(), unknown, "tags that docs/specification.md does not have");

        String text = text(numbers, proofs);
        if (System.getProperty("sandglass.write") != null) {
            Files.writeString(WRITTEN, text);
        }
        assertEquals(text, Files.readString(WRITTEN), "mvn test -Dsandglass.write writes docs/traceability.md anew");
    }

    private static Map<String, String> numbers() throws IOException {
        Map<String, String> numbers = new LinkedHashMap<>();
        Matcher row = ROW.matcher(Files.readString(NUMBERS));
        while (row.find()) {
            numbers.put(row.group(1), row.group(2));
        }
        assertTrue(numbers.size() > 30, "stories, requirements and criteria are there: " + numbers.keySet());
        return numbers;
    }

    private static Map<String, List<Proof>> proofs() throws IOException {
        Map<String, List<Proof>> proofs = new TreeMap<>();
        for (Path file : DocumentsTest.files(DocumentsTest.ROOT, ".java")) {
            String name = DocumentsTest.ROOT.relativize(file).toString();
            if (name.matches("[a-z-]+/src/test/java/.*")) {
                tags(file)
                        .forEach((number, methods) -> proofs.computeIfAbsent(number, any -> new ArrayList<>())
                                .add(new Proof(DocumentsTest.ROOT.relativize(file), methods)));
            }
        }
        return proofs;
    }

    /** Number to the methods that have it, empty where the class has it. */
    private static Map<String, Set<String>> tags(Path file) throws IOException {
        Map<String, Set<String>> tags = new TreeMap<>();
        Set<String> ofClass = new TreeSet<>();
        List<String> waiting = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            Matcher tag = TAG.matcher(line);
            Matcher method = METHOD.matcher(line);
            if (tag.find()) {
                waiting.add(tag.group(1));
            } else if (TYPE.matcher(line).find()) {
                ofClass.addAll(waiting);
                waiting.clear();
            } else if (!waiting.isEmpty() && method.find()) {
                waiting.forEach(number ->
                        tags.computeIfAbsent(number, any -> new TreeSet<>()).add(method.group(1)));
                waiting.clear();
            }
        }
        assertEquals(List.of(), waiting, () -> file + ": tags of nothing");
        ofClass.forEach(number -> tags.put(number, Set.of()));
        return tags;
    }

    private static String text(Map<String, String> numbers, Map<String, List<Proof>> proofs) {
        StringBuilder text = new StringBuilder("""
                # Which test proves what

                Written by the build from the tests' tags (`TraceabilityTest` in `local/`); the numbers are those of [specification.md](specification.md). A class without methods behind it proves the number with all its tests.

                | number | what | tests |
                | --- | --- | --- |
                """);
        numbers.forEach((number, meaning) -> text.append(
                "| %s | %s | %s |%n".formatted(number, meaning, cell(proofs.getOrDefault(number, List.of())))));
        List<String> none = numbers.keySet().stream()
                .filter(number -> !proofs.containsKey(number))
                .toList();
        text.append(
                none.isEmpty()
                        ? "\nEvery number has a test.\n"
                        : "\nWithout a test: %s.\n".formatted(String.join(", ", none)));
        return text.toString().replace(System.lineSeparator(), "\n");
    }

    private static String cell(List<Proof> proofs) {
        if (proofs.isEmpty()) {
            return "**no test yet**";
        }
        List<String> cells = new ArrayList<>();
        for (Proof proof : proofs) {
            String type = proof.file().getFileName().toString().replace(".java", "");
            String methods = proof.methods().isEmpty() ? "" : ": " + String.join(", ", proof.methods());
            cells.add("[%s](../%s)%s".formatted(type, proof.file(), methods));
        }
        return String.join("<br>", cells);
    }
}
