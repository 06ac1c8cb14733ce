package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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
                "cursor=x"
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
