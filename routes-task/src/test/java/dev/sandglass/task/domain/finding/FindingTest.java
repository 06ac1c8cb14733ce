package dev.sandglass.task.domain.finding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.events.Priority;
import dev.sandglass.events.Status;
import dev.sandglass.events.Task;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("FR-006")
class FindingTest {
    private static final ZoneId WARSAW = ZoneId.of("Europe/Warsaw");
    private static final Instant NOW = Instant.parse("2027-01-31T12:00:00Z");

    private static Page find(Map<String, String> query, Task... tasks) {
        return find(query, List.of(tasks));
    }

    private static Page find(Map<String, String> query, List<Task> tasks) {
        return Sample.find(
                Finding.parse(query, WARSAW), tasks.stream().map(Findable::of).toList(), NOW);
    }

    private static String ids(Map<String, String> query, Task... tasks) {
        return String.join(
                " ", find(query, tasks).tasks().stream().map(Task::id).toList());
    }

    private static Sample task(String id) {
        return new Sample(id);
    }

    @ParameterizedTest
    @CsvSource({
        "rent, Pay rent, true",
        "REN, Pay rent, true",
        "rent pay, Pay rent, true",
        "rent now, Pay rent, false",
        "payrent, Pay rent, false",
        "lodz, Łódź, true",
        "ŁÓDŹ, lodz, true",
        "Strasse, STRAẞE, true",
        "straße, Strasse, true",
        "smorrebrod, Smørrebrød, true",
        "SMØRREBRØD, smorrebrod, true",
        "dong, Đồng, true",
        "aether oeuvre, Æther Œuvre, true",
        "istanbul, İstanbul, true",
        "ISTANBUL, ıstanbul, true",
        "zażółć, ZAZOLC, true",
        "file, ﬁle, true",
        "2, x², true",
        "οδος, ΟΔΟΣ, true",
        "🏠, move 🏠, true",
        "cafe, café, true",
        "50%, 50% off, true",
        "c++, learn C++, true",
        "'a\u00a0b', b a, true",
    })
    void everyWordIsFoundWithoutRegardToCaseAndMarks(String q, String title, boolean found) {
        assertEquals(
                found ? "1" : "", ids(Map.of("q", q), task("1").title(title).task()));
    }

    @Test
    void wordsAreFoundInTitleDescriptionAndTagsTogether() {
        var task = task("1")
                .title("Rent")
                .description("for the flat\nin Łódź")
                .tags("home", "money")
                .task();
        assertEquals("1", ids(Map.of("q", "rent lodz mone flat"), task));
        assertEquals("", ids(Map.of("q", "homemoney"), task));
        assertEquals("1", ids(Map.of("q", " \t "), task));
    }

    @Test
    void valuesSeparatedByCommasAreAnyOf() {
        var low = task("low").priority(Priority.LOW).tags("a").list("l1").task();
        var high =
                task("high").priority(Priority.HIGH).tags("b", "c").list("l2").task();
        var urgent = task("urgent").priority(Priority.URGENT).list("l3").task();
        assertEquals("high low", ids(Map.of("priority", "low,high"), low, high, urgent));
        assertEquals("high low", ids(Map.of("tag", "a,c"), low, high, urgent));
        assertEquals("low urgent", ids(Map.of("list", "l1,l3"), low, high, urgent));
        assertEquals("high", ids(Map.of("list", "l1,l2", "priority", "high,urgent"), low, high, urgent));
        assertEquals("low", ids(Map.of("tag", "Á"), low, high, urgent));
        assertEquals("", ids(Map.of("tag", "ab"), low, high, urgent));
    }

    @Test
    void statusIsBothIfNotGiven() {
        var open = task("open").task();
        var done = task("done").status(Status.COMPLETED).task();
        assertEquals("done open", ids(Map.of(), open, done));
        assertEquals("open", ids(Map.of("status", "open"), open, done));
        assertEquals("done", ids(Map.of("status", "completed"), open, done));
    }

    @Test
    void dueIsAtOrAfterAndBefore() {
        var none = task("none").task();
        var nine = task("nine").due("2027-01-31T09:00:00").task();
        assertEquals("nine", ids(Map.of("due_after", "2027-01-31T08:00:00Z"), none, nine));
        assertEquals("nine", ids(Map.of("due_after", "2027-01-31T09:00:00+01:00"), none, nine));
        assertEquals("", ids(Map.of("due_after", "2027-01-31T08:00:00.001Z"), none, nine));
        assertEquals("", ids(Map.of("due_before", "2027-01-31T08:00:00Z"), none, nine));
        assertEquals("nine", ids(Map.of("due_before", "2027-01-31T08:00:01Z"), none, nine));
        assertEquals("nine", ids(Map.of("due_after", "2027-01-31", "due_before", "2027-02-01"), none, nine));
        assertEquals("", ids(Map.of("due_before", "2027-01-31"), none, nine));
        assertEquals("", ids(Map.of("due_after", "2027-02-01"), none, nine));
    }

    @Test
    void datesAreInTheUsersZone() {
        // 23:30 on the 30th in New York is the 31st in Warsaw.
        var late =
                task("late").zone("America/New_York").due("2027-01-30T23:30:00").task();
        assertEquals("late", ids(Map.of("due_after", "2027-01-31"), late));
        assertEquals("", ids(Map.of("due_before", "2027-01-31"), late));
    }

    @ParameterizedTest
    @CsvSource({"Europe/Warsaw", "Pacific/Kiritimati", "Pacific/Pago_Pago"})
    void aTaskDueAllDayIsDueOnItsDateWhateverTheZone(String zone) {
        var task = task("1").zone(zone).due("2027-01-31").task();
        assertEquals("1", ids(Map.of("due_after", "2027-01-31"), task));
        assertEquals("1", ids(Map.of("due_before", "2027-02-01"), task));
        assertEquals("", ids(Map.of("due_before", "2027-01-31"), task));
        assertEquals("", ids(Map.of("due_after", "2027-02-01"), task));
    }

    @Test
    void againstAnInstantADayCountsFromItsMidnight() {
        var task = task("1").due("2027-01-31").task();
        assertEquals("1", ids(Map.of("due_after", "2027-01-30T23:00:00Z"), task));
        assertEquals("", ids(Map.of("due_after", "2027-01-30T23:00:01Z"), task));
        assertEquals("1", ids(Map.of("due_before", "2027-01-30T23:00:01Z"), task));
    }

    @Test
    @Tag("FR-009")
    void overdueIsFromDueAtOnAndOnlyOpen() {
        var now = task("now").due("2027-01-31T13:00:00").task();
        var later = task("later").due("2027-01-31T13:00:01").task();
        var today = task("today").due("2027-01-31").task();
        var yesterday = task("yesterday").due("2027-01-30").task();
        var done = task("done").due("2027-01-01").status(Status.COMPLETED).task();
        var none = task("none").task();
        assertEquals("now yesterday", ids(Map.of("overdue", "true"), now, later, today, yesterday, done, none));
        assertEquals(
                "done later none today", ids(Map.of("overdue", "false"), now, later, today, yesterday, done, none));
    }

    @Test
    void withoutDueIsLastEitherWay() {
        var none = task("none").task();
        var first = task("first").due("2027-01-01").task();
        var second = task("second").due("2027-01-02T09:00:00").task();
        assertEquals("first second none", ids(Map.of("sort", "due"), none, second, first));
        assertEquals("second first none", ids(Map.of("sort", "-due"), none, second, first));
    }

    @Test
    void titlesAreSortedAsTheyAreCompared() {
        var a = task("3").title("Łąka").task();
        var b = task("2").title("lama").task();
        var c = task("1").title("Zebra").task();
        assertEquals("3 2 1", ids(Map.of("sort", "title"), a, b, c));
        assertEquals("1 2 3", ids(Map.of("sort", "-title"), a, b, c));
    }

    @Test
    void severalKeysThenIdsAsText() {
        var a = task("l.10").priority(Priority.LOW).task();
        var b = task("l.9").priority(Priority.LOW).task();
        var c = task("l.1").priority(Priority.URGENT).task();
        assertEquals("l.10 l.9 l.1", ids(Map.of("sort", "priority"), a, b, c));
        assertEquals("l.1 l.10 l.9", ids(Map.of("sort", "-priority,-created"), a, b, c));
    }

    @Test
    void withoutSortTheOldestIsFirst() {
        var old = task("b").created("2027-01-01T00:00:00Z").task();
        var fresh = task("a").created("2027-01-02T00:00:00Z").task();
        assertEquals("b a", ids(Map.of(), fresh, old));
        assertEquals("a b", ids(Map.of("sort", "-created"), fresh, old));
    }

    @Test
    void fiftyOnAPageIfNotSaid() {
        var tasks = IntStream.range(0, 120).mapToObj(i -> task("t" + i).task()).toList();
        var first = find(Map.of(), tasks);
        assertEquals(50, first.tasks().size());
        assertEquals(120, first.total());
        var second = find(Map.of("cursor", first.next()), tasks);
        assertEquals(120, second.total());
        var third = find(Map.of("cursor", second.next(), "limit", "20"), tasks);
        assertEquals(20, third.tasks().size());
        assertNull(third.next());
    }

    @Test
    void tasksThatDoNotChangeAreNeitherMissedNorDoubled() {
        var tasks = new ArrayList<Task>(IntStream.range(0, 30)
                .mapToObj(i -> task("t" + (10 + i)).title("same").task())
                .toList());
        var query = Map.of("sort", "title", "limit", "10");
        var first = find(query, tasks);
        // The last of the page goes, one before it moves behind, a new one comes in before.
        tasks.removeIf(task -> task.id().equals("t19"));
        tasks.removeIf(task -> task.id().equals("t12"));
        tasks.add(task("t12").title("zzz").task());
        tasks.add(task("t00").title("aaa").task());
        var seen = new ArrayList<String>();
        for (var page = find(with(query, first.next()), tasks); ; page = find(with(query, page.next()), tasks)) {
            page.tasks().forEach(task -> seen.add(task.id()));
            if (page.next() == null) {
                break;
            }
        }
        assertEquals(
                Stream.concat(IntStream.range(20, 40).mapToObj(i -> "t" + i), Stream.of("t12"))
                        .toList(),
                seen);
    }

    @Test
    void longTitlesFitIntoACursor() {
        var title = "山".repeat(499);
        var tasks = Stream.of("c", "a", "d", "b")
                .map(end -> task("x".repeat(99) + end).title(title + end).task())
                .toList();
        var query = Map.of("sort", "-title", "limit", "1");
        var seen = new ArrayList<String>();
        var page = find(query, tasks);
        while (true) {
            page.tasks().forEach(task -> seen.add(task.title().substring(499)));
            if (page.next() == null) {
                break;
            }
            assertTrue(page.next().matches("[A-Za-z0-9._~-]{1,1000}"), page.next());
            page = find(with(query, page.next()), tasks);
        }
        assertEquals(List.of("d", "c", "b", "a"), seen);
    }

    @Test
    void aCursorGoesWithItsQuery() {
        var tasks = IntStream.range(0, 5).mapToObj(i -> task("t" + i).task()).toList();
        var next = find(Map.of("limit", "2", "q", "task"), tasks).next();
        assertNotNull(next);
        assertFalse(find(Map.of("limit", "3", "q", "task", "cursor", next), tasks)
                .tasks()
                .isEmpty());
        wrong("/cursor", Map.of("cursor", next));
        wrong("/cursor", Map.of("cursor", next, "q", "task", "sort", "due"));
        wrong("/cursor", Map.of("cursor", next + "A", "q", "task"));
        wrong("/cursor", Map.of("cursor", next.substring(1), "q", "task"));
        wrong("/cursor", Map.of("cursor", "x", "q", "task"));
        wrong("/cursor", Map.of("cursor", "", "q", "task"));
        wrong("/cursor", Map.of("cursor", "~.~", "q", "task"));
    }

    @ParameterizedTest
    @CsvSource({
        "limit,0",
        "limit,501",
        "limit,-1",
        "limit,ten",
        "limit,''",
        "status,done",
        "status,Open",
        "priority,'low,'",
        "priority,HIGH",
        "overdue,TRUE",
        "sort,size",
        "sort,'due,-due'",
        "sort,'due,due'",
        "sort,--due",
        "sort,''",
        "due_after,2027-02-31",
        "due_after,tomorrow",
        "due_before,2027-01-31T09:00:00",
        "due_before,+12027-01-31T09:00:00Z",
        "tag,''",
        "colour,red",
    })
    void whatIsWrongIsNamed(String name, String value) {
        wrong("/" + name, Map.of(name, value));
    }

    @Test
    void everythingThatIsWrongIsNamed() {
        var refusal = assertThrows(
                Rejection.class, () -> Finding.parse(Map.of("limit", "0", "status", "x", "q", "a"), WARSAW));
        assertEquals(2, refusal.more().path("errors").size());
    }

    @Test
    @Tag("SC-007")
    void aHundredThousandTasksAreSearchedInNoTime() {
        var random = new Random(7);
        var words =
                "buy milk water the plants pay rent call Łukasz about Straße renew passport clean kitchen".split(" ");
        var tasks = IntStream.range(0, 100_000)
                .mapToObj(i -> Findable.of(task("list." + i)
                        .title(words[random.nextInt(words.length)] + " " + words[random.nextInt(words.length)] + " "
                                + i)
                        .description(String.join(" ", Collections.nCopies(10, words[random.nextInt(words.length)])))
                        .due(random.nextBoolean() ? null : "2027-01-%02dT09:00:00".formatted(1 + random.nextInt(31)))
                        .task()))
                .toList();
        var finding = Finding.parse(Map.of("q", "strasse milk", "sort", "-due,title"), WARSAW);
        var all = Finding.parse(Map.of("sort", "title"), WARSAW);
        var filter = Finding.parse(
                Map.of("filter", "text ~ strasse and due < 2027-01-20 or priority >= high", "sort", "-due"), WARSAW);
        var best = new HashMap<String, Long>();
        for (int i = 0; i < 20; i++) {
            best.merge("10,000", nanos(finding, tasks.subList(0, 10_000)), Math::min);
            best.merge("100,000", nanos(finding, tasks), Math::min);
            best.merge("100,000, all found", nanos(all, tasks), Math::min);
            best.merge("100,000, by a filter", nanos(filter, tasks), Math::min);
        }
        System.out.println("Search, best of 20, ns: " + best);
        assertTrue(best.get("10,000") < Duration.ofMillis(20).toNanos(), best::toString);
        assertTrue(best.get("100,000") < Duration.ofMillis(100).toNanos(), best::toString);
        assertTrue(best.get("100,000, all found") < Duration.ofMillis(100).toNanos(), best::toString);
        assertTrue(best.get("100,000, by a filter") < Duration.ofMillis(100).toNanos(), best::toString);
    }

    private static long nanos(Finding finding, List<Findable> tasks) {
        // Not by the clock on the wall: other tests run beside it.
        var thread = ManagementFactory.getThreadMXBean();
        var start = thread.getCurrentThreadCpuTime();
        assertTrue(Sample.find(finding, tasks, NOW).total() > 0);
        return thread.getCurrentThreadCpuTime() - start;
    }

    private static Map<String, String> with(Map<String, String> query, String cursor) {
        var more = new HashMap<>(query);
        more.put("cursor", cursor);
        return more;
    }

    private static void wrong(String pointer, Map<String, String> query) {
        var refusal = assertThrows(Rejection.class, () -> Finding.parse(query, WARSAW));
        assertEquals(Reason.INVALID, refusal.reason());
        assertEquals(pointer, refusal.more().at("/errors/0/pointer").asText());
    }
}
