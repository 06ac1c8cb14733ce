package dev.sandglass.task.domain.chat;

import dev.sandglass.events.Priority;
import dev.sandglass.task.domain.chat.Meaning.Again;
import dev.sandglass.task.domain.chat.Meaning.Clock;
import dev.sandglass.task.domain.chat.Meaning.Day;
import dev.sandglass.task.domain.chat.Meaning.DueIn;
import dev.sandglass.task.domain.chat.Meaning.Eve;
import dev.sandglass.task.domain.chat.Meaning.Important;
import dev.sandglass.task.domain.chat.Meaning.Later;
import dev.sandglass.task.domain.chat.Meaning.Lead;
import dev.sandglass.task.domain.chat.Meaning.Nagging;
import dev.sandglass.task.domain.chat.Meaning.OnDaysOff;
import dev.sandglass.task.domain.chat.Meaning.Part;
import dev.sandglass.task.domain.chat.Meaning.PartOfDay;
import dev.sandglass.task.domain.chat.Meaning.Question;
import dev.sandglass.task.domain.chat.Meaning.Remind;
import dev.sandglass.task.domain.chat.Meaning.Soon;
import dev.sandglass.task.domain.chat.Meaning.Span;
import dev.sandglass.task.domain.chat.Meaning.Times;
import dev.sandglass.task.domain.chat.Meaning.Until;
import dev.sandglass.task.domain.chat.Repeat.On;
import dev.sandglass.task.domain.chat.Repeat.Unit;
import dev.sandglass.time.Nag;
import dev.sandglass.time.Recurrence.From;
import dev.sandglass.time.ReminderSpec;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The actions that a language's file names to make a meaning of a phrase. They count from one moment. */
final class Meanings {
    /** Returns null where the words make no sense and so are no phrase. */
    private interface Action {
        @Nullable
        Object of(Meanings at, Arguments given);
    }

    private record Arguments(List<Object> all) {
        int number(int index) {
            return (Integer) all.get(index);
        }

        String word(int index) {
            return (String) all.get(index);
        }

        Day day(int index) {
            return (Day) all.get(index);
        }

        DayOfWeek weekday(int index) {
            return DayOfWeek.of(number(index));
        }

        From from(int index) {
            return (From) all.get(index);
        }

        Repeat repeat(int index) {
            return ((Again) all.get(index)).repeat();
        }

        On on(int index) {
            return (On) all.get(index);
        }

        Part part(int index) {
            return (Part) all.get(index);
        }

        Token token(int index) {
            return (Token) all.get(index);
        }

        /** The numbers of a name that was captured once or several times. */
        List<Integer> numbers(int index) {
            return (all.get(index) instanceof List<?> list ? list : List.of(all.get(index)))
                    .stream().map(Integer.class::cast).toList();
        }

        int size() {
            return all.size();
        }
    }

    private static final int LAST_YEAR = 9999;
    private static final int FIRST_NAMED_YEAR = 1900;
    private static final int MOST_INTERVAL = 999;
    private static final int NOON = 12;
    /** Every sixth year or so has a 53rd week. */
    private static final int MOST_WEEKS = 53 * 7;

    private static final List<DayOfWeek> WORKDAYS =
            Arrays.stream(DayOfWeek.values()).limit(5).toList();
    private static final List<DayOfWeek> WEEKEND = List.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY);

    private static final Map<String, Action> ACTIONS = Map.ofEntries(
            Map.entry("full-year", (at, it) -> it.number(0) >= FIRST_NAMED_YEAR ? it.number(0) : null),
            Map.entry("day-number", (at, it) -> it.number(0) >= 1 && it.number(0) <= 99 ? it.number(0) : null),
            Map.entry("month-number", (at, it) -> it.number(0) >= 1 && it.number(0) <= 12 ? it.number(0) : null),
            // "At 8 3 eggs" are three eggs.
            Map.entry("minute", (at, it) -> it.number(0) >= 10 && it.number(0) <= 59 ? it.number(0) : null),
            // Days.
            Map.entry(
                    "iso",
                    (at, it) ->
                            date(it.token(0).a(), it.token(0).b(), it.token(0).c())),
            Map.entry(
                    "dotted",
                    (at, it) -> at.dayOf(
                            it.token(0).a(), it.token(0).b(), it.token(0).c())),
            // "17.30" is no day.
            Map.entry(
                    "day-and-month",
                    (at, it) -> it.token(0).b() < 1 || it.token(0).b() > 12
                            ? null
                            : at.dayOf(it.token(0).a(), it.token(0).b(), 0)),
            Map.entry("slashed", (at, it) -> at.slashed(it.token(0))),
            Map.entry("date", (at, it) -> at.dayOf(it.number(0), it.number(1), it.size() > 2 ? it.number(2) : 0)),
            Map.entry("last-day", (at, it) -> at.lastDay(it.number(0), it.size() > 1 ? it.number(1) : 0)),
            Map.entry("weekday-of-month", Meanings::weekdayOfMonth),
            Map.entry(
                    "weekday-of-coming-month",
                    (at, it) -> at.weekdayOfComingMonth(it.number(0), it.weekday(1), at.month(it.number(2)))),
            Map.entry("nth-of-month", (at, it) -> at.dayOf(at.month(it.number(1)), it.number(0))),
            Map.entry("weekday-and-date", (at, it) -> at.both(it.weekday(0), it.day(1))),
            Map.entry("weekday-and-nth", (at, it) -> at.weekdayAndNth(it.weekday(0), it.number(1))),
            Map.entry("nth", (at, it) -> at.nth(it.number(0))),
            Map.entry("ahead", (at, it) -> at.ahead(it.number(0), it.word(1))),
            Map.entry("weekday", (at, it) -> at.weekday(it.weekday(0))),
            Map.entry("this-weekday", (at, it) -> day(at.today.with(TemporalAdjusters.nextOrSame(it.weekday(0))))),
            Map.entry("coming-weekday", (at, it) -> day(at.today.with(TemporalAdjusters.next(it.weekday(0))))),
            Map.entry("next-weekday", (at, it) -> at.nextWeekday(it.weekday(0))),
            Map.entry("weekday-of-week", (at, it) -> day(at.weekdayOfWeek(it.weekday(0), it.number(1)))),
            Map.entry(
                    "weekday-week",
                    (at, it) -> day(
                            at.today.with(TemporalAdjusters.next(it.weekday(0))).plusWeeks(1))),
            Map.entry("weekday-near", (at, it) -> at.weekdayNear(it.weekday(0), it.day(1))),
            Map.entry("week-of-year", (at, it) -> at.weekOfYear(it.number(0))),
            Map.entry("weekday-of-year", (at, it) -> at.weekdayOfYear(it.weekday(0), it.number(1))),
            Map.entry("weekend", (at, it) -> day(at.weekend())),
            Map.entry(
                    "next-weekend",
                    (at, it) -> new Day(
                            List.of(
                                    at.weekend(),
                                    at.weekend()
                                            .plusWeeks(1)
                                            .with(TemporalAdjusters.previousOrSame(DayOfWeek.SATURDAY))),
                            true)),
            Map.entry("away", (at, it) -> away(it.day(3), it.number(0) * it.number(1), it.word(2))),
            Map.entry("end-of", (at, it) -> day(at.endOf(it.word(0), it.number(1)))),
            Map.entry("start-of", (at, it) -> day(at.startOf(it.word(0), it.number(1)))),
            Map.entry(
                    "before",
                    (at, it) -> new Day(
                            it.day(0).dates().stream()
                                    .flatMap(day -> Stream.of(day.minusDays(1), day))
                                    .filter(day -> !day.isBefore(at.today))
                                    .toList(),
                            false)),
            Map.entry("either", (at, it) -> either(it.all)),
            // Times.
            Map.entry("hour", (at, it) -> hour(it.number(0), Clock.Form.HOUR)),
            Map.entry("hour-of", (at, it) -> hourOf((Clock) it.all.get(0), it.part(1))),
            Map.entry("spoken-hour", (at, it) -> hour(it.number(0), Clock.Form.SPOKEN)),
            Map.entry(
                    "exact", (at, it) -> new Clock(it.token(0).a(), it.token(0).b(), Clock.Form.EXACT)),
            Map.entry(
                    "spoken",
                    (at, it) -> new Clock(
                            it.token(0).a(),
                            it.token(0).b(),
                            it.token(0).c() == 1
                                            || it.token(0).a() > 11
                                            || it.token(0).a() == 0
                                    ? Clock.Form.EXACT
                                    : Clock.Form.SPOKEN)),
            Map.entry(
                    "clock",
                    (at, it) -> it.number(0) > 23 || it.number(1) > 59
                            ? null
                            : new Clock(it.number(0), it.number(1), Clock.Form.EXACT)),
            Map.entry("midnight", (at, it) -> new Clock(0, 0, Clock.Form.MIDNIGHT)),
            Map.entry("past", (at, it) -> at.past(it.number(0), (Clock) it.all.get(1))),
            Map.entry("to", (at, it) -> at.past(-it.number(0), (Clock) it.all.get(1))),
            Map.entry("morning", (at, it) -> Part.MORNING),
            Map.entry("noon", (at, it) -> Part.NOON),
            Map.entry("afternoon", (at, it) -> Part.AFTERNOON),
            Map.entry("evening", (at, it) -> Part.EVENING),
            Map.entry("night", (at, it) -> Part.NIGHT),
            Map.entry("today-part", (at, it) -> new PartOfDay(day(at.today), it.part(0))),
            Map.entry("tomorrow-part", (at, it) -> new PartOfDay(day(at.today.plusDays(1)), it.part(0))),
            Map.entry("weekday-part", (at, it) -> new PartOfDay(at.weekday(it.weekday(0)), it.part(1))),
            Map.entry("soon", (at, it) -> at.soon(it.number(0), it.word(1), it.size() > 2 ? it.number(2) : 0)),
            // Repeating.
            Map.entry("schedule", (at, it) -> From.SCHEDULE),
            Map.entry("completion", (at, it) -> From.COMPLETION),
            Map.entry("often", (at, it) -> often(it.from(0), it.number(1), it.word(2))),
            Map.entry(
                    "weekdays",
                    (at, it) -> On.weekdays(
                            it.numbers(0).stream().map(DayOfWeek::of).toList())),
            Map.entry("weekday-range", (at, it) -> range(it.numbers(0))),
            Map.entry("workdays", (at, it) -> On.weekdays(WORKDAYS)),
            Map.entry("weekend-days", (at, it) -> On.weekdays(WEEKEND)),
            Map.entry("month-days", (at, it) -> monthDays(it.numbers(0))),
            Map.entry("month-weekdays", (at, it) -> monthWeekdays(it.numbers(0), it.weekday(1))),
            Map.entry("month-workday", (at, it) -> monthWorkday(it.number(0))),
            Map.entry("before-end", (at, it) -> beforeEnd(it.number(0))),
            Map.entry("on", (at, it) -> again(it.repeat(0).on(it.on(1)))),
            Map.entry("before-this-end", (at, it) -> at.beforeThisEnd(it.number(0))),
            Map.entry("before-its-end", (at, it) -> again(beforeEnd(it.repeat(0), it.number(1)))),
            Map.entry(
                    "yearly-weekday",
                    (at, it) -> again(monthWeekday(it.number(1), it.weekday(2), it.number(3))
                            .flatMap(on -> Optional.ofNullable(it.repeat(0).on(on)))
                            .orElse(null))),
            Map.entry("yearly-last-day", (at, it) -> again(it.repeat(0).on(lastDayOf(it.number(1))))),
            Map.entry(
                    "every-day",
                    (at, it) -> again(
                            Repeat.every(it.from(0), Unit.WEEKS, it.number(1)).on(it.on(2)))),
            Map.entry(
                    "every-part",
                    (at, it) -> again(Repeat.every(it.from(0), Unit.DAYS, 1).in(it.part(1)))),
            Map.entry(
                    "every-weekday-part",
                    (at, it) -> again(Repeat.every(it.from(0), Unit.WEEKS, 1)
                            .in(it.part(2))
                            .on(On.weekdays(List.of(it.weekday(1)))))),
            Map.entry(
                    "every-month",
                    (at, it) -> again(Repeat.every(it.from(0), Unit.MONTHS, 1).on(it.on(1)))),
            Map.entry(
                    "every-year",
                    (at, it) -> again(monthWeekday(it.number(1), it.weekday(2), it.number(3))
                            .flatMap(on -> Optional.ofNullable(
                                    Repeat.every(it.from(0), Unit.YEARS, 1).on(on)))
                            .orElse(null))),
            Map.entry(
                    "every-last-day",
                    (at, it) -> again(Repeat.every(it.from(0), Unit.YEARS, 1).on(lastDayOf(it.number(1))))),
            Map.entry(
                    "every-last-of-month",
                    (at, it) -> again(Repeat.every(it.from(0), Unit.MONTHS, 1).on(On.monthDays(List.of(-1))))),
            Map.entry("every-date", (at, it) -> everyDate(it.from(0), it.numbers(1), it.numbers(2))),
            Map.entry(
                    "different-days", (at, it) -> isOneDay(it.numbers(0)) ? null : new Question(it.word(1), List.of())),
            Map.entry("until", (at, it) -> new Until(it.day(0))),
            Map.entry("workdays-off", (at, it) -> new OnDaysOff(it.word(0))),
            Map.entry(
                    "once-done",
                    (at, it) -> again(new Repeat(
                            From.COMPLETION,
                            it.repeat(0).unit(),
                            it.repeat(0).interval(),
                            it.repeat(0).on(),
                            null))),
            Map.entry("until-month", (at, it) -> new Until(at.lastDay(it.number(0), it.size() > 1 ? it.number(1) : 0))),
            Map.entry("count", (at, it) -> it.number(0) > 0 ? new Times(it.number(0)) : null),
            Map.entry("later", (at, it) -> later(it.number(0), it.word(1), it.size() > 2 ? it.number(2) : 0)),
            Map.entry("earlier", (at, it) -> earlier((Later) it.all.get(0))),
            Map.entry("span", (at, it) -> span(it.number(0), it.word(1))),
            Map.entry("priority", (at, it) -> important(it.word(0))),
            // Reminders.
            Map.entry("always", (at, it) -> new Remind(true)),
            Map.entry("sometimes", (at, it) -> new Remind(false)),
            Map.entry("lead", (at, it) -> lead(it.number(0), it.word(1), false)),
            Map.entry("lead-and-minutes", (at, it) -> leadAndMinutes(it.number(0), it.number(1))),
            Map.entry("called-lead", (at, it) -> lead(it.number(0), it.word(1), true)),
            Map.entry("eve", (at, it) -> new Eve(it.part(0), false)),
            Map.entry("called-eve", (at, it) -> new Eve(it.part(0), true)),
            Map.entry("nag", (at, it) -> nag(it.number(0), it.word(1))),
            Map.entry("nag-after", (at, it) -> new Nagging(((Nagging) it.all.get(0)).every(), true)),
            Map.entry(
                    "question",
                    (at, it) -> new Question(
                            it.word(0),
                            it.all.stream().skip(1).map(String.class::cast).toList())),
            Map.entry("nothing", (at, it) -> Meaning.Nothing.NOTHING),
            // Questions.
            Map.entry(
                    "span-weekend",
                    (at, it) -> new DueIn(
                            at.weekend(),
                            at.weekend().with(TemporalAdjusters.next(DayOfWeek.MONDAY)),
                            at.language.say("this-weekend"))),
            Map.entry("span-week", (at, it) -> at.wholeWeek(it.number(0))),
            Map.entry("span-month", (at, it) -> at.wholeMonth(it.number(0))),
            Map.entry("span-of-month", (at, it) -> at.monthOf(it.number(0), it.size() > 1 ? it.number(1) : 0)),
            Map.entry("span-ahead", (at, it) -> at.spanAhead(it.number(0), it.word(1))),
            Map.entry("span-back", (at, it) -> at.spanBack(it.number(0), it.word(1))),
            Map.entry("due-before", (at, it) -> at.dueBefore(it.day(0), 0)),
            Map.entry("due-until", (at, it) -> at.dueBefore(it.day(0), 1)),
            Map.entry("due-on", (at, it) -> at.dueOn(it.day(0))),
            Map.entry("due-yesterday", (at, it) -> new DueIn(at.today.minusDays(1), at.today, null)));

    private final Speaker speaker;
    private final ZonedDateTime now;
    private final Language language;
    private final LocalDate today;

    Meanings(Speaker speaker) {
        this.speaker = speaker;
        this.now = speaker.now();
        this.language = speaker.language();
        this.today = now.toLocalDate();
    }

    static boolean knows(String action) {
        return ACTIONS.containsKey(action);
    }

    /** @return null where it makes no sense; a name without an action is taken as a word */
    @Nullable
    Object of(String name, List<Object> arguments) {
        var action = ACTIONS.get(name);
        return action == null ? name : action.of(this, new Arguments(arguments));
    }

    private static Day day(LocalDate date) {
        return new Day(date);
    }

    /** A day that does not exist has no date. */
    private static @Nullable Day date(int year, int month, int day) {
        if (year > LAST_YEAR) {
            return null;
        }
        try {
            return new Day(LocalDate.of(year, month, day));
        } catch (DateTimeException e) {
            return new Day(List.of(), false);
        }
    }

    /** Without a year, the next one that comes; 29 February may be years away. */
    private @Nullable Day dayOf(int day, int month, int year) {
        if (year > 0) {
            return date(year, month, day);
        }
        return IntStream.rangeClosed(today.getYear(), Math.min(LAST_YEAR, today.getYear() + 8))
                .mapToObj(it -> date(it, month, day))
                .filter(Objects::nonNull)
                .filter(it -> it.dates().stream().anyMatch(date -> !date.isBefore(today)))
                .findFirst()
                .orElse(new Day(List.of(), false));
    }

    /** 5/6 is one day in one country and another in the next. */
    private @Nullable Day slashed(Token it) {
        var one = dayOf(it.a(), it.b(), it.c());
        var other = dayOf(it.b(), it.a(), it.c());
        return one == null || other == null
                ? null
                : new Day(
                        Stream.concat(one.dates().stream(), other.dates().stream())
                                .toList(),
                        false);
    }

    private Day lastDay(int month, int year) {
        int named = year > 0 ? year : month < today.getMonthValue() ? today.getYear() + 1 : today.getYear();
        return new Day(YearMonth.of(Math.min(named, LAST_YEAR), month).atEndOfMonth());
    }

    private static @Nullable Day weekdayOfMonth(Meanings at, Arguments it) {
        int place = it.number(0);
        if (place == 0 || place < -5 || place > 5) {
            return null;
        }
        int year = it.size() > 3 ? it.number(3) : at.today.getYear();
        var date = at.weekdayOf(YearMonth.of(year, it.number(2)), place, it.weekday(1));
        if (it.size() == 3 && date.isBefore(at.today)) {
            date = at.weekdayOf(YearMonth.of(year + 1, it.number(2)), place, it.weekday(1));
        }
        // A month may have no fifth Friday.
        return new Day(date.getMonthValue() == it.number(2) ? List.of(date) : List.of(), false);
    }

    private @Nullable Day weekdayOfComingMonth(int place, DayOfWeek day, YearMonth month) {
        if (place == 0 || Math.abs(place) > 5) {
            return null;
        }
        var date = weekdayOf(month, place, day);
        return new Day(YearMonth.from(date).equals(month) ? List.of(date) : List.of(), false);
    }

    private LocalDate weekdayOf(YearMonth month, int place, DayOfWeek day) {
        return month.atDay(1).with(TemporalAdjusters.dayOfWeekInMonth(place, day));
    }

    private YearMonth month(int ahead) {
        return YearMonth.from(today).plusMonths(ahead);
    }

    private Day dayOf(YearMonth month, int day) {
        return new Day(day >= 1 && day <= month.lengthOfMonth() ? List.of(month.atDay(day)) : List.of(), false);
    }

    /** Both have to say the same. */
    private Day both(DayOfWeek weekday, Day day) {
        return new Day(
                day.dates().stream().filter(it -> it.getDayOfWeek() == weekday).toList(), false);
    }

    /** "Tuesday the 7th": where the next 7th is none, one of the two may be a mistake, or a later one is meant. */
    private @Nullable Day weekdayAndNth(DayOfWeek weekday, int nth) {
        var day = nth(nth);
        if (day == null || day.dates().get(0).getDayOfWeek() == weekday) {
            return day;
        }
        var next = today.with(TemporalAdjusters.nextOrSame(weekday));
        var both = Stream.iterate(next, it -> it.plusWeeks(1))
                .limit(MOST_WEEKS)
                .filter(it -> it.getDayOfMonth() == nth)
                .limit(1);
        return toCome(Stream.of(Stream.of(next), day.dates().stream(), both)
                .flatMap(it -> it)
                .sorted());
    }

    private @Nullable Day nth(int day) {
        return today.datesUntil(today.plusMonths(3))
                .filter(it -> it.getDayOfMonth() == day)
                .findFirst()
                .map(Day::new)
                .orElse(null);
    }

    private @Nullable Day ahead(int number, String unit) {
        var date = today.plus(period(number, unit));
        return date.getYear() > LAST_YEAR ? null : new Day(date);
    }

    /** So long after some days, or, below zero, before them. */
    private static @Nullable Day away(Day from, int number, String unit) {
        return Math.abs(number) > MOST_INTERVAL
                ? null
                : new Day(
                        from.dates().stream()
                                .map(it -> it.plus(period(number, unit)))
                                .filter(it -> it.getYear() <= LAST_YEAR)
                                .toList(),
                        false);
    }

    private static Period period(int number, String unit) {
        return switch (unit) {
            case "days" -> Period.ofDays(number);
            case "weeks" -> Period.ofWeeks(number);
            case "fortnights" -> Period.ofWeeks(2 * number);
            case "months" -> Period.ofMonths(number);
            case "quarters" -> Period.ofMonths(3 * number);
            default -> Period.ofYears(number);
        };
    }

    /** On a Friday, "Friday" may be today or the next. */
    private Day weekday(DayOfWeek day) {
        return new Day(
                List.of(today.with(TemporalAdjusters.nextOrSame(day)), today.with(TemporalAdjusters.next(day))), true);
    }

    /** The next one that comes, or the one of next week. */
    private Day nextWeekday(DayOfWeek day) {
        return new Day(
                List.of(today.with(TemporalAdjusters.next(day)), week(1).with(TemporalAdjusters.nextOrSame(day))),
                true);
    }

    /** A weekday that is over is the next one: some begin the week on Sunday, and nobody plans for yesterday. */
    private LocalDate weekdayOfWeek(DayOfWeek day, int ahead) {
        LocalDate date = week(ahead).with(TemporalAdjusters.nextOrSame(day));
        return date.isBefore(today) ? date.plusWeeks(1) : date;
    }

    /** The first day of a week, which is a Monday where nobody said otherwise. */
    private LocalDate week(int ahead) {
        var first = Objects.requireNonNullElse(speaker.weekStart(), DayOfWeek.MONDAY);
        return today.with(TemporalAdjusters.previousOrSame(first)).plusWeeks(ahead);
    }

    /** "In two weeks on Monday" is the Monday before that day, or behind it. */
    private Day weekdayNear(DayOfWeek day, Day near) {
        return toCome(near.dates().stream()
                .flatMap(it -> Stream.of(
                        it.with(TemporalAdjusters.previousOrSame(day)), it.with(TemporalAdjusters.nextOrSame(day)))));
    }

    private Day toCome(Stream<LocalDate> dates) {
        return new Day(
                dates.filter(it -> !it.isBefore(today) && it.getYear() <= LAST_YEAR)
                        .toList(),
                false);
    }

    /** Its first day or its last, as ISO 8601 numbers weeks: the next of that number that is not over. */
    private @Nullable Day weekOfYear(int number) {
        return firstOfWeek(number)
                .map(it -> toCome(Stream.of(it, it.plusDays(6))))
                .orElse(null);
    }

    private @Nullable Day weekdayOfYear(DayOfWeek day, int number) {
        return firstOfWeek(number)
                .map(it -> toCome(Stream.of(it.with(TemporalAdjusters.nextOrSame(day)))))
                .orElse(null);
    }

    private Optional<LocalDate> firstOfWeek(int number) {
        return Stream.iterate(today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)), it -> it.plusWeeks(1))
                .limit(MOST_WEEKS)
                .filter(it -> it.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR) == number)
                .findFirst();
    }

    private LocalDate weekend() {
        return today.getDayOfWeek() == DayOfWeek.SUNDAY
                ? today
                : today.with(TemporalAdjusters.nextOrSame(DayOfWeek.SATURDAY));
    }

    private LocalDate endOf(String unit, int ahead) {
        return switch (unit) {
            case "week" -> week(ahead).plusDays(6);
            case "month" -> month(ahead).atEndOfMonth();
            default -> today.plusYears(ahead).with(TemporalAdjusters.lastDayOfYear());
        };
    }

    private LocalDate startOf(String unit, int ahead) {
        return switch (unit) {
            case "week" -> week(ahead);
            case "month" -> month(ahead).atDay(1);
            default -> today.plusYears(ahead).with(TemporalAdjusters.firstDayOfYear());
        };
    }

    private static Day either(List<Object> days) {
        return new Day(
                days.stream()
                        .flatMap(it -> (it instanceof Collection<?> several ? several : List.of(it)).stream())
                        .flatMap(it -> ((Day) it).dates().stream())
                        .toList(),
                false);
    }

    /** @param early the form of those before noon */
    private static @Nullable Clock hour(int hour, Clock.Form early) {
        return hour > 23 ? null : new Clock(hour, 0, hour == 0 || hour > 11 ? Clock.Form.EXACT : early);
    }

    /** "8 in the evening"; the late hours of a night are of the next day. */
    private static @Nullable Clock hourOf(Clock hour, Part part) {
        var time = new When(null, hour, part, null).times().get(0);
        boolean late = part == Part.NIGHT && time.getHour() < NOON;
        return late ? null : new Clock(time.getHour(), time.getMinute(), Clock.Form.EXACT);
    }

    private @Nullable Clock past(int minutes, Clock hour) {
        if (Math.abs(minutes) >= 60 || minutes == 0) {
            return null;
        }
        int of = (hour.hour() * 60 + hour.minute() + minutes + 24 * 60) % (24 * 60);
        return new Clock(of / 60, of % 60, hour.hour() == 12 ? Clock.Form.HOUR : hour.form());
    }

    /** @param minutes more than that */
    private Soon soon(int number, String unit, int minutes) {
        return new Soon(now.plus(number, chrono(unit))
                .plusMinutes(minutes)
                .toLocalDateTime()
                .truncatedTo(ChronoUnit.SECONDS));
    }

    /** The unit of that name: days, or a shorter one. */
    private static ChronoUnit chrono(String unit) {
        return ChronoUnit.valueOf(unit.toUpperCase(Locale.ROOT));
    }

    private static @Nullable Again often(From from, int number, String unit) {
        if (number < 1 || number > MOST_INTERVAL) {
            return null;
        }
        return again(
                switch (unit) {
                    case "days" -> Repeat.every(from, Unit.DAYS, number);
                    case "weeks" -> Repeat.every(from, Unit.WEEKS, number);
                    case "fortnights" -> Repeat.every(from, Unit.WEEKS, 2 * number);
                    case "months" -> Repeat.every(from, Unit.MONTHS, number);
                    case "quarters" -> Repeat.every(from, Unit.MONTHS, 3 * number);
                    default -> Repeat.every(from, Unit.YEARS, number);
                });
    }

    private static @Nullable Again again(@Nullable Repeat repeat) {
        return repeat == null ? null : new Again(repeat);
    }

    private static On range(List<Integer> ends) {
        int first = ends.get(0);
        int days = Math.floorMod(ends.get(1) - first, 7);
        return On.weekdays(IntStream.rangeClosed(0, days)
                .mapToObj(it -> DayOfWeek.of(first).plus(it))
                .toList());
    }

    private static @Nullable On monthDays(List<Integer> days) {
        return days.stream().allMatch(it -> it != 0 && it >= -5 && it <= 31) ? On.monthDays(days) : null;
    }

    private static @Nullable On monthWeekdays(List<Integer> places, DayOfWeek day) {
        if (places.stream().anyMatch(it -> it == 0 || it > 5)) {
            return null;
        }
        return new On(
                places.stream().distinct().map(it -> it + Repeat.code(day)).toList(), List.of(), 0, List.of());
    }

    private static Optional<On> monthWeekday(int place, DayOfWeek day, int month) {
        var on = monthWeekdays(List.of(place), day);
        return Optional.ofNullable(on).map(it -> it.in(List.of(month)));
    }

    private static @Nullable On monthWorkday(int place) {
        if (place == 0 || place > 20) {
            return null;
        }
        return new On(WORKDAYS.stream().map(Repeat::code).toList(), List.of(), place, List.of());
    }

    private static On lastDayOf(int month) {
        return On.monthDays(List.of(-1)).in(List.of(month));
    }

    private @Nullable Day beforeThisEnd(int days) {
        return Stream.of(0, 1)
                .map(it -> month(it).atEndOfMonth().minusDays(days))
                .filter(it -> days <= 27 && !it.isBefore(today))
                .map(Meanings::day)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable On beforeEnd(int days) {
        return days >= 1 && days <= 27 ? On.monthDays(List.of(-1 - days)) : null;
    }

    private static @Nullable Repeat beforeEnd(Repeat repeat, int days) {
        var on = beforeEnd(days);
        return on == null ? null : repeat.on(on);
    }

    /** The day is that of the first date, and so of all. */
    private static @Nullable Again everyDate(From from, List<Integer> days, List<Integer> months) {
        int day = days.get(0);
        // A leap year, so that 29 February is a day.
        boolean isThere = day >= 1
                && months.stream()
                        .allMatch(month -> day <= YearMonth.of(2000, month).lengthOfMonth());
        return isThere && isOneDay(days)
                ? again(Repeat.every(from, Unit.YEARS, 1)
                        .on(On.monthDays(List.of(day)).in(months)))
                : null;
    }

    private static boolean isOneDay(List<Integer> days) {
        return days.stream().distinct().count() == 1;
    }

    static Important important(String priority) {
        return new Important(Priority.valueOf(priority.toUpperCase(Locale.ROOT)));
    }

    private static @Nullable Span span(int number, String unit) {
        return number < 1 ? null : new Span(period(number, unit));
    }

    /** @param minutes more than that, where the unit is shorter than a day */
    private static @Nullable Later later(int number, String unit, int minutes) {
        if (number < 1 || number > MOST_INTERVAL) {
            return null;
        }
        return new Later(
                switch (unit) {
                    case "hours", "minutes", "seconds" ->
                        Duration.of(number, chrono(unit)).plusMinutes(minutes);
                    default -> period(number, unit);
                });
    }

    private static Later earlier(Later it) {
        return new Later(it.by() instanceof Period period ? period.negated() : ((Duration) it.by()).negated());
    }

    private static @Nullable Lead lead(int number, String unit, boolean called) {
        var reminder = switch (unit) {
            case "days" -> "-P" + number + "D";
            case "weeks" -> "-P" + number + "W";
            case "fortnights" -> "-P" + 2 * number + "W";
            case "months" -> "-P" + number + "M";
            case "quarters" -> "-P" + 3 * number + "M";
            case "years" -> "-P" + number + "Y";
            default ->
                number == 0 ? "PT0S" : "-PT" + number + unit.substring(0, 1).toUpperCase(Locale.ROOT);
        };
        try {
            ReminderSpec.parse(reminder);
            return new Lead(reminder, called);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable Lead leadAndMinutes(int hours, int minutes) {
        return lead(hours, "hours", false) == null || minutes > 59
                ? null
                : new Lead("-PT" + hours + "H" + minutes + "M", false);
    }

    /** Null where reminders do not come again so often, or so seldom. */
    private static @Nullable Nagging nag(int number, String unit) {
        try {
            var every = Duration.of(number, chrono(unit));
            return new Nagging(new Nag(every).toString(), false);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private DueIn wholeWeek(int ahead) {
        var first = week(ahead);
        // Half of the world begins the week on Sunday: on a Sunday, "this week" is the week that ends and the week
        // that begins.
        boolean both = speaker.weekStart() == null && ahead == 0 && today.getDayOfWeek() == DayOfWeek.SUNDAY;
        return new DueIn(first, first.plusDays(both ? 13 : 7), language.say(which(ahead) + "week"));
    }

    private DueIn wholeMonth(int ahead) {
        return new DueIn(month(ahead).atDay(1), month(ahead + 1).atDay(1), language.say(which(ahead) + "month"));
    }

    private static String which(int ahead) {
        return ahead == 0 ? "this-" : ahead < 0 ? "last-" : "next-";
    }

    private DueIn monthOf(int month, int year) {
        var last = lastDay(month, year).dates().get(0);
        return new DueIn(
                last.withDayOfMonth(1),
                last.plusDays(1),
                language.say(
                        "in-month",
                        "month",
                        DateTimeFormatter.ofPattern("LLLL uuuu", language.locale())
                                .format(last)));
    }

    private @Nullable DueIn spanAhead(int number, String unit) {
        if (number < 1 || number > MOST_INTERVAL) {
            return null;
        }
        var end = today.plus(period(number, unit));
        return new DueIn(today, end, language.say("by-day", "day", new Reply(language, now).nameOf(end.minusDays(1))));
    }

    private @Nullable DueIn spanBack(int number, String unit) {
        if (number < 1 || number > MOST_INTERVAL) {
            return null;
        }
        var from = today.minus(period(number, unit));
        return new DueIn(
                from, today.plusDays(1), language.say("from-day", "day", new Reply(language, now).nameOf(from)));
    }

    private @Nullable DueIn dueBefore(Day day, int more) {
        if (day.dates().isEmpty()) {
            return null;
        }
        var last = day.dates().get(0);
        return new DueIn(
                null,
                last.plusDays(more),
                language.say(more == 0 ? "before-day" : "by-day", "day", new Reply(language, now).nameOf(last)));
    }

    /** Takes the first of two days: a wrong list does no harm. */
    private @Nullable DueIn dueOn(Day day) {
        if (day.dates().isEmpty()) {
            return null;
        }
        var first = day.dates().get(0);
        return new DueIn(first, first.plusDays(1), null);
    }
}
