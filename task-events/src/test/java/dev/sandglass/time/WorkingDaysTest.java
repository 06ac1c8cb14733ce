package dev.sandglass.time;

import static dev.sandglass.time.Recurrence.From.COMPLETION;
import static dev.sandglass.time.Recurrence.From.SCHEDULE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.time.Recurrence.From;
import dev.sandglass.time.Recurrence.Series;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Dates of rules that keep off days off. */
class WorkingDaysTest {
    private static final LocalDate MONDAY = LocalDate.parse("2027-03-01");

    @Property(tries = 3_000)
    @Tag("FR-002")
    void theDatesThatComeAreWorkingDaysEachOnceAsTheRuleHasThem(
            @ForAll("rules") String text,
            @ForAll @IntRange(max = 60) int begins,
            @ForAll boolean allDay,
            @ForAll("zones") ZoneId zone,
            @ForAll Workdays workdays,
            @ForAll Set<@IntRange(max = 200) Integer> holidays,
            @ForAll @IntRange(min = -20, max = 60) int hours) {
        Recurrence rule = Recurrence.parse(text);
        Due anchor = new Due(MONDAY.plusDays(begins), allDay ? null : LocalTime.of(9, 30));
        WorkingDays days = days(workdays, holidays);
        Instant now = anchor.startsAt(zone).plus(Duration.ofHours(hours * 12L));
        List<Due> expected = new ArrayList<>();
        LocalDate last = naive(anchor.date(), days);
        for (LocalDate date :
                rule.dates(anchor.date(), anchor.date(), anchor.date().plusYears(3))) {
            LocalDate day = naive(date, days);
            boolean another = day != null && date.isAfter(anchor.date()) && (last == null || day.isAfter(last));
            if (another && new Due(day, anchor.time()).at(zone).isAfter(now)) {
                expected.add(new Due(day, anchor.time()));
                last = day;
            }
        }
        List<Due> coming = rule.coming(new Series(anchor, anchor, zone, 1), SCHEDULE, now, days, 10);
        assertEquals(expected.stream().limit(10).toList(), coming);
        for (Due due : coming) {
            assertTrue(due.date().isAfter(anchor.date()), () -> due + " is before the place of the one it follows");
            assertTrue(workdays == Workdays.AS_IS || !off(due.date(), days), () -> due + " is a day off");
        }
    }

    @Property
    @Tag("FR-002")
    void whatIsCountedFromCompletionComesOnALaterDayThatIsWorkedOn(
            @ForAll("rules") String text,
            @ForAll @IntRange(max = 60) int done,
            @ForAll Workdays workdays,
            @ForAll Set<@IntRange(max = 200) Integer> holidays) {
        Due slot = new Due(MONDAY, null);
        LocalDate day = MONDAY.plusDays(done);
        WorkingDays days = days(workdays, holidays);
        // COUNT counts occurrences there, and days off that are passed over are none.
        Recurrence endless = Recurrence.parse(text.replaceFirst(";COUNT=\\d+", ""));
        Optional<LocalDate> expected = endless.dates(day, day.plusDays(1), day.plusYears(3)).stream()
                .map(date -> Optional.ofNullable(naive(date, days)))
                .flatMap(Optional::stream)
                .filter(day::isBefore)
                .findFirst();
        assertEquals(
                expected,
                Recurrence.parse(text)
                        .next(
                                new Series(slot, slot, ZoneOffset.UTC, 1),
                                COMPLETION,
                                day.atTime(12, 0).toInstant(ZoneOffset.UTC),
                                days)
                        .map(next -> next.due().date()));
    }

    /** The open one stays where it is; that its day is one off by now, or is none any more, changes nothing about which comes next. */
    @Property(tries = 3_000)
    @Tag("FR-002")
    void whateverBecomesOfTheCalendarNoDayComesTwiceAndNoneIsLost(
            @ForAll("rules") String text,
            @ForAll @IntRange(max = 60) int begins,
            @ForAll boolean allDay,
            @ForAll Workdays workdays,
            @ForAll Set<@IntRange(max = 90) Integer> holidays,
            @ForAll Set<@IntRange(max = 90) Integer> others,
            @ForAll @IntRange(min = -3, max = 6) int done) {
        Recurrence rule = Recurrence.parse(text);
        Due anchor = new Due(MONDAY.plusDays(begins), allDay ? null : LocalTime.of(9, 30));
        Optional<Recurrence.Occurrence> first = rule.first(anchor, ZoneOffset.UTC, SCHEDULE, days(workdays, holidays));
        Assume.that(first.isPresent());
        Recurrence.Occurrence open = first.orElseThrow();
        WorkingDays now = days(workdays, others);
        Instant doneAt = open.due().startsAt(ZoneOffset.UTC).plus(Duration.ofHours(done * 12L));
        Optional<Due> expected = rule
                .dates(anchor.date(), anchor.date(), anchor.date().plusYears(3))
                .stream()
                .filter(date -> date.isAfter(open.slot().date()))
                .map(date -> naive(date, now))
                .filter(Objects::nonNull)
                .map(day -> new Due(day, anchor.time()))
                .filter(due -> due.date().isAfter(open.due().date())
                        && due.at(ZoneOffset.UTC).isAfter(doneAt))
                .findFirst();
        Series series =
                new Series(anchor, open.slot(), ZoneOffset.UTC, 1, open.due().date());
        assertEquals(expected, rule.next(series, SCHEDULE, doneAt, now).map(Recurrence.Occurrence::due));
        if (text.equals("daily") && workdays == Workdays.AFTER && done <= 0) {
            LocalDate next = open.due().date().plusDays(1);
            assertEquals(Optional.of(naive(next, now)), expected.map(Due::date), "the next working day");
        }
    }

    @Test
    void theFirstDateIsOneOfThem() {
        WorkingDays before = new WorkingDays(Workdays.BEFORE, Set.of(LocalDate.parse("2027-05-03")));
        assertEquals("Occurrence[slot=2027-05-01, due=2027-04-30]", first("monthly", "2027-05-01", SCHEDULE, before));
        assertEquals("Occurrence[slot=2027-04-30, due=2027-04-30]", first("monthly", "2027-05-01", COMPLETION, before));
        assertEquals(
                "Occurrence[slot=2027-05-03, due=2027-05-03]",
                first("daily", "2027-05-01", SCHEDULE, new WorkingDays(Workdays.SKIP, Set.of())));
        assertEquals(
                "Occurrence[slot=9999-12-31, due=9999-12-31]",
                first("daily", "9999-12-31", SCHEDULE, new WorkingDays(Workdays.AFTER, Set.of())));
        assertEquals(
                "",
                first(
                        "daily",
                        "9999-12-31",
                        SCHEDULE,
                        new WorkingDays(Workdays.AFTER, Set.of(LocalDate.parse("9999-12-31")))));
    }

    @Test
    void aRuleThatIsNeverOnAWorkingDayIsOverSoon() {
        WorkingDays skip = new WorkingDays(Workdays.SKIP, Set.of());
        for (String never :
                List.of("FREQ=DAILY;BYDAY=SA,SU", "FREQ=YEARLY;INTERVAL=400", "FREQ=WEEKLY;INTERVAL=10000")) {
            CpuTime.assertAtMost(
                    Duration.ofSeconds(1), () -> assertEquals("", first(never, "2000-01-01", SCHEDULE, skip)));
        }
    }

    private static String first(String rule, String anchor, From from, WorkingDays days) {
        return Recurrence.parse(rule)
                .first(Due.parse(anchor), ZoneOffset.UTC, from, days)
                .map(Object::toString)
                .orElse("");
    }

    private static WorkingDays days(Workdays workdays, Set<Integer> holidays) {
        return new WorkingDays(workdays, holidays.stream().map(MONDAY::plusDays).collect(Collectors.toSet()));
    }

    private static boolean off(LocalDate day, WorkingDays days) {
        return Set.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY).contains(day.getDayOfWeek())
                || days.holidays().contains(day);
    }

    private static @Nullable LocalDate naive(LocalDate date, WorkingDays days) {
        if (days.workdays() == Workdays.AS_IS || !off(date, days)) {
            return date;
        }
        return switch (days.workdays()) {
            case BEFORE -> naive(date.minusDays(1), days);
            case AFTER -> naive(date.plusDays(1), days);
            default -> null;
        };
    }

    @Provide
    Arbitrary<String> rules() {
        return Arbitraries.of(
                "daily",
                "weekly",
                "monthly",
                "FREQ=DAILY;COUNT=20",
                "FREQ=DAILY;COUNT=3",
                "FREQ=DAILY;INTERVAL=3;UNTIL=20270601",
                "FREQ=WEEKLY;BYDAY=FR,SA,SU,MO",
                "FREQ=MONTHLY;BYMONTHDAY=1,15,31",
                "FREQ=MONTHLY;BYMONTHDAY=31;SKIP=FORWARD");
    }

    @Provide
    Arbitrary<ZoneId> zones() {
        return Arbitraries.of("UTC", "Europe/Warsaw", "Pacific/Kiritimati", "America/Los_Angeles")
                .map(ZoneId::of);
    }
}
