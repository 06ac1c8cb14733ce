package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files and names that the documents mention exist. */
class DocumentsTest {
    static final Path ROOT = Path.of(System.getProperty("basedir", "."))
            .toAbsolutePath()
            .normalize()
            .getParent();

    private static final Pattern IN_YAML = Pattern.compile("(?m)^- route:\n {4}id: (\\S+)$");
    private static final Pattern FIRST_CELL = Pattern.compile("(?m)^\\| (`[^|]+) \\|");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#: ]+)(#[^)]*)?\\)");

    @ParameterizedTest
    @ValueSource(strings = {"task", "recurrence", "reminder", "audit", "sync"})
    void theRouteTableOfAServiceIsItsRoutes(String service) throws IOException {
        Set<String> routes = new TreeSet<>(found(IN_YAML, "routes-" + service + "/src/main", ".camel.yaml"));
        routes.addAll(found(IN_YAML, "dsl-yaml/routes/" + service, ".camel.yaml"));
        assertFalse(routes.isEmpty(), service);

        Set<String> described = new TreeSet<>();
        Pattern id = Pattern.compile("`(" + service + "\\.[a-z.-]+)`");
        String readme = Files.readString(ROOT.resolve("routes-" + service + "/README.md"));
        FIRST_CELL
                .matcher(readme)
                .results()
                .flatMap(cell -> id.matcher(cell.group(1)).results())
                .forEach(name -> described.add(name.group(1)));
        assertEquals(routes, described, "routes-" + service + "/README.md");
    }

    @Test
    void whatADocumentLinksToIsThere() throws IOException {
        for (Path document : documents()) {
            Matcher link = LINK.matcher(Files.readString(document));
            while (link.find()) {
                Path target = document.resolveSibling(link.group(1)).normalize();
                assertTrue(Files.exists(target), ROOT.relativize(document) + " links to " + link.group(1));
            }
        }
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> files = Files.find(
                ROOT,
                4,
                (file, is) -> file.toString().endsWith(".md")
                        && !file.toString().contains("/target/")
                        && !file.toString().contains("/."))) {
            return files.toList();
        }
    }

    private static Set<String> found(Pattern pattern, String folder, String suffix) throws IOException {
        Set<String> found = new TreeSet<>();
        for (Path file : files(ROOT.resolve(folder), suffix)) {
            pattern.matcher(Files.readString(file)).results().forEach(match -> found.add(match.group(1)));
        }
        return found;
    }

    static List<Path> files(Path folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }
}
