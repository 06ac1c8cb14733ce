package dev.sandglass.local;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.properties.HasAnnotations;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/map.md} is drawn from the routes as they ran in the tests of each service ({@code RunningRoutes} in route-support).
 * {@code -Dsandglass.write} draws it anew; without it the file is compared, and nothing is written.
 */
class MapTest {
    private static final Path DRAWN = DocumentsTest.ROOT.resolve("docs/map.md");
    private static final Path INTERNAL = DocumentsTest.ROOT.resolve("task-events/src/main/resources/internal.yaml");
    private static final List<String> SERVICES = List.of("task", "recurrence", "reminder", "audit", "sync");
    /** An operator's Dapr HTTPEndpoint. */
    private static final String ISSUER = "issuer";

    private static final String BACKLOG = "dev.sandglass.support.memory.Backlog";

    private static final Pattern ADDRESS = Pattern.compile("([a-z-]+):(?://)?([^?]*)\\??(.*)");
    private static final Pattern IN_README = Pattern.compile("\\| `([a-z.-]+)` \\| `([A-Z]+ /[^`]*)` \\|");

    private final Map<String, Map<String, Route>> routes = new TreeMap<>();
    private final List<Operation> operations = new ArrayList<>();

    /** A call of {@code internal.yaml}, as one of its services answers it. */
    private record Operation(String service, String call, String id) {
        @Override
        public String toString() {
            return "%s: %s %s".formatted(service, call, id);
        }
    }

    /** @param calls the methods that it calls, each with its class */
    private record Route(String service, String id, Address from, List<Address> to, Set<String> calls) {
        String name() {
            return id.substring(service.length() + 1);
        }

        /** The route's name as that of an operation: {@code invoke.some-heads} is {@code someHeads}. */
        String operation() {
            return Pattern.compile("[.-](.)")
                    .matcher(name().replaceFirst("^invoke\\.", ""))
                    .replaceAll(next -> next.group(1).toUpperCase(Locale.ROOT));
        }

        String node() {
            return name().replaceAll("\\W", "_");
        }

        String drawn() {
            String begins = from.begins();
            return node()
                    + (begins.isEmpty() ? "[\"%s\"]" : "([\"%s<br>%s\"])").formatted(name(), begins)
                    + (asksState() ? ":::state" : "");
        }

        boolean leadsTo(Route other) {
            return to.stream().anyMatch(step -> step.isLink() && step.reaches(other.from));
        }

        /** Tells if one of its beans may leave work in memory, for the other to begin with. */
        boolean feeds(Route other, Map<String, Set<String>> feeding) {
            return other.from.scheme.equals("memory")
                    && calls.stream()
                            .anyMatch(
                                    call -> feeding.getOrDefault(call, Set.of()).contains(other.from.path));
        }

        boolean asksState() {
            return to.stream()
                    .anyMatch(step ->
                            step.path.startsWith("dapr-state") || step.text().equals("direct:state.decide"));
        }
    }

    /** The place where a route begins or that it sends to: {@code scheme:path?parameters}. */
    private record Address(String scheme, String path, Map<String, String> parameters) {
        static Address of(String uri) {
            Matcher parts = ADDRESS.matcher(uri);
            assertTrue(parts.matches(), uri);
            Map<String, String> parameters = new TreeMap<>();
            for (String parameter : parts.group(3).split("&")) {
                int equals = parameter.indexOf('=');
                if (equals > 0) {
                    parameters.put(parameter.substring(0, equals), parameter.substring(equals + 1));
                }
            }
            return new Address(parts.group(1), parts.group(2), parameters);
        }

        String text() {
            return scheme + ":" + path;
        }

        boolean isLink() {
            return scheme.equals("direct") || scheme.equals("seda");
        }

        boolean is(String kamelet) {
            return text().equals("kamelet:" + kamelet);
        }

        boolean publishes() {
            return path.startsWith("dapr-publish-");
        }

        /** A parameter; the parts that are known only when a message comes are {@code {…}}. */
        String get(String name) {
            return parameters.getOrDefault(name, "").replaceAll("\\$\\{[^}]*}", "{…}");
        }

        /** Tells if this leads to where the other begins, as far as can be known before a message comes. */
        boolean reaches(Address other) {
            return fits(text(), other.text());
        }

        /** The call over HTTP that a route begins with; empty where it begins otherwise. */
        String call() {
            if (scheme.equals("rest")) {
                int verb = path.indexOf(':');
                return path.substring(0, verb).toUpperCase(Locale.ROOT) + " "
                        + path.substring(verb + 1)
                                .replace(":", "")
                                .replace("%7B", "{")
                                .replace("%7D", "}");
            }
            if (scheme.equals("platform-http")) {
                return (get("httpMethodRestrict") + " /" + path.replaceAll("^/", "")).strip();
            }
            return is("dapr-invoke-source") ? verb() + " /" + get("method") : "";
        }

        /** The verb of a call of another service; a {@code QUERY} is a {@code POST} there. */
        String verb() {
            return get("verb").equals("GET") ? "GET" : "POST";
        }

        String begins() {
            return switch (scheme) {
                case "direct", "seda" -> "";
                case "kamelet" ->
                    switch (path) {
                        case "dapr-subscription-source" -> "";
                        case "dapr-invoke-source" -> call();
                        case "dapr-job-source" -> "a Dapr Job";
                        case "dapr-binding-source" -> "binding " + get("binding");
                        default -> throw new AssertionError("the map does not know how to draw " + this);
                    };
                case "rest", "platform-http" -> call();
                case "timer" -> "timer " + path;
                case "memory" -> "what waits in memory: " + path;
                case "vertx-websocket" -> "WebSocket " + path;
                default -> throw new AssertionError("the map does not know how to draw " + this);
            };
        }
    }

    @BeforeEach
    void read() throws IOException {
        for (String service : SERVICES) {
            Path said = DocumentsTest.ROOT.resolve("routes-" + service + "/target/routes.json");
            assumeTrue(
                    Files.exists(said) || "true".equals(System.getenv("CI")),
                    () -> "there is no " + said + ": run the tests of the services first");
            Map<String, Route> ofService = new TreeMap<>();
            for (Map.Entry<String, JsonNode> route :
                    Api.JSON.readTree(said.toFile()).properties()) {
                ofService.put(
                        route.getKey(),
                        new Route(
                                service,
                                route.getKey(),
                                Address.of(route.getValue().path("from").asText()),
                                texts(route.getValue(), "to").map(Address::of).toList(),
                                texts(route.getValue(), "calls").collect(toCollection(TreeSet::new))));
            }
            // Not each service uses all routes that services share.
            while (ofService
                    .values()
                    .removeIf(route -> route.from.scheme.equals("direct")
                            && ofService.values().stream()
                                    .noneMatch(other -> other != route && other.leadsTo(route)))) {}
            routes.put(service, ofService);
        }
        for (Map.Entry<String, JsonNode> path :
                new YAMLMapper().readTree(INTERNAL.toFile()).path("paths").properties()) {
            path.getValue().properties().stream()
                    .filter(verb -> verb.getValue().has("operationId"))
                    .forEach(verb -> verb.getValue()
                            .path("tags")
                            .forEach(service -> operations.add(new Operation(
                                    service.asText(),
                                    verb.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                    verb.getValue().path("operationId").asText()))));
        }
    }

    private static Stream<String> texts(JsonNode route, String field) {
        return StreamSupport.stream(route.path(field).spliterator(), false).map(JsonNode::asText);
    }

    @Test
    void theMapIsOfTheRoutesThatRun() throws IOException {
        String map = map();
        if (System.getProperty("sandglass.write") != null) {
            Files.writeString(DRAWN, map);
        }
        assertEquals(
                map,
                Files.exists(DRAWN) ? Files.readString(DRAWN) : "",
                "mvn test -pl local -Dtest=MapTest -Dsandglass.write draws docs/map.md anew");
    }

    @Test
    void internalYamlHasTheCallsThatServicesAnswerEachOther() {
        Set<String> answered = new TreeSet<>();
        all().stream()
                .filter(route -> route.from.call().contains(" /internal/"))
                .forEach(route ->
                        answered.add(new Operation(route.service, route.from.call(), route.operation()).toString()));
        Set<String> said = new TreeSet<>();
        operations.forEach(operation -> said.add(operation.toString()));
        assertEquals(answered, said);
    }

    @Test
    void aRouteIsSentToByItsName() {
        assertEquals(
                List.of(),
                all().stream()
                        .filter(route -> route.from.isLink() && !route.from.path.equals(route.name()))
                        .map(Route::id)
                        .toList());
    }

    /** Each call of another service is an operation of {@code internal.yaml}, and each link within one leads to a route that is there. */
    @Test
    void nothingLeadsNowhere() {
        List<String> nowhere = new ArrayList<>();
        all().forEach(route -> route.to.forEach(step -> {
            if (step.is("dapr-invoke-action") && asked(step).isEmpty()) {
                nowhere.add(route.id + " asks " + step.parameters);
            }
            if (step.isLink()
                    && routes.get(route.service).values().stream().noneMatch(other -> step.reaches(other.from))) {
                nowhere.add(route.id + " sends to " + step.text());
            }
        }));
        assertEquals(List.of(), nowhere);
    }

    @Test
    void theReadmesSayWhichCallARouteAnswers() throws IOException {
        Map<String, String> said = new TreeMap<>();
        for (String service : SERVICES) {
            Matcher row =
                    IN_README.matcher(Files.readString(DocumentsTest.ROOT.resolve("routes-" + service + "/README.md")));
            while (row.find()) {
                said.put(row.group(1), row.group(2));
            }
        }
        Map<String, String> answered = new TreeMap<>();
        all().forEach(route -> answered.put(route.id, route.from.call()));
        answered.keySet().retainAll(said.keySet());
        assertEquals(answered, said);
    }

    private List<Route> all() {
        return routes.values().stream()
                .flatMap(ofService -> ofService.values().stream())
                .toList();
    }

    private static boolean fits(String pattern, String text) {
        String anything = "\\$?\\{[^}]*}";
        return text.matches("\\Q" + pattern.replaceAll(anything, "\\\\E[^/]*\\\\Q") + "\\E")
                || pattern.matches("\\Q" + text.replaceAll(anything, "\\\\E[^/]*\\\\Q") + "\\E");
    }

    /** The services that a call may go to: those with an operation for it, or, where only the message knows the path, with any. */
    private Set<String> asked(Address step) {
        if (step.get("app").equals(ISSUER)) {
            return Set.of(ISSUER);
        }
        return operations.stream()
                .filter(operation -> fits(step.parameters.get("app"), operation.service))
                .filter(operation -> step.get("method").equals("{…}")
                        || fits(step.verb() + " /" + step.parameters.get("method"), operation.call))
                .map(Operation::service)
                .collect(toCollection(TreeSet::new));
    }

    private String map() {
        StringBuilder map = new StringBuilder("""
                # The map of the routes

                Drawn from the routes as they run in each service's tests, not by hand: `mvn test -pl local -Dtest=MapTest -Dsandglass.write` draws it anew, once the services' tests have run. What each route is for says the README of its service.

                Boxes are routes. Rounded ones say what they begin with; those with a thick border read or write Dapr State, by a Kamelet or by `direct:state.decide`. Dotted arrows are calls by Dapr Service Invocation, `{…}` is known only when a message comes. Thick arrows lead to routes that begin with what waits in memory, from those whose beans may leave it there, as their code says; what no route leaves there comes from the public port, the start or the end of a replica. Events for integrators' routes come as `POST /hooks/events/{topic}`.

                ## The whole

                """);
        map.append("```mermaid\nflowchart LR\n");
        SERVICES.forEach(service -> map.append("  %s[<b>%s</b>]%n".formatted(service, service)));
        Set<String> edges = new TreeSet<>();
        Map<String, Set<String>> calls = new TreeMap<>();
        all().forEach(route -> {
            if (route.from.is("dapr-subscription-source")) {
                edges.add("%s --> %s".formatted(topic(route.from), route.service));
            }
            route.to.forEach(step -> {
                if (step.publishes()) {
                    edges.add("%s --> %s".formatted(route.service, topic(step)));
                }
                if (step.is("dapr-job-sink")) {
                    edges.add("%s --> jobs([Dapr Jobs]) --> %s".formatted(route.service, route.service));
                }
                if (step.is("dapr-invoke-action")) {
                    asked(step).stream()
                            .filter(other -> !other.equals(route.service))
                            .forEach(other -> calls.computeIfAbsent(
                                            route.service + " %s " + other, any -> new TreeSet<>())
                                    .add(step.get("method").replaceFirst("internal/", "")));
                }
            });
        });
        edges.forEach(edge -> map.append("  ").append(edge).append('\n'));
        calls.forEach((between, methods) ->
                map.append("  " + between.formatted("-. \"" + String.join("<br>", methods) + "\" .->") + "\n"));
        map.append("```\n");
        Map<String, Set<String>> feeding = feeding();
        Set<String> shared = SERVICES.stream()
                .map(service -> names(routes.get(service).values()))
                .reduce((some, others) -> {
                    some.retainAll(others);
                    return some;
                })
                .orElseThrow();
        SERVICES.forEach(service -> map.append(drawn(
                service,
                routes.get(service).values().stream()
                        .filter(route -> !shared.contains(route.name()))
                        .toList(),
                feeding)));
        map.append(drawn(
                "Every service",
                routes.get("audit").values().stream()
                        .filter(route -> shared.contains(route.name()))
                        .toList(),
                feeding));
        return map.toString();
    }

    /** By method, the backlogs it may feed: it adds to a queue of theirs, wakes who waits for one, or calls a method that does. */
    private static Map<String, Set<String>> feeding() {
        JavaClasses code = new ClassFileImporter()
                .importPaths(Stream.concat(
                                Stream.of("route-support"), SERVICES.stream().map("routes-"::concat))
                        .map(module -> DocumentsTest.ROOT.resolve(module + "/target/classes"))
                        .toList());
        Map<String, Set<String>> feeding = new TreeMap<>();
        for (JavaClass type : code) {
            if (type.isAssignableTo(BACKLOG)) {
                named(type)
                        .ifPresent(backlog -> type.getMethods().stream()
                                .filter(MapTest::addsWork)
                                .forEach(method -> feed(backlog, method, feeding, new TreeSet<>())));
            }
            for (JavaField field : type.getFields()) {
                if (field.getRawType().isAssignableTo(BACKLOG)) {
                    named(field)
                            .ifPresent(backlog -> field.getAccessesToSelf()
                                    .forEach(use -> feed(backlog, use.getOrigin(), feeding, new TreeSet<>())));
                }
            }
        }
        return feeding;
    }

    private static Optional<String> named(HasAnnotations<?> bean) {
        return bean.tryGetAnnotationOfType("jakarta.inject.Named")
                .flatMap(named -> named.get("value"))
                .map(String::valueOf);
    }

    private static boolean addsWork(JavaCodeUnit method) {
        return method.getMethodCallsFromSelf().stream()
                .anyMatch(call -> call.getName().equals("notifyAll")
                        || call.getName().startsWith("add")
                                && call.getTargetOwner().isAssignableTo(Queue.class));
    }

    private static void feed(
            String backlog, JavaCodeUnit method, Map<String, Set<String>> feeding, Set<String> reached) {
        if (reached.add(method.getFullName())) {
            feeding.computeIfAbsent(method.getOwner().getName() + "." + method.getName(), any -> new TreeSet<>())
                    .add(backlog);
            method.getAccessesToSelf().forEach(call -> feed(backlog, call.getOrigin(), feeding, reached));
        }
    }

    private static Set<String> names(Collection<Route> routes) {
        return routes.stream().map(Route::name).collect(toCollection(TreeSet::new));
    }

    private static String topic(Address address) {
        String topic = address.get("topic");
        return "%s>%s]".formatted(topic.replace('-', '_'), topic);
    }

    /** Routes, and those of others that they lead to; what these lead to in turn is drawn elsewhere. */
    private String drawn(String title, Collection<Route> drawn, Map<String, Set<String>> feeding) {
        Set<String> nodes = new TreeSet<>();
        Set<String> edges = new TreeSet<>();
        for (Route route : drawn) {
            nodes.add(route.drawn());
            if (route.from.is("dapr-subscription-source")) {
                String type = route.from.get("type");
                edges.add("%s --%s> %s"
                        .formatted(topic(route.from), type.isEmpty() ? "" : " " + type + " --", route.node()));
            }
            routes.get(route.service).values().stream()
                    .filter(other -> !other.from.text().equals("direct:state.decide") && route.leadsTo(other))
                    .forEach(other -> {
                        nodes.add(other.drawn());
                        edges.add(route.node() + " --> " + other.node());
                    });
            routes.get(route.service).values().stream()
                    .filter(other -> route.feeds(other, feeding))
                    .forEach(other -> {
                        nodes.add(other.drawn());
                        edges.add(route.node() + " ==> " + other.node());
                    });
            for (Address step : route.to) {
                if (step.publishes()) {
                    edges.add(route.node() + " --> " + topic(step));
                } else if (step.is("dapr-invoke-action")) {
                    asked(step).stream()
                            .map(other -> other.equals(route.service) ? "itself" : other)
                            .forEach(other -> edges.add("%s -. \"%s\" .-> %s[[%s]]"
                                    .formatted(route.node(), step.get("method"), other, other)));
                } else if (step.is("dapr-job-sink")) {
                    edges.add(route.node() + " --> jobs([Dapr Jobs])");
                } else if (step.is("dapr-secret-action")) {
                    edges.add(route.node() + " --> secrets([Dapr secret store])");
                } else if (step.is("dapr-conversation-action")) {
                    edges.add(route.node() + " --> model([Dapr Conversation])");
                } else if (step.scheme.equals("integrators")) {
                    edges.add("%s --> %s[/dsl-yaml: %s/]"
                            .formatted(route.node(), step.path.replace('-', '_'), step.path));
                }
            }
        }
        return "\n## " + title + "\n\n```mermaid\nflowchart LR\n"
                + Stream.concat(nodes.stream(), edges.stream())
                        .map(line -> "  " + line + "\n")
                        .collect(joining())
                + "  classDef state stroke-width:3px\n```\n";
    }
}
