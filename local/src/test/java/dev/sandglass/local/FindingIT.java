package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Searching, filtering, sorting and paging as clients see them. */
@ExtendWith(Stack.class)
@Tag("FR-006")
@Tag("US-5")
@Tag(Stack.BESIDE_ANOTHER)
class FindingIT {
    @Test
    void wordsAreFoundAsPartsWithoutRegardToCaseAndMarks() throws Exception {
        Person alice = Person.like("alice");
        String list = alice.list("editor");
        alice.task(list, "Zażółć gęślą jaźń", "description", "Straße nach Łódź", "tags", List.of("Ærø", "DIYARBAKIR"));
        alice.task(list, "Something else");
        for (String q : List.of(
                "zazolc",
                "GĘŚLĄ",
                "jaz zaz",
                "strasse",
                "lodz",
                "łódź",
                "aero",
                "diyarbakır",
                "ół",
                "\u00a0nach  JAŹŃ ")) {
            assertEquals(List.of("Zażółć gęślą jaźń"), titles(alice, "q=" + escaped(q)), q);
        }
        assertEquals(List.of(), titles(alice, "q=" + escaped("zazolc else")));
        assertEquals(2, titles(alice, "q=").size());
        assertEquals(List.of(), titles(alice, "q=" + escaped("\u017c".repeat(1_000))));
    }

    @Test
    void filtersTakeSeveralValuesAndHoldTogether() throws Exception {
        Person alice = Person.like("alice");
        String a = alice.list("editor");
        String b = alice.list("editor");
        alice.task(a, "1", "priority", "low", "tags", List.of("home", "x"));
        alice.task(a, "2", "priority", "urgent", "tags", List.of("Home"));
        alice.task(b, "3", "priority", "high", "tags", List.of("work"));
        String done = alice.task(b, "4", "priority", "low").path("id").asText();
        alice.api().post("/api/tasks/" + done + "/complete", null).with(200);
        assertEquals(List.of("1", "3", "4"), titles(alice, "priority=low,high&sort=title"));
        assertEquals(List.of("1", "2", "3"), titles(alice, "tag=home,work&sort=title"));
        assertEquals(List.of("3", "4"), titles(alice, "list=" + b + ",nowhere&sort=title"));
        assertEquals(List.of("4"), titles(alice, "status=completed"));
        assertEquals(List.of("1"), titles(alice, "status=open&priority=low&tag=home&list=" + a));
        assertEquals(List.of("2", "3", "1", "4"), titles(alice, "sort=-priority,title"));
    }

    @Test
    void oneFilterSaysItAllAndIsKeptForLater() throws Exception {
        Person alice = Person.like("alice");
        Person bob = Person.like("bob");
        alice.api().patch("/api/me", Map.of("timeZone", "Asia/Tokyo")).with(200);
        String shared = alice.list("editor", bob);
        String today = LocalDate.now(ZoneId.of("Asia/Tokyo")).toString();
        alice.task(shared, "Zaz\u0307o\u0301\u0142c\u0301", "priority", "high", "tags", List.of("Home"), "due", today);
        alice.task(shared, "Rent", "priority", "urgent", "description", "for the flat", "due", "2037-01-31T09:00:00");
        alice.task(shared, "Rest", "priority", "high");
        String filter = "(priority >= high and not due is null or text ~ \"THE FLAT\") and list = list";
        assertEquals(
                List.of("Rent", "Zaz\u0307o\u0301\u0142c\u0301"),
                titles(alice, "sort=-priority,title&filter=" + escaped(filter)));
        for (String zazolc : List.of("za\u017c\u00f3\u0142\u0107", "ZAZOLC", "zaz\u0307o\u0301\u0142c\u0301")) {
            assertEquals(
                    1, titles(alice, "filter=" + escaped("title = " + zazolc)).size(), zazolc);
        }
        assertEquals(
                1,
                titles(alice, "filter=" + escaped("due = today and tag = HOME")).size());
        assertEquals(List.of("Rent"), titles(alice, "q=rent&filter=" + escaped("due > now + 2w")));

        JsonNode saved = alice.api()
                .post("/api/filters", Map.of("name", "Soon", "filter", filter, "sort", "-priority,title"))
                .with(201);
        assertEquals(saved, alice.api().get("/api/filters").with(200).at("/filters/0"));
        JsonNode first = alice.api()
                .post(
                        "/api/tasks/search",
                        Map.of("filter", saved.path("filter"), "sort", saved.path("sort"), "limit", 1))
                .with(200);
        assertEquals("Rent", first.at("/tasks/0/title").asText());
        assertEquals(2, first.path("total").asInt());
        JsonNode second = alice.api()
                .post(
                        "/api/tasks/search",
                        Map.of("filter", filter, "sort", "-priority,title", "cursor", first.path("next")))
                .with(200);
        assertEquals(
                "Zaz\u0307o\u0301\u0142c\u0301", second.at("/tasks/0/title").asText());
        String path = "/api/filters/" + saved.path("id").asText();
        assertEquals(
                "title = a",
                alice.api()
                        .patch(path, Map.of("filter", "title = a"))
                        .with(200)
                        .path("filter")
                        .asText());
        bob.api().patch(path, Map.of("name", "Mine")).with(404);
        bob.api().delete(path).with(404);
        alice.api().delete(path).with(204);
        assertEquals(
                0, alice.api().get("/api/filters").with(200).path("filters").size());

        JsonNode problem = alice.api()
                .post("/api/filters", Map.of("name", "x", "filter", "title = \ud83c\udfe0 and prio = high"))
                .with(422);
        assertTrue(
                problem.at("/errors/0/detail").asText().startsWith("character 15: expected one of title, "),
                problem::toString);
    }

    @Test
    @Tag("FR-009")
    void datesAreMeantInTheUsersZone() throws Exception {
        Person alice = Person.like("alice");
        alice.api().patch("/api/me", Map.of("timeZone", "Asia/Tokyo")).with(200);
        String list = alice.list("editor");
        alice.task(list, "eve", "due", "2037-01-01T23:59:59");
        alice.task(list, "midnight", "due", "2037-01-02T00:00:00");
        alice.task(list, "elsewhere", "due", "2037-01-02T00:00:00", "timeZone", "Europe/Warsaw");
        alice.task(list, "day", "due", "2037-01-02");
        alice.task(list, "past", "due", "2020-01-01");
        alice.task(list, "undated");
        assertEquals(List.of("day", "elsewhere", "midnight"), titles(alice, "due_after=2037-01-02&sort=title"));
        assertEquals(List.of("eve", "past"), titles(alice, "due_before=2037-01-02&sort=title"));
        assertEquals(
                List.of("elsewhere"), titles(alice, "due_after=2037-01-01T23:00:00Z&due_before=2037-01-03T00:00:00Z"));
        assertEquals(List.of("past"), titles(alice, "overdue=true"));
        assertEquals(5, titles(alice, "overdue=false").size());
        assertEquals("undated", titles(alice, "sort=due").get(5));
        assertEquals("undated", titles(alice, "sort=-due").get(5));
        assertEquals("past", titles(alice, "sort=-due").get(4));
    }

    @Test
    void pagesMissAndDoubleNothingWhileOthersWrite() throws Exception {
        Person alice = Person.like("alice");
        Person bob = Person.like("bob");
        String list = alice.list("editor", bob);
        List<String> stay = new ArrayList<>();
        Person.atOnce(
                        30,
                        i -> () -> alice.api()
                                .post(
                                        "/api/tasks",
                                        Map.of(
                                                "list",
                                                list,
                                                "title",
                                                "Stays",
                                                "priority",
                                                i % 2 == 0 ? "low" : "high")))
                .forEach(answer -> stay.add(answer.with(201).path("id").asText()));
        stay.sort(null);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            for (String sort : List.of("title", "-priority,title", "created", "-created", "due", "-due,-title")) {
                Future<?> writes = other.submit(() -> {
                    for (int i = 0; i < 5; i++) {
                        String id = bob.task(list, i % 2 == 0 ? "A comes" : "Z comes")
                                .path("id")
                                .asText();
                        bob.api().delete("/api/tasks/" + id).with(204);
                    }
                    return null;
                });
                List<String> seen = new ArrayList<>();
                String cursor = "";
                do {
                    JsonNode page = alice.api()
                            .get("/api/tasks?limit=4&sort=" + sort + "&list=" + list + cursor)
                            .with(200);
                    page.path("tasks").forEach(task -> {
                        if (task.path("title").asText().equals("Stays")) {
                            seen.add(task.path("id").asText());
                        }
                    });
                    cursor = page.path("next").isNull()
                            ? ""
                            : "&cursor=" + page.path("next").asText();
                } while (!cursor.isEmpty());
                assertEquals(seen.size(), new HashSet<>(seen).size(), sort + ": doubled");
                if (sort.equals("title")) {
                    assertEquals(stay, seen, "ties by id as text");
                }
                assertEquals(stay, seen.stream().sorted().toList(), sort);
                writes.get();
            }
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void aCursorGoesWithItsQuery() throws Exception {
        Person alice = Person.like("alice");
        String list = alice.list("editor");
        alice.task(list, "a");
        alice.task(list, "b");
        String cursor = alice.api()
                .get("/api/tasks?limit=1&sort=title")
                .with(200)
                .path("next")
                .asText();
        assertEquals(List.of("b"), titles(alice, "limit=1&sort=title&cursor=" + cursor));
        alice.api().get("/api/tasks?limit=1&sort=-title&cursor=" + cursor).with(422);
        alice.api().get("/api/tasks?limit=1&sort=title&q=a&cursor=" + cursor).with(422);
        alice.api().get("/api/tasks?limit=1&sort=title&cursor=A" + cursor).with(422);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nope=1",
                "Q=a",
                "q=a&q=b",
                "q=%00",
                "limit=0",
                "limit=501",
                "limit=01",
                "limit=1.5",
                "limit=99999999999999999999",
                "limit=",
                "status=Open",
                "status=",
                "priority=low,",
                "priority=highest",
                "tag=",
                "list=a/b",
                "due_after=2027-02-30",
                "due_after=2027-01-01T00:00:00",
                "due_before=tomorrow",
                "due_before=",
                "overdue=1",
                "sort=size",
                "sort=--due",
                "sort=due,-due",
                "sort=",
                "cursor=x",
                "filter=",
                "filter=title",
                "filter=due%3C2027-02-30"
            })
    @Tag("FR-012")
    void aQueryThatSaysSomethingWrongIsRefusedByName(String query) throws Exception {
        Person alice = Person.like("alice");
        JsonNode problem = alice.api().get("/api/tasks?" + query).with(422);
        assertEquals(
                "/" + query.substring(0, query.indexOf('=')),
                problem.at("/errors/0/pointer").asText().replaceFirst("(/[^/]*).*", "$1"),
                problem::toString);
    }

    private static List<String> titles(Person who, String query) throws Exception {
        return StreamSupport.stream(
                        who.api()
                                .get("/api/tasks?" + query)
                                .with(200)
                                .path("tasks")
                                .spliterator(),
                        false)
                .map(task -> task.path("title").asText())
                .toList();
    }

    private static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
