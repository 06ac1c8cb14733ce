package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/security.md} leaves out no point of OWASP ASVS 5.0 level 2, and the tests it names are there. */
class SecurityDocumentTest {
    /** Sections of ASVS 5.0.0, and how many requirements of levels 1 and 2 each has; they come before those of level 3. */
    private static final String SECTIONS = """
            1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 4.3:2 4.4:4 5.1:1 5.2:3 5.3:2
            5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 8.1:2 8.2:3 8.3:1 8.4:1 9.1:3 9.2:4 10.1:2
            10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2
            13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4 17.3:2
            """;

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| (\\d+\\.\\d+\\.\\d+) \\| [^|]+ \\| (met|n/a|\\*\\*open\\*\\*) \\| [^|]{3,} \\|$");
    private static final Pattern ALL = Pattern.compile("(?m)^\\| all \\| (\\d+) \\| (\\d+) \\| (\\d+) \\|$");
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))`");
    private static final Pattern METHOD = Pattern.compile("`(\\w+)` in `(\\w+(?:Test|IT))`");
    private static final Pattern IGNORED = Pattern.compile(
            "\\[\\[IgnoredVulns]]\nid = \"[\\w-]+\"\nignoreUntil = (\\d{4}-\\d\\d-\\d\\d)\nreason = \"[^\"]{10,}\"\n");

    private final String document;

    SecurityDocumentTest() throws IOException {
        document = Files.readString(DocumentsTest.ROOT.resolve("docs/security.md"));
    }

    @Test
    void eachPointIsThereOnceInItsPlace() {
        List<String> points = new ArrayList<>();
        for (String section : SECTIONS.strip().split("\\s+")) {
            String[] part = section.split(":");
            for (int i = 1; i <= Integer.parseInt(part[1]); i++) {
                points.add(part[0] + "." + i);
            }
        }
        assertEquals(253, points.size());
        assertEquals(points, rows().map(row -> row.group(1)).toList());
    }

    @Test
    void theCountsAreThoseOfTheRows() {
        Map<String, Integer> counts = new TreeMap<>();
        rows().forEach(row -> counts.merge(row.group(2), 1, Integer::sum));
        MatchResult said = ALL.matcher(document).results().findFirst().orElseThrow();
        assertEquals(
                Map.of(
                        "met", Integer.valueOf(said.group(1)),
                        "n/a", Integer.valueOf(said.group(2)),
                        "**open**", Integer.valueOf(said.group(3))),
                counts);
    }

    @Test
    void theTestsThatAreNamedAreThere() throws IOException {
        Map<String, String> tests = new TreeMap<>();
        try (Stream<Path> files = Files.find(
                DocumentsTest.ROOT, 12, (file, is) -> file.toString().matches(".*/src/test/java/.*(Test|IT)\\.java"))) {
            for (Path file : files.toList()) {
                tests.merge(file.getFileName().toString().replace(".java", ""), Files.readString(file), String::concat);
            }
        }
        TEST.matcher(document)
                .results()
                .forEach(test -> assertTrue(tests.containsKey(test.group(1)), "there is no test " + test.group(1)));
        METHOD.matcher(document)
                .results()
                .forEach(method -> assertTrue(
                        tests.get(method.group(2)).contains(" " + method.group(1) + "("),
                        () -> method.group(2) + " has no " + method.group(1)));
    }

    @Test
    void aFaultThatMayStayHasAReasonAndAnEnd() throws IOException {
        String ignored = Files.readString(DocumentsTest.ROOT.resolve("osv-scanner.toml"));
        assertFalse(ignored.isBlank());
        assertEquals(
                ignored.split("\\[\\[", -1).length - 1,
                IGNORED.matcher(ignored).results().count());
        IGNORED.matcher(ignored).results().forEach(entry -> LocalDate.parse(entry.group(1)));
    }

    private Stream<MatchResult> rows() {
        return ROW.matcher(document).results();
    }
}
