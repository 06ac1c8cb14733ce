package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An assistant's program with a personal token, over all services: by plain HTTP, by the SDK that such programs are made with, and by the protocol's own suite. */
@ExtendWith(Stack.class)
@Tag("FR-013")
@Tag(Stack.BESIDE_ANOTHER)
class McpIT {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final String VERSION = "2025-11-25";
    private static final long MINUTES = 2;

    private static Api program(Person of) throws Exception {
        JsonNode made = of.api()
                .post("/api/tokens", Map.of("name", "an assistant", "scopes", List.of("read", "write")))
                .with(201);
        return new Api(Stack.PAGE, made.path("token").asText());
    }

    private static JsonNode tool(Api who, String name, Object arguments) throws Exception {
        JsonNode answer = who.send(
                        "POST",
                        "/mcp",
                        Map.of(
                                "jsonrpc",
                                "2.0",
                                "id",
                                1,
                                "method",
                                "tools/call",
                                "params",
                                Map.of("name", name, "arguments", arguments)),
                        Map.of("MCP-Protocol-Version", VERSION))
                .with(200);
        assertFalse(answer.at("/result/isError").asBoolean(true), answer::toString);
        return answer.at("/result/structuredContent");
    }

    @Test
    void whatAnAssistantDoesIsSeenByAllAndItsHistorySaysByWhom() throws Exception {
        Person alice = Person.like("alice");
        Person bob = Person.like("bob");
        Api program = program(alice);
        String list = tool(program, "add_list", Map.of("name", "Groceries"))
                .path("id")
                .asText();
        tool(program, "share_list", Map.of("list", "groceries", "user", bob.name(), "role", "editor"));
        try (LiveSocket feed = LiveSocket.connect(
                bob.api().post("/api/live/ticket", null).with(200).path("url").asText())) {
            feed.await("ready", SOON, frame -> frame.path("type").asText().equals("ready"));
            String milk = tool(
                            program,
                            "add_tasks",
                            Map.of("tasks", List.of(Map.of("title", "milk", "list", "Groceries"))))
                    .at("/tasks/0/id")
                    .asText();
            feed.await("the task", SOON, frame -> frame.at("/task/id").asText().equals(milk));
            bob.api().patch("/api/tasks/" + milk, Map.of("priority", "high")).with(200);
            Stack.await(
                    "the history",
                    SOON,
                    () -> tool(program, "task_history", Map.of("id", milk))
                                    .path("entries")
                                    .size()
                            == 2);
            List<String> actors = new ArrayList<>();
            tool(program, "task_history", Map.of("id", milk))
                    .path("entries")
                    .forEach(entry -> actors.add(entry.path("actor").asText()));
            assertEquals(List.of(alice.name(), bob.name()), actors);
            JsonNode found =
                    tool(program, "find_tasks", Map.of("list", List.of("Groceries"), "priority", List.of("high")));
            assertEquals(list, found.at("/tasks/0/list").asText());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-07-28", "legacy", "auto"})
    void aProgramOfTheSdkWorks(String mode) throws Exception {
        ForeignProgram.isNeeded(getClass(), "pip install mcp", "python3", "-c", "import mcp, httpx2");
        String report = report(
                "mcp-" + mode,
                new ProcessBuilder(
                        "python3",
                        "src/test/resources/mcp-client.py",
                        Stack.PAGE + "/mcp",
                        program(Person.like("alice")).token(),
                        mode));
        assertTrue(report.contains("speaks " + (mode.equals("legacy") ? VERSION : "2026-07-28")), report);
    }

    /** What the protocol's own suite finds is what is not here, and no more: the file it gets names that, and why it is not. */
    @ParameterizedTest
    @ValueSource(strings = {"2026-07-28", VERSION})
    void theConformanceSuiteMissesNothingButWhatIsNotOffered(String revision) throws Exception {
        ForeignProgram.isNeeded(
                getClass(),
                "npm install @modelcontextprotocol/conformance@0.2.0-alpha.12",
                "conformance",
                "server",
                "--help");
        ProcessBuilder suite = new ProcessBuilder(
                "conformance",
                "server",
                "--url",
                Stack.PAGE + "/mcp",
                "--requirements",
                revision,
                "--expected-failures",
                "src/test/resources/mcp-conformance.yaml",
                "--output-dir",
                "target/mcp-conformance");
        suite.environment()
                .putAll(Map.of(
                        "NODE_OPTIONS",
                        "--import="
                                + Path.of("src/test/resources/mcp-conformance.mjs")
                                        .toUri(),
                        "SANDGLASS_TOKEN",
                        program(Person.like("alice")).token()));
        String report = report("mcp-conformance-" + revision, suite);
        assertTrue(report.contains("✓ tools-list"), report);
    }

    private static String report(String name, ProcessBuilder program) throws Exception {
        ForeignProgram.Ended ended = ForeignProgram.run(Path.of("target/" + name + ".txt"), MINUTES, program);
        assertEquals(0, ended.status(), ended.said());
        return ended.said();
    }
}
