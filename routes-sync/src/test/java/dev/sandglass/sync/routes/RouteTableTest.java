package dev.sandglass.sync.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The README's table is what the routes say of themselves. */
class RouteTableTest {
    private static final String IN_YAML = "id: (\\S+)\n +description: \"?(.*?)\"?\n";

    @Test
    void namesEveryRouteWithItsDescription() throws Exception {
        Map<String, String> said = new TreeMap<>();
        try (Stream<Path> flows = Files.list(Path.of("src/main/resources/routes"))) {
            for (Path flow : flows.toList()) {
                said.putAll(matches(IN_YAML, flow));
            }
        }
        said.putAll(matches(IN_YAML, Path.of("../dsl-yaml/routes/sync/visible-frame.camel.yaml")));
        assertEquals(said, matches("\\| `(sync\\.[^`]+)` \\| (.*) \\|", Path.of("README.md")));
    }

    private static Map<String, String> matches(String pattern, Path file) throws Exception {
        Map<String, String> found = new TreeMap<>();
        Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(file));
        while (matcher.find()) {
            found.put(matcher.group(1), matcher.group(2));
        }
        return found;
    }
}
