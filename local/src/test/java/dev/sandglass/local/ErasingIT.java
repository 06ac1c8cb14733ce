package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A person asks that all of theirs goes: no service's database has it any more, and the audit of what they shared is whole. */
@ExtendWith(Stack.class)
@Tag(Stack.BESIDE_ANOTHER)
class ErasingIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String SECRET = "vermilion";

    private final Person alice = Person.like("alice");
    private final Person bob = Person.like("bob");

    ErasingIT() throws Exception {}

    /** What alice has all over the place; returns the list of bob's that she is in. */
    private String everything() throws Exception {
        String own = alice.list("owner");
        for (int i = 0; i < 70; i++) {
            alice.task(
                    own,
                    SECRET + " " + i,
                    "due",
                    "2040-01-31T09:00:00",
                    "recurrence",
                    "daily",
                    "reminders",
                    List.of("-PT15M"));
        }
        String together = alice.list("editor", bob);
        bob.task(together, SECRET + " of bob's in her list");
        String flat = bob.list("editor", alice);
        alice.task(flat, "milk", "due", "2040-01-31T09:00:00", "reminders", List.of("-PT15M"));
        String gone = alice.task(flat, "eggs", "due", "2040-01-31T09:00:00")
                .path("id")
                .asText();
        alice.api()
                .patch("/api/tasks/" + gone, Map.of("description", SECRET + " in the past"))
                .with(200);
        alice.api().patch("/api/tasks/" + gone, Map.of("description", "")).with(200);
        bob.api().delete("/api/tasks/" + gone).with(204);
        bob.task(flat, "bread");
        alice.api()
                .post("/api/tokens", Map.of("name", SECRET, "scopes", List.of("read")))
                .with(201);
        alice.api()
                .post("/api/filters", Map.of("name", SECRET, "filter", "title = x"))
                .with(201);
        alice.api().post("/api/lists/" + flat + "/links", null).with(201);
        alice.api()
                .send("POST", "/api/imports", SECRET + " imported\n", Map.of("Content-Type", "text/plain"))
                .with(201);
        alice.api().live().close();
        Stack.await("the audit", SOON, () -> alice.verified(own) && bob.verified(flat));
        return flat;
    }

    private boolean isErasing() throws Exception {
        try {
            return alice.api().get("/api/me/erasure").status() != 404;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void nothingOfThemIsLeftAndTheChainIsWhole() throws Exception {
        String flat = everything();
        assertTrue(rows(alice.name()).size() > 10, "the test sees what there is");
        JsonNode shown = alice.api().get("/api/me/erasure").with(200);
        assertEquals(4, shown.path("lists").size(), shown::toString);
        alice.api().post("/api/me/erasure", Map.of("confirm", "Alice")).with(422);
        JsonNode begun = alice.api()
                .post("/api/me/erasure", Map.of("confirm", alice.name()))
                .with(200);
        assertTrue(begun.path("left").size() > 5, begun::toString);
        // Whatever dies meanwhile: it is gone on with.
        Thread.sleep(5_500);
        Stack.run("kill", "task");
        Stack.await("she is gone", SOON, () -> !isErasing());

        assertEquals(List.of(), rows(alice.name()));
        assertEquals(List.of(), rows(SECRET));
        JsonNode verdict = bob.api().get("/api/audit/verify?list=" + flat).with(200);
        assertTrue(verdict.path("complete").asBoolean(), verdict::toString);
        assertTrue(verdict.path("erased").asInt() >= 5, verdict::toString);
        JsonNode entries =
                bob.api().get("/api/audit?limit=100&list=" + flat).with(200).path("entries");
        assertFalse(entries.toString().contains(SECRET), entries::toString);
        assertTrue(entries.findValuesAsText("actor").contains("(erased)"));
        List<String> titles = new ArrayList<>(
                bob.api().get("/api/tasks?list=" + flat).with(200).path("tasks").findValuesAsText("title"));
        titles.sort(null);
        assertEquals(List.of("bread", "milk"), titles, "what she gave to the list is the list's");
        JsonNode members = bob.api().get("/api/lists/" + flat).with(200).path("members");
        assertEquals("{\"" + bob.name() + "\":\"owner\"}", members.toString());
        assertEquals(0, alice.api().get("/api/tasks").with(200).path("total").asInt(), "she may begin anew");
    }

    @Test
    void anOperatorDoesItForSomebody() throws Exception {
        alice.list("owner");
        alice.api().post("/api/tasks", Map.of("title", "milk")).with(201);
        Map<String, Object> order = Map.of("user", alice.name(), "confirm", alice.name(), "reason", "asked by mail");
        bob.api().post("/api/ops/erasures", order).with(403);
        Api ops = Api.as("olga", Stack.PAGE, "operator");
        String id = ops.post("/api/ops/erasures", order).with(200).path("id").asText();
        alice.api().get("/api/me").with(403);
        Stack.await(
                "she is gone",
                SOON,
                () -> ops.get("/api/ops/erasures")
                        .with(200)
                        .path("done")
                        .findValuesAsText("id")
                        .contains(id));
        assertEquals(List.of(), rows(alice.name()));
        alice.api().post("/api/tasks", Map.of("title", "she begins anew")).with(201);
    }

    /**
     * The documents of all services that name a text, but for those that are said to be left for a time: answers to repeated requests,
     * questions of the chat, tickets.
     */
    private static List<String> rows(String text) throws Exception {
        int port = Stack.part("postgres").path("port").asInt();
        List<String> rows = new ArrayList<>();
        try (Connection database = Backup.connect(port, Stack.secret("postgres-password"));
                Statement statement = database.createStatement();
                ResultSet found = statement.executeQuery(
                        "SELECT key || ' = ' || convert_from(value, 'UTF8') FROM state WHERE expires_at IS NULL OR expires_at > now()")) {
            while (found.next()) {
                String row = found.getString(1);
                if (row.contains(text) && !row.matches("(?s)(task\\|\\|(once|chat)/|sync\\|\\|sockets/).*")) {
                    rows.add(row);
                }
            }
        }
        return rows;
    }
}
