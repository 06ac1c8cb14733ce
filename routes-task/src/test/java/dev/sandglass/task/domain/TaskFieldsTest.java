package dev.sandglass.task.domain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("FR-008")
class TaskFieldsTest {
    private static final String GRIN = "😀";
    private static final TaskFields NONE = TaskFields.defaults("home", ZoneId.of("Europe/Warsaw"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\u00a0\u2003\u3000\u1680\u2028",
                "\u200b",
                "\ufeff",
                "\u2060",
                "\u00ad",
                "\u200d\u200c",
                "\u202e\u2066",
                "\u180e",
                "\u115f\u1160",
                "\u3164",
                "\uffa0",
                "\u2800",
                "\ufe0f",
                "\u034f",
                "\u17b4",
                "\u0001\u0085",
                "\udb40\udc41", // a tag
                "\udb40\udd00",
                "\ud834\udd59",
            })
    void whatNobodyCanSeeIsNoTitleAndNoTag(String text) {
        assertEquals("/title", fault(wanted().put("title", text)));
        ObjectNode wanted = wanted();
        wanted.putArray("tags").add("home").add(text);
        assertEquals("/tags/1", fault(wanted));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "\u0301", "👩\u200d👩\u200d👧", "\u200bx\u200b", "काम", "\u3164한", "❤\ufe0f", ".", "\ue000"
            })
    void aSignThatCanBeSeenIsEnough(String text) {
        assertEquals(text, merged(wanted().put("title", text)).title());
    }

    /** Java leaves some of the database's names out, and which depends on its version. */
    @ParameterizedTest
    @CsvSource({
        "EST, America/Panama",
        "MST, America/Phoenix",
        "HST, Pacific/Honolulu",
        "ROC, Asia/Taipei",
        "EST5EDT, EST5EDT",
        "CET, CET",
        "Asia/Calcutta, Asia/Calcutta"
    })
    void everyNameOfTheDatabaseIsAZone(String name, String zone) {
        assertEquals(zone, merged(wanted().put("timeZone", name)).timeZone().getId());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "EDT", "BST", "est", "+01:00", "UTC+1", "SystemV/EST5", "Europe/Nowhere"})
    void whatTheDatabaseDoesNotNameIsNoZone(String name) {
        assertEquals("/timeZone", fault(wanted().put("timeZone", name)));
    }

    @Test
    void tagsThatAreFoundAsOneAreOneAsFirstWritten() {
        ObjectNode wanted = wanted();
        List.of("Café", "home", "CAFE\u0301", "cafe", "Home", "łódź", "LODZ").forEach(wanted.withArray("tags")::add);
        assertEquals(List.of("Café", "home", "łódź"), merged(wanted).tags());
    }

    @Test
    void aTagThatTheTaskHasStaysAsFirstWritten() {
        TaskFields home = NONE.merge(wanted().set("tags", Json.tree(List.of("Café", "home"))), NONE);
        JsonNode patch = Json.object().set("tags", Json.tree(List.of("HOME", "new", "New", "cafe\u0301")));
        assertEquals(List.of("home", "new", "Café"), home.merge(patch, NONE).tags());
        JsonNode fewer = Json.object().set("tags", Json.tree(List.of("CAFE")));
        assertEquals(List.of("Café"), home.merge(fewer, NONE).tags());
    }

    /** The longest of everything at once, with the server's own fields around it: letters of 1 to 4 bytes, and what JSON escapes. */
    @ParameterizedTest
    @ValueSource(strings = {GRIN, "漢", "क", "\"", "\\", "<", "\u2028\u2029", "é"})
    void eachLimitCanBeReachedInAnyScriptAndIsAFrameOfTheFeed(String letter) {
        ObjectNode wanted = wanted().put("title", "x" + many(letter, 499)).put("description", many(letter, 16_000));
        for (int i = 0; i < 50; i++) {
            wanted.withArray("tags").add(many(letter, 48) + (char) ('A' + i / 26) + (char) ('A' + i % 26));
        }
        wanted.put("due", "2027-01-31T09:00:00").put("recurrence", "FREQ=YEARLY;BYYEARDAY=" + "100,".repeat(240) + "1");
        for (int i = 0; i < 20; i++) {
            wanted.withArray("reminders").add("2027-01-30T18:00:00.1%02dZ".formatted(i));
        }
        TaskFields longest = merged(wanted);
        LedgerTask task = LedgerTask.created(
                new TaskId("l".repeat(90), 99_999), longest, "क".repeat(85), Instant.parse("2027-01-01T00:00:00.123Z"));
        assertEquals(50, longest.tags().size());
        Instant at = task.task().createdAt();
        String frame = new Change(
                        ChangeType.TASK_COMPLETED,
                        "l".repeat(90),
                        Long.MAX_VALUE,
                        at,
                        "क".repeat(85),
                        new TreeMap<>(),
                        task.task(),
                        null,
                        null,
                        "",
                        "")
                .asFrame()
                .toString();
        assertTrue(frame.getBytes(UTF_8).length <= 128 * 1024, "" + frame.getBytes(UTF_8).length);
    }

    private static String many(String letters, int characters) {
        return letters.repeat(characters).substring(0, letters.offsetByCodePoints(0, 1) * characters);
    }

    /** No field allows as much; a rule of an integrator's might. */
    @Test
    void whatIsMoreThanATaskHoldsIsRefusedByName() {
        TaskFields none = merged(wanted());
        int more = 96 * 1024 - Json.text(none).getBytes(UTF_8).length;
        assertEquals(
                more,
                merged(wanted().put("description", "é".repeat(more / 2) + "x".repeat(more % 2)))
                        .description()
                        .getBytes(UTF_8)
                        .length);
        Rejection refused =
                assertThrows(Rejection.class, () -> merged(wanted().put("description", "x".repeat(more - 1) + "é")));
        assertEquals("/description", refused.more().at("/errors/0/pointer").asText());
        assertEquals(
                "a task may hold 98304 bytes (96 kB of UTF-8) in all, this one has 98305",
                refused.more().at("/errors/0/detail").asText());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
                "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
                "FREQ=MONTHLY;BYMONTH=4,6,9,11;BYMONTHDAY=31",
                "FREQ=MONTHLY;BYDAY=6MO",
                "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1",
                "FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29",
                "FREQ=DAILY;BYDAY=MO;BYSETPOS=2",
                "FREQ=YEARLY;INTERVAL=10000",
                "FREQ=DAILY;COUNT=5;BYMONTH=2;BYMONTHDAY=30",
            })
    void aRuleThatNeverComesAgainIsAnError(String rule) {
        assertEquals("/recurrence", fault(wanted().put("due", "2027-01-31").put("recurrence", rule)));
    }

    /** The end of a rule is no error, and a moved occurrence keeps the rule it has. */
    @Test
    void aRuleMayEndAtOnceAndStaysWhereItsOccurrenceIsMoved() {
        for (String rule : List.of("FREQ=DAILY;COUNT=1", "FREQ=DAILY;UNTIL=20200101")) {
            assertEquals(
                    rule,
                    merged(wanted().put("due", "2027-01-31").put("recurrence", rule))
                            .recurrence());
        }
        String leapDays = "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29";
        TaskFields fields = merged(wanted().put("due", "2028-02-29").put("recurrence", leapDays));
        assertEquals(
                leapDays,
                fields.merge(Json.object().put("due", "2029-03-01"), NONE).recurrence());
    }

    @Test
    void aNagNeedsAReminderAndGoesWithTheLastOfThem() {
        assertEquals("/nag", fault(wanted().put("nag", "PT10M")));
        ObjectNode wanted = wanted().put("nag", "PT60M").put("due", "2027-01-31");
        wanted.putArray("reminders").add("PT9H");
        TaskFields nagging = merged(wanted);
        assertEquals("PT1H", String.valueOf(nagging.nag()));
        ObjectNode none = Json.object().set("reminders", Json.array());
        assertNull(nagging.merge(none, NONE).nag());
        assertNull(nagging.merge(Json.object().putNull("nag"), NONE).nag());
        assertThrows(Rejection.class, () -> nagging.merge(none.deepCopy().put("nag", "PT10M"), NONE));
        for (String wrong : List.of("PT4M", "P2D", "P1M", "-PT10M", "often")) {
            assertEquals("/nag", fault(wanted.deepCopy().put("nag", wrong)), wrong);
        }
    }

    private static ObjectNode wanted() {
        return Json.object().put("title", "Pay rent");
    }

    private static TaskFields merged(JsonNode wanted) {
        return NONE.merge(wanted, NONE);
    }

    private static String fault(JsonNode wanted) {
        Rejection refusal = assertThrows(Rejection.class, () -> merged(wanted));
        assertEquals(Reason.INVALID, refusal.reason());
        assertEquals(1, refusal.more().path("errors").size(), refusal.more()::toString);
        return refusal.more().at("/errors/0/pointer").asText();
    }
}
