package dev.sandglass.sync.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.junit.jupiter.api.Test;

/** The README's table is what the routes say of themselves. */
class RouteTableTest {
    private static final List<RouteBuilder> FLOWS = List.of(
            new ConverseRoutes(),
            new GreetRoutes(),
            new RecallRemindersRoutes(),
            new ReplayChangesRoutes(),
            new FetchChangesRoutes(),
            new ShowFrameRoutes(),
            new FanOutChangeRoutes(),
            new SpreadNewsRoutes(),
            new FanOutReminderRoutes(),
            new CompareHeadsRoutes(),
            new KeepAliveRoutes(),
            new HoldSocketsRoutes(),
            new CheckListsRoutes());

    @Test
    void namesEveryRouteWithItsDescription() throws Exception {
        Map<String, String> said = new TreeMap<>();
        try (CamelContext context = new DefaultCamelContext()) {
            for (RouteBuilder flow : FLOWS) {
                flow.setCamelContext(context);
                flow.configure();
                for (RouteDefinition route : flow.getRouteCollection().getRoutes()) {
                    said.put(route.getRouteId(), route.getDescriptionText());
                }
            }
        }
        said.putAll(matches(
                "id: (\\S+)\\n +description: (.*)", Path.of("../dsl-yaml/routes/sync/visible-frame.camel.yaml")));
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
