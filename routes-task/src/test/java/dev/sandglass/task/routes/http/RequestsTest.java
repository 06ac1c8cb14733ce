package dev.sandglass.task.routes.http;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Problem;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("FR-012")
class RequestsTest {
    private static final Requests REQUESTS = new Requests(new Contract());

    @Test
    void aTitleAloneMakesATask() {
        assertEquals(
                "Pay rent",
                REQUESTS.read("{\"title\":\"Pay rent\"}", "createTask")
                        .path("title")
                        .asText());
    }

    @Test
    void allFieldsOfTheContractAreTaken() {
        JsonNode task = REQUESTS.read("""
                {"title":"Zapłać czynsz 🏠","list":"k3v9","description":"line\\n\\ttab","priority":"high","tags":["home","a b"],
                 "due":"2027-01-31T09:00:00","timeZone":"Europe/Warsaw","recurrence":"FREQ=WEEKLY;BYDAY=MO,WE",
                 "recurFrom":"completion","reminders":["-PT15M","2027-01-30T18:00:00Z"]}""", "createTask");
        assertEquals(10, task.size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "{",
                "{\"title\":\"a\",\"title\":\"b\"}",
                "{\"title\":\"a\"} {}",
                "{'title':\"a\"}",
                "{\"title\":NaN}",
                "{\"title\":\"a\\u00\"}",
                "{\"title\":\"a\nb\"}",
                "nope"
            })
    void whatIsNoJsonCannotBeRead(String body) {
        assertEquals(
                400,
                assertThrows(Problem.class, () -> REQUESTS.read(body, "createTask"))
                        .status());
    }

    @Test
    void aBombOfBracketsCannotBeRead() {
        assertEquals(
                400,
                assertThrows(Problem.class, () -> REQUESTS.read("[".repeat(900_000), "createTask"))
                        .status());
    }

    /** A megabyte of small values is a hundred megabytes in memory, and each that is wrong has a sentence. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"title\":\"a\",\"tags\":[%s]}|1,|440000",
                "{\"title\":\"a\"%s}|,\"%d\":1|98000",
                "[%s]|[],|300000"
            })
    void aBombOfValuesIsNotReadToItsEnd(String bomb) {
        String[] parts = bomb.split("\\|");
        String fill = IntStream.range(0, Integer.parseInt(parts[2]))
                .mapToObj(i -> parts[1].replace("%d", Integer.toHexString(i)))
                .collect(joining());
        var problem = assertThrows(
                Problem.class, () -> REQUESTS.read(parts[0].replace("%s", fill).replace(",]", "]"), "createTask"));
        assertEquals(422, problem.status());
        assertEquals(
                "has more values and fields than any call takes",
                problem.document().path("detail").asText());
    }

    @Test
    void aListThatIsTooLongIsNamedBeforeItsEntries() {
        String many = "1,".repeat(1_000) + "1";
        var problem = assertThrows(
                Problem.class, () -> REQUESTS.read("{\"title\":\"a\",\"tags\":[" + many + "]}", "createTask"));
        assertEquals("/tags", problem.document().at("/errors/0/pointer").asText());
    }

    @Test
    void ofManyFaultsTheFirstAreNamed() {
        String many =
                IntStream.range(0, 3_000).mapToObj(i -> ",\"x" + i + "\":1").collect(joining());
        var problem = assertThrows(Problem.class, () -> REQUESTS.read("{\"title\":\"a\"" + many + "}", "createTask"));
        assertEquals("3000 fields are wrong", problem.document().path("detail").asText());
        assertEquals(100, problem.document().path("errors").size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "createTask | {} | /title | title is needed",
                "createTask | [] | | must be object",
                "createTask | null | | must be object",
                "createTask | {\"title\":7} | /title | must be string",
                "createTask | {\"title\":\"\"} | /title | must have at least 1 character",
                "createTask | {\"title\":\" \\u00a0\"} | /title | must have a character that can be seen, and no control characters",
                "createTask | {\"title\":\"a\\u0000\"} | /title | must have a character that can be seen, and no control characters",
                "createTask | {\"title\":\"a\\n\"} | /title | must have a character that can be seen, and no control characters",
                "createTask | {\"title\":\"a\\ud800\"} | /title | must have a character that can be seen, and no control characters",
                "createTask | {\"title\":\"a\",\"description\":\"\\u0007\"} | /description | must have no control characters but line breaks and tabs",
                "createTask | {\"title\":\"a\",\"colour/x\":1} | /colour~1x | there is no field colour/x",
                "createTask | {\"title\":\"a\",\"id\":\"x\"} | /id | id is the server's to set",
                "createTask | {\"title\":\"a\",\"status\":\"completed\"} | /status | status is the server's to set",
                "createTask | {\"title\":\"a\",\"priority\":\"High\"} | /priority | must be one of low, medium, high, urgent, null",
                "createTask | {\"title\":\"a\",\"priority\":1e400} | | has a number that is too large",
                "createTask | {\"title\":\"a\",\"due\":\"2027-02-31\"} | /due | no such day or time: 2027-02-31",
                "createTask | {\"title\":\"a\",\"timeZone\":\"+01:00\"} | /timeZone | must be a time zone of the IANA database, as Europe/Warsaw",
                "createTask | {\"title\":\"a\",\"timeZone\":\"SystemV/EST5\"} | /timeZone | must be a time zone of the IANA database, as Europe/Warsaw",
                "createTask | {\"title\":\"a\",\"tags\":[\"ok\",\"a,b\"]} | /tags/1 | must have a character that can be seen, no comma and no control characters",
                "createTask | {\"title\":\"a\",\"list\":\"../x\"} | /list | must be an id of 1 to 100 characters of A-Z a-z 0-9 . _ ~ -",
                "changeTask | {\"title\":null} | /title | must be string",
                "changeTask | {\"overdue\":true} | /overdue | overdue is the server's to set",
                "changeTask | {\"priority\":\"x\"} | /priority | must be one of low, medium, high, urgent, null",
                "shareList | {\"role\":\"owner\"} | /role | must be one of viewer, editor",
                "shareList | {\"role\":[-1e999]} | | has a number that is too large",
                "createList | {\"name\":\"a\",\"seq\":1} | /seq | seq is the server's to set",
                "devToken | {\"user\":\"a b\"} | /user | must be the name of a user of 1 to 64 characters of A-Z a-z 0-9 . _ @ -",
            })
    void whatIsWrongIsNamed(String operation, String body, String pointer, String detail) {
        var problem = assertThrows(Problem.class, () -> REQUESTS.read(body, operation));
        assertEquals(422, problem.status());
        var error = problem.document().path("errors").get(0);
        assertEquals(pointer == null ? "" : pointer, error.path("pointer").asText());
        assertEquals(detail, error.path("detail").asText());
    }

    @Test
    void everyFaultIsNamed() {
        var problem = assertThrows(
                Problem.class,
                () -> REQUESTS.read(
                        "{\"tags\":7,\"priority\":7,\"recurrence\":\"\",\"reminders\":[\"x\"]}", "createTask"));
        assertEquals(
                List.of("/priority", "/recurrence", "/reminders/0", "/tags", "/title"),
                StreamSupport.stream(problem.document().path("errors").spliterator(), false)
                        .map(error -> error.path("pointer").asText())
                        .sorted()
                        .toList());
    }

    @ParameterizedTest
    @FieldSource("dev.sandglass.task.NullFields#OF_A_NEW_TASK")
    void nullIsTheDefault(String field) {
        REQUESTS.read("{\"" + field + "\":null}", "changeTask");
        REQUESTS.read("{\"title\":\"a\",\"" + field + "\":null}", "createTask");
    }

    /** A reply that asks nothing has null there, and a client sends it back. */
    @Test
    void theConversationOfAReplyMayBeSentBackAsItCame() {
        REQUESTS.read("{\"message\":\"a\",\"conversation\":null}", "chat");
    }

    @ParameterizedTest
    @CsvSource({"title,500", "description,16000"})
    void lengthsAreInCharactersNotInUnits(String field, int most) {
        var body = Json.object().put("title", "a");
        REQUESTS.read(body.put(field, "🏠".repeat(most)).toString(), "createTask");
        body.put(field, "🏠".repeat(most + 1));
        var problem = assertThrows(Problem.class, () -> REQUESTS.read(body.toString(), "createTask"));
        assertEquals(422, problem.status());
        assertEquals(
                "must have at most " + most + " characters (Unicode code points), this has " + (most + 1),
                problem.document().at("/errors/0/detail").asText());
    }

    @ParameterizedTest
    @CsvSource({"tags,50,t", "reminders,20,-PT5M"})
    void soManyAndNoMore(String field, int most, String value) {
        var body = Json.object().put("title", "a");
        var values = body.putArray(field);
        IntStream.range(0, most).forEach(i -> values.add(value));
        REQUESTS.read(body.toString(), "createTask");
        values.add(value);
        assertEquals(
                422,
                assertThrows(Problem.class, () -> REQUESTS.read(body.toString(), "createTask"))
                        .status());
    }

    @Test
    void aLongWrongTitleIsRefusedAtOnce() {
        var body = Json.object().put("title", "a ".repeat(400_000) + "\u0001").toString();
        var start = System.nanoTime();
        assertThrows(Problem.class, () -> REQUESTS.read(body, "createTask"));
        assertEquals(0, (System.nanoTime() - start) / 20_000_000_000L);
    }
}
