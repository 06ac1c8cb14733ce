package dev.sandglass.task.domain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.mangstadt.vinnie.VObjectProperty;
import com.github.mangstadt.vinnie.io.Context;
import com.github.mangstadt.vinnie.io.SyntaxRules;
import com.github.mangstadt.vinnie.io.VObjectDataAdapter;
import com.github.mangstadt.vinnie.io.VObjectPropertyValues;
import com.github.mangstadt.vinnie.io.VObjectReader;
import com.github.mangstadt.vinnie.io.Warning;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks as iCalendar, read again by another's parser. */
class ICalendarTest {
    private final World world = new World(new MemoryDapr(1));
    private final String list = world.list("Home; & garden, \\ cellar");

    /** A component with its properties, by name and parameters, and those in it. */
    private record Part(String name, Map<String, String> properties, List<Part> parts) {
        String get(String property) {
            return Objects.requireNonNull(properties.get(property), () -> property + " of " + this);
        }

        List<Part> all(String wanted) {
            return parts.stream().filter(part -> part.name.equals(wanted)).toList();
        }
    }

    private JsonNode task(Object... fields) {
        ObjectNode wanted = Json.object().put("list", list).put("title", "a");
        for (int i = 0; i < fields.length; i += 2) {
            wanted.set((String) fields[i], Json.tree(fields[i + 1]));
        }
        return world.create(wanted);
    }

    private String text(boolean events) {
        return world.feed(World.ALICE, list, events);
    }

    private Part calendar(boolean events) {
        return read(text(events));
    }

    private Part todo() {
        return calendar(false).all("VTODO").get(0);
    }

    private static Part read(String text) {
        List<Part> around = new ArrayList<>(List.of(new Part("", new TreeMap<>(), new ArrayList<>())));
        try (VObjectReader reader = new VObjectReader(new StringReader(text), SyntaxRules.iCalendar())) {
            reader.parse(new VObjectDataAdapter() {
                @Override
                public void onComponentBegin(String name, Context context) {
                    Part part = new Part(name, new TreeMap<>(), new ArrayList<>());
                    around.get(around.size() - 1).parts.add(part);
                    around.add(part);
                }

                @Override
                public void onComponentEnd(String name, Context context) {
                    around.remove(around.size() - 1);
                }

                @Override
                public void onProperty(VObjectProperty property, Context context) {
                    SortedMap<String, String> parameters = new TreeMap<>();
                    property.getParameters()
                            .forEach(one ->
                                    parameters.put(one.getKey(), one.getValue().get(0)));
                    String name = property.getName() + (parameters.isEmpty() ? "" : parameters);
                    assertEquals(null, around.get(around.size() - 1).properties.put(name, property.getValue()), name);
                }

                @Override
                public void onWarning(
                        Warning warning, @Nullable VObjectProperty property, @Nullable Exception e, Context context) {
                    throw new AssertionError(warning + " " + property, e);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Part calendar = around.get(0).parts.get(0);
        assertEquals("VCALENDAR", calendar.name);
        return calendar;
    }

    @Test
    void everyFieldIsReadAsItWasWritten() {
        String title = "Pay; rent, \\n now: \"ł𝄞\"";
        String description = "one\ntwo; three, four \\ " + "żółć𝄞 ".repeat(200);
        JsonNode task = task(
                "title", title, "description", description, "priority", "urgent", "tags", List.of("home", "a;b\\"));
        String text = text(false);
        for (String line : text.split("\r\n")) {
            assertTrue(line.getBytes(UTF_8).length <= 75, line);
            assertFalse(line.contains("\n") || line.contains("\ufffd"), line);
        }
        assertTrue(text.endsWith("END:VCALENDAR\r\n"));
        Part calendar = read(text);
        assertTrue(text.contains("\r\nVERSION:2.0\r\n"));
        assertEquals("Home; & garden, \\ cellar", VObjectPropertyValues.unescape(calendar.get("NAME")));
        Part todo = calendar.all("VTODO").get(0);
        assertEquals(task.path("id").asText() + "@sandglass", todo.get("UID"));
        assertEquals(title, VObjectPropertyValues.unescape(todo.get("SUMMARY")));
        assertEquals(description, VObjectPropertyValues.unescape(todo.get("DESCRIPTION")));
        assertEquals(List.of("home", "a;b\\"), VObjectPropertyValues.parseList(todo.get("CATEGORIES")));
        assertEquals("1", todo.get("PRIORITY"));
        assertEquals("NEEDS-ACTION", todo.get("STATUS"));
        assertEquals("0", todo.get("SEQUENCE"));
        assertTrue(todo.get("DTSTAMP").matches("\\d{8}T\\d{6}Z"));
        assertFalse(todo.properties.containsKey("DUE"));
    }

    @Test
    void whatIsDoneSaysWhenAndHasNoAlarm() {
        String id = task("due", "2040-01-01", "reminders", List.of("-PT1H"))
                .path("id")
                .asText();
        world.complete(World.ALICE, id);
        Part todo = todo();
        assertEquals("COMPLETED", todo.get("STATUS"));
        assertEquals("100", todo.get("PERCENT-COMPLETE"));
        assertTrue(todo.get("COMPLETED").matches("\\d{8}T\\d{6}Z"));
        assertEquals(List.of(), todo.all("VALARM"));
        assertEquals(List.of(), calendar(true).all("VEVENT"));
    }

    // ---------------------------------------------------------------- Dates

    @Test
    void aDateIsADateAndATimeIsOfItsZoneWhichIsDescribed() {
        task("title", "day", "due", "2040-02-29");
        task("title", "utc", "due", "2040-03-01T09:00:00", "timeZone", "UTC");
        task("title", "zone", "due", "2040-07-01T09:30:00", "timeZone", "Europe/Warsaw");
        Part calendar = calendar(false);
        List<Part> todos = calendar.all("VTODO");
        assertEquals("20400229", todos.get(0).get("DUE{VALUE=DATE}"));
        assertEquals("20400301T090000Z", todos.get(1).get("DUE"));
        assertEquals("20400701T093000", todos.get(2).get("DUE{TZID=Europe/Warsaw}"));
        assertEquals(
                List.of("Europe/Warsaw"),
                calendar.all("VTIMEZONE").stream().map(zone -> zone.get("TZID")).toList());
        List<Part> events = calendar(true).all("VEVENT");
        assertEquals("20400229", events.get(0).get("DTSTART{VALUE=DATE}"));
        assertEquals("20400701T093000", events.get(2).get("DTSTART{TZID=Europe/Warsaw}"));
        assertFalse(events.get(2).properties.containsKey("STATUS"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Europe/Warsaw",
                "America/New_York",
                "Australia/Lord_Howe",
                "Asia/Tokyo",
                "Europe/Dublin",
                "Africa/Casablanca",
                "Asia/Kathmandu",
                "America/Sao_Paulo"
            })
    void aZoneThatIsDescribedHasItsOffsets(String name) {
        task("due", "2019-01-01T09:00:00", "timeZone", name);
        task("due", "2045-07-01T09:00:00", "timeZone", name);
        Part zone = calendar(false).all("VTIMEZONE").get(0);
        DateTimeFormatter form = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss");
        ZoneId id = ZoneId.of(name);
        LocalDateTime day = LocalDateTime.parse("2018-06-01T12:00");
        for (; day.getYear() < 2050; day = day.plusDays(11)) {
            LocalDateTime now = day;
            Part last = zone.parts.stream()
                    .max(java.util.Comparator.comparing(part -> begins(part, form)
                            .filter(begin -> !begin.isAfter(now))
                            .max(LocalDateTime::compareTo)
                            .orElse(LocalDateTime.MIN)))
                    .orElseThrow();
            assertEquals(
                    id.getRules().getOffset(now).getTotalSeconds(),
                    ZoneOffset.of(last.get("TZOFFSETTO")).getTotalSeconds(),
                    name + " " + now);
        }
    }

    private static Stream<LocalDateTime> begins(Part part, DateTimeFormatter form) {
        return Stream.concat(
                        Stream.of(part.get("DTSTART")),
                        Stream.of(part.properties.getOrDefault("RDATE", "").split(",")))
                .filter(text -> !text.isEmpty())
                .map(text -> LocalDateTime.parse(text, form));
    }

    // ---------------------------------------------------------------- Rules

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "daily | 2040-01-02 | FREQ=DAILY",
                "monthly | 2040-01-28 | FREQ=MONTHLY",
                "monthly | 2040-01-31 | -",
                "yearly | 2040-02-29 | -",
                "yearly | 2040-01-31 | FREQ=YEARLY",
                "FREQ=WEEKLY;BYDAY=MO,WE | 2040-01-02T09:00:00 | FREQ=WEEKLY;BYDAY=MO,WE",
                "FREQ=DAILY;UNTIL=20400701 | 2040-01-02T09:00:00 | FREQ=DAILY;UNTIL=20400701T215959Z",
                "FREQ=DAILY;UNTIL=20400701 | 2040-01-02 | FREQ=DAILY;UNTIL=20400701",
                "FREQ=DAILY;UNTIL=20400701T100000Z | 2040-01-02T09:00:00 | FREQ=DAILY;UNTIL=20400701T100000Z",
                "FREQ=MONTHLY;SKIP=BACKWARD | 2040-01-31 | -",
                "FREQ=MONTHLY;BYMONTHDAY=-1 | 2040-01-31 | FREQ=MONTHLY;BYMONTHDAY=-1"
            })
    void aRuleIsToldWhereItIsTheRuleOfWhatComes(String rule, String due, @Nullable String told) {
        task("due", due, "recurrence", rule, "timeZone", "Europe/Warsaw");
        Part todo = todo();
        assertEquals(told, todo.properties.get("RRULE"));
        assertEquals(told != null, todo.properties.keySet().stream().anyMatch(name -> name.startsWith("DTSTART")));
    }

    @Test
    void aRuleIsNotToldWhereItIsNotAllThatCountsAndCountCountsOn() {
        task("due", "2040-01-02", "recurrence", "daily", "recurFrom", "completion");
        task("due", "2040-01-02", "recurrence", "daily", "workdays", "after");
        String moved =
                task("due", "2040-01-02", "recurrence", "daily").path("id").asText();
        world.patch(World.ALICE, moved, Json.object().put("due", "2040-01-03"));
        assertTrue(calendar(false).all("VTODO").stream().noneMatch(todo -> todo.properties.containsKey("RRULE")));
        String counted = task("due", "2039-01-01", "recurrence", "FREQ=DAILY;COUNT=3")
                .path("id")
                .asText();
        world.complete(World.ALICE, counted);
        world.deliver();
        assertEquals(
                List.of("FREQ=DAILY;COUNT=2"),
                calendar(false).all("VTODO").stream()
                        .filter(todo -> todo.properties.containsKey("RRULE"))
                        .map(todo -> todo.get("RRULE"))
                        .toList());
    }

    @Test
    void aTaskThatCameFromAnotherListComesAgainAsItDid() {
        String other = world.list("Other");
        String task = task("list", other, "due", "2040-01-02", "recurrence", "weekly")
                .path("id")
                .asText();
        world.patch(World.ALICE, task, Json.object().put("list", list));
        assertEquals("FREQ=WEEKLY", todo().get("RRULE"));
        world.patch(World.ALICE, task, Json.object().put("list", other));
        assertEquals(List.of(), calendar(false).all("VTODO"));
    }

    // ---------------------------------------------------------------- Alarms

    @Test
    void remindersAreAlarmsAtTheSameInstant() {
        task(
                "title", "t",
                "due", "2040-07-02T09:00:00",
                "timeZone", "Europe/Warsaw",
                "reminders", List.of("-PT15M", "PT0S", "-P1DT2H", "-P1M", "2040-01-01T00:00:00Z"));
        List<Part> alarms = todo().all("VALARM");
        assertEquals(
                List.of(
                        "{TRIGGER{RELATED=END}=-PT0H15M0S}",
                        "{TRIGGER{RELATED=END}=PT0H0M0S}",
                        "{TRIGGER{RELATED=END}=-P1DT2H0M0S}",
                        "{TRIGGER{VALUE=DATE-TIME}=20400602T070000Z}",
                        "{TRIGGER{VALUE=DATE-TIME}=20400101T000000Z}"),
                alarms.stream().map(ICalendarTest::trigger).toList());
        assertEquals("DISPLAY", alarms.get(0).get("ACTION"));
        assertEquals("t", alarms.get(0).get("DESCRIPTION"));
        assertEquals(
                "{TRIGGER=-PT0H15M0S}",
                trigger(calendar(true).all("VEVENT").get(0).all("VALARM").get(0)));
    }

    @Test
    void ofAWholeDayAnAlarmIsAnInstant() {
        task("due", "2040-07-02", "timeZone", "Europe/Warsaw", "reminders", List.of("PT9H"));
        assertEquals(
                "{TRIGGER{VALUE=DATE-TIME}=20400702T070000Z}",
                trigger(todo().all("VALARM").get(0)));
    }

    @Test
    void theLastAlarmOfATaskThatNagsComesAgainForADayAndAnEventsDoesNot() {
        task(
                "due", "2040-07-02T09:00:00",
                "timeZone", "Europe/Warsaw",
                "reminders", List.of("PT0S", "-PT15M"),
                "nag", "PT10M");
        List<Part> alarms = todo().all("VALARM");
        assertEquals("PT10M", alarms.get(0).get("DURATION"));
        assertEquals("144", alarms.get(0).get("REPEAT"));
        assertFalse(alarms.get(1).properties.containsKey("REPEAT"));
        assertFalse(
                calendar(true)
                        .all("VEVENT")
                        .get(0)
                        .all("VALARM")
                        .get(0)
                        .properties
                        .containsKey("REPEAT"),
                "of an event nobody says that it is done");
    }

    private static String trigger(Part alarm) {
        Map<String, String> trigger = new TreeMap<>(alarm.properties);
        trigger.keySet().removeIf(name -> !name.startsWith("TRIGGER"));
        return trigger.toString();
    }
}
