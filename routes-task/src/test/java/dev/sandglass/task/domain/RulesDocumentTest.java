package dev.sandglass.task.domain;

import static dev.sandglass.task.domain.World.ALICE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.time.ReminderSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The examples of {@code docs/rules.md} are true: they run as they stand there. */
@Tag("FR-001")
@Tag("FR-002")
class RulesDocumentTest {
    private static final ZoneId WARSAW = ZoneId.of("Europe/Warsaw");
    private static final Path DOCUMENT = Path.of("../docs/rules.md");
    private static final Pattern EXAMPLE =
            Pattern.compile("(?:\\*\\*([^*]+)\\*\\*[^\\n]*\\n\\n)?```text\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern DONE = Pattern.compile("done (\\S+) next (\\S+)( unheard)?");
    private static final Pattern SKIP = Pattern.compile("skip (\\S+) to (\\S+)");
    private static final Pattern REFUSED = Pattern.compile("refused (\\S+) (.+)");

    @TestFactory
    Stream<DynamicTest> eachExampleIsTrue() throws Exception {
        List<MatchResult> examples =
                EXAMPLE.matcher(Files.readString(DOCUMENT)).results().toList();
        assertTrue(examples.size() > 25, () -> examples.size() + " examples");
        return examples.stream()
                .map(example -> dynamicTest(
                        Objects.requireNonNullElse(example.group(1), "another example"),
                        () -> new Example().run(example.group(2).lines().toList())));
    }

    /** One example: a task and those that follow it. */
    private static final class Example {
        private final World world;
        private final String home;
        private Instant now = Instant.parse("2027-01-01T12:00:00Z");
        /** The occurrence at hand. */
        private String current = "";

        Example() {
            Clock clock = new Clock() {
                @Override
                public ZoneId getZone() {
                    return WARSAW;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }

                @Override
                public Instant instant() {
                    return now;
                }
            };
            world = new World(new TestLedger(new MemoryDapr(1), clock, WARSAW));
            home = world.list("home");
        }

        void run(List<String> lines) throws Exception {
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                Matcher refused = REFUSED.matcher(i + 1 < lines.size() ? lines.get(i + 1) : "");
                if (refused.matches()) {
                    Rejection refusal = assertThrows(Rejection.class, () -> step(line));
                    JsonNode error = refusal.more().path("errors").path(0);
                    assertEquals(refused.group(1), error.path("pointer").asText());
                    assertEquals(refused.group(2), error.path("detail").asText());
                    i++;
                } else {
                    step(line);
                }
            }
        }

        private void step(String line) throws Exception {
            String rest = line.substring(line.indexOf(' ') + 1);
            switch (line.startsWith("{") ? "new" : line.split(" ")[0]) {
                case "new" ->
                    current = world.create(Json.read(line, ObjectNode.class).put("list", home))
                            .path("id")
                            .asText();
                case "done" -> done(line);
                case "heard" -> world.deliver();
                case "holidays" -> world.holidays(home, rest);
                case "patch" -> {
                    if (rest.startsWith("following ")) {
                        world.patchFollowing(
                                ALICE, current, Json.read(rest.substring(rest.indexOf('{')), ObjectNode.class));
                    } else {
                        world.patch(ALICE, current, Json.read(rest, ObjectNode.class));
                    }
                }
                case "skip" -> skip(line);
                case "comes" -> assertEquals(rest, comes());
                case "delete" -> world.delete(ALICE, current);
                case "reopen" -> {
                    current = id(Integer.parseInt(rest));
                    world.reopen(ALICE, current);
                }
                case "there" -> assertEquals(rest, there());
                case "reminds" -> assertEquals(rest, reminds());
                case "tags" ->
                    assertEquals(
                            Json.read(rest, JsonNode.class),
                            world.get(ALICE, current).path("tags"));
                case "nags" ->
                    assertEquals(rest, world.get(ALICE, current).path("nag").asText("never"));
                case "usual" ->
                    world.patchList(ALICE, home, Json.object().set("reminders", Json.read(rest, JsonNode.class)));
                case "limits" -> assertEquals(rest, limits());
                default -> throw new IllegalArgumentException("no such step: " + line);
            }
        }

        private void done(String line) {
            Matcher done = DONE.matcher(line);
            assertTrue(done.matches(), line);
            at(done.group(1));
            JsonNode next = world.complete(ALICE, current);
            assertEquals(done.group(2), next.asText("none"), line);
            if (done.group(3) == null) {
                world.deliver();
                current = all().values().stream()
                        .filter(Task::open)
                        .map(Task::id)
                        .reduce((first, last) -> last)
                        .orElse(current);
            }
        }

        private void skip(String line) {
            Matcher skip = SKIP.matcher(line);
            assertTrue(skip.matches(), line);
            at(skip.group(1));
            String before = world.get(ALICE, current).path("due").asText();
            if (skip.group(2).equals("none")) {
                assertEquals(
                        Reason.CONFLICT,
                        assertThrows(Rejection.class, () -> world.skip(ALICE, current))
                                .reason());
                assertEquals(before, world.get(ALICE, current).path("due").asText());
            } else {
                JsonNode skipped = world.skip(ALICE, current);
                assertEquals(skip.group(2), skipped.path("due").asText(), line);
                assertEquals(before, skipped.path("skipped").asText(), line);
            }
        }

        private void at(String local) {
            now = LocalDateTime.parse(local).atZone(WARSAW).toInstant();
        }

        private String comes() {
            return world.series(ALICE, world.get(ALICE, current).path("series").asText(), now)
                    .path("next")
                    .valueStream()
                    .map(JsonNode::asText)
                    .collect(Collectors.joining(" "));
        }

        private Map<Integer, Task> all() {
            Map<Integer, Task> all = new TreeMap<>();
            world.tasks().forEach(node -> {
                Task task = Json.read(node, Task.class);
                all.put(task.occurrence(), task);
            });
            return all;
        }

        private String id(int occurrence) {
            return Objects.requireNonNull(all().get(occurrence)).id();
        }

        private String there() {
            return all().values().stream()
                    .map(task -> task.occurrence() + " " + (task.open() ? "open " : "completed ") + task.due() + " "
                            + task.title())
                    .collect(Collectors.joining(", "));
        }

        private String reminds() {
            Task task = Json.read(world.get(ALICE, current), Task.class);
            List<String> times = new ArrayList<>();
            for (String reminder : task.reminders()) {
                Instant at = ReminderSpec.parse(reminder).at(Objects.requireNonNull(task.due()), task.timeZone());
                times.add(LocalDateTime.ofInstant(at, WARSAW).toString());
            }
            return String.join(" ", times);
        }

        private static String limits() throws Exception {
            try (var document = RulesDocumentTest.class.getResourceAsStream("/openapi.yaml")) {
                JsonNode schemas = new YAMLMapper().readTree(document).at("/components/schemas");
                JsonNode task = schemas.at("/NewTask/properties");
                return "title %s, description %s, tags %s of %s, reminders %s, list name %s"
                        .formatted(
                                task.at("/title/maxLength"),
                                task.at("/description/maxLength"),
                                task.at("/tags/maxItems"),
                                task.at("/tags/items/maxLength"),
                                task.at("/reminders/maxItems"),
                                schemas.at("/NewList/properties/name/maxLength"));
            }
        }
    }
}
