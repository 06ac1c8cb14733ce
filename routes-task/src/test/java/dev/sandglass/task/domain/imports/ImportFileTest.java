package dev.sandglass.task.domain.imports;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Rejection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files as other programs write them, and what their entries become. */
class ImportFileTest {
    /** A Friday. */
    private static final Importer WARSAW =
            new Importer(ZonedDateTime.parse("2027-01-15T10:00:00+01:00[Europe/Warsaw]"), null);

    private static ImportFile read(String text) {
        return read(text.getBytes(UTF_8));
    }

    private static ImportFile read(byte[] bytes) {
        return ImportFile.read(bytes, WARSAW);
    }

    private static ImportEntry one(String text) {
        ImportFile file = read(text);
        assertEquals(1, file.entries().size(), () -> file.entries().toString());
        return file.entries().get(0);
    }

    private static void becomes(String json, ImportEntry entry) {
        assertNull(entry.error());
        assertEquals(Json.read(json, JsonNode.class), entry.becomes());
    }

    private static void lost(String part, ImportEntry entry) {
        assertTrue(
                entry.lost().stream().anyMatch(lost -> lost.contains(part)),
                () -> entry.lost().toString());
    }

    private static String refused(byte[] bytes) {
        return String.valueOf(assertThrows(Rejection.class, () -> read(bytes)).getMessage());
    }

    private static String refused(String text) {
        return refused(text.getBytes(UTF_8));
    }

    static byte[] zip(Map<String, String> files) {
        return zip(files, UTF_8);
    }

    private static byte[] zip(Map<String, String> files, Charset names) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes, names)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    // ---------------------------------------------------------------- iCalendar

    private static String todo(String... lines) {
        return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VTODO\r\nUID:u1\r\nSUMMARY:a\r\n" + String.join("\r\n", lines)
                + "\r\nEND:VTODO\r\nEND:VCALENDAR\r\n";
    }

    @Test
    void aTaskOfACalendarKeepsWhatATaskHas() {
        ImportEntry entry = one("""
                BEGIN:VCALENDAR
                VERSION:2.0
                X-WR-CALNAME:Home
                BEGIN:VTODO
                UID:1
                SUMMARY:Pay rent\\, all
                  of it
                DESCRIPTION:to\\nAnna
                PRIORITY:1
                CATEGORIES:home,money
                DUE;TZID=Europe/Berlin:20270131T090000
                RRULE:FREQ=MONTHLY;BYMONTHDAY=-1
                BEGIN:VALARM
                ACTION:DISPLAY
                TRIGGER;RELATED=END:-PT15M
                END:VALARM
                END:VTODO
                END:VCALENDAR
                """);
        becomes(
                "{\"title\":\"Pay rent, all of it\",\"description\":\"to\\nAnna\",\"priority\":\"urgent\","
                        + "\"tags\":[\"home\",\"money\"],\"due\":\"2027-01-31T09:00:00\",\"timeZone\":\"Europe/Berlin\","
                        + "\"recurrence\":\"FREQ=MONTHLY;BYMONTHDAY=-1\",\"reminders\":[\"-PT15M\"]}",
                entry);
        assertEquals("Home", entry.list());
        assertEquals(4, entry.line());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DUE;VALUE=DATE:20270131 | 2027-01-31 | Europe/Warsaw",
                "DUE:20270131T090000Z | 2027-01-31T10:00:00 | Europe/Warsaw",
                "DUE:20270131T090000 | 2027-01-31T09:00:00 | Europe/Warsaw",
                "DUE;TZID=/freeassociation.sourceforge.net/America/New_York:20270131T090000 | 2027-01-31T09:00:00 | America/New_York",
                "DUE;TZID=W. Europe Standard Time:20270131T090000 | 2027-01-31T09:00:00 | Europe/Berlin",
                "DTSTART;VALUE=DATE:20270131 | 2027-01-31 | Europe/Warsaw",
            })
    void itIsDueByTheClockThatIsMeant(String line, String due, String zone) {
        ImportEntry entry = one(todo(line));
        assertEquals(due, entry.becomes().path("due").asText());
        assertEquals(zone, entry.becomes().path("timeZone").asText());
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aZoneSaysWhichItIsBeforeTheTasksOrAfter(boolean before) {
        String zone = "BEGIN:VTIMEZONE\r\nTZID:Custom\r\nX-LIC-LOCATION:Europe/Berlin\r\nEND:VTIMEZONE\r\n";
        String task = "BEGIN:VTODO\r\nUID:1\r\nSUMMARY:c\r\nDUE;TZID=Custom:20270131T090000\r\nEND:VTODO\r\n";
        ImportEntry entry =
                one("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + (before ? zone + task : task + zone) + "END:VCALENDAR\r\n");
        assertEquals("Europe/Berlin", entry.becomes().path("timeZone").asText());
        assertEquals(List.of(), entry.lost());
    }

    @Test
    void aZoneThatIsNotKnownIsYoursAndTold() {
        ImportEntry entry = one(todo("DUE;TZID=Customized Time Zone:20270131T090000"));
        assertEquals("Europe/Warsaw", entry.becomes().path("timeZone").asText());
        lost("Customized Time Zone", entry);
    }

    @ParameterizedTest
    @CsvSource({"0,", "1,urgent", "2,high", "4,high", "5,medium", "6,low", "9,low"})
    void prioritiesOfCalendarsRunTheOtherWay(String given, String priority) {
        assertEquals(
                priority,
                one(todo("PRIORITY:" + given)).becomes().path("priority").textValue());
    }

    @Test
    void aTaskThatLastsIsDueWhenItEnds() {
        ImportEntry entry = one(todo("DTSTART;TZID=Europe/Warsaw:20270131T090000", "DURATION:PT2H"));
        assertEquals("2027-01-31T11:00:00", entry.becomes().path("due").asText());
    }

    @Test
    void alarmsCountFromWhereTheySayAndApplesDefaultIsNone() {
        ImportEntry entry = one(todo(
                "DTSTART;TZID=Europe/Warsaw:20270131T080000",
                "DUE;TZID=Europe/Warsaw:20270131T090000",
                "BEGIN:VALARM",
                "TRIGGER:-PT15M",
                "END:VALARM",
                "BEGIN:VALARM",
                "TRIGGER;VALUE=DATE-TIME:19760401T005545Z",
                "END:VALARM",
                "BEGIN:VALARM",
                "X-APPLE-DEFAULT-ALARM:TRUE",
                "TRIGGER:-PT1H",
                "END:VALARM"));
        assertEquals(
                "[\"2027-01-31T06:45:00Z\"]", entry.becomes().path("reminders").toString());
        lost("starts at 2027-01-31T08:00:00", entry);
    }

    @Test
    void singleDatesOfARuleAreKept() {
        ImportEntry entry = one(todo(
                "DTSTART;TZID=Europe/Berlin:20400101T080000",
                "DUE;TZID=Europe/Berlin:20400101T090000",
                "RRULE:FREQ=DAILY",
                "EXDATE;TZID=Europe/Berlin:20400103T080000",
                "EXRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=3",
                "RDATE:20400101T230000Z"));
        lost("starts at 2040-01-01T08:00:00", entry);
        lost("an RDATE is a date of the task at the time of its DTSTART", entry);
        assertEquals(2, entry.lost().size(), entry.lost()::toString);
        ImportEntry kept = one(todo("DUE:20400101", "RDATE:20400105", "EXDATE;VALUE=DATE:20400101"));
        assertEquals("FREQ=YEARLY;COUNT=1", kept.becomes().path("recurrence").asText());
        assertEquals(
                "EXDATE;VALUE=DATE:20400101\nRDATE;VALUE=DATE:20400105\n",
                Objects.requireNonNull(kept.kept()).rest());
        assertEquals(List.of(), kept.lost());
    }

    @Test
    void anAlarmThatComesAgainIsANag() {
        ImportEntry entry = one(todo(
                "DUE;TZID=Europe/Warsaw:20270131T090000",
                "BEGIN:VALARM",
                "TRIGGER;RELATED=END:PT0S",
                "REPEAT:4",
                "DURATION:PT15M",
                "END:VALARM"));
        assertEquals("PT15M", entry.becomes().path("nag").asText());
        ImportEntry often = one(todo(
                "DUE;TZID=Europe/Warsaw:20270131T090000",
                "BEGIN:VALARM",
                "TRIGGER;RELATED=END:PT0S",
                "REPEAT:4",
                "DURATION:PT1M",
                "END:VALARM"));
        assertFalse(often.becomes().has("nag"));
        lost("A reminder comes once", often);
    }

    @Test
    void whatWasDoneStaysDone() {
        assertEquals(
                Instant.parse("2026-12-31T08:00:00Z"),
                one(todo("STATUS:COMPLETED", "COMPLETED:20261231T080000Z")).completedAt());
        ImportEntry cancelled = one(todo("STATUS:CANCELLED"));
        assertEquals(WARSAW.now().toInstant(), cancelled.completedAt());
        lost("cancelled", cancelled);
        assertNull(one(todo("STATUS:NEEDS-ACTION", "PERCENT-COMPLETE:50")).completedAt());
    }

    @Test
    void whatIsNoTaskOrCannotBeOneSaysSo() {
        String events = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:party\nDTSTART:20270101\nEND:VEVENT\nEND:VCALENDAR\n";
        assertTrue(String.valueOf(one(events).error()).contains("VEVENT"));
        assertTrue(String.valueOf(one(todo("RECURRENCE-ID:20270101T090000Z")).error())
                .contains("RECURRENCE-ID"));
        lost("does not come again", one(todo("DUE:20270131T090000Z", "RRULE:FREQ=HOURLY")));
        lost("ATTACH, GEO", one(todo("GEO:1;2", "ATTACH:http://example.com/a")));
        lost("Line 6", one(todo("this is no line")));
        assertTrue(refused("BEGIN:VCALENDAR\nBEGIN:VTODO\n").contains("END:VCALENDAR"));
    }

    @Test
    void eachCalendarOfAFileHasItsName() {
        String both = "BEGIN:VCALENDAR\nX-WR-CALNAME:Home\nBEGIN:VTODO\nSUMMARY:a\nEND:VTODO\nEND:VCALENDAR\n"
                + "BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:b\nEND:VTODO\nNAME:Work\nEND:VCALENDAR\n"
                + "BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:c\nEND:VTODO\nEND:VCALENDAR\n";
        assertEquals(
                Arrays.asList("Home", "Work", null),
                read(both).entries().stream().map(ImportEntry::list).toList());
        assertTrue(refused(both + "BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:d\n").contains("END:VCALENDAR"));
    }

    @Test
    void entriesThatAreKnownByTheSameAreSeveral() {
        String nameless = "BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:a\nEND:VTODO\nEND:VCALENDAR\n";
        Map<String, String> files = new TreeMap<>(Map.of(
                "1.ics", nameless, "2.ics", nameless, "3.ics", todo("DUE:20270131"), "4.ics", todo("DUE:20270201")));
        List<String> sources =
                read(zip(files)).entries().stream().map(ImportEntry::source).toList();
        assertEquals(4, sources.stream().distinct().count(), sources::toString);
        assertEquals(
                sources,
                read(zip(files)).entries().stream().map(ImportEntry::source).toList(),
                "and again the same");
        assertEquals(sources.get(2), one(todo("DUE:20270131")).source(), "the first is known as it is by itself");
    }

    @Test
    void alarmsThatAreNoRemindersHereAreTold() {
        ImportEntry place = one(todo(
                "BEGIN:VALARM",
                "ACTION:DISPLAY",
                "TRIGGER;VALUE=DATE-TIME:19760401T005545Z",
                "X-APPLE-PROXIMITY:ARRIVE",
                "END:VALARM"));
        assertFalse(place.becomes().has("reminders"));
        lost("at a place", place);
        ImportEntry mail =
                one(todo("DUE:20270131T090000", "BEGIN:VALARM", "ACTION:EMAIL", "TRIGGER:-PT15M", "END:VALARM"));
        assertEquals("[\"-PT15M\"]", mail.becomes().path("reminders").toString());
        lost("“EMAIL”", mail);
        ImportEntry none =
                one(todo("DUE:20270131T090000", "BEGIN:VALARM", "ACTION:NONE", "TRIGGER:-PT15M", "END:VALARM"));
        assertFalse(none.becomes().has("reminders"));
        lost("ACTION:NONE", none);
        ImportEntry apples = one(todo(
                "DUE:20270131T090000",
                "BEGIN:VALARM",
                "ACTION:NONE",
                "X-APPLE-DEFAULT-ALARM:TRUE",
                "TRIGGER:-PT15M",
                "END:VALARM"));
        assertFalse(apples.becomes().has("reminders"));
        assertEquals(List.of(), apples.lost());
    }

    @Test
    void howMuchIsDoneAndForWhomItIsAreTold() {
        lost("How much", one(todo("PERCENT-COMPLETE:50")));
        lost("PRIVATE", one(todo("CLASS:PRIVATE")));
        assertEquals(List.of(), one(todo("PERCENT-COMPLETE:0", "CLASS:PUBLIC")).lost());
    }

    @Test
    void aFileThatComesAnotherDaySaysTheSame() {
        Importer later = new Importer(WARSAW.now().plusDays(3), null);
        for (String file : List.of(
                TODOIST + "task,a,,4,1,,,every day,en,\n",
                todo("STATUS:COMPLETED"),
                "x a\n",
                "[{\"uuid\":\"1\",\"description\":\"a\",\"status\":\"completed\"}]",
                "[{\"title\":\"p\",\"tasks\":[{\"id\":1,\"title\":\"a\",\"done\":true}]}]",
                TICKTICK + "F,Work,a,TEXT,,,N,,,,,0,2,2027-01-01T08:00:00+0000,,1,UTC,,,,,,1,,\n")) {
            ImportEntry entry = one(file);
            ImportEntry again =
                    ImportFile.read(file.getBytes(UTF_8), later).entries().get(0);
            assertFalse(entry.becomes().equals(again.becomes())
                    && Objects.equals(entry.completedAt(), again.completedAt()));
            assertEquals(entry.content(), again.content());
        }
        String day = one(TODOIST + "task,a,,4,1,,,every day,en,\n").content();
        assertFalse(day.equals(one(TODOIST + "task,a,,4,1,,,every week,en,\n").content()));
    }

    // ---------------------------------------------------------------- Years

    private static final Importer KIRITIMATI =
            new Importer(ZonedDateTime.parse("2027-01-15T10:00:00+14:00[Pacific/Kiritimati]"), null);

    /** One entry is about another year, the other is as usual. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{'uuid':'1','description':'a','status':'pending','due':'123450131T080000Z'},{'uuid':'2','description':'b'}]",
                "[{'uuid':'1','description':'a','status':'pending','due':'+999999999-12-31T23:59:59Z'},{'uuid':'2','description':'b'}]",
                "[{'uuid':'1','description':'a','status':'pending','due':'99991231T235959Z'},{'uuid':'2','description':'b'}]",
                "[{'uuid':'1','description':'a','status':'completed','end':'123450131T080000Z'},{'uuid':'2','description':'b'}]",
                "[{'title':'p','tasks':[{'id':1,'title':'a','due_date':'+12345-01-31T08:00:00Z'},{'id':2,'title':'b'}]}]",
                "[{'title':'p','tasks':[{'id':1,'title':'a','due_date':'9999-12-31T23:00:00Z'},{'id':2,'title':'b'}]}]",
                "[{'title':'p','tasks':[{'id':1,'title':'a','done':true,'done_at':'+12345-01-31T08:00:00Z'},{'id':2,'title':'b'}]}]",
                "[{'title':'p','tasks':[{'id':1,'title':'a','due_date':'2027-01-31T08:00:00Z','reminders':[{'relative_to':'due_date','relative_period':-9223372036854775808}]},{'id':2,'title':'b'}]}]",
                "[{'title':'p','tasks':[{'id':1,'title':'a','reminders':[{'reminder':'+12345-01-31T08:00:00Z'}]},{'id':2,'title':'b'}]}]",
            })
    void aYearThatADateCannotHaveIsToldAndTheOthersGoOn(String json) {
        ImportFile file = ImportFile.read(json.replace('\'', '"').getBytes(UTF_8), KIRITIMATI);
        assertEquals(2, file.entries().size());
        assertEquals(
                1,
                file.entries().get(0).lost().size(),
                () -> file.entries().get(0).toString());
        becomes("{\"title\":\"b\"}", file.entries().get(1));
    }

    @Test
    void aYearThatADateCannotHaveIsToldOfTablesAndLinesToo() {
        ImportFile table = read(TICKTICK
                + "F,Work,a,TEXT,,,N,,+12345-01-18T08:00:00+0000,,,0,0,2027-01-01T08:00:00+0000,,1,UTC,,,,,,1,,\n");
        lost("0001 to 9999", table.entries().get(0));
        becomes("{\"title\":\"a due:0000-01-31\"}", one("a due:0000-01-31\n"));
        assertNull(one("x 0000-01-31 a\n").error());
        ImportEntry calendar = ImportFile.read(todo("DUE:99991231T235959Z").getBytes(UTF_8), KIRITIMATI)
                .entries()
                .get(0);
        lost("DUE", calendar);
    }

    // ---------------------------------------------------------------- Todoist

    private static final String TODOIST =
            "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE\n";

    @Test
    void aProjectOfTodoistIsReadWithItsSectionsPartsAndComments() {
        ImportFile file = read("\ufeff" + TODOIST
                + "section,Flat,,,,,,,,\r\n"
                + "task,\"Pay rent, all of it @money\",\"to \"\"Anna\"\"\nby bank\",1,1,Ann (1),,2027-01-31 09:00,en,Europe/Berlin\r\n"
                + "note,Remember the number,,,,,,,,\r\n"
                + "task,Find number,,4,2,Ann (1),,,,\r\n"
                + ",,,,,,,,,\r\n"
                + "task,email orders@6pm.com,,3,1,Ann (1),Bob (2),,,\r\n");
        assertEquals("todoist", file.format());
        assertEquals(3, file.entries().size());
        becomes(
                "{\"title\":\"Pay rent, all of it\",\"description\":\"to \\\"Anna\\\"\\nby bank\\n\\nRemember the number\","
                        + "\"priority\":\"urgent\",\"tags\":[\"money\",\"Flat\"],\"due\":\"2027-01-31T09:00:00\","
                        + "\"timeZone\":\"Europe/Berlin\"}",
                file.entries().get(0));
        ImportEntry part = file.entries().get(1);
        assertEquals("low", part.becomes().path("priority").asText());
        lost("no more a part of “Pay rent, all of it”", part);
        assertEquals(6, part.line(), "lines in quotes count");
        ImportEntry other = file.entries().get(2);
        assertEquals("email orders@6pm.com", other.becomes().path("title").asText());
        lost("Bob (2)", other);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "every monday | en | 2027-01-18 | true",
                "every jan 1st | en | 2028-01-01 | true",
                "every 14 jan, 14 apr | en | 2027-04-14 | true",
                "every 5 may, 5 jun | en | 2027-05-05 | true",
                "tomorrow at 5pm | en | 2027-01-16T17:00:00 | false",
                "jeden Montag | de | 2027-01-18 | true",
                "2027-02-03 | es | 2027-02-03 | false",
                "2027-02-03T18:30:00-05:00 | en | 2027-02-04T00:30:00 | false",
            })
    void datesInWordsAreReadWhereTheyAreSure(String words, String language, String due, boolean recurs) {
        ImportEntry entry = one(TODOIST + "task,a,,4,1,,,\"" + words + "\"," + language + ",\n");
        assertEquals(
                due, entry.becomes().path("due").asText(), () -> entry.lost().toString());
        assertEquals(recurs, entry.becomes().has("recurrence"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "every 14 jan, 15 apr | en",
                "cada lunes | es",
                "every other blue moon | en",
                "2027-02-31 | en",
                "jeden Montag | en"
            })
    void otherDatesAreToldAndNotGuessed(String words, String language) {
        ImportEntry entry = one(TODOIST + "task,a,,4,1,,,\"" + words + "\"," + language + ",\n");
        assertFalse(entry.becomes().has("due"), () -> entry.becomes().toString());
        lost(words, entry);
    }

    @Test
    void aBackupOfTodoistHasAFileForEachProject() {
        ImportFile file = read(zip(new TreeMap<>(Map.of(
                "Inbox [123].csv", TODOIST + "task,a,,4,1,,,,,\n",
                "Work [456].csv", TODOIST + "task,b,,4,1,,,,,\ntask,b,,4,1,,,,,\n"))));
        assertEquals(3, file.entries().size());
        assertEquals("Inbox", file.entries().get(0).list());
        assertEquals("Work", file.entries().get(1).list());
        assertFalse(
                file.entries().get(1).source().equals(file.entries().get(2).source()), "what is alike is two things");
    }

    /** Windows packs it so, in the charset of the IBM PC. */
    @Test
    void theNamesInAnArchiveMayBeOfAnotherCharset() {
        ImportFile file =
                read(zip(Map.of("Küche [123].csv", TODOIST + "task,ä,,4,1,,,,,\n"), Charset.forName("IBM437")));
        assertEquals("Küche", file.entries().get(0).list());
        assertEquals("ä", file.entries().get(0).becomes().path("title").asText());
    }

    // ---------------------------------------------------------------- TickTick

    private static final String TICKTICK = "\"Date: 2027-01-09+0000\"\n\"Version: 7.2\"\n\"Status: \n0 Normal\n"
            + "-1 Abandoned \n2 Completed\"\nFolder Name,List Name,Title,Kind,Tags,Content,Is Check list,Start Date,"
            + "Due Date,Reminder,Repeat,Priority,Status,Created Time,Completed Time,Order,Timezone,Is All Day,"
            + "Is Floating,Column Name,Column Order,View Mode,taskId,parentId,projectKind\n";

    private static String tick(String start, String due, String zone, String allDay, String floating) {
        return TICKTICK + "F,Work,a,TEXT,\"x, y\",\"one\rtwo\",N," + start + "," + due
                + ",-PT30M,RRULE:FREQ=WEEKLY;BYDAY=MO,5,0,2027-01-01T08:00:00+0000,,1," + zone + "," + allDay + ","
                + floating + ",,,,7,,\n";
    }

    @Test
    void aBackupOfTickTickIsReadBehindItsPreamble() {
        ImportEntry entry = one("\ufeff" + tick("", "2027-01-18T08:00:00+0000", "Europe/Berlin", "false", "false"));
        becomes(
                "{\"title\":\"a\",\"description\":\"one\\ntwo\",\"priority\":\"high\",\"tags\":[\"x\",\"y\"],"
                        + "\"due\":\"2027-01-18T09:00:00\",\"timeZone\":\"Europe/Berlin\","
                        + "\"recurrence\":\"FREQ=WEEKLY;BYDAY=MO\",\"reminders\":[\"-PT30M\"]}",
                entry);
        assertEquals("Work", entry.list());
        assertEquals(8, entry.line());
        assertTrue(
                entry.lost().contains("Its folder “F” is not kept"),
                () -> entry.lost().toString());
    }

    @Test
    void columnsOfTickTickThatATaskDoesNotHaveAreTold() {
        ImportEntry entry = one(TICKTICK.replace("View Mode", "Pomodoros")
                + "F,Work,a,CHECKLIST,,one,Y,,,,,7,0,2027-01-01T08:00:00+0000,,1,UTC,,,Doing,2,5,7,,\n");
        lost("Its column “Doing”", entry);
        lost("check list", entry);
        lost("Not kept: pomodoros", entry);
        lost("priority “7”", entry);
        assertEquals(5, entry.lost().size(), entry.lost()::toString);
    }

    @ParameterizedTest
    @CsvSource({
        "2027-01-17T23:00:00+0000,Europe/Berlin,true,false,2027-01-18,Europe/Berlin",
        "2027-01-17T15:00:00+0000,Asia/Tokyo,true,false,2027-01-18,Asia/Tokyo",
        "2027-01-18T05:00:00+0000,America/New_York,true,false,2027-01-18,America/New_York",
        "2027-01-18T00:00:00+0000,Asia/Tokyo,false,true,2027-01-18T09:00:00,Europe/Warsaw",
        "2027-01-18 05:00:00+0000,America/New_York,false,false,2027-01-18T00:00:00,America/New_York",
    })
    void midnightInItsZoneIsTheDayThatWasMeant(
            String due, String zone, String allDay, String floating, String day, String in) {
        ImportEntry entry = one(tick("", due, zone, allDay, floating));
        assertEquals(day, entry.becomes().path("due").asText());
        assertEquals(in, entry.becomes().path("timeZone").asText());
    }

    @Test
    void aParentMayComeAfterItsChildAndWhatIsOverIsOver() {
        ImportFile file = read(TICKTICK
                + "F,Work,child,TEXT,,,N,,,,,0,2,2027-01-01T08:00:00+0000,2027-01-02T08:00:00+0000,1,Europe/Berlin,,,,,,1,2,\n"
                + "F,Work,parent,TEXT,,,N,,,,,1,-1,2027-01-01T08:00:00+0000,,1,Europe/Berlin,,,,,,2,,\n");
        lost("no more a part of “parent”", file.entries().get(0));
        assertEquals(
                Instant.parse("2027-01-02T08:00:00Z"), file.entries().get(0).completedAt());
        assertEquals("low", file.entries().get(1).becomes().path("priority").asText());
        lost("given up", file.entries().get(1));
    }

    // ---------------------------------------------------------------- Taskwarrior

    @Test
    void anExportOfTaskwarriorIsReadAsAnArrayAndLineByLine() {
        String task =
                "{\"uuid\":\"u1\",\"description\":\"Pay rent\",\"status\":\"pending\",\"entry\":\"20270101T080000Z\","
                        + "\"due\":\"20270130T230000Z\",\"priority\":\"H\",\"project\":\"Home\",\"tags\":[\"money\"],"
                        + "\"annotations\":[{\"entry\":\"20270102T080000Z\",\"description\":\"by bank\"}],\"depends\":\"u2\","
                        + "\"estimate\":\"PT1H\"}";
        String becomes = "{\"title\":\"Pay rent\",\"description\":\"2027-01-02: by bank\",\"priority\":\"high\","
                + "\"tags\":[\"money\"],\"due\":\"2027-01-31\",\"timeZone\":\"Europe/Warsaw\"}";
        for (String text : new String[] {"[" + task + "]", task + "\n", task + ",\n"}) {
            ImportEntry entry = one(text);
            becomes(becomes, entry);
            assertEquals("Home", entry.list());
            lost("depends", entry);
            lost("estimate", entry);
        }
    }

    @Test
    void whatComesAgainIsOneTaskAndNotItsDates() {
        ImportFile file = read("["
                + "{\"uuid\":\"t\",\"description\":\"water\",\"status\":\"recurring\",\"recur\":\"weekly\",\"due\":\"20261201T110000Z\",\"mask\":\"+-\"},"
                + "{\"uuid\":\"c2\",\"parent\":\"t\",\"description\":\"water\",\"status\":\"pending\",\"recur\":\"weekly\",\"due\":\"20270125T110000Z\"},"
                + "{\"uuid\":\"c1\",\"parent\":\"t\",\"description\":\"water\",\"status\":\"pending\",\"recur\":\"weekly\",\"due\":\"20270118T110000Z\"},"
                + "{\"uuid\":\"c0\",\"parent\":\"t\",\"description\":\"water\",\"status\":\"completed\",\"recur\":\"weekly\",\"end\":\"20270111T120000Z\"},"
                + "{\"uuid\":\"d\",\"description\":\"gone\",\"status\":\"deleted\"}]");
        assertEquals(2, file.entries().size(), () -> file.entries().toString());
        becomes(
                "{\"title\":\"water\",\"due\":\"2027-01-18T12:00:00\",\"timeZone\":\"Europe/Warsaw\",\"recurrence\":\"weekly\"}",
                file.entries().get(0));
        assertEquals(
                Instant.parse("2027-01-11T12:00:00Z"), file.entries().get(1).completedAt());
        assertFalse(file.entries().get(1).becomes().has("recurrence"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "daily | daily",
                "monthly | monthly",
                "weekdays | FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
                "3 days | FREQ=DAILY;INTERVAL=3",
                "2wks | FREQ=WEEKLY;INTERVAL=2",
                "P1M | FREQ=MONTHLY;INTERVAL=1;SKIP=BACKWARD",
                "quarterly | FREQ=MONTHLY;INTERVAL=3;SKIP=BACKWARD",
                "2q | FREQ=MONTHLY;INTERVAL=6;SKIP=BACKWARD",
                "12h | ",
            })
    void itsPeriodsAreRules(String recur, String rule) {
        ImportEntry entry = one("[{\"uuid\":\"t\",\"description\":\"a\",\"status\":\"recurring\",\"recur\":\"" + recur
                + "\",\"due\":\"20270118T110000Z\"}]");
        assertEquals(rule, entry.becomes().path("recurrence").textValue());
        assertEquals(rule == null, entry.lost().stream().anyMatch(lost -> lost.contains("12h")));
    }

    // ---------------------------------------------------------------- todo.txt

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "(A) Call Mom @phone +Family | {\"title\":\"Call Mom\",\"priority\":\"urgent\",\"tags\":[\"phone\",\"Family\"]}",
                "2027-01-01 Call Mom | {\"title\":\"Call Mom\"}",
                "(D) 2027-01-01 a due:2027-01-31 | {\"title\":\"a\",\"priority\":\"low\",\"due\":\"2027-01-31\",\"timeZone\":\"Europe/Warsaw\"}",
                "a due:2027-01-31 rec:+1m | {\"title\":\"a\",\"due\":\"2027-01-31\",\"timeZone\":\"Europe/Warsaw\",\"recurrence\":\"FREQ=MONTHLY;INTERVAL=1;SKIP=BACKWARD\"}",
                "a due:2027-01-31 rec:2w | {\"title\":\"a\",\"due\":\"2027-01-31\",\"timeZone\":\"Europe/Warsaw\",\"recurrence\":\"FREQ=WEEKLY;INTERVAL=2\",\"recurFrom\":\"completion\"}",
                "a due:2027-01-29 rec:+b | {\"title\":\"a\",\"due\":\"2027-01-29\",\"timeZone\":\"Europe/Warsaw\",\"recurrence\":\"daily\",\"workdays\":\"skip\"}",
                "dilute 1:20 see http://example.com/a:b | {\"title\":\"dilute 1:20 see http://example.com/a:b\"}",
                "a due:2027-02-31 | {\"title\":\"a due:2027-02-31\"}",
                "xylophone lesson | {\"title\":\"xylophone lesson\"}",
                "Buy milk, bread, eggs, butter | {\"title\":\"Buy milk, bread, eggs, butter\"}",
            })
    void aLineOfTodoTxtIsATask(String line, String json) {
        becomes(json, one(line + "\r\n"));
    }

    /** Its hash is kept with the task: another text would make every file that comes again one that says something else. */
    @Test
    void whatAnEntrySaysIsTheSameTextInEachVersion() {
        assertEquals(
                "{\"title\":\"a\",\"due\":\"2027-01-31\",\"timeZone\":\"Europe/Warsaw\","
                        + "\"recurrence\":\"FREQ=WEEKLY;INTERVAL=2\",\"recurFrom\":\"completion\"}\nnull",
                one("a due:2027-01-31 rec:2w").content());
        assertEquals(
                "{\"title\":\"a\",\"due\":\"2027-01-29\",\"timeZone\":\"Europe/Warsaw\","
                        + "\"recurrence\":\"daily\",\"recurFrom\":\"completion\",\"workdays\":\"skip\"}\nnull",
                one("a due:2027-01-29 rec:b").content());
    }

    @Test
    void aLineThatBeginsWithAnXIsDone() {
        ImportEntry entry = one("x 2027-01-03 2027-01-01 Pay rent pri:B t:2027-01-02\n");
        becomes("{\"title\":\"Pay rent\",\"priority\":\"high\"}", entry);
        assertEquals(Instant.parse("2027-01-02T23:00:00Z"), entry.completedAt());
        lost("hidden until 2027-01-02", entry);
    }

    /** As the format's own picture has it; most programs leave its priority out. */
    @Test
    void whatIsDoneMayHaveItsPriority() {
        ImportEntry entry =
                one("x (A) 2016-05-20 2016-04-30 measure space for +chapelShelving @chapel due:2016-05-30\n");
        becomes(
                "{\"title\":\"measure space for\",\"priority\":\"urgent\",\"tags\":[\"chapelShelving\",\"chapel\"],"
                        + "\"due\":\"2016-05-30\",\"timeZone\":\"Europe/Warsaw\"}",
                entry);
        assertEquals(Instant.parse("2016-05-19T22:00:00Z"), entry.completedAt());
    }

    // ---------------------------------------------------------------- Vikunja

    private static final String VIKUNJA = """
            [{"id":1,"title":"Home","tasks":[
              {"id":7,"title":"child","due_date":"0001-01-01T00:00:00Z","related_tasks":{"parenttask":[{"id":8}]},"created":"2027-01-01T00:00:00Z"},
              {"id":8,"title":"parent","description":"<p>one <b>two</b></p><ul><li>three &amp; four</li></ul>","done":true,
               "done_at":"2027-01-02T08:00:00Z","due_date":"2027-01-31T08:00:00Z","priority":5,"labels":[{"title":"x"}],
               "repeat_after":604800,"repeat_mode":2,"reminders":[{"relative_period":-900,"relative_to":"due_date","reminder":"2027-01-31T07:45:00Z"},
               {"reminder":"2027-01-30T07:45:00Z","relative_to":""}],"percent_done":0.5}]}]
            """;

    @Test
    void aDumpOfVikunjaIsRead() {
        ImportFile file = read(zip(Map.of("data.json", VIKUNJA, "VERSION", "v0.24.0", "filters.json", "[]")));
        assertEquals("vikunja", file.format());
        ImportEntry child = file.entries().get(0);
        becomes("{\"title\":\"child\",\"description\":\"Part of: parent\"}", child);
        assertEquals("Home", child.list());
        lost("no more a part of “parent”", child);
        ImportEntry parent = file.entries().get(1);
        becomes(
                "{\"title\":\"parent\",\"description\":\"one two\\n- three & four\",\"priority\":\"urgent\",\"tags\":[\"x\"],"
                        + "\"due\":\"2027-01-31T09:00:00\",\"timeZone\":\"Europe/Warsaw\","
                        + "\"recurrence\":\"FREQ=DAILY;INTERVAL=7\",\"recurFrom\":\"completion\","
                        + "\"reminders\":[\"-PT15M\",\"2027-01-30T07:45:00Z\"]}",
                parent);
        assertEquals(Instant.parse("2027-01-02T08:00:00Z"), parent.completedAt());
        assertEquals(2, read(VIKUNJA).entries().size());
    }

    @Test
    void whatATaskOfVikunjaHasAndATaskHereHasNotIsTold() {
        ImportEntry entry = one("""
                [{"id":1,"title":"Home","buckets":[{"id":3,"title":"Doing"}],"tasks":[
                  {"id":7,"title":"a","bucket_id":3,"hex_color":"ff0000","is_favorite":true,"cover_image_attachment_id":4,
                   "reactions":{},"position":1.5,"identifier":"H-1","index":1,"repeat_after":0,"done":false,"priority":0}]}]
                """);
        lost("Its bucket “Doing”", entry);
        lost("colour", entry);
        lost("favourite", entry);
        lost("Not kept: cover_image_attachment_id", entry);
        assertEquals(4, entry.lost().size(), entry.lost()::toString);
    }

    @Test
    void commentsOfVikunjaSayWhoWroteThemAndWhen() {
        ImportFile file = read("""
                [{"id":1,"title":"Top","tasks":null},
                 {"id":2,"title":"Sub","description":"ours","parent_project_id":1,"tasks":[{"id":7,"title":"a","comments":[
                  {"comment":"<p>c1</p>","author":{"username":"bo"},"created":"2026-01-01T00:00:00Z"},{"comment":"c2"}]}]}]
                """);
        ImportEntry entry = file.entries().get(0);
        assertEquals(
                "bo, 2026-01-01T00:00:00Z: c1\n\nc2",
                entry.becomes().path("description").asText());
        lost("its project is in “Top”", entry);
        lost("says of itself", entry);
        assertEquals(List.of("Top"), List.copyOf(file.lists().keySet()));
    }

    @Test
    void whatTaskwarriorSaysAndIsNoPriorityAndNoRuleIsTold() {
        ImportEntry entry = one("[{\"uuid\":\"1\",\"description\":\"a\",\"status\":\"pending\",\"priority\":\"X\","
                + "\"until\":\"20270131T080000Z\",\"due\":\"tomorrow\"}]");
        lost("priority “X”", entry);
        lost("goes away", entry);
        lost("“tomorrow”", entry);
    }

    // ---------------------------------------------------------------- Limits, and hostile files

    @Test
    void whatIsTooLongIsToldAndNothingIsHidden() {
        ImportEntry entry = one("a".repeat(501) + "\n");
        assertEquals(500, entry.becomes().path("title").asText().length());
        assertEquals(501, entry.becomes().path("description").asText().length());
        lost("longer than 500", entry);
        assertEquals("[\"tag x\"]", one("a +tag,x").becomes().path("tags").toString());
    }

    @Test
    void ofTheRemindersOfAListThoseAreTakenThatAListMayHave() {
        String file = "{\"sandglass\":1,\"list\":{\"name\":\"Garden\",\"reminders\":"
                + "[\"-PT15M\",\"soon\",\"2040-01-01T00:00:00Z\",7" + ",\"PT0S\"".repeat(30) + "]},\"tasks\":[]}";
        List<String> reminders =
                Objects.requireNonNull(read(file).lists().get("Garden")).reminders();
        assertEquals(List.of("-PT15M", "PT0S"), reminders.subList(0, 2));
        assertEquals(20, reminders.size());
    }

    @Test
    void aBombDoesNotGoOff() {
        String much = "0".repeat(9_000_000);
        assertTrue(refused(zip(Map.of("a.csv", much))).contains("unpacks to more than"));
        assertTrue(refused(zip(Map.of("a.bin", much + much + much + much))).contains("unpacks to more than"));
        Map<String, String> many = new TreeMap<>();
        for (int i = 0; i < 1_001; i++) {
            many.put(i + ".txt", "");
        }
        assertTrue(refused(zip(many)).contains("more than 1000 files"));
        byte[] cut = zip(Map.of("a.txt", "a\n"));
        assertTrue(refused(Arrays.copyOf(cut, 20)).contains("damaged"));
        assertTrue(refused(zip(Map.of("a.png", "x"))).contains("no file in it"));
    }

    @Test
    void whatIsNoTextOfTheseFormatsSaysWhatIsWrong() {
        assertTrue(refused("Zażółć".getBytes(UTF_16)).contains("UTF-8"));
        assertTrue(refused("Zażółć é\n".getBytes(ISO_8859_1)).contains("UTF-8"));
        assertTrue(refused("a\0b").contains("no text"));
        assertTrue(refused("\n \n").contains("empty"));
        assertTrue(refused("[".repeat(100_000)).contains("nested"));
        assertTrue(refused("[" + "{},".repeat(300_000) + "{}]").contains("more values"));
        assertTrue(refused("{\"a\":\n1").contains("line"));
        assertTrue(refused("{\"a\":1}\n").contains("line 1"));
        assertTrue(refused("<html>").contains("no file of"));
        assertTrue(refused("BEGIN:VCARD\r\nFN:x\r\nEND:VCARD\r\n").contains("no file of"));
        assertTrue(refused("Name;Date;Done;Who\na;b;c;d\n").contains("no file of"));
        for (String first :
                List.of("Title,Due date", "\"name\";\"notes\"", "Task\tDone\tTags", "id," + "id,".repeat(40) + "id")) {
            assertTrue(refused(first + "\r\nBuy milk,2027-01-09\r\n").contains("no file of"), first);
        }
        assertEquals(2, read("Milk, eggs\nBread, due:2027-01-09\n").entries().size(), "todo.txt");
        assertTrue(refused(TODOIST + "task,\"open,,4,1,,,,,\n").contains("quotes"));
        assertEquals(1, read("a" + "b".repeat(900_000)).entries().size());
    }

    /** Whatever it is, it is read or refused. */
    @Property(tries = 500)
    void anythingIsReadOrRefused(@ForAll @Size(max = 300) byte[] bytes) {
        try {
            read(bytes).entries().forEach(entry -> assertTrue(entry.line() > 0));
        } catch (Rejection refused) {
            assertFalse(String.valueOf(refused.getMessage()).isEmpty());
        }
    }

    @Property(tries = 500)
    void aDamagedFileIsReadOrRefused(@ForAll int at, @ForAll byte instead) {
        String whole = TICKTICK + TODOIST + VIKUNJA + todo("DUE:20270131T090000Z", "RRULE:FREQ=DAILY");
        byte[] bytes = whole.substring(Math.floorMod(at, whole.length())).getBytes(UTF_8);
        bytes[Math.floorMod(at * 31, bytes.length)] = instead;
        try {
            read(bytes).entries().forEach(entry -> assertTrue(entry.line() > 0));
        } catch (Rejection refused) {
            assertFalse(String.valueOf(refused.getMessage()).isEmpty());
        }
    }
}
