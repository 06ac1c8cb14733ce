package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A name that is met in two modules means the same thing. */
class NamesTest {
    private static final Pattern TYPE =
            Pattern.compile("(?m)^(?:[a-z-]+ )*(?:class|interface|enum|record|@interface) (\\w+)");

    @Test
    void aNameIsThatOfOneClass() throws IOException {
        Map<String, TreeSet<Path>> classes = new TreeMap<>();
        try (Stream<Path> modules = Files.list(DocumentsTest.ROOT)) {
            for (Path sources : modules.map(module -> module.resolve("src"))
                    .filter(Files::isDirectory)
                    .toList()) {
                for (Path file : DocumentsTest.files(sources, ".java")) {
                    TYPE.matcher(Files.readString(file))
                            .results()
                            .forEach(type -> classes.computeIfAbsent(type.group(1), name -> new TreeSet<>())
                                    .add(DocumentsTest.ROOT.relativize(file)));
                }
            }
        }
        assertTrue(classes.size() > 500, "classes found: " + classes.size());
        // The same test, of each module.
        classes.remove("ShapeTest");
        classes.values().removeIf(files -> files.size() == 1);
        assertEquals(Map.of(), classes);
    }
}
