package dev.sandglass.task.domain;

import static dev.sandglass.task.domain.World.ALICE;
import static dev.sandglass.task.domain.World.BOB;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.dav.DavPath;
import dev.sandglass.task.domain.dav.DavRefused;
import dev.sandglass.task.domain.dav.DavReply;
import dev.sandglass.task.domain.dav.Element;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs put tasks by CalDAV, in their own ways of writing, and the ledger takes what they mean. */
@Tag("FR-002")
class KeepTodoTest {
    private final World world = new World(new MemoryDapr(1));
    private final String list = world.list("home");

    private static DavCall call(
            String user, String method, String list, String name, @Nullable String ifMatch, String body) {
        return new DavCall(
                World.by(user, null),
                method,
                new DavPath(name.isEmpty() ? DavPath.Kind.LIST : DavPath.Kind.TASK, user, list, name),
                "1",
                ifMatch,
                null,
                body);
    }

    private boolean put(DavCall call) {
        return put(call, () -> {});
    }

    /** @param meanwhile it happens when the list has been looked through */
    private boolean put(DavCall call, Runnable meanwhile) {
        KeepTodo.Put put = KeepTodo.read(call, world.ledger.know(call.request()));
        KeepTodo.Before before = world.ledger.decide(KeepTodo.look(put));
        world.ledger.search(before.lists(), before);
        meanwhile.run();
        return world.ledger
                .change(KeepTodo.put(put, before, put.wanted()))
                .body()
                .path("created")
                .asBoolean();
    }

    private boolean put(String name, String... todo) {
        return put(call(ALICE, "PUT", list, name, null, calendar("-//Program//EN", todo)));
    }

    /** @param lines of VTODOs, with their BEGIN and END */
    private static String calendar(String program, String... lines) {
        return Stream.of(
                        Stream.of("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:" + program),
                        Stream.of(lines),
                        Stream.of("END:VCALENDAR"))
                .flatMap(part -> part)
                .collect(Collectors.joining("\r\n", "", "\r\n"));
    }

    private static String[] todo(String... lines) {
        return Stream.of(
                        Stream.of("BEGIN:VTODO", "UID:u1", "DTSTAMP:20300101T000000Z"),
                        Stream.of(lines),
                        Stream.of("END:VTODO"))
                .flatMap(part -> part)
                .toArray(String[]::new);
    }

    private String get(String name) {
        DavReply reply = world.ledger.decide(FindDav.get(call(ALICE, "GET", list, name, null, "")));
        return reply.text().replace("\r\n ", "");
    }

    private String tag(String name) {
        return world.ledger
                .decide(FindDav.get(call(ALICE, "GET", list, name, null, "")))
                .headers()
                .get("ETag");
    }

    /** The lines of the task, in their order by letter. */
    private Set<String> lines(String name) {
        return new TreeSet<>(List.of(get(name).split("\r\n")));
    }

    private String report(String body) {
        return find("REPORT", body);
    }

    private String find(String method, String body) {
        DavCall call = call(ALICE, method, list, "", null, body);
        FindDav find = world.ledger.decide(FindDav.begin(call, world.ledger.know(call.request())));
        world.ledger.search(find.lists(), find);
        return world.ledger.decide(FindDav.answer(find)).text();
    }

    private static String condition(Rejection refused) {
        return refused.more().path(DavRefused.CONDITION).asText().replaceFirst("\\{.*}", "");
    }

    private JsonNode task(String title) {
        return world.tasks()
                .valueStream()
                .filter(task -> task.path("title").asText().equals(title))
                .findFirst()
                .orElseThrow();
    }

    // ---------------------------------------------------------------- There and back

    @Test
    void allThatAProgramWritesIsThereAgain() {
        String[] written = todo(
                "SUMMARY;LANGUAGE=en:Pay rent\\, quickly",
                "DESCRIPTION:first\\nsecond",
                "PRIORITY:9",
                "CATEGORIES:home,money",
                "DTSTART;TZID=Europe/Warsaw:20400130T080000",
                "DUE;TZID=Europe/Warsaw:20400131T090000",
                "STATUS:IN-PROCESS",
                "PERCENT-COMPLETE:40",
                "RELATED-TO:parent",
                "CLASS:PRIVATE",
                "X-APPLE-SORT-ORDER:4711",
                "X-PARAMS;X-A=\"b,c\";X-D=e:f;g,h",
                "BEGIN:VALARM",
                "ACTION:DISPLAY",
                "TRIGGER;RELATED=END:-PT15M",
                "X-WR-ALARMUID:a",
                "END:VALARM",
                "BEGIN:VALARM",
                "ACTION:EMAIL",
                "TRIGGER:-P1D",
                "ATTENDEE:mailto:x@example.com",
                "END:VALARM");
        assertTrue(put("chosen name.ics", written));
        Set<String> lines = lines("chosen name.ics");
        Set<String> lost = new TreeSet<>(List.of(written));
        lost.removeIf(line -> line.startsWith("DTSTAMP"));
        lost.removeAll(lines);
        assertEquals(Set.of(), lost, get("chosen name.ics"));
        assertTrue(lines.contains("TZID:Europe/Warsaw"), "the zone is described");
        JsonNode task = task("Pay rent, quickly");
        assertEquals("first\nsecond", task.path("description").asText());
        assertEquals("low", task.path("priority").asText());
        assertEquals(Json.tree(List.of("home", "money")), task.path("tags"));
        assertEquals("2040-01-31T09:00:00", task.path("due").asText());
        assertEquals("Europe/Warsaw", task.path("timeZone").asText());
        assertEquals(Json.tree(List.of("-PT15M")), task.path("reminders"));
    }

    @Test
    void aTaskOfTheApiIsWrittenAndReadBackAsItIs() {
        String id = world.create(Json.object()
                        .put("list", list)
                        .put("title", "water; plants")
                        .put("due", "2040-01-01")
                        .put("priority", "medium")
                        .set("reminders", Json.tree(List.of("PT9H"))))
                .path("id")
                .asText();
        String before = get(id + ".ics");
        assertTrue(before.contains("UID:" + id + "@sandglass"), before);
        String tag = tag(id + ".ics");
        assertFalse(put(call(ALICE, "PUT", list, id + ".ics", tag, before)));
        assertEquals(before, get(id + ".ics"));
        assertEquals(tag, tag(id + ".ics"), "what changes nothing is no change");
        assertFalse(
                put(call(ALICE, "PUT", list, id + ".ics", tag, before.replace("water\\; plants", "water flowers"))));
        JsonNode task = world.get(ALICE, id);
        assertEquals("water flowers", task.path("title").asText());
        assertEquals(Json.tree(List.of("PT9H")), task.path("reminders"), "it was written as an instant, and is none");
        assertEquals(2, task.path("version").asInt());
    }

    @Test
    void aChangeByTheApiIsSeenAndLeavesTheRest() {
        put("a.ics", todo("SUMMARY:a", "PRIORITY:2", "DUE:20400101T120000Z", "X-OWN:kept"));
        String id = task("a").path("id").asText();
        String tag = tag("a.ics");
        world.patch(ALICE, id, Json.object().put("title", "b"));
        assertNotEquals(tag, tag("a.ics"));
        Set<String> lines = lines("a.ics");
        assertTrue(
                lines.containsAll(List.of("SUMMARY:b", "PRIORITY:2", "DUE:20400101T120000Z", "X-OWN:kept", "UID:u1")),
                lines::toString);
        world.patch(ALICE, id, Json.object().put("priority", "urgent"));
        assertTrue(lines("a.ics").contains("PRIORITY:1"));
        world.patch(ALICE, id, Json.object().put("due", "2040-01-02T12:00:00"));
        assertTrue(lines("a.ics").contains("DUE:20400102T120000Z"));
    }

    @Test
    void whatOnlyAProgramKnowsIsAChangeOfTheTaskToo() {
        put("a.ics", todo("SUMMARY:a", "X-OWN:1"));
        String tag = tag("a.ics");
        put("a.ics", todo("SUMMARY:a", "X-OWN:2"));
        assertNotEquals(tag, tag("a.ics"));
        assertTrue(lines("a.ics").contains("X-OWN:2"));
        assertEquals(2, task("a").path("version").asInt());
        put("a.ics", todo("SUMMARY:a", "X-OWN:2"));
        assertEquals(2, task("a").path("version").asInt());
    }

    @Test
    void whatIsPutBackAsItWasReadIsNoChange() {
        put("a.ics", todo("SUMMARY:a", "PRIORITY:2", "DUE:20400101T120000Z", "X-OWN:1", "STATUS:IN-PROCESS"));
        String tag = tag("a.ics");
        put(call(ALICE, "PUT", list, "a.ics", tag, get("a.ics")));
        assertEquals(tag, tag("a.ics"));
        put("a.ics", todo("SUMMARY:a", "PRIORITY:2", "DUE:20400101T120000Z", "X-OWN:1", "STATUS:COMPLETED"));
        String done = tag("a.ics");
        put(call(ALICE, "PUT", list, "a.ics", done, get("a.ics")));
        assertEquals(done, tag("a.ics"));
    }

    @Test
    void whatAProgramWritesIntoATaskOfTheApiStaysToTheLetterToo() {
        String id = world.create(Json.object().put("list", list).put("title", "a"))
                .path("id")
                .asText();
        put(call(ALICE, "PUT", list, id + ".ics", null, get(id + ".ics").replace("PRIORITY:5", "PRIORITY:2")));
        assertEquals("high", world.get(ALICE, id).path("priority").asText());
        assertTrue(lines(id + ".ics").contains("PRIORITY:2"), get(id + ".ics"));
    }

    /** Thunderbird's rich text. */
    @Test
    void whatAProgramSaysBesideAValueStaysWhileTheValueDoes() {
        String rich = "DESCRIPTION;ALTREP=\"data:text/html,%3Cb%3Ebold%3C%2Fb%3E, plain\":bold\\, plain";
        put("a.ics", todo("SUMMARY;LANGUAGE=en;X-OWN=1:a", rich, "LOCATION;ALTREP=\"CID:1@example.org\":desk"));
        assertTrue(lines("a.ics").contains(rich), () -> get("a.ics"));
        String id = task("a").path("id").asText();
        world.patch(ALICE, id, Json.object().put("priority", "urgent"));
        assertTrue(lines("a.ics").containsAll(List.of(rich, "SUMMARY;LANGUAGE=en;X-OWN=1:a")), () -> get("a.ics"));
        put(call(ALICE, "PUT", list, "a.ics", null, get("a.ics").replace("PRIORITY:1", "PRIORITY:2")));
        assertTrue(lines("a.ics").contains(rich), () -> get("a.ics"));
        world.patch(ALICE, id, Json.object().put("description", "other"));
        assertTrue(lines("a.ics").contains("DESCRIPTION:other"), () -> get("a.ics"));
        assertFalse(get("a.ics").contains("data:text"), "it would say something else");
        world.patch(ALICE, id, Json.object().put("description", "bold, plain"));
        assertTrue(lines("a.ics").contains(rich), "it says so again");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-OWN;X-P=\"a,b\",\"c;d\",e:1",
                "X-OWN;X-P=\"C:\\\\new\\n\":1",
                "X-OWN;X-P=\"say: ^'hi^'^n\":1",
                "DESCRIPTION;ALTREP=\"data:text/html,one\\ntwo\":one"
            })
    void whatStandsInQuotesStaysToTheLetter(String line) {
        put("a.ics", todo("SUMMARY:a", line));
        assertTrue(lines("a.ics").contains(line), () -> get("a.ics"));
        String tag = tag("a.ics");
        put(call(ALICE, "PUT", list, "a.ics", tag, get("a.ics")));
        assertEquals(tag, tag("a.ics"));
    }

    /** Evolution's end of a rule that counts. */
    @Test
    void whatAProgramSaysBesideARuleStaysWhileTheRuleDoes() {
        String rule = "RRULE;X-EVOLUTION-ENDDATE=20400103T080000Z:FREQ=DAILY;COUNT=3";
        put("s.ics", todo("SUMMARY:water", "DUE;TZID=Europe/Warsaw:20400101T090000", rule));
        assertTrue(lines("s.ics").contains(rule), () -> get("s.ics"));
        String id = task("water").path("id").asText();
        world.patch(ALICE, id, Json.object().put("title", "plants"));
        assertTrue(lines("s.ics").contains(rule), () -> get("s.ics"));
        world.complete(ALICE, id);
        assertFalse(get("s.ics").contains("RRULE"), () -> get("s.ics"));
        world.deliver();
        String next = world.theOpenOne().path("id").asText();
        assertTrue(lines(next + ".ics").contains("RRULE:FREQ=DAILY;COUNT=2"), () -> get(next + ".ics"));
        world.patch(ALICE, next, Json.object().putNull("recurrence"));
        assertFalse(get(next + ".ics").contains("RRULE"), () -> get(next + ".ics"));
        assertTrue(lines(next + ".ics").contains("DUE;TZID=Europe/Warsaw:20400102T090000"));
    }

    @Test
    void aCategoryThatIsNoTagAsItStandsIsOneAndIsGivenBackAsItWas() {
        String longOne = "x".repeat(51);
        String written = "CATEGORIES:home\\, garden,a\tb," + longOne;
        put("a.ics", todo("SUMMARY:a", written));
        assertEquals(Json.tree(List.of("home garden", "a b")), task("a").path("tags"));
        assertTrue(lines("a.ics").contains(written), () -> get("a.ics"));
        String id = task("a").path("id").asText();
        world.patch(ALICE, id, (ObjectNode) Json.object().set("tags", Json.tree(List.of("home garden", "new"))));
        String changed = "CATEGORIES:home\\, garden," + longOne + ",new";
        assertTrue(lines("a.ics").contains(changed), () -> get("a.ics"));
        String tag = tag("a.ics");
        put(call(ALICE, "PUT", list, "a.ics", tag, get("a.ics")));
        assertEquals(tag, tag("a.ics"));
        put("a.ics", todo("SUMMARY:a", "CATEGORIES:home\\, garden"));
        assertEquals(Json.tree(List.of("home garden")), task("a").path("tags"));
        world.patch(ALICE, id, (ObjectNode) Json.object().set("tags", Json.tree(List.of())));
        assertFalse(get("a.ics").contains("CATEGORIES"), () -> get("a.ics"));
    }

    /** It must begin before it is due (RFC 5545 section 3.8.2.3), in the same kind of value. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ";TZID=Europe/Warsaw:20400130T080000 | ;TZID=Europe/Warsaw:20400131T090000 | 2040-02-10T10:00:00 | ;TZID=Europe/Warsaw:20400209T090000",
                ";TZID=America/New_York:20400130T080000 | ;TZID=Europe/Warsaw:20400131T090000 | 2040-02-10T10:00:00 | ;TZID=America/New_York:20400209T090000",
                ":20400130T070000Z | ;TZID=Europe/Warsaw:20400131T090000 | 2040-02-10T09:00:00 | ;TZID=Europe/Warsaw:20400209T080000",
                ";TZID=Europe/Warsaw:20400130T080000 | ;TZID=Europe/Warsaw:20400131T090000 | 2040-02-10 | ;VALUE=DATE:20400209",
                ";VALUE=DATE:20400130 | ;VALUE=DATE:20400131 | 2040-02-10T09:00:00 | ;TZID=Europe/Warsaw:20400209T000000",
                ";VALUE=DATE:20400130 | ;TZID=Europe/Warsaw:20400131T090000 | 2040-02-10T09:00:00 | ;TZID=Europe/Warsaw:20400209T000000",
                ";TZID=Europe/Warsaw:20400130T080000 | | 2040-02-10T09:00:00 | ;TZID=Europe/Warsaw:20400130T080000",
                ";TZID=Europe/Warsaw:20400130T080000 | | 2040-01-10T09:00:00 |",
                ";TZID=Europe/Warsaw:20400131T080000 | ;TZID=Europe/Warsaw:20400131T090000 | 2040-02-10 |",
                ";TZID=Europe/Warsaw:20400130T080000 | ;TZID=Europe/Warsaw:20400131T090000 | 0001-01-01 |",
                ";TZID=Europe/Warsaw:20400131T090000 | ;TZID=Europe/Warsaw:20400131T090000 | 2040-02-10T09:00:00 | ;TZID=Europe/Warsaw:20400210T090000",
                ";TZID=Europe/Warsaw:20400130T080000 | ;TZID=Europe/Warsaw:20400131T090000 | | ;TZID=Europe/Warsaw:20400130T080000",
                ";TZID=Europe/Warsaw:20400131T090000 | ;TZID=Europe/Warsaw:20400131T090000 | |"
            })
    void whenATaskBeginsStaysOrMovesAlong(
            String start, @Nullable String due, @Nullable String moved, @Nullable String begins) {
        Stream<String> lines = Stream.of("SUMMARY:a", "DTSTART" + start, due == null ? "X-NOT:due" : "DUE" + due);
        put("a.ics", todo(lines.toArray(String[]::new)));
        world.patch(
                ALICE,
                task("a").path("id").asText(),
                Json.object().put("timeZone", "Europe/Warsaw").put("due", moved));
        String said = lines("a.ics").stream()
                .filter(line -> line.startsWith("DTSTART") && !line.matches("DTSTART:[12]\\d{7}T0[0-9]0000"))
                .findFirst()
                .orElse(null);
        assertEquals(begins == null ? null : "DTSTART" + begins, said, () -> get("a.ics"));
    }

    @Test
    void whatBeginsDaysBeforeGoesOnSo() {
        put(
                "s.ics",
                todo(
                        "SUMMARY:water",
                        "DTSTART;VALUE=DATE:20400101",
                        "DUE;VALUE=DATE:20400103",
                        "RRULE:FREQ=WEEKLY;COUNT=3"));
        assertEquals(List.of("2040-01-03"), comes(1));
        String next = get(world.theOpenOne().path("id").asText() + ".ics");
        assertTrue(next.contains("DTSTART;VALUE=DATE:20400108\r\n"), next);
        assertTrue(next.contains("DUE;VALUE=DATE:20400110\r\n"), next);
    }

    private static Set<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
    }

    /** RFC 5545 section 3.2.19: what is named must be described. */
    @Test
    void everyZoneThatIsNamedIsDescribed() {
        put(
                "a.ics",
                todo(
                        "SUMMARY:a",
                        "DTSTART;TZID=America/New_York:20400102T020000",
                        "DUE;TZID=Europe/Warsaw:20400102T090000",
                        "RRULE:FREQ=DAILY",
                        "EXDATE;TZID=Asia/Tokyo:20400103T160000",
                        "X-OWN;TZID=Etc/UTC:20400103T160000",
                        "X-MORE;TZID=Asia/Seoul:soon"));
        String text = get("a.ics");
        Set<String> zones = Set.of("America/New_York", "Europe/Warsaw", "Asia/Tokyo", "Asia/Seoul", "Etc/UTC");
        assertEquals(zones, found("TZID=([^:]*):", text), text);
        assertEquals(zones, found("TZID:([^\r]*)\r", text), text);
    }

    @Test
    void aZoneOfTheLastYearIsDescribedInYearsThatThereAre() {
        put("a.ics", todo("SUMMARY:a", "DUE;TZID=Europe/Warsaw:99991230T090000"));
        for (String text : List.of(get("a.ics"), world.feed(ALICE, list, false).replace("\r\n ", ""))) {
            assertTrue(text.contains("TZID:Europe/Warsaw"), text);
            found("\r\nRDATE:([^\r]*)", text)
                    .forEach(dates -> assertTrue(dates.matches("\\d{8}T\\d{6}(,\\d{8}T\\d{6})*"), dates));
        }
        String[] beyond = todo(
                "SUMMARY:b",
                "DTSTART;VALUE=DATE:20400101",
                "DUE;VALUE=DATE:20400102",
                "RRULE:FREQ=DAILY",
                "RDATE;VALUE=DATE:99991231");
        beyond[1] = "UID:u2";
        assertEquals("valid-calendar-data", condition(assertThrows(Rejection.class, () -> put("b.ics", beyond))));
    }

    /** RFC 5545 has its rule name days of UTC: 01:00 on a Monday there is Sunday in California. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FREQ=WEEKLY;BYDAY=MO | 2040-01-09T01:00:00Z",
                "FREQ=MONTHLY;BYMONTHDAY=2 | 2040-02-02T01:00:00Z",
                "FREQ=MONTHLY | 2040-02-02T01:00:00Z"
            })
    void aSeriesInUtcHasItsDaysThere(String rule, String next) {
        String made = world.create(
                        Json.object().put("list", list).put("title", "a").put("timeZone", "America/Los_Angeles"))
                .path("id")
                .asText();
        String body =
                get(made + ".ics").replace("END:VTODO", "DTSTART:20400102T010000Z\r\nRRULE:" + rule + "\r\nEND:VTODO");
        put(call(ALICE, "PUT", list, made + ".ics", null, body));
        assertEquals(
                "2040-01-02T01:00:00Z", world.get(ALICE, made).path("dueAt").asText());
        world.complete(ALICE, made);
        world.deliver();
        assertEquals(next, world.theOpenOne().path("dueAt").asText());
        String name = world.theOpenOne().path("id").asText() + ".ics";
        assertTrue(get(name).contains("\r\nRRULE:" + rule + "\r\n"), get(name));
        String tag = tag(name);
        put(call(ALICE, "PUT", list, name, null, get(name)));
        assertEquals(tag, tag(name), "put as it was read");
    }

    @Test
    void aNewSeriesInUtcIsInUtcForWhoeverIsElsewhere() {
        World west = new World(new TestLedger(new MemoryDapr(1), Clock.systemUTC(), ZoneId.of("America/Los_Angeles")));
        DavCall made = call(
                ALICE,
                "PUT",
                west.list("home"),
                "a.ics",
                null,
                calendar("-//x//EN", todo("SUMMARY:a", "DTSTART:20400102T010000Z", "RRULE:FREQ=WEEKLY;BYDAY=MO")));
        KeepTodo.Put put = KeepTodo.read(made, west.ledger.know(made.request()));
        west.ledger.change(KeepTodo.put(put, west.ledger.decide(KeepTodo.look(put)), put.wanted()));
        west.complete(ALICE, west.theOpenOne().path("id").asText());
        west.deliver();
        assertEquals("2040-01-09T01:00:00Z", west.theOpenOne().path("dueAt").asText());
    }

    /** The clocks of Warsaw have 02:30 twice on 28 October 2040. */
    @ParameterizedTest
    @ValueSource(strings = {"003000", "013000"})
    void aTimeInUtcIsThatTimeInAnHourThatComesTwiceToo(String time) {
        String made = world.create(
                        Json.object().put("list", list).put("title", "a").put("timeZone", "Europe/Warsaw"))
                .path("id")
                .asText();
        String due = "DUE:20401028T" + time + "Z";
        put(call(
                ALICE,
                "PUT",
                list,
                made + ".ics",
                null,
                get(made + ".ics").replace("END:VTODO", due + "\r\nEND:VTODO")));
        assertEquals(
                "2040-10-28T" + time.substring(0, 2) + ":30:00Z",
                world.get(ALICE, made).path("dueAt").asText());
        assertTrue(get(made + ".ics").contains("\r\n" + due + "\r\n"), get(made + ".ics"));
    }

    @Test
    void aDateStaysADateAndATimeWithoutAZoneIsTheUsers() {
        put("a.ics", todo("SUMMARY:a", "DUE;VALUE=DATE:20400101"));
        assertEquals("2040-01-01", task("a").path("due").asText());
        assertTrue(lines("a.ics").contains("DUE;VALUE=DATE:20400101"));
        put("a.ics", todo("SUMMARY:a", "DUE:20400101T080000"));
        assertEquals("2040-01-01T08:00:00", task("a").path("due").asText());
        assertTrue(lines("a.ics").contains("DUE:20400101T080000"), "as it was written");
        put("a.ics", todo("SUMMARY:a"));
        assertTrue(task("a").path("due").isNull());
        assertFalse(get("a.ics").contains("DUE"));
    }

    @Test
    void aZoneIsFoundByItsDescription() {
        put(call(
                ALICE,
                "PUT",
                list,
                "a.ics",
                null,
                calendar(
                        "-//x//EN",
                        Stream.of(
                                        Stream.of(
                                                "BEGIN:VTIMEZONE",
                                                "TZID:W. Europe Standard Time",
                                                "X-LIC-LOCATION:Europe/Berlin",
                                                "BEGIN:STANDARD",
                                                "DTSTART:19701025T030000",
                                                "TZOFFSETFROM:+0200",
                                                "TZOFFSETTO:+0100",
                                                "END:STANDARD",
                                                "END:VTIMEZONE"),
                                        Stream.of(
                                                todo("SUMMARY:a", "DUE;TZID=W. Europe Standard Time:20400101T080000")))
                                .flatMap(part -> part)
                                .toArray(String[]::new))));
        assertEquals("Europe/Berlin", task("a").path("timeZone").asText());
        assertTrue(lines("a.ics").contains("DUE;TZID=Europe/Berlin:20400101T080000"), get("a.ics"));
        assertEquals(
                "valid-calendar-data",
                condition(assertThrows(
                        Rejection.class, () -> put("b.ics", todo("SUMMARY:a", "DUE;TZID=Nowhere:20400101T080000")))));
    }

    /** Outlook, and servers of Microsoft's, name zones so, with no word of what the rest of the world calls them. */
    @ParameterizedTest
    @CsvSource({
        "W. Europe Standard Time, Europe/Berlin",
        "Pacific Standard Time, America/Los_Angeles",
        "UTC-11, Etc/GMT+11",
        "/softwarestudio.org/Tzfile/Europe/Warsaw, Europe/Warsaw",
        "EST, America/Panama",
        "HST, Pacific/Honolulu",
    })
    void aZoneIsFoundByAnotherName(String name, String zone) {
        put("a.ics", todo("SUMMARY:a", "DUE;TZID=" + name + ":20400101T080000"));
        assertEquals(zone, task("a").path("timeZone").asText());
        assertEquals("2040-01-01T08:00:00", task("a").path("due").asText());
        assertTrue(lines("a.ics").contains("DUE;TZID=" + zone + ":20400101T080000"), get("a.ics"));
    }

    /** Programs remind before a task begins, and it begins before it is due, or is not due at all. */
    @Test
    void anAlarmThatCountsFromTheBeginRings() {
        String[] both = {
            "SUMMARY:both",
            "DTSTART;TZID=Europe/Warsaw:20400101T080000",
            "DUE;TZID=Europe/Warsaw:20400102T093000",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "TRIGGER:-PT15M",
            "END:VALARM",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "TRIGGER;RELATED=START:PT25H30M",
            "END:VALARM"
        };
        put("b.ics", todo(both));
        assertEquals(Json.tree(List.of("-P1DT1H45M", "PT0S")), task("both").path("reminders"));
        assertTrue(
                lines("b.ics").containsAll(List.of("TRIGGER:-PT15M", "TRIGGER;RELATED=START:PT25H30M")), get("b.ics"));
        String id = task("both").path("id").asText();
        world.patch(ALICE, id, Json.object().put("due", "2040-01-03T09:30:00"));
        assertTrue(
                lines("b.ics").containsAll(List.of("TRIGGER:-PT15M", "DTSTART;TZID=Europe/Warsaw:20400102T080000")),
                "it begins later too, and is reminded of as before: " + get("b.ics"));
        String[] start = todo(
                "SUMMARY:start",
                "DTSTART;TZID=Europe/Warsaw:20400101T080000",
                "BEGIN:VALARM",
                "ACTION:DISPLAY",
                "TRIGGER:-PT15M",
                "END:VALARM");
        start[1] = "UID:u2";
        put("s.ics", start);
        assertTrue(task("start").path("due").isNull());
        assertEquals(Json.tree(List.of("2040-01-01T06:45:00Z")), task("start").path("reminders"));
        assertTrue(lines("s.ics").contains("TRIGGER:-PT15M"), get("s.ics"));
        String startId = task("start").path("id").asText();
        world.patch(ALICE, startId, Json.object().put("due", "2040-01-05T09:30:00"));
        assertTrue(
                lines("s.ics").containsAll(List.of("DTSTART;TZID=Europe/Warsaw:20400101T080000", "TRIGGER:-PT15M")),
                "it begins when it did, and is reminded of then: " + get("s.ics"));
        put(call(ALICE, "PUT", list, "s.ics", null, get("s.ics").replace("SUMMARY:start", "SUMMARY:begin")));
        assertEquals(Json.tree(List.of("2040-01-01T06:45:00Z")), task("begin").path("reminders"));
    }

    @Test
    void theAlarmThatApplesProgramsSetOfTheirOwnIsKeptAndDoesNotRing() {
        String[] alarm = {
            "BEGIN:VALARM",
            "ACTION:AUDIO",
            "TRIGGER;VALUE=DATE-TIME:19760401T005545Z",
            "X-APPLE-DEFAULT-ALARM:TRUE",
            "END:VALARM",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "TRIGGER;VALUE=DATE-TIME:20391231T180000Z",
            "END:VALARM"
        };
        put(
                "a.ics",
                todo(Stream.concat(Stream.of("SUMMARY:a", "DUE:20400101T120000Z"), Stream.of(alarm))
                        .toArray(String[]::new)));
        assertEquals(Json.tree(List.of("2039-12-31T18:00:00Z")), task("a").path("reminders"));
        assertTrue(lines("a.ics").contains("X-APPLE-DEFAULT-ALARM:TRUE"));
    }

    @Test
    @Tag("FR-003")
    void anAlarmThatComesAgainIsANagAndBothSidesMayTakeItAway() {
        String[] again = {
            "SUMMARY:a",
            "DUE:20400101T120000Z",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "TRIGGER;RELATED=END:-PT1H",
            "X-WR-ALARMUID:a",
            "END:VALARM",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "TRIGGER;RELATED=END:PT0S",
            "DURATION:PT15M",
            "REPEAT:4",
            "END:VALARM"
        };
        put("a.ics", todo(again));
        assertEquals("PT15M", task("a").path("nag").asText());
        assertTrue(lines("a.ics").containsAll(List.of("DURATION:PT15M", "REPEAT:4")), "as it was written");
        String id = task("a").path("id").asText();
        world.patch(ALICE, id, Json.object().put("nag", "PT1H"));
        Set<String> hourly = lines("a.ics");
        assertTrue(hourly.containsAll(List.of("DURATION:PT1H", "REPEAT:24", "X-WR-ALARMUID:a")), get("a.ics"));
        assertFalse(hourly.contains("REPEAT:4"));
        world.patch(ALICE, id, Json.object().putNull("nag"));
        assertFalse(get("a.ics").contains("REPEAT"), get("a.ics"));
        put("a.ics", todo(again));
        assertEquals("PT15M", task("a").path("nag").asText());
        put(
                "a.ics",
                todo(Stream.of(again).filter(line -> !line.startsWith("REPEAT")).toArray(String[]::new)));
        assertTrue(task("a").path("nag").isMissingNode(), () -> task("a").toString());
        assertEquals(2, task("a").path("reminders").size());
    }

    @Test
    void anAlarmThatComesAgainMoreOftenThanANagIsAReminderAndKeptAsItIs() {
        put(
                "a.ics",
                todo(
                        "SUMMARY:a",
                        "DUE:20400101T120000Z",
                        "BEGIN:VALARM",
                        "TRIGGER;RELATED=END:PT0S",
                        "DURATION:PT1M",
                        "REPEAT:3",
                        "END:VALARM"));
        assertTrue(task("a").path("nag").isMissingNode(), () -> task("a").toString());
        assertEquals(Json.tree(List.of("PT0S")), task("a").path("reminders"));
        assertTrue(lines("a.ics").containsAll(List.of("DURATION:PT1M", "REPEAT:3")), get("a.ics"));
    }

    // ---------------------------------------------------------------- Who is first, and who may

    @Test
    void aProgramThatKnowsAnotherVersionIsRefused() {
        put("a.ics", todo("SUMMARY:a"));
        String old = tag("a.ics");
        put("a.ics", todo("SUMMARY:b"));
        DavCall stale = call(ALICE, "PUT", list, "a.ics", old, calendar("-//x//EN", todo("SUMMARY:c")));
        assertEquals(
                Reason.STALE, assertThrows(Rejection.class, () -> put(stale)).reason());
        assertEquals(
                Reason.STALE,
                assertThrows(
                                Rejection.class,
                                () -> world.ledger.change(
                                        KeepTodo.delete(call(ALICE, "DELETE", list, "a.ics", old, ""))))
                        .reason());
        world.ledger.change(KeepTodo.delete(call(ALICE, "DELETE", list, "a.ics", tag("a.ics"), "")));
        assertEquals(
                Reason.NOT_FOUND,
                assertThrows(Rejection.class, () -> get("a.ics")).reason());
        assertTrue(put("a.ics", todo("SUMMARY:d")), "the name is free again");
        assertNotEquals(old, tag("a.ics"));
    }

    @Test
    void aUidIsInAListOnce() {
        put("a.ics", todo("SUMMARY:a"));
        assertEquals(
                "no-uid-conflict", condition(assertThrows(Rejection.class, () -> put("b.ics", todo("SUMMARY:b")))));
        String[] other = todo("SUMMARY:a");
        other[1] = "UID:u2";
        assertEquals("no-uid-conflict", condition(assertThrows(Rejection.class, () -> put("a.ics", other))));
    }

    @Test
    void aViewerReadsAndWhoIsNoMemberSeesNothing() {
        put("a.ics", todo("SUMMARY:a"));
        String body = calendar("-//x//EN", todo("SUMMARY:b"));
        DavCall bobs = call(BOB, "PUT", list, "a.ics", null, body);
        assertEquals(
                Reason.NOT_FOUND, assertThrows(Rejection.class, () -> put(bobs)).reason());
        world.share(list, BOB, "viewer");
        assertEquals(
                Reason.FORBIDDEN, assertThrows(Rejection.class, () -> put(bobs)).reason());
        assertEquals(
                200,
                world.ledger
                        .decide(FindDav.get(call(BOB, "GET", list, "a.ics", null, "")))
                        .status());
        world.share(list, BOB, "editor");
        assertFalse(put(bobs));
        assertThrows(
                Rejection.class,
                () -> new DavCall(
                        World.by(BOB, null),
                        "GET",
                        new DavPath(DavPath.Kind.LIST, ALICE, list, ""),
                        null,
                        null,
                        null,
                        ""));
    }

    @Test
    void inAnotherListItHasANameOfItsOwn() {
        put("a.ics", todo("SUMMARY:a", "X-OWN:kept"));
        String id = task("a").path("id").asText();
        String there = world.list("other");
        long seq = seq();
        world.patch(ALICE, id, Json.object().put("list", there));
        assertTrue(since(seq).contains("a.ics</D:href><D:status>HTTP/1.1 404"));
        String text = world.ledger
                .decide(FindDav.get(call(ALICE, "GET", there, id + ".ics", null, "")))
                .text();
        assertTrue(text.contains("UID:u1") && text.contains("X-OWN:kept"), text);
        world.patch(ALICE, id, Json.object().put("list", list));
        assertTrue(get(id + ".ics").contains("UID:u1"));
        assertThrows(Rejection.class, () -> get("a.ics"));
        assertTrue(
                multiget("/dav/calendars/alice/" + list + "/" + id + ".ics").contains("UID:u1"),
                "found where it was born");
    }

    /** A program puts what went elsewhere once more, and then it comes back. */
    @Test
    void aUidIsInAListOnceWhereverItsTaskComesFrom() {
        put("a.ics", titled("u1", "first"));
        String id = task("first").path("id").asText();
        String there = world.list("other");
        world.patch(ALICE, id, Json.object().put("list", there));
        DavCall another = call(ALICE, "PUT", there, "b.ics", null, calendar("-//x//EN", titled("u1", "another")));
        assertEquals("no-uid-conflict", condition(assertThrows(Rejection.class, () -> put(another))));
        put("a.ics", titled("u1", "second"));
        world.patch(ALICE, id, Json.object().put("list", list));
        assertTrue(lines("a.ics").containsAll(List.of("SUMMARY:second", "UID:u1")), () -> get("a.ics"));
        assertTrue(
                lines(id + ".ics").containsAll(List.of("SUMMARY:first", "UID:" + id + "@sandglass")),
                () -> get(id + ".ics"));
        assertEquals(Set.of("a.ics", id + ".ics"), hrefs(find("PROPFIND", "")).collect(Collectors.toSet()));
        assertTrue(put(another), "there it is free again");
    }

    // ---------------------------------------------------------------- What comes again, and how programs say that it
    // is done

    private static final String RULE = "RRULE:FREQ=DAILY";

    private static String[] water(String... more) {
        return todo(Stream.concat(
                        Stream.of(
                                "SUMMARY:water",
                                "DTSTART;TZID=Europe/Warsaw:20400101T090000",
                                "DUE;TZID=Europe/Warsaw:20400101T090000",
                                RULE),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    private void daily(String... more) {
        put("s.ics", water(more));
    }

    /** The first date is done and in its place, without a rule; the series goes on from the second. */
    private void assertDone(String next) {
        Set<String> done = lines("s.ics");
        assertTrue(done.contains("STATUS:COMPLETED"), done::toString);
        assertTrue(done.contains("DUE;TZID=Europe/Warsaw:20400101T090000"), done::toString);
        assertFalse(done.contains(RULE), "what is done does not come again");
        world.deliver();
        JsonNode open = world.theOpenOne();
        assertEquals(next, open.path("due").asText());
        assertEquals(2, open.path("occurrence").asInt());
        assertEquals(2, world.tasks().size());
        Set<String> goesOn = lines(open.path("id").asText() + ".ics");
        assertTrue(goesOn.contains(RULE), goesOn::toString);
        assertTrue(goesOn.contains("STATUS:NEEDS-ACTION") || goesOn.stream().noneMatch(it -> it.startsWith("STATUS")));
    }

    @Test
    void thunderbirdWritesADateThatIsDoneBesideTheTask() {
        daily("X-MOZ-GENERATION:1", "X-OWN:kept");
        put(call(
                ALICE,
                "PUT",
                list,
                "s.ics",
                tag("s.ics"),
                calendar(
                        "-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN",
                        Stream.of(
                                        todo(
                                                "SUMMARY:water",
                                                "DTSTART;TZID=Europe/Warsaw:20400101T090000",
                                                "DUE;TZID=Europe/Warsaw:20400101T090000",
                                                RULE,
                                                "X-OWN:kept",
                                                "X-MOZ-GENERATION:2"),
                                        todo(
                                                "SUMMARY:water",
                                                "RECURRENCE-ID;TZID=Europe/Warsaw:20400101T090000",
                                                "DTSTART;TZID=Europe/Warsaw:20400101T090000",
                                                "DUE;TZID=Europe/Warsaw:20400101T090000",
                                                "STATUS:COMPLETED",
                                                "COMPLETED:20300101T080000Z",
                                                "PERCENT-COMPLETE:100"))
                                .flatMap(Stream::of)
                                .toArray(String[]::new))));
        assertDone("2040-01-02T09:00:00");
        assertTrue(
                lines(world.theOpenOne().path("id").asText() + ".ics").contains("X-OWN:kept"), "the rest goes along");
    }

    @Test
    void tasksOrgMovesItToTheNextDate() {
        daily();
        put(
                "s.ics",
                todo(
                        "SUMMARY:water",
                        "DTSTART;TZID=Europe/Warsaw:20400102T090000",
                        "DUE;TZID=Europe/Warsaw:20400102T090000",
                        RULE));
        assertDone("2040-01-02T09:00:00");
    }

    @Test
    void tasksOrgCountsDown() {
        put("s.ics", todo("SUMMARY:water", "DUE;TZID=Europe/Warsaw:20400101T090000", "RRULE:FREQ=DAILY;COUNT=3"));
        put("s.ics", todo("SUMMARY:water", "DUE;TZID=Europe/Warsaw:20400102T090000", "RRULE:FREQ=DAILY;COUNT=2"));
        assertTrue(lines("s.ics").contains("STATUS:COMPLETED"), get("s.ics"));
        world.deliver();
        String next = world.theOpenOne().path("id").asText() + ".ics";
        assertTrue(lines(next).contains("RRULE:FREQ=DAILY;COUNT=2"), get(next));
    }

    @Test
    void othersCompleteTheTaskWithItsRule() {
        daily();
        daily("STATUS:COMPLETED", "COMPLETED:20300101T080000Z", "PERCENT-COMPLETE:100");
        assertTrue(lines("s.ics").contains("COMPLETED:20300101T080000Z"), "as they wrote it");
        assertDone("2040-01-02T09:00:00");
        daily("STATUS:COMPLETED", "COMPLETED:20300101T080000Z", "PERCENT-COMPLETE:100");
        assertDone("2040-01-02T09:00:00");
    }

    private static final String[] NEXT = {
        "BEGIN:VTODO",
        "UID:u2",
        "DTSTAMP:20300101T000000Z",
        "SUMMARY:water",
        "DTSTART;TZID=Europe/Warsaw:20400102T090000",
        "DUE;TZID=Europe/Warsaw:20400102T090000",
        RULE,
        "X-OWN:next",
        "END:VTODO"
    };

    private static final String[] DONE = {
        "BEGIN:VTODO",
        "UID:u3",
        "DTSTAMP:20300101T000000Z",
        "SUMMARY:water",
        "DTSTART;TZID=Europe/Warsaw:20400101T090000",
        "DUE;TZID=Europe/Warsaw:20400101T090000",
        "STATUS:COMPLETED",
        "END:VTODO"
    };

    /** Apple's Reminders, Evolution and others complete it, and make the next one themselves. */
    @ParameterizedTest
    @ValueSource(strings = {"at once", "when ours is there", "before", "without its rule", "before, without its rule"})
    void theNextOneThatAProgramMakesIsTheNextOne(String order) {
        daily();
        if (order.startsWith("before")) {
            put("n.ics", NEXT);
        }
        if (order.endsWith("without its rule")) {
            put("s.ics", todo("SUMMARY:water", "DUE;TZID=Europe/Warsaw:20400101T090000", "STATUS:COMPLETED"));
        } else {
            daily("STATUS:COMPLETED");
        }
        if (order.equals("when ours is there")) {
            world.deliver();
        }
        if (!order.startsWith("before")) {
            put("n.ics", NEXT);
        }
        world.deliver();
        assertOneSeries("2040-01-01", "2040-01-02");
        assertEquals("2040-01-02T09:00:00", world.theOpenOne().path("due").asText());
        assertEquals(2, world.tasks().size());
        assertTrue(lines("s.ics").contains("STATUS:COMPLETED"));
        Set<String> next = lines("n.ics");
        assertTrue(next.containsAll(List.of("UID:u2", "X-OWN:next", RULE)), next::toString);
    }

    /** The first is done and its history, and it goes on in the second. */
    private void assertOneSeries(String first, String second) {
        assertEquals(List.of(first + " 1"), due("completed"));
        assertEquals(List.of(second + " 2"), due("open"));
        JsonNode open = world.theOpenOne();
        world.tasks().forEach(task -> {
            assertEquals(open.path("series"), task.path("series"));
            assertEquals(open.path("recurrence"), task.path("recurrence"));
        });
        JsonNode history = world.series(ALICE, open.path("series").asText(), Instant.now());
        assertEquals(1, history.path("done").size(), history::toString);
        assertEquals(open.path("id"), history.path("open").path("id"));
    }

    @Test
    void theNextOneThatAProgramMadeIsASeriesOfItsOwnAgainAfterAnUndo() {
        daily();
        put("n.ics", NEXT);
        daily("STATUS:COMPLETED");
        world.undo(ALICE);
        assertEquals(List.of("2040-01-01 1", "2040-01-02 1"), due("open"));
        assertEquals(
                2,
                world.tasks()
                        .valueStream()
                        .map(task -> task.path("series"))
                        .distinct()
                        .count());
        daily("STATUS:COMPLETED");
        world.deliver();
        assertOneSeries("2040-01-01", "2040-01-02");
    }

    /** todoman takes the rule from what is done, and counts from its date, however late that is. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theNextOneOfWhatIsDoneLateMayBeLateToo(boolean first) {
        String rule = "RRULE:FREQ=DAILY";
        put("s.ics", todo("SUMMARY:water", "DUE;TZID=Europe/Warsaw:20250101T090000", rule));
        String[] next = todo("SUMMARY:water", "DUE;TZID=Europe/Warsaw:20250102T090000", rule);
        next[1] = "UID:u2";
        if (first) {
            put("n.ics", next);
        }
        put("s.ics", todo("SUMMARY:water", "DUE;TZID=Europe/Warsaw:20250101T090000", "STATUS:COMPLETED"));
        if (!first) {
            world.deliver();
            put("n.ics", next);
        }
        world.deliver();
        assertOneSeries("2025-01-01", "2025-01-02");
        assertTrue(lines("n.ics").containsAll(List.of("UID:u2", rule)), () -> get("n.ics"));
    }

    @Test
    void aSeriesThatIsDoneWithoutItsRuleGoesOnWhereNobodyMakesTheNextOne() {
        daily("EXDATE;TZID=Europe/Warsaw:20400102T090000");
        put("s.ics", todo("SUMMARY:water", "DUE;TZID=Europe/Warsaw:20400101T090000", "STATUS:COMPLETED"));
        world.deliver();
        assertOneSeries("2040-01-01", "2040-01-03");
    }

    /** A list that is looked through is written meanwhile, too: what the next one is, is known when it is written. */
    @ParameterizedTest
    @ValueSource(strings = {"ours comes", "it is done", "it is done, and ours comes", "the next one is made"})
    void theNextOneIsOneWhateverIsWrittenMeanwhile(String meanwhile) {
        daily();
        DavCall next = call(ALICE, "PUT", list, "n.ics", null, calendar("-//x//EN", NEXT));
        switch (meanwhile) {
            case "ours comes" -> {
                daily("STATUS:COMPLETED");
                put(next, world::deliver);
            }
            case "it is done" -> put(next, () -> daily("STATUS:COMPLETED"));
            case "it is done, and ours comes" ->
                put(next, () -> {
                    daily("STATUS:COMPLETED");
                    world.deliver();
                });
            default ->
                put(
                        call(ALICE, "PUT", list, "s.ics", null, calendar("-//x//EN", water("STATUS:COMPLETED"))),
                        () -> put("n.ics", NEXT));
        }
        world.deliver();
        assertEquals("2040-01-02T09:00:00", world.theOpenOne().path("due").asText());
        assertEquals(2, world.tasks().size());
        assertTrue(lines("s.ics").contains("STATUS:COMPLETED"));
        assertTrue(lines("n.ics").containsAll(List.of("UID:u2", RULE)), () -> get("n.ics"));
    }

    /** It comes when the list was looked through, is taken away again, and is none then. */
    @Test
    void aNextOneThatWasTakenAwayMeanwhileIsNotTakenOver() {
        daily();
        daily("STATUS:COMPLETED");
        put(
                call(ALICE, "PUT", list, "n.ics", null, calendar("-//x//EN", NEXT)),
                () -> world.reopen(ALICE, task("water").path("id").asText()));
        assertEquals(List.of("2040-01-01 1", "2040-01-02 1"), due("open"));
        world.deliver();
        assertEquals(2, world.tasks().size());
    }

    @Test
    void aLongHistoryHidesNoNextOne() {
        for (int i = 0; i <= 100; i++) {
            String[] done = todo("SUMMARY:water", "STATUS:COMPLETED");
            done[1] = "UID:done" + i;
            put("done" + i + ".ics", done);
        }
        daily();
        daily("STATUS:COMPLETED");
        world.deliver();
        put("n.ics", NEXT);
        assertEquals(2, world.theOpenOne().path("occurrence").asInt());
    }

    /** A program that knows its user's clock in UTC alone means the same time. */
    @Test
    void theNextOneIsKnownByItsTimeInWhateverZone() {
        daily();
        daily("STATUS:COMPLETED");
        String[] next = NEXT.clone();
        next[4] = "DTSTART:20400102T080000Z";
        next[5] = "DUE:20400102T080000Z";
        put("n.ics", next);
        world.deliver();
        assertEquals(2, world.theOpenOne().path("occurrence").asInt());
        assertEquals(2, world.tasks().size());
    }

    /** python's caldav makes a copy that is done, and moves the task to its next date. */
    @Test
    void theOneThatIsDoneMayBeACopy() {
        daily();
        put("d.ics", DONE);
        put("s.ics", todo(NEXT[3], NEXT[4], NEXT[5], RULE));
        assertOneSeries("2040-01-01", "2040-01-02");
        assertTrue(lines("s.ics").contains(RULE));
        assertTrue(lines("d.ics").containsAll(List.of("UID:u3", "STATUS:COMPLETED")), () -> get("d.ics"));
        assertFalse(get("d.ics").contains("RRULE"), () -> get("d.ics"));
        String tag = tag("s.ics");
        put(call(ALICE, "PUT", list, "s.ics", tag, get("s.ics")));
        assertEquals(tag, tag("s.ics"));
        world.complete(ALICE, world.theOpenOne().path("id").asText());
        world.deliver();
        assertEquals(List.of("2040-01-03 3"), due("open"));
    }

    /** It counts from the completion, which may be before the date that is done. */
    @Test
    void aTaskWhoseCopyIsDoneGoesOnWhereItsProgramHasIt() {
        daily();
        put("d.ics", DONE);
        put("s.ics", todo("SUMMARY:water", "DUE;TZID=Europe/Warsaw:20391215T101500", RULE));
        assertOneSeries("2040-01-01", "2039-12-15");
    }

    @Test
    void aDayThatIsMovedElsewhereIsMoved() {
        daily();
        put(
                "s.ics",
                todo(
                        "SUMMARY:water",
                        "DTSTART;TZID=Europe/Warsaw:20400101T100000",
                        "DUE;TZID=Europe/Warsaw:20400101T100000",
                        RULE));
        JsonNode task = world.theOpenOne();
        assertEquals("2040-01-01T10:00:00", task.path("due").asText());
        assertEquals(1, world.tasks().size());
        assertTrue(lines("s.ics").contains(RULE), "the rule goes on from there");
    }

    @Test
    void thunderbirdMovesItForOtherReasons() {
        daily();
        series("20400102", "");
        assertEquals("2040-01-02T09:00:00", world.theOpenOne().path("due").asText());
        assertEquals(1, world.tasks().size());
    }

    @Test
    void oneDateThatIsOtherwiseIsThisOneAndLeftOutItIsSkipped() {
        daily();
        put(
                "s.ics",
                Stream.of(
                                todo(
                                        "SUMMARY:water",
                                        "DTSTART;TZID=Europe/Warsaw:20400101T090000",
                                        "DUE;TZID=Europe/Warsaw:20400101T090000",
                                        RULE),
                                todo(
                                        "SUMMARY:water twice",
                                        "RECURRENCE-ID;TZID=Europe/Warsaw:20400101T090000",
                                        "DUE;TZID=Europe/Warsaw:20400101T180000"))
                        .flatMap(Stream::of)
                        .toArray(String[]::new));
        assertEquals("2040-01-01T18:00:00", world.theOpenOne().path("due").asText());
        world.complete(ALICE, task("water twice").path("id").asText());
        world.deliver();
        JsonNode next = world.theOpenOne();
        assertEquals("2040-01-02T09:00:00", next.path("due").asText(), "the series has its dates");
        String name = next.path("id").asText() + ".ics";
        put(call(
                ALICE,
                "PUT",
                list,
                name,
                null,
                get(name).replace(RULE, RULE + "\r\nEXDATE;TZID=Europe/Warsaw:20400102T090000")));
        assertEquals("2040-01-03T09:00:00", world.theOpenOne().path("due").asText());
    }

    /** They say to which beginning it has gone on: it is due as much later as before. */
    @ParameterizedTest
    @CsvSource({
        "090000, ;TZID=Europe/Warsaw:20400101T090000, :20400102T080000Z",
        "070000, ;TZID=Europe/Warsaw:20400101T070000, ;TZID=Europe/Warsaw:20400102T070000",
    })
    void kdesProgramsSayBesideWhereTheSeriesIs(String start, String first, String next) {
        String[] series = {
            "SUMMARY:water",
            "DTSTART;TZID=Europe/Warsaw:20400101T" + start,
            "DUE;TZID=Europe/Warsaw:20400101T090000",
            RULE,
            "X-KDE-LIBKCAL-DTRECURRENCE" + first
        };
        put("s.ics", todo(series));
        assertEquals(List.of("2040-01-01 1"), due("open"));
        series[4] = "X-KDE-LIBKCAL-DTRECURRENCE" + next;
        put("s.ics", todo(series));
        assertEquals(List.of("2040-01-01 1"), due("completed"));
        world.deliver();
        assertEquals(List.of("2040-01-02 2"), due("open"));
        assertEquals("2040-01-02T09:00:00", world.theOpenOne().path("due").asText());
        assertFalse(get(world.theOpenOne().path("id").asText() + ".ics").contains("X-KDE"));
    }

    /** Completes what is open, and again, and so on. */
    private List<String> comes(int times) {
        return IntStream.range(0, times)
                .mapToObj(i -> {
                    JsonNode open = world.theOpenOne();
                    world.complete(ALICE, open.path("id").asText());
                    world.deliver();
                    return open.path("due").asText().substring(0, 10);
                })
                .toList();
    }

    /** Comes on these days, and no more. */
    private void ends(String... days) {
        assertEquals(List.of(days), comes(days.length));
        assertEquals(List.of(), due("open"));
    }

    @Test
    void datesToComeMayBeLeftOut() {
        daily();
        series("20400101", "\r\nEXDATE;TZID=Europe/Warsaw:20400102T090000,20400104T090000");
        String there = "EXDATE;TZID=Europe/Warsaw:20400102T090000,20400104T090000";
        assertTrue(lines("s.ics").contains(there), get("s.ics"));
        String tag = tag("s.ics");
        put(call(ALICE, "PUT", list, "s.ics", null, get("s.ics")));
        assertEquals(tag, tag("s.ics"), "put as it was read");
        assertEquals(
                "[\"2040-01-03T09:00:00\",\"2040-01-05T09:00:00\"]",
                Json.array().add(next(0)).add(next(1)).toString());
        assertEquals(List.of("2040-01-01", "2040-01-03"), comes(2));
        assertEquals("2040-01-05T09:00:00", world.theOpenOne().path("due").asText());
    }

    private String next(int which) {
        JsonNode open = world.theOpenOne();
        return world.series(ALICE, open.path("series").asText(), Instant.parse("2039-12-01T00:00:00Z"))
                .path("next")
                .path(which)
                .asText();
    }

    @Test
    void whatIsLeftOutIsToldWithTheNextDateAtItsTime() {
        series("20400101", "\r\nEXDATE;TZID=Europe/Warsaw:20400102T090000,20400105T090000");
        assertEquals(List.of("2040-01-01"), comes(1));
        JsonNode open = world.theOpenOne();
        String name = open.path("id").asText() + ".ics";
        assertTrue(get(name).contains("\r\nEXDATE;TZID=Europe/Warsaw:20400105T090000\r\n"), get(name));
        world.patch(ALICE, open.path("id").asText(), Json.object().put("due", "2040-01-04T09:00:00"));
        assertFalse(get(name).contains("EXDATE"), "a date that was moved is a single one");
        String[] renamed = get(name).replace("SUMMARY:water", "SUMMARY:plants").split("\r\n");
        put(call(ALICE, "PUT", list, name, null, String.join("\r\n", renamed)));
        assertEquals(List.of("2040-01-04"), comes(1));
        assertEquals("2040-01-04T09:00:00", world.theOpenOne().path("due").asText());
        assertEquals(List.of("2040-01-04"), comes(1));
        assertEquals(
                "2040-01-06T09:00:00",
                world.theOpenOne().path("due").asText(),
                "who saw no rule has not said that the 5th comes after all");
    }

    @Test
    void datesMayBeAddedToARule() {
        put(
                "s.ics",
                todo(
                        "SUMMARY:water",
                        "DTSTART;TZID=Europe/Warsaw:20400102T090000",
                        "DUE;TZID=Europe/Warsaw:20400102T090000",
                        "RRULE:FREQ=WEEKLY;COUNT=3",
                        "RDATE;TZID=Europe/Warsaw:20400104T090000,20400120T090000"));
        assertTrue(lines("s.ics").contains("RDATE;TZID=Europe/Warsaw:20400104T090000,20400120T090000"), get("s.ics"));
        assertEquals(List.of("2040-01-02"), comes(1));
        String added = world.theOpenOne().path("id").asText() + ".ics";
        assertFalse(get(added).contains("RRULE"), "other programs would have the rule begin on Wednesday");
        assertEquals(List.of("2040-01-04"), comes(1));
        String monday = get(world.theOpenOne().path("id").asText() + ".ics");
        assertTrue(monday.contains("\r\nRRULE:FREQ=WEEKLY;COUNT=2\r\n"), monday);
        assertTrue(monday.contains("\r\nRDATE;TZID=Europe/Warsaw:20400120T090000\r\n"), monday);
        ends("2040-01-09", "2040-01-16", "2040-01-20");
    }

    @Test
    void aPrivateLinkTellsThemAsItTellsWhenItIsDue() {
        put(
                "s.ics",
                todo(
                        "SUMMARY:water",
                        "DTSTART;TZID=Europe/Warsaw:20400102T080000",
                        "DUE;TZID=Europe/Warsaw:20400102T090000",
                        "RRULE:FREQ=WEEKLY",
                        "EXDATE;TZID=Europe/Warsaw:20400109T080000",
                        "RDATE;TZID=Europe/Warsaw:20400111T080000"));
        String text = world.feed(ALICE, list, true);
        assertTrue(text.contains("\r\nDTSTART;TZID=Europe/Warsaw:20400102T090000\r\n"), text);
        assertTrue(text.contains("\r\nEXDATE;TZID=Europe/Warsaw:20400109T090000\r\n"), text);
        assertTrue(text.contains("\r\nRDATE;TZID=Europe/Warsaw:20400111T090000\r\n"), text);
    }

    @Test
    void datesAloneAreASeriesToo() {
        put("s.ics", todo("SUMMARY:vaccination", "DUE;VALUE=DATE:20400102", "RDATE;VALUE=DATE:20400301,20420301"));
        ends("2040-01-02", "2040-03-01", "2042-03-01");
    }

    @Test
    void aRuleOfDatesToLeaveOutBecomesThese() {
        put(
                "s.ics",
                todo(
                        "SUMMARY:water",
                        "DTSTART;VALUE=DATE:20400102",
                        "DUE;VALUE=DATE:20400102",
                        "RRULE:FREQ=DAILY;COUNT=8",
                        "EXRULE:FREQ=DAILY;COUNT=4;INTERVAL=2",
                        "EXDATE;VALUE=DATE:20400105"));
        assertEquals("2040-01-03", world.theOpenOne().path("due").asText(), "the first is left out, too");
        assertFalse(get("s.ics").contains("EXRULE"), get("s.ics"));
        ends("2040-01-03", "2040-01-07", "2040-01-09");
    }

    @Test
    void aDateThatIsLeftOutIsNotFound() {
        daily();
        series("20400101", "\r\nEXDATE;TZID=Europe/Warsaw:20400601T090000");
        String range =
                "<C:comp-filter name='VTODO'><C:time-range start='20400601T000000Z' end='20400602T000000Z'/></C:comp-filter>";
        assertEquals(0, count(query(range)));
        series("20400101", "");
        assertEquals(1, count(query(range)));
    }

    /** Tasks of programs that ask for a beginning have one before DUE: single dates are named by it (RFC 5545 section 3.8.4.4). */
    @Test
    void aDateIsNamedByWhenItBegins() {
        String[] master = todo(
                "SUMMARY:water",
                "DTSTART;TZID=Europe/Warsaw:20400101T080000",
                "DUE;TZID=Europe/Warsaw:20400101T090000",
                RULE,
                "EXDATE;TZID=Europe/Warsaw:20400102T080000");
        put("s.ics", master);
        put(
                "s.ics",
                Stream.of(
                                master,
                                todo(
                                        "SUMMARY:water",
                                        "RECURRENCE-ID;TZID=Europe/Warsaw:20400101T080000",
                                        "DTSTART;TZID=Europe/Warsaw:20400101T080000",
                                        "DUE;TZID=Europe/Warsaw:20400101T090000",
                                        "STATUS:COMPLETED"))
                        .flatMap(Stream::of)
                        .toArray(String[]::new));
        assertEquals(List.of("2040-01-01 1"), due("completed"));
        world.deliver();
        JsonNode open = world.theOpenOne();
        assertEquals("2040-01-03T09:00:00", open.path("due").asText());
        String next = get(open.path("id").asText() + ".ics");
        assertTrue(next.contains("\r\nDTSTART;TZID=Europe/Warsaw:20400103T080000\r\n"), next);
    }

    /** A date of the series, as Thunderbird writes it beside the task. */
    private static String[] date(String day, String... more) {
        return todo(Stream.concat(
                        Stream.of("SUMMARY:water", "RECURRENCE-ID;TZID=Europe/Warsaw:" + day + "T090000"),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    private static String[] done(String day) {
        return date(day, "DUE;TZID=Europe/Warsaw:" + day + "T090000", "STATUS:COMPLETED", "COMPLETED:20300101T080000Z");
    }

    /** Thunderbird puts the whole series. */
    private void series(String first, String more, String[]... dates) {
        String[] master = todo(
                "SUMMARY:water",
                "DTSTART;TZID=Europe/Warsaw:" + first + "T090000",
                "DUE;TZID=Europe/Warsaw:" + first + "T090000",
                RULE + more);
        put(call(
                ALICE,
                "PUT",
                list,
                "s.ics",
                null,
                calendar(
                        "-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN",
                        Stream.concat(Stream.<String[]>of(master), Stream.of(dates))
                                .flatMap(Stream::of)
                                .toArray(String[]::new))));
    }

    private List<String> due(String status) {
        return world.tasks()
                .valueStream()
                .filter(task -> task.path("status").asText().equals(status))
                .map(task -> task.path("due").asText().substring(0, 10) + " "
                        + task.path("occurrence").asText())
                .sorted()
                .toList();
    }

    @Test
    void datesThatWereDoneOfflineAreDoneInTheirOrder() {
        daily("X-OWN:kept");
        long seq = seq();
        series("20400101", "", done("20400102"), done("20400101"), done("20400103"));
        assertEquals(List.of("2040-01-01 1", "2040-01-02 2", "2040-01-03 3"), due("completed"));
        assertTrue(lines("s.ics").contains("DUE;TZID=Europe/Warsaw:20400101T090000"), get("s.ics"));
        world.deliver();
        assertEquals(List.of("2040-01-04 4"), due("open"));
        long now = seq();
        assertEquals(6, now - seq, "three are done, and each has one after it");
        series("20400101", "", done("20400101"), done("20400102"), done("20400103"));
        assertEquals(now, seq(), "what is done is done");
        assertEquals(List.of("2040-01-04 4"), due("open"));
    }

    /** It had no network for days: what it did on its day is not passed over for being late. */
    @Test
    void datesThatAreOverByNowAreHistoryToo() {
        series("20250101", "");
        series("20250101", "", done("20250101"), done("20250102"), done("20250105"));
        assertEquals(List.of("2025-01-01 1", "2025-01-02 2", "2025-01-05 3"), due("completed"));
        world.deliver();
        String open = world.theOpenOne().path("due").asText();
        assertTrue(open.compareTo("2026") > 0, open);
    }

    @Test
    void aRuleThatEndedMeanwhileIsDoneToItsEnd() {
        series("20250101", ";UNTIL=20250103T220000Z");
        series("20250101", ";UNTIL=20250103T220000Z", done("20250101"), done("20250102"), done("20250103"));
        assertEquals(List.of("2025-01-01 1", "2025-01-02 2", "2025-01-03 3"), due("completed"));
        world.deliver();
        assertEquals(List.of(), due("open"));
    }

    @Test
    void aNewSeriesMayHaveDatesThatAreDoneLeftOutOrOtherwise() {
        series(
                "20400101",
                "\r\nEXDATE;TZID=Europe/Warsaw:20400102T090000",
                done("20400101"),
                date("20400103", "DUE;TZID=Europe/Warsaw:20400103T180000", "PRIORITY:1"));
        assertEquals(List.of("2040-01-01 1"), due("completed"));
        JsonNode open = world.theOpenOne();
        assertEquals("2040-01-03T18:00:00", open.path("due").asText());
        assertEquals("urgent", open.path("priority").asText());
        world.complete(ALICE, open.path("id").asText());
        world.deliver();
        assertEquals("2040-01-04T09:00:00", world.theOpenOne().path("due").asText());
    }

    @Test
    void noDateIsDoneBeforeTheOneThatComesFirst() {
        daily();
        long seq = seq();
        for (String[][] dates : List.of(
                new String[][] {done("20400102")},
                new String[][] {done("20400101"), done("20400103")},
                new String[][] {done("20400101"), done("20400104"), done("20400105")},
                new String[][] {date("20400101", "DUE;TZID=Europe/Warsaw:20400101T180000"), done("20400102")})) {
            Rejection refused = assertThrows(Rejection.class, () -> series("20400101", "", dates));
            assertEquals("valid-calendar-object-resource", condition(refused));
        }
        Rejection many = assertThrows(
                Rejection.class,
                () -> series(
                        "20400101",
                        "",
                        IntStream.range(0, 101)
                                .mapToObj(i -> done(LocalDate.of(2040, 1, 1)
                                        .plusDays(i)
                                        .toString()
                                        .replace("-", "")))
                                .toArray(String[][]::new)));
        assertEquals("valid-calendar-object-resource", condition(many));
        assertEquals(seq, seq());
    }

    @Test
    void aDateThatIsDoneSaysAllThatAProgramSaysOfItAndTheSeriesGoesOnWithout() {
        daily("X-OWN:kept", "CATEGORIES:all");
        String[] date = date(
                "20400101",
                "DESCRIPTION:only this",
                "LOCATION:there",
                "PRIORITY:1",
                "CATEGORIES:one",
                "X-OVR:yes",
                "DTSTART;TZID=Europe/Warsaw:20400101T090000",
                "DUE;TZID=Europe/Warsaw:20400101T090000",
                "STATUS:COMPLETED",
                "COMPLETED:20391231T100000Z");
        date[3] = "SUMMARY:water all";
        String more = "\r\nX-OWN:kept\r\nCATEGORIES:all";
        series("20400101", more, date);
        Set<String> expected = new TreeSet<>(List.of(date));
        expected.removeIf(line -> line.startsWith("RECURRENCE-ID") || line.startsWith("DTSTAMP"));
        expected.removeAll(lines("s.ics"));
        assertEquals(Set.of(), expected, () -> get("s.ics"));
        assertFalse(get("s.ics").contains("RRULE"), () -> get("s.ics"));
        JsonNode done = task("water all");
        assertEquals("only this", done.path("description").asText());
        assertEquals("urgent", done.path("priority").asText());
        assertEquals(Json.tree(List.of("one")), done.path("tags"));
        assertEquals("completed", done.path("status").asText());
        long seq = seq();
        series("20400101", more, date);
        assertEquals(seq, seq(), "put once more it is the same");
        world.deliver();
        JsonNode next = world.theOpenOne();
        assertEquals("water", next.path("title").asText());
        assertEquals("2040-01-02T09:00:00", next.path("due").asText());
        assertEquals(Json.tree(List.of("all")), next.path("tags"));
        String name = next.path("id").asText() + ".ics";
        assertTrue(lines(name).contains("X-OWN:kept"), () -> get(name));
        assertFalse(get(name).contains("X-OVR") || get(name).contains("LOCATION"), () -> get(name));
        world.undo(ALICE);
        assertTrue(lines("s.ics").containsAll(List.of(RULE, "SUMMARY:water", "X-OWN:kept")), () -> get("s.ics"));
        assertFalse(get("s.ics").contains("X-OVR"), () -> get("s.ics"));
    }

    @Test
    void whatIsOnlyInOneDateThatIsStillToBeDoneIsKept() {
        daily("X-OWN:kept");
        series(
                "20400101",
                "\r\nX-OWN:kept",
                date("20400101", "LOCATION:there", "X-OVR:yes", "DUE;TZID=Europe/Warsaw:20400101T180000"));
        assertTrue(
                lines("s.ics").containsAll(List.of("LOCATION:there", "X-OVR:yes", "X-OWN:kept")), () -> get("s.ics"));
        world.complete(ALICE, world.theOpenOne().path("id").asText());
        world.deliver();
        String next = get(world.theOpenOne().path("id").asText() + ".ics");
        assertTrue(next.contains("\r\nDTSTART;TZID=Europe/Warsaw:20400102T090000\r\n"), next);
        assertTrue(next.contains("\r\nX-OWN:kept\r\n"), next);
    }

    @Test
    void eachDateThatWasDoneOfflineKeepsWhenThatWas() {
        daily();
        series(
                "20400101",
                "",
                IntStream.rangeClosed(1, 3)
                        .mapToObj(day -> date(
                                "2040010" + day,
                                "DESCRIPTION:day " + day,
                                "STATUS:COMPLETED",
                                "COMPLETED:2040010" + day + "T200000Z"))
                        .toArray(String[][]::new));
        assertEquals(List.of("2040-01-01 1", "2040-01-02 2", "2040-01-03 3"), due("completed"));
        for (JsonNode task : world.tasks()) {
            String day = task.path("due").asText().substring(0, 10);
            String name = day.equals("2040-01-01") ? "s.ics" : task.path("id").asText() + ".ics";
            assertTrue(get(name).contains("\r\nCOMPLETED:" + day.replace("-", "") + "T200000Z\r\n"), () -> get(name));
            assertEquals(
                    "day " + task.path("occurrence").asText(),
                    task.path("description").asText());
        }
    }

    @Test
    void datesDoneInOneGoAreOpenAgainAfterAnUndo() {
        daily();
        series("20400101", "", done("20400101"), done("20400102"));
        world.deliver();
        world.undo(ALICE);
        assertEquals(List.of("2040-01-01 1"), due("open"));
        assertEquals(List.of(), due("completed"));
        assertTrue(lines("s.ics").contains(RULE), get("s.ics"));
    }

    /** It keeps the last day of a month where RFC 5545 has another, or none. */
    @ParameterizedTest
    @CsvSource({
        "20400430, 20400531, FREQ=MONTHLY",
        "20400131, 20400229, FREQ=MONTHLY",
        "20400131, 20400430, FREQ=MONTHLY;INTERVAL=3",
        "20400229, 20400331, FREQ=MONTHLY;COUNT=5"
    })
    void tasksOrgMovesTheLastDayOfAMonthToThatOfAnother(String from, String to, String rule) {
        put("s.ics", todo("SUMMARY:water", "DUE;VALUE=DATE:" + from, "RRULE:" + rule));
        String next = rule.replace("COUNT=5", "COUNT=4");
        put("s.ics", todo("SUMMARY:water", "DUE;VALUE=DATE:" + to, "RRULE:" + next));
        world.deliver();
        assertOneSeries(dashed(from), dashed(to), next);
    }

    private void assertOneSeries(String first, String second, String rule) {
        assertEquals(List.of(first + " 1"), due("completed"));
        assertEquals(List.of(second + " 2"), due("open"));
        String name = world.theOpenOne().path("id").asText() + ".ics";
        assertTrue(lines(name).contains("RRULE:" + rule), () -> get(name));
        assertEquals(world.tasks().get(0).path("series"), world.tasks().get(1).path("series"));
    }

    private static String dashed(String date) {
        return date.substring(0, 4) + "-" + date.substring(4, 6) + "-" + date.substring(6);
    }

    /** It counts from the completion where its user wants that, and is not late as long as the day lasts. */
    @ParameterizedTest
    @CsvSource({"FREQ=WEEKLY, 7", "FREQ=WEEKLY;INTERVAL=2, 14", "FREQ=DAILY;INTERVAL=3, 3"})
    void tasksOrgMovesWhatIsLateByTheRuleFromToday(String rule, int days) {
        LocalDate today = LocalDate.now(ZoneId.of("Europe/Warsaw"));
        LocalDate late = today.minusDays(4);
        LocalDate next = today.plusDays(days);
        String due = "DUE;TZID=Europe/Warsaw:";
        put("s.ics", todo("SUMMARY:water", due + plain(late) + "T090000", "RRULE:" + rule));
        put("s.ics", todo("SUMMARY:water", due + plain(next) + "T090000", "RRULE:" + rule));
        world.deliver();
        assertOneSeries(late.toString(), next.toString(), rule);
        String name = world.theOpenOne().path("id").asText() + ".ics";
        put(call(ALICE, "PUT", list, name, null, get(name).replace(due + plain(next), due + plain(next.plusDays(1)))));
        assertEquals(List.of(next.plusDays(1) + " 2"), due("open"), "another day is another day");
    }

    private static String plain(LocalDate date) {
        return date.toString().replace("-", "");
    }

    @ParameterizedTest
    @CsvSource({
        "20400430, 20400601, FREQ=MONTHLY",
        "20400430, 20400531, FREQ=MONTHLY;INTERVAL=2",
        "20400430, 20400531, FREQ=YEARLY",
        "20400429, 20400531, FREQ=MONTHLY",
        "20400531, 20400430, FREQ=MONTHLY"
    })
    void aDayThatNoProgramGoesOnToIsAMove(String from, String to, String rule) {
        put("s.ics", todo("SUMMARY:water", "DUE;VALUE=DATE:" + from, "RRULE:" + rule));
        put("s.ics", todo("SUMMARY:water", "DUE;VALUE=DATE:" + to, "RRULE:" + rule));
        assertEquals(List.of(dashed(to) + " 1"), due("open"));
        assertEquals(List.of(), due("completed"));
    }

    /** It was done three times where there was no network. */
    @Test
    void tasksOrgMovesItByAllThatIsDone() {
        put("s.ics", todo("SUMMARY:water", "DUE;TZID=Europe/Warsaw:20400101T090000", "RRULE:FREQ=DAILY;COUNT=9"));
        put("s.ics", todo("SUMMARY:water", "DUE;TZID=Europe/Warsaw:20400104T090000", "RRULE:FREQ=DAILY;COUNT=6"));
        assertEquals(List.of("2040-01-01 1", "2040-01-02 2", "2040-01-03 3"), due("completed"));
        world.deliver();
        assertEquals(List.of("2040-01-04 4"), due("open"));
        String next = world.theOpenOne().path("id").asText() + ".ics";
        assertTrue(lines(next).contains("RRULE:FREQ=DAILY;COUNT=6"), get(next));
    }

    @Test
    void aDateToComeIsNoTaskYet() {
        daily();
        Rejection refused = assertThrows(
                Rejection.class,
                () -> put(
                        "s.ics",
                        Stream.of(
                                        todo(
                                                "SUMMARY:water",
                                                "DTSTART;TZID=Europe/Warsaw:20400101T090000",
                                                "DUE;TZID=Europe/Warsaw:20400101T090000",
                                                RULE),
                                        todo(
                                                "SUMMARY:water",
                                                "RECURRENCE-ID;TZID=Europe/Warsaw:20400105T090000",
                                                "STATUS:COMPLETED"))
                                .flatMap(Stream::of)
                                .toArray(String[]::new)));
        assertEquals("valid-calendar-object-resource", condition(refused));
        assertEquals("2040-01-01T09:00:00", world.theOpenOne().path("due").asText());
    }

    /** Programs do not see its rule. */
    private String rent() {
        return world.create(Json.object()
                        .put("list", list)
                        .put("title", "rent")
                        .put("due", "2040-01-31")
                        .put("recurrence", "monthly"))
                .path("id")
                .asText();
    }

    @Test
    void aRuleThatProgramsCannotReadIsNotTakenAwayByThem() {
        String id = rent();
        String text = get(id + ".ics");
        assertFalse(text.contains("RRULE"), "ends of months that are kept");
        put(call(ALICE, "PUT", list, id + ".ics", null, text.replace("SUMMARY:rent", "SUMMARY:the rent")));
        assertEquals("monthly", world.get(ALICE, id).path("recurrence").asText());
        put(call(
                ALICE,
                "PUT",
                list,
                id + ".ics",
                null,
                get(id + ".ics").replace("STATUS:NEEDS-ACTION", "STATUS:COMPLETED")));
        world.deliver();
        assertEquals("2040-02-29", world.theOpenOne().path("due").asText());
    }

    @Test
    void whoSeesASingleTaskMovesThisOneAloneAndCompletesNone() {
        String id = rent();
        for (String day : List.of("2040-02-29", "2040-02-02")) {
            moved(id, day);
            assertEquals(day, world.theOpenOne().path("due").asText(), "to the next date of its rule, and to another");
            assertEquals(1, world.tasks().size());
        }
        assertEquals("2040-02-29", world.complete(ALICE, id).asText(), "the rule stays what it is");
    }

    @Test
    void aDayOffIsADayToWhichATaskMayBeMoved() {
        String id = world.create(Json.object()
                        .put("list", list)
                        .put("title", "stand up")
                        .put("due", "2040-01-05")
                        .put("recurrence", "daily")
                        .put("workdays", "after"))
                .path("id")
                .asText();
        moved(id, "2040-01-07");
        assertEquals("2040-01-07", world.theOpenOne().path("due").asText(), "a Saturday");
        assertEquals("2040-01-06", world.complete(ALICE, id).asText());
    }

    /** By a program that sees no rule. */
    private void moved(String id, String day) {
        String text = get(id + ".ics");
        assertFalse(text.contains("RRULE"), text);
        put(call(
                ALICE,
                "PUT",
                list,
                id + ".ics",
                null,
                text.replaceFirst("DUE;VALUE=DATE:\\d+", "DUE;VALUE=DATE:" + day.replace("-", ""))));
    }

    @Test
    void whatIsDoneIsOpenedAgain() {
        daily();
        daily("STATUS:COMPLETED");
        world.deliver();
        daily("STATUS:NEEDS-ACTION");
        assertEquals("2040-01-01T09:00:00", world.theOpenOne().path("due").asText());
        assertEquals(1, world.tasks().size(), "the next is taken away again");
        assertTrue(lines("s.ics").contains(RULE));
    }

    @Test
    void whatWasDoneElsewhereComesWithoutItsRule() {
        assertTrue(put("d.ics", todo("SUMMARY:old", "DUE:20200101T090000Z", RULE, "STATUS:COMPLETED")));
        assertEquals("completed", task("old").path("status").asText());
        assertTrue(task("old").path("recurrence").isNull());
        world.deliver();
        assertEquals(1, world.tasks().size());
    }

    // ---------------------------------------------------------------- Finding

    private long seq() {
        return world.heads().stream()
                .filter(head -> head.id().equals(list))
                .findFirst()
                .orElseThrow()
                .seq();
    }

    private String since(long seq) {
        return report("<D:sync-collection xmlns:D='DAV:'><D:sync-token>"
                + (seq == 0 ? "" : "urn:sandglass:seq:" + list + ":" + seq)
                + "</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>");
    }

    private String multiget(String... hrefs) {
        return report("<C:calendar-multiget xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'>"
                + "<D:prop><D:getetag/><C:calendar-data/></D:prop>"
                + Stream.of(hrefs).map(href -> "<D:href>" + href + "</D:href>").collect(Collectors.joining())
                + "</C:calendar-multiget>");
    }

    private String query(String filter) {
        return report("<C:calendar-query xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'>"
                + "<D:prop><D:getetag/></D:prop><C:filter><C:comp-filter name='VCALENDAR'>" + filter
                + "</C:comp-filter></C:filter></C:calendar-query>");
    }

    private static long count(String answer) {
        return answer.split("<D:response>", -1).length - 1;
    }

    @Test
    void aProgramLearnsWhatChangedSinceItLooked() {
        put("a.ics", todo("SUMMARY:a"));
        String whole = since(0);
        assertEquals(1, count(whole), whole);
        assertTrue(whole.contains("<D:sync-token>urn:sandglass:seq:" + list + ":" + seq() + "</D:sync-token>"), whole);
        long seen = seq();
        assertEquals(0, count(since(seen)));
        String[] other = todo("SUMMARY:b");
        other[1] = "UID:u2";
        put("b.ics", other);
        world.ledger.change(KeepTodo.delete(call(ALICE, "DELETE", list, "a.ics", null, "")));
        String news = since(seen);
        assertEquals(2, count(news), news);
        assertTrue(news.contains("/a.ics</D:href><D:status>HTTP/1.1 404 Not Found"), news);
        assertTrue(news.contains("/b.ics</D:href><D:propstat>"), news);
        put("a.ics", todo("SUMMARY:again"));
        String again = since(seen);
        assertTrue(again.contains("/a.ics</D:href><D:propstat>") && !again.contains("404"), again);
        for (String bad : List.of(
                "urn:sandglass:seq:" + list + ":999999",
                "urn:sandglass:seq:" + list + ":-1",
                "urn:sandglass:seq:" + world.list("other") + ":1",
                "urn:sandglass:seq:1",
                "http://example.com/1")) {
            Rejection refused = assertThrows(
                    Rejection.class,
                    () -> report("<D:sync-collection xmlns:D='DAV:'><D:sync-token>" + bad
                            + "</D:sync-token><D:prop/></D:sync-collection>"));
            assertEquals("valid-sync-token", condition(refused));
        }
    }

    /** However it went: a name is told of once, as it is now. */
    @Test
    void aNameThatIsAnothersByNowIsToldOfOnce() {
        String own = world.create(Json.object().put("list", list).put("title", "own"))
                        .path("id")
                        .asText() + ".ics";
        put("a.ics", titled("u1", "first"));
        put("b.ics", titled("u2", "moved"));
        long seen = seq();
        delete(own);
        put(own, titled("u3", "own again"));
        delete("a.ics");
        put("a.ics", titled("u1", "again"));
        delete("a.ics");
        put("a.ics", titled("u1", "once more"));
        world.patch(ALICE, task("moved").path("id").asText(), Json.object().put("list", world.list("other")));
        put("b.ics", titled("u4", "another"));
        List<String> names = List.of(own, "a.ics", "b.ics");
        String news = since(seen);
        assertEquals(names.stream().sorted().toList(), hrefs(news).sorted().toList(), news);
        assertFalse(news.contains("HTTP/1.1 404"), news);
        String home = "/dav/calendars/alice/" + list + "/";
        String read = multiget(names.stream().map(home::concat).toArray(String[]::new));
        assertEquals(names, hrefs(read).toList(), read);
        assertFalse(read.contains("HTTP/1.1 404"), read);
        delete("a.ics");
        String gone = since(seen);
        assertEquals(names.stream().sorted().toList(), hrefs(gone).sorted().toList(), gone);
        assertTrue(gone.contains("/a.ics</D:href><D:status>HTTP/1.1 404"), gone);
    }

    /** It takes over the one that came by itself, which others know by another name. */
    @Test
    void aProgramLearnsThatANameWentWhereAnotherMadeTheNextOne() {
        daily();
        daily("STATUS:COMPLETED");
        world.deliver();
        String ours = world.theOpenOne().path("id").asText() + ".ics";
        long seen = seq();
        put("n.ics", NEXT);
        String news = since(seen);
        assertTrue(news.contains("/n.ics</D:href><D:propstat>"), news);
        assertTrue(news.contains("/" + ours + "</D:href><D:status>HTTP/1.1 404 Not Found"), news);
        assertEquals(2, count(news), news);
    }

    @Test
    void severalAreReadAtOnceByTheirNames() {
        put("a b.ics", todo("SUMMARY:a <&> b"));
        String home = "/dav/calendars/alice/" + list + "/";
        String answer = multiget(home + "a%20b.ics", home + "none.ics", "http://h:1" + home + "a%20b.ics", "/x", "%zz");
        assertEquals(5, count(answer), answer);
        assertTrue(answer.contains("SUMMARY:a &lt;&amp;&gt; b"), answer);
        assertEquals(3, answer.split("404 Not Found", -1).length - 1, answer);
    }

    @Test
    void tasksAreFoundByWhatTheyAre() {
        put("open.ics", todo("SUMMARY:open", "DUE:20400101T120000Z", "STATUS:NEEDS-ACTION"));
        String[] done = todo("SUMMARY:done", "STATUS:COMPLETED", "DUE:20400301T120000Z");
        done[1] = "UID:u2";
        put("done.ics", done);
        assertEquals(2, count(query("<C:comp-filter name='VTODO'/>")));
        assertEquals(0, count(query("<C:comp-filter name='VEVENT'/>")));
        // python caldav and Apple ask so for what is still to be done.
        String open = query(
                "<C:comp-filter name='VTODO'><C:prop-filter name='COMPLETED'><C:is-not-defined/></C:prop-filter>"
                        + "<C:prop-filter name='STATUS'><C:text-match negate-condition='yes'>COMPLETED</C:text-match></C:prop-filter></C:comp-filter>");
        assertEquals(1, count(open), open);
        assertTrue(open.contains("open.ics"), open);
        String inMarch = query(
                "<C:comp-filter name='VTODO'><C:time-range start='20400201T000000Z' end='20400401T000000Z'/></C:comp-filter>");
        assertEquals(1, count(inMarch), inMarch);
        assertTrue(inMarch.contains("done.ics"), inMarch);
        String[] undated = todo("SUMMARY:undated");
        undated[1] = "UID:u3";
        put("undated.ics", undated);
        String later = query(
                "<C:comp-filter name='VTODO'><C:time-range start='20410201T000000Z' end='20410401T000000Z'/></C:comp-filter>");
        assertTrue(later.contains("undated.ics"), "it was made before, and goes on: " + later);
        assertFalse(query(
                        "<C:comp-filter name='VTODO'><C:time-range start='20100201T000000Z' end='20100401T000000Z'/></C:comp-filter>")
                .contains("undated.ics"));
        world.ledger.change(KeepTodo.delete(call(ALICE, "DELETE", list, "undated.ics", null, "")));
        assertEquals(
                "supported-collation",
                condition(
                        assertThrows(
                                Rejection.class,
                                () -> query(
                                        "<C:comp-filter name='VTODO'><C:prop-filter name='SUMMARY'><C:text-match collation='i;own'>x</C:text-match></C:prop-filter></C:comp-filter>"))));
        assertEquals(
                1,
                count(
                        query(
                                "<C:comp-filter name='VTODO'><C:prop-filter name='SUMMARY'><C:text-match>OPE</C:text-match></C:prop-filter></C:comp-filter>")));
        assertEquals(
                "supported-filter",
                condition(assertThrows(
                        Rejection.class, () -> query("<C:comp-filter name='VTODO'><C:foo/></C:comp-filter>"))));
    }

    @Test
    void aRuleIsFoundOnItsLaterDates() {
        daily();
        assertEquals(
                1,
                count(
                        query(
                                "<C:comp-filter name='VTODO'><C:time-range start='20400601T000000Z' end='20400602T000000Z'/></C:comp-filter>")));
        assertEquals(
                0,
                count(
                        query(
                                "<C:comp-filter name='VTODO'><C:time-range start='20390601T000000Z' end='20390602T000000Z'/></C:comp-filter>")));
    }

    @Test
    void propertiesAreGivenAndOthersAreMissing() {
        put("a.ics", todo("SUMMARY:a"));
        String answer = find(
                "PROPFIND",
                "<propfind xmlns='DAV:'><prop><getetag/><displayname/><x xmlns='urn:x'/></prop></propfind>");
        assertEquals(2, count(answer), answer);
        assertTrue(answer.contains("<D:displayname>home</D:displayname>"), answer);
        assertTrue(answer.contains("<D:getetag>" + tag("a.ics") + "</D:getetag>"), answer);
        assertTrue(answer.contains("<x:x xmlns:x=\"urn:x\"/></D:prop><D:status>HTTP/1.1 404"), answer);
        String odd = find(
                "PROPFIND",
                "<propfind xmlns='DAV:'><prop><xml:lang/><a xmlns=''/><a xmlns='u&quot;&lt;'/></prop></propfind>");
        assertTrue(odd.contains("<xml:lang/>"), odd);
        Element.read(odd);
        assertTrue(find("PROPFIND", "").contains("<D:resourcetype><D:collection/><C:calendar/></D:resourcetype>"));
        assertTrue(find("PROPFIND", "<propfind xmlns='DAV:'><propname/></propfind>")
                .contains("<S:getctag/>"));
    }

    // ---------------------------------------------------------------- What is refused

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "BEGIN:VCALENDAR",
                "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
                "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:u\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
                "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nSUMMARY:no uid\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
                "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nBEGIN:VTODO\r\nUID:u\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
                "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:u\r\nDUE:tomorrow\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
                "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:u\r\nX A:1\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
                "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:u\r\n:1\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
                "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:u\r\na.SUMMARY:1\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
                "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:u\r\nX-A;B C=1:1\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
                "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:u\r\nDUE:20400101\r\nRRULE:FREQ=DAILY\r\nEND:VTODO\r\nBEGIN:VTODO\r\nUID:u\r\nRECURRENCE-ID;RANGE=THISANDFUTURE:20400101\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
                "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:u\r\nDUE:20400101\r\nRDATE;VALUE=PERIOD:20400105T090000Z/PT1H\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
                "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:u\r\nDUE:20400101T090000\r\nRDATE:20400105T100000\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
                "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:u\r\nRDATE:20400105\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
                "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:u\r\nDUE:20400101\r\nRRULE:FREQ=DAILY\r\nEXRULE:FREQ=DAILY;INTERVAL=2\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
                "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:u\r\nDUE:20400101\r\nRRULE:FREQ=DAILY\r\nEXRULE:FREQ=HOURLY\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
                "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:u\r\nDUE:20400101\r\nRRULE:FREQ=DAILY\r\nEXDATE:soon\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
                "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:u\r\nDUE:20400101\r\nRRULE:FREQ=HOURLY\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
                "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:u\r\nEND:VTODO\r\nBEGIN:VTODO\r\nUID:v\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
                "not a calendar at all"
            })
    void whatIsNoTaskIsRefusedWithItsReason(String body) {
        Rejection refused = assertThrows(Rejection.class, () -> put(call(ALICE, "PUT", list, "a.ics", null, body)));
        assertNotEquals("", condition(refused), refused::getMessage);
        assertEquals(0, world.tasks().size());
    }

    @Test
    void whatIsTooLargeIsRefused() {
        String[] large = todo("SUMMARY:a", "X-LARGE:" + "x".repeat(100_000));
        assertThrows(Rejection.class, () -> put("a.ics", large));
        put("a.ics", todo("SUMMARY:a", "X-LARGE:" + "x".repeat(60_000)));
        String id = task("a").path("id").asText();
        Rejection refused = assertThrows(
                Rejection.class, () -> world.patch(ALICE, id, Json.object().put("description", "語".repeat(15_000))));
        assertEquals(Reason.INVALID, refused.reason(), "task and rest have 96 kB together");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE p [<!ENTITY a 'b'>]><propfind xmlns='DAV:'><prop><x>&a;</x></prop></propfind>",
                "<!DOCTYPE p SYSTEM 'file:///etc/passwd'><propfind xmlns='DAV:'/>",
                "<!DOCTYPE p [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><propfind xmlns='DAV:'>&x;</propfind>",
                "<propfind xmlns='DAV:'><prop>",
                "<propfind xmlns='DAV:'>&undefined;</propfind>",
                "<a:b/>",
                "{}"
            })
    void xmlIsTakenAsItStandsAndNothingElse(String body) {
        assertEquals(
                Reason.UNREADABLE,
                assertThrows(Rejection.class, () -> find("PROPFIND", body)).reason());
    }

    @Test
    void xmlIsNotNestedWithoutEnd() {
        String deep = "<a>".repeat(1_000) + "</a>".repeat(1_000);
        assertEquals(
                Reason.UNREADABLE,
                assertThrows(Rejection.class, () -> find("PROPFIND", deep)).reason());
        String laughs = "<!DOCTYPE l [<!ENTITY a0 'ha'>"
                + Stream.iterate(1, i -> i < 30, i -> i + 1)
                        .map(i -> "<!ENTITY a" + i + " '&a" + (i - 1) + ";&a" + (i - 1) + ";'>")
                        .collect(Collectors.joining())
                + "]><propfind xmlns='DAV:'>&a29;</propfind>";
        assertEquals(
                Reason.UNREADABLE,
                assertThrows(Rejection.class, () -> find("PROPFIND", laughs)).reason());
    }

    @Test
    void anUndoTakesBackWhatOnlyAProgramKnows() {
        put("a.ics", todo("SUMMARY:a", "X-OWN:1"));
        put("a.ics", todo("SUMMARY:a", "X-OWN:2"));
        put("a.ics", todo("SUMMARY:b", "X-OWN:2", "X-MORE:3"));
        world.undo(ALICE);
        assertTrue(lines("a.ics").containsAll(List.of("SUMMARY:a", "X-OWN:2")), () -> get("a.ics"));
        assertFalse(lines("a.ics").contains("X-MORE:3"));
        world.undo(ALICE);
        assertTrue(lines("a.ics").containsAll(List.of("UID:u1", "X-OWN:1")), () -> get("a.ics"));
        assertFalse(lines("a.ics").contains("X-OWN:2"));
    }

    private static String[] titled(String uid, String title) {
        String[] todo = todo("SUMMARY:" + title);
        todo[1] = "UID:" + uid;
        return todo;
    }

    private void delete(String name) {
        world.ledger.change(KeepTodo.delete(call(ALICE, "DELETE", list, name, null, "")));
    }

    private static Stream<String> hrefs(String answer) {
        return Pattern.compile("<D:href>([^<]*\\.ics)</D:href>")
                .matcher(answer)
                .results()
                .map(found -> found.group(1).replaceFirst(".*/", ""));
    }

    @Test
    void aTaskThatComesBackHasItsNamesAgain() {
        put("a.ics", titled("u1", "first"));
        delete("a.ics");
        put("a.ics", titled("u2", "second"));
        world.undo(ALICE);
        world.undo(ALICE);
        assertTrue(lines("a.ics").containsAll(List.of("SUMMARY:first", "UID:u1")), () -> get("a.ics"));
        String read = multiget("/dav/calendars/alice/" + list + "/a.ics");
        assertTrue(read.contains("SUMMARY:first"), read);
        assertFalse(put("a.ics", titled("u1", "changed")), "it is no new one");
        assertEquals(List.of("a.ics"), hrefs(find("PROPFIND", "")).toList());
        assertThrows(Rejection.class, () -> put("b.ics", titled("u1", "another")));
        delete("a.ics");
        assertEquals(List.of(), hrefs(find("PROPFIND", "")).toList());
    }

    @Test
    void aTaskThatComesBackWhereOthersHaveItsNamesHasOnesOfItsOwn() {
        world.share(list, BOB);
        put("a.ics", titled("u1", "first"));
        String id = task("first").path("id").asText();
        delete("a.ics");
        put(call(BOB, "PUT", list, "a.ics", null, calendar("-//Program//EN", titled("u1", "of bob"))));
        world.undo(ALICE);
        assertTrue(lines("a.ics").containsAll(List.of("SUMMARY:of bob", "UID:u1")), () -> get("a.ics"));
        assertTrue(
                lines(id + ".ics").containsAll(List.of("SUMMARY:first", "UID:" + id + "@sandglass")),
                () -> get(id + ".ics"));
        assertEquals(Set.of("a.ics", id + ".ics"), hrefs(find("PROPFIND", "")).collect(Collectors.toSet()));
        assertFalse(put(call(ALICE, "PUT", list, id + ".ics", null, get(id + ".ics"))));
    }

    @Test
    void aNameThatATaskHadOfItselfMayBeAnothersWhenItComesBack() {
        world.share(list, BOB);
        String name = world.create(Json.object().put("list", list).put("title", "first"))
                        .path("id")
                        .asText() + ".ics";
        delete(name);
        put(call(BOB, "PUT", list, name, null, calendar("-//Program//EN", titled("u2", "of bob"))));
        world.undo(ALICE);
        assertTrue(lines(name).contains("SUMMARY:of bob"), () -> get(name));
        List<String> names = hrefs(find("PROPFIND", "")).toList();
        String other =
                names.stream().filter(one -> !one.equals(name)).findFirst().orElseThrow();
        assertEquals(2, names.size());
        assertTrue(lines(other).contains("SUMMARY:first"), () -> get(other));
    }

    @Test
    void alarmsBeyondThoseThatAreRemindersStayAsTheyCame() {
        String[] alarms = IntStream.rangeClosed(1, 25)
                .boxed()
                .flatMap(hours -> Stream.of(
                        "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER;RELATED=END:-PT" + hours + "H", "END:VALARM"))
                .toArray(String[]::new);
        put(
                "a.ics",
                todo(Stream.concat(Stream.of("SUMMARY:a", "DUE:20400103T120000Z"), Stream.of(alarms))
                        .toArray(String[]::new)));
        assertEquals(20, task("a").path("reminders").size());
        assertEquals(25, get("a.ics").split("BEGIN:VALARM", -1).length - 1, () -> get("a.ics"));
        assertTrue(lines("a.ics").contains("TRIGGER;RELATED=END:-PT25H"));
        String tag = tag("a.ics");
        put(call(ALICE, "PUT", list, "a.ics", tag, get("a.ics")));
        assertEquals(tag, tag("a.ics"));
        List<String> fewer = IntStream.rangeClosed(1, 20)
                .filter(hours -> hours != 3)
                .mapToObj(hours -> "-PT" + hours + "H")
                .toList();
        world.patch(
                ALICE, task("a").path("id").asText(), (ObjectNode) Json.object().set("reminders", Json.tree(fewer)));
        String read = get("a.ics");
        assertEquals(24, read.split("BEGIN:VALARM", -1).length - 1, read);
        put(call(ALICE, "PUT", list, "a.ics", null, read));
        String after = get("a.ics");
        assertEquals(24, after.split("BEGIN:VALARM", -1).length - 1, after);
        assertTrue(after.contains("-PT21H") && !after.contains("-PT3H"), after);
        assertEquals(20, task("a").path("reminders").size(), "the next one of those that a program put");
        String now = tag("a.ics");
        put(call(ALICE, "PUT", list, "a.ics", now, after));
        assertEquals(now, tag("a.ics"));
        world.patch(ALICE, task("a").path("id").asText(), (ObjectNode)
                Json.object().set("reminders", Json.tree(List.of("-PT1H"))));
        assertEquals(5, get("a.ics").split("BEGIN:VALARM", -1).length - 1, () -> get("a.ics"));
    }

    @Test
    void ofThoseWhoMakeAListOfOneNameAtOnceOneDoes() {
        ChangeList lists = new ChangeList(world.ledger.users);
        DavCall call = call(ALICE, "MKCALENDAR", "errands", "", null, "");
        Write<DavReply> first = KeepDavList.make(call, lists);
        Write<DavReply> second = KeepDavList.make(call, lists);
        assertEquals(201, world.ledger.write(first).status());
        Rejection refused = assertThrows(Rejection.class, () -> world.ledger.write(second));
        assertEquals("resource-must-be-null", condition(refused));
        assertEquals(
                1,
                world.heads().stream()
                        .filter(head -> head.name().equals("errands"))
                        .count());
    }

    @Test
    void theNameOfAListIsOneLineHoweverAProgramBreaksIt() {
        ChangeList lists = new ChangeList(world.ledger.users);
        String named =
                "<mkcalendar xmlns=\"urn:ietf:params:xml:ns:caldav\"><set xmlns=\"DAV:\"><prop><displayname>To\n\tbuy&#x85;\n"
                        + "</displayname></prop></set></mkcalendar>";
        world.ledger.write(KeepDavList.make(call(ALICE, "MKCALENDAR", "errands", "", null, named), lists));
        assertTrue(
                world.heads().stream().anyMatch(head -> head.name().equals("To buy")),
                () -> world.heads().toString());
    }

    @Test
    void anUndoTakesBackWhatAProgramAddedToATaskOfTheApi() {
        String id = world.create(Json.object().put("list", list).put("title", "a"))
                .path("id")
                .asText();
        String name = id + ".ics";
        String before = get(name);
        put(call(ALICE, "PUT", list, name, null, before.replace("END:VTODO", "X-OWN:1\r\nEND:VTODO")));
        assertTrue(lines(name).contains("X-OWN:1"));
        world.undo(ALICE);
        assertFalse(lines(name).contains("X-OWN:1"));
    }

    @Test
    void anUndoOfACompletionByAProgramIsOne() {
        daily();
        daily("STATUS:COMPLETED");
        world.undo(ALICE);
        assertEquals("open", task("water").path("status").asText());
        assertTrue(lines("s.ics").contains(RULE), () -> get("s.ics") + Map.of());
    }

    // ---------------------------------------------------------------- From files

    private JsonNode shown(String... todos) {
        return world.preview(ALICE, calendar("-//Other//EN", todos).getBytes(UTF_8), Map.of("list", list));
    }

    /** @return how many were made, updated and skipped */
    private List<Integer> imported(JsonNode shown) {
        JsonNode counts = world.apply(ALICE, shown, Integer.MAX_VALUE);
        return Stream.of("made", "updated", "skipped")
                .map(count -> counts.path(count).asInt())
                .toList();
    }

    @Test
    void aTaskOfAFileIsTheOneThatAProgramPutsWithItsUid() {
        assertEquals(List.of(1, 0, 0), imported(shown(titled("u1", "of a file"))));
        assertTrue(lines("u1.ics").containsAll(List.of("SUMMARY:of a file", "UID:u1")), () -> get("u1.ics"));
        assertEquals(List.of("u1.ics"), hrefs(find("PROPFIND", "")).toList());
        assertFalse(put("u1.ics", titled("u1", "of a program")), "it is no new one");
        assertEquals("of a program", world.theOpenOne().path("title").asText());
        assertEquals(
                "no-uid-conflict",
                condition(assertThrows(Rejection.class, () -> put("b.ics", titled("u1", "another")))));
    }

    @Test
    void aFileFindsTheTaskThatAProgramPutWithItsUid() {
        put("chosen.ics", titled("u1", "of a program"));
        String id = task("of a program").path("id").asText();
        JsonNode shown = shown(titled("u1", "of a file"));
        assertEquals(id, shown.at("/entries/0/here").asText());
        assertEquals(List.of(0, 0, 1), imported(shown));
        assertEquals("of a program", world.theOpenOne().path("title").asText(), "it stays as it is");
        assertEquals(List.of(0, 1, 0), imported(shown(titled("u1", "of a newer file"))));
        assertTrue(
                lines("chosen.ics").containsAll(List.of("SUMMARY:of a newer file", "UID:u1")), () -> get("chosen.ics"));
        delete("chosen.ics");
        assertEquals(List.of(1, 0, 0), imported(shown(titled("u1", "of a newer file"))), "what is gone comes anew");
        assertEquals(List.of("u1.ics"), hrefs(find("PROPFIND", "")).toList());
    }

    @Test
    void aFileFindsTheTaskThatHasTheUidOfItsId() {
        String id = world.create(Json.object().put("list", list).put("title", "a"))
                .path("id")
                .asText();
        assertEquals(List.of(0, 0, 1), imported(shown(titled(id + "@sandglass", "a"))));
        assertEquals(
                "no-uid-conflict",
                condition(assertThrows(Rejection.class, () -> put("b.ics", titled(id + "@sandglass", "b")))));
        assertEquals(id, world.theOpenOne().path("id").asText());
    }

    @Test
    void ofTasksOfAFileThatHaveOneUidTheFirstKeepsIt() {
        String[] twice = Stream.of(titled("u1", "first"), titled("u1", "second"))
                .flatMap(Stream::of)
                .toArray(String[]::new);
        assertEquals(List.of(2, 0, 0), imported(shown(twice)));
        String id = task("second").path("id").asText();
        assertTrue(lines("u1.ics").contains("SUMMARY:first"), () -> get("u1.ics"));
        assertTrue(lines(id + ".ics").contains("UID:" + id + "@sandglass"), () -> get(id + ".ics"));
        assertEquals(List.of(0, 0, 2), imported(shown(twice)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "\\,;", "é 😀?#%"})
    void aUidOfAnyLettersIsKept(String uid) {
        imported(shown(titled(uid, "of a file")));
        String id = task("of a file").path("id").asText();
        String name = uid.contains("/") || uid.contains("\\") ? id : uid;
        assertTrue(lines(name + ".ics").contains("UID:" + uid), () -> get(name + ".ics"));
        assertThrows(Rejection.class, () -> put("b.ics", titled(uid, "another")));
    }

    @Test
    void whatIsInAnArchiveHasItsUidAgain() {
        put("chosen.ics", titled("u1", "a"));
        String archived = "{\"sandglass\":1,\"list\":{\"name\":\"x\"},\"tasks\":["
                + ((ObjectNode) task("a").deepCopy())
                        .put("id", "gone.1")
                        .put("timeZone", "UTC")
                        .set("caldav", Json.object().put("uid", "u2").put("lines", ""))
                + "]}";
        JsonNode shown = world.preview(ALICE, archived.getBytes(UTF_8), Map.of("list", list));
        assertEquals(List.of(1, 0, 0), imported(shown));
        assertFalse(put("u2.ics", titled("u2", "of a program")), "it is no new one");
    }
}
