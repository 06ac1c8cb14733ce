package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The services and sidecars of a running stack have all metrics, by name and label, that the alert rules and the dashboard use. */
@Tag("FR-015")
@ExtendWith(Stack.class)
class MonitoringIT {
    private static final Path FOLDER = DocumentsTest.ROOT.resolve("monitoring");
    private static final Pattern NAME =
            Pattern.compile("\\b(?!process_status)(?:sandglass|dapr|camel|http_server|jvm|process)_[a-z0-9_]+");
    private static final Pattern WITH_LABELS = Pattern.compile("\\b([a-z][a-z0-9_]+)\\{([^}]*)\\}");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]+)=~?\"");
    private static final Pattern BY = Pattern.compile("by \\(([^)]*)\\)");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-z][a-zA-Z0-9_]*)(?:\\{(.*)\\})? ");
    /** Not of the service but of whoever scrapes it. */
    private static final String SCRAPED = "pod";
    /** Shown from the first of its kind on; until then it is only in the sources. */
    private static final Map<String, String> LATER = Map.of("sandglass_dead_letters", "\"sandglass.dead.letters\"");

    static final List<String> SERVICES = List.of("task", "recurrence", "reminder", "audit", "sync");

    @Test
    void everyMetricThatIsAskedForIsThereWithItsLabels() throws Exception {
        Set<String> asked = new TreeSet<>();
        for (String expression : expressions()) {
            List<String> names = NAME.matcher(expression)
                    .results()
                    .map(match -> match.group())
                    .toList();
            assertFalse(names.isEmpty(), expression);
            asked.addAll(names);
            WITH_LABELS.matcher(expression).results().forEach(it -> asked.addAll(labelled(it.group(1), it.group(2))));
            BY.matcher(expression)
                    .results()
                    .flatMap(it -> Stream.of(it.group(1).split(", *")))
                    .forEach(label -> {
                        if (!label.equals(SCRAPED)) {
                            asked.add(names.get(0) + " by " + label);
                        }
                    });
        }
        for (Map.Entry<String, String> later : LATER.entrySet()) {
            assertTrue(asked.remove(later.getKey()) && inSources(later.getValue()), later::toString);
            asked.removeIf(it -> it.startsWith(later.getKey() + " "));
        }
        // Some metrics of the sidecars begin with the first event.
        Person.like("monitored")
                .api()
                .post("/api/tasks", Map.of("title", "Pay rent"))
                .with(201);
        Stack.await(
                "every metric of " + asked,
                Duration.ofSeconds(30),
                () -> missing(asked).isEmpty());
    }

    @Test
    void everyAlertHasItsSectionInTheDocument() throws IOException {
        String document = Files.readString(DocumentsTest.ROOT.resolve("docs/slo.md"));
        for (JsonNode rule : rules()) {
            String alert = rule.path("alert").asText();
            assertTrue(document.contains("\n### " + alert + "\n"), alert + " is not in docs/slo.md");
        }
    }

    private static boolean inSources(String name) throws IOException {
        for (Path source : DocumentsTest.files(DocumentsTest.ROOT.resolve("route-support/src/main"), ".java")) {
            if (Files.readString(source).contains(name)) {
                return true;
            }
        }
        return false;
    }

    private static Set<String> missing(Set<String> asked) throws Exception {
        Set<String> missing = new TreeSet<>(asked);
        for (String service : SERVICES) {
            missing.removeAll(shown(Stack.part(service).path("port").asInt(), "/q/metrics"));
            missing.removeAll(shown(3800 + Stack.OFFSET + SERVICES.indexOf(service), "/metrics"));
        }
        if (!missing.isEmpty()) {
            System.out.println("not there (yet): " + missing);
        }
        return missing;
    }

    private static Set<String> shown(int port, String path) throws Exception {
        Set<String> shown = new TreeSet<>();
        SAMPLE.matcher(metrics(port, path)).results().forEach(sample -> {
            shown.add(sample.group(1));
            if (sample.group(2) != null) {
                shown.addAll(labelled(sample.group(1), sample.group(2)));
            }
        });
        return shown;
    }

    static String metrics(int port, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .timeout(Duration.ofSeconds(5))
                .build();
        return Api.CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private static List<String> labelled(String name, String labels) {
        return LABEL.matcher(labels)
                .results()
                .map(label -> name + " by " + label.group(1))
                .toList();
    }

    private static List<String> expressions() throws IOException {
        List<String> expressions = new ArrayList<>();
        rules().forEach(rule -> expressions.add(rule.path("expr").asText()));
        for (JsonNode panel :
                Api.JSON.readTree(FOLDER.resolve("dashboard.json").toFile()).path("panels")) {
            panel.path("targets")
                    .forEach(target -> expressions.add(target.path("expr").asText()));
        }
        return expressions;
    }

    private static JsonNode rules() throws IOException {
        JsonNode rules = new YAMLMapper()
                .readTree(FOLDER.resolve("alerts.yaml").toFile())
                .at("/groups/0/rules");
        assertFalse(rules.isEmpty());
        return rules;
    }
}
