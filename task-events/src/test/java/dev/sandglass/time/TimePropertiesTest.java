package dev.sandglass.time;

import static dev.sandglass.time.Recurrence.From.SCHEDULE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.time.Recurrence.From;
import dev.sandglass.time.Recurrence.Series;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** Properties of all dates, by java.time alone. (jqwik leaves out properties with JUnit's tags.) */
class TimePropertiesTest {
    private static final ZoneId WARSAW = ZoneId.of("Europe/Warsaw");

    @Property(tries = 600)
    @Tag("FR-002")
    void neverThrowsAndIsAfterTheSlotAndStillToCome(
            @ForAll("rules") String rule,
            @ForAll("dues") Due anchor,
            @ForAll("zones") ZoneId zone,
            @ForAll @IntRange(max = 5_000) int days,
            @ForAll From from) {
        var done = anchor.startsAt(zone).plus(days, ChronoUnit.DAYS);
        CpuTime.assertAtMost(Duration.ofSeconds(2), () -> {
            var next = Recurrence.parse(rule).next(new Series(anchor, anchor, zone, 1), from, done);
            next.ifPresent(due -> {
                assertTrue(due.at(zone).isAfter(done));
                assertTrue(due.date().isAfter(anchor.date()));
                assertEquals(anchor.time(), due.time());
            });
        });
    }

    @Property(tries = 300)
    @Tag("FR-002")
    void whatComesAreTheRulesOwnDatesInOrderEachOnceAndStillToCome(
            @ForAll("rules") String text,
            @ForAll("dues") Due anchor,
            @ForAll("zones") ZoneId zone,
            @ForAll @IntRange(max = 5_000) int days,
            @ForAll From from) {
        var rule = Recurrence.parse(text);
        var now = anchor.startsAt(zone).plus(days, ChronoUnit.DAYS);
        var series = new Series(anchor, anchor, zone, 1);
        var coming = rule.coming(series, from, now, WorkingDays.ALL, 10);
        assertEquals(rule.next(series, from, now), coming.stream().findFirst());
        for (int i = 0; i < coming.size(); i++) {
            assertTrue(coming.get(i).at(zone).isAfter(now));
            if (i > 0) {
                var before = coming.get(i - 1);
                // The same date follows one that was done on its day.
                var done = new Series(anchor, before, zone, i + 1);
                assertEquals(Optional.of(coming.get(i)), rule.next(done, from, before.startsAt(zone)));
                assertTrue(coming.get(i).date().isAfter(before.date()));
            }
        }
        int next = coming.size() + 1;
        if (next <= 10) {
            var last = coming.isEmpty() ? anchor : coming.get(coming.size() - 1);
            assertEquals(
                    Optional.empty(),
                    rule.afterSkipping(new Series(anchor, last, zone, next), from, now, WorkingDays.ALL));
        }
    }

    @Property(tries = 300)
    @Tag("FR-002")
    void whatIsLeftOutIsNeverTheNextAgain(
            @ForAll("rules") String text,
            @ForAll("dues") Due anchor,
            @ForAll("zones") ZoneId zone,
            @ForAll @IntRange(max = 5_000) int early,
            @ForAll From from) {
        var now = anchor.startsAt(zone).minus(early, ChronoUnit.DAYS);
        Recurrence.parse(text)
                .afterSkipping(new Series(anchor, anchor, zone, 1), from, now, WorkingDays.ALL)
                .ifPresent(next -> assertTrue(next.due().date().isAfter(anchor.date())));
    }

    @Property
    @Tag("FR-001")
    void aRuleBegunAnewHasAsManyDatesAsItHadLeft(
            @ForAll("frequencies") String frequency,
            @ForAll("dues") Due anchor,
            @ForAll @IntRange(min = 2, max = 20) int count,
            @ForAll @IntRange(max = 18) int at) {
        var rule = Recurrence.parse(frequency + ";COUNT=" + count);
        var now = anchor.startsAt(WARSAW);
        var all = rule.coming(new Series(anchor, anchor, WARSAW, 1), SCHEDULE, now, WorkingDays.ALL, 30);
        var slot = all.get(at % all.size());
        var rest = rule.rest(new Series(anchor, slot, WARSAW, 1), SCHEDULE);
        assertEquals(
                all.size() - at % all.size() - 1,
                rest.coming(new Series(slot, slot, WARSAW, 1), SCHEDULE, now, WorkingDays.ALL, 30)
                        .size());
    }

    @Property
    @Tag("FR-001")
    void monthlyKeepsTheDayWhereverTheMonthHasIt(
            @ForAll("dues") Due anchor, @ForAll @IntRange(min = 1, max = 60) int months) {
        var month = YearMonth.from(anchor.date()).plusMonths(months);
        var expected = month.atDay(Math.min(anchor.date().getDayOfMonth(), month.lengthOfMonth()));
        var before = anchor.date().plusMonths(months - 1);
        assertEquals(expected, step("monthly", anchor, before));
    }

    @Property
    @Tag("FR-001")
    void yearlyKeepsTheDay(@ForAll("dues") Due anchor, @ForAll @IntRange(min = 1, max = 60) int years) {
        assertEquals(
                anchor.date().plusYears(years),
                step("yearly", anchor, anchor.date().plusYears(years - 1)));
    }

    @Property
    @Tag("FR-001")
    void everyFewDaysOrWeeks(
            @ForAll("dues") Due anchor,
            @ForAll @IntRange(min = 1, max = 400) int interval,
            @ForAll @IntRange(min = 0, max = 50) int steps) {
        var slot = anchor.date().plusDays((long) steps * interval);
        assertEquals(slot.plusDays(interval), step("FREQ=DAILY;INTERVAL=" + interval, anchor, slot));
        slot = anchor.date().plusWeeks((long) steps * interval);
        assertEquals(slot.plusWeeks(interval), step("FREQ=WEEKLY;INTERVAL=" + interval, anchor, slot));
    }

    @Property
    @Tag("FR-001")
    void onWeekdays(@ForAll("dues") Due anchor, @ForAll @IntRange(max = 3_000) int days) {
        var slot = anchor.date().plusDays(days);
        var expected = slot.plusDays(1);
        while (expected.getDayOfWeek() == DayOfWeek.SATURDAY || expected.getDayOfWeek() == DayOfWeek.SUNDAY) {
            expected = expected.plusDays(1);
        }
        assertEquals(expected, step("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", anchor, slot));
        assertEquals(expected, step("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", anchor, slot));
    }

    @Property
    @Tag("FR-001")
    void aRuleWithACountComesThatOften(
            @ForAll("frequencies") String frequency,
            @ForAll("dues") Due anchor,
            @ForAll @IntRange(min = 1, max = 20) int count) {
        var rule = Recurrence.parse(frequency + ";COUNT=" + count);
        int occurrence = 0;
        for (var due = Optional.of(anchor); due.isPresent(); ) {
            occurrence++;
            due = rule.next(
                    new Series(anchor, due.get(), WARSAW, occurrence),
                    SCHEDULE,
                    due.get().startsAt(WARSAW));
        }
        assertEquals(count, occurrence);
    }

    @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
    @Tag("FR-001")
    void countGoesByWholeCyclesAsItGoesDateByDate(
            @ForAll("rules") String text,
            @ForAll("frequencies") String plain,
            @ForAll boolean simple,
            @ForAll("dues") Due anchor,
            @ForAll @IntRange(max = 400_000) int days) {
        var first = anchor.date();
        var near = first.plusDays(days);
        var calls = new AtomicInteger();
        var rule = (simple ? plain : text).replaceFirst(";(COUNT|UNTIL)=[^;]+", "") + ";COUNT=";
        var date = counted(rule, 999_999_999).next(first, first, it -> {
            calls.incrementAndGet();
            return !it.isBefore(near);
        });
        int count = calls.get() + (date.isPresent() ? 1 : 2);
        assertEquals(date, counted(rule, count).next(first, near, it -> !it.isBefore(near)));
        if (date.isPresent()) {
            assertEquals(Optional.empty(), counted(rule, count - 1).next(first, near, it -> !it.isBefore(near)));
        }
    }

    private static Rule counted(String rule, int count) {
        return RuleText.read(rule + count);
    }

    @Property(tries = 100)
    @Tag("FR-001")
    void theTimeByTheClockIsKept(@ForAll("dues") Due anchor, @ForAll("zones") ZoneId zone, @ForAll From from) {
        var slot = anchor;
        for (int n = 1; n < 300; n++) {
            // A day that a zone left out (Samoa, 30 December 2011) is done on the day after.
            Assume.that(slot.startsAt(zone).atZone(zone).toLocalDate().equals(slot.date()));
            var next = Recurrence.parse("daily").next(new Series(anchor, slot, zone, n), from, slot.startsAt(zone));
            slot = next.orElseThrow();
            assertEquals(anchor.date().plusDays(n), slot.date());
            assertEquals(anchor.time(), slot.time());
        }
    }

    /** The date after the slot of a rule where all is done on time. */
    private static LocalDate step(String rule, Due anchor, LocalDate slot) {
        var series = new Series(anchor, new Due(slot, anchor.time()), WARSAW, 1);
        return Recurrence.parse(rule)
                .next(series, SCHEDULE, anchor.startsAt(WARSAW))
                .orElseThrow()
                .date();
    }

    @Property
    @Tag("FR-009")
    void dueReadsWhatItWrites(@ForAll @IntRange(min = 1, max = 9999) int year, @ForAll int second) {
        var local = LocalDateTime.of(year, 1, 1, 0, 0).plusSeconds(Math.floorMod(second, 365 * 86_400));
        var timed = Due.of(local);
        assertEquals(timed, Due.parse(timed.toString()));
        var allDay = new Due(local.toLocalDate(), null);
        assertEquals(allDay, Due.parse(allDay.toString()));
        assertTrue(allDay.compareTo(timed) <= 0);
    }

    @Property
    @Tag("FR-003")
    void aDayBeforeIsTheSameTimeByTheClock(
            @ForAll @IntRange(min = 0, max = 8_000) int day, @ForAll @IntRange(min = 4, max = 20) int hour) {
        var due = new Due(LocalDate.of(2020, 1, 1).plusDays(day), LocalTime.of(hour, 0));
        var at = ReminderSpec.parse("-P1D").at(due, WARSAW).atZone(WARSAW);
        assertEquals(due.local().minusDays(1), at.toLocalDateTime());
        assertEquals(
                Duration.ofHours(24),
                Duration.between(ReminderSpec.parse("-PT24H").at(due, WARSAW), due.at(WARSAW)));
    }

    @Provide
    Arbitrary<Due> dues() {
        var dates = Arbitraries.integers()
                .between(0, 15_000)
                .map(day -> LocalDate.of(2000, 1, 1).plusDays(day));
        var times = Arbitraries.integers().between(0, 86_399).map(LocalTime::ofSecondOfDay);
        return Combinators.combine(dates, times.injectNull(0.3)).as(Due::new);
    }

    @Provide
    Arbitrary<ZoneId> zones() {
        return Arbitraries.of(
                        "UTC",
                        "Europe/Warsaw",
                        "America/New_York",
                        "America/Havana",
                        "Asia/Kathmandu",
                        "Africa/Cairo",
                        "Australia/Lord_Howe",
                        "Pacific/Apia",
                        "Pacific/Kiritimati",
                        "America/St_Johns")
                .map(ZoneId::of);
    }

    @Provide
    Arbitrary<String> frequencies() {
        return Arbitraries.of("FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY;SKIP=BACKWARD", "FREQ=YEARLY", "FREQ=MONTHLY");
    }

    /** Rules of all sorts, those that never come included. */
    @Provide
    Arbitrary<String> rules() {
        return Combinators.combine(
                        Arbitraries.of("", "RSCALE=GREGORIAN;"),
                        Arbitraries.of("DAILY", "WEEKLY", "MONTHLY", "YEARLY"),
                        Arbitraries.of("", ";INTERVAL=2", ";INTERVAL=7", ";INTERVAL=10000"),
                        Arbitraries.of("", ";BYDAY=MO,WE", ";BYDAY=-1FR", ";BYDAY=5MO", ";BYDAY=SU"),
                        Arbitraries.of(
                                "", ";BYMONTHDAY=31", ";BYMONTHDAY=30,-31", ";BYYEARDAY=366,-366", ";BYWEEKNO=53,1"),
                        Arbitraries.of("", ";BYMONTH=2", ";BYMONTH=2,12", ";BYSETPOS=-1", ";BYSETPOS=5"),
                        Arbitraries.of("", ";COUNT=5", ";UNTIL=20400101", ";UNTIL=20400101T000000Z", ";SKIP=FORWARD"),
                        Arbitraries.of("", ";SKIP=BACKWARD", ";WKST=SU"))
                .as((scale, freq, interval, day, days, more, end, skip) ->
                        scale + "FREQ=" + freq + interval + day + days + more + end + skip)
                .filter(TimePropertiesTest::reads);
    }

    private static boolean reads(String rule) {
        try {
            Recurrence.parse(rule);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
