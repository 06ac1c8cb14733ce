package dev.sandglass.time;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rule of a recurring task: {@code daily weekly monthly yearly}, or the value of an RFC 5545 RRULE.
 *
 * @param text the rule as it was sent
 * @throws IllegalArgumentException with a sentence for a person, where it cannot be read
 */
public record Recurrence(String text) {
    /** Years after which the calendar repeats itself: what does not come in so many, times the interval, never does. */
    private static final long CYCLE = 400;

    private static final Pattern COUNT = Pattern.compile("COUNT=\\+?\\d+", Pattern.CASE_INSENSITIVE);

    /** The date from which the next date counts. */
    public enum From {
        /** The date in the rule of the completed occurrence. */
        @JsonProperty("schedule")
        SCHEDULE,
        /** The day of the completion. */
        @JsonProperty("completion")
        COMPLETION
    }

    /**
     * The position of a recurring task in its rule.
     *
     * @param anchor the rule's first date (DTSTART in RFC 5545), which counts as the first even if the rule does not
     *     name its day
     * @param slot the date in the rule of the present occurrence; its {@code due} may have been moved
     * @param zone the zone of these dates
     * @param occurrence number of the present occurrence, 1 for the first
     * @param placed the day on which working days put it when it came; null: where those of now put it
     */
    public record Series(
            Due anchor,
            Due slot,
            ZoneId zone,
            int occurrence,
            @Nullable LocalDate placed) {
        public Series(Due anchor, Due slot, ZoneId zone, int occurrence) {
            this(anchor, slot, zone, occurrence, null);
        }
    }

    /**
     * An occurrence of a rule.
     *
     * @param slot its date in the rule
     * @param due when it is due: another day where working days move it
     */
    public record Occurrence(Due slot, Due due) {}

    public Recurrence {
        RuleText.read(text);
    }

    /** @throws IllegalArgumentException as the constructor */
    @JsonCreator
    public static Recurrence parse(String text) {
        return new Recurrence(text);
    }

    /** The next date, where each comes as it is. */
    public Optional<Due> next(Series series, From from, Instant completedAt) {
        return next(series, from, completedAt, WorkingDays.ALL).map(Occurrence::due);
    }

    /**
     * The next date, with the same time of day, or all day like the present one.
     *
     * <p>By schedule: the next date of the rule after the slot that comes on a later day than the slot does and is not over at {@code
     * completedAt}, or a date that is added; COUNT counts dates of the rule, those passed over included. By completion: the first that
     * comes after the day of completion, of the rule as if it began on that day; COUNT counts occurrences.
     *
     * @return empty where the rule has ended (COUNT, UNTIL), or names no date before the year 10000
     */
    public Optional<Occurrence> next(Series series, From from, Instant completedAt, WorkingDays days) {
        var rule = RuleText.read(text);
        var zone = series.zone();
        var slot = series.slot().date();
        var time = series.slot().time();
        var today = LocalDate.ofInstant(completedAt, zone);
        // Other days off since then neither have its day come once more, nor take the next one away.
        var present = Optional.ofNullable(series.placed()).or(() -> days.of(slot));
        var near = from == From.COMPLETION || slot.isBefore(today) ? days.firstFor(today) : slot;
        var end = near.plusYears(CYCLE * rule.interval());
        Predicate<LocalDate> comes = it -> it.isAfter(slot)
                && days.of(it)
                        .filter(day -> present.isEmpty() || day.isAfter(present.get()))
                        .filter(day -> new Due(day, time).at(zone).isAfter(completedAt))
                        .isPresent();
        var date = switch (from) {
            case SCHEDULE -> rule.next(series.anchor().date(), near, it -> it.isAfter(end) || comes.test(it));
            case COMPLETION ->
                series.occurrence() < rule.count()
                        // Days off that are passed over are no occurrences.
                        ? rule.nextUncounted(
                                today,
                                it -> it.isAfter(end)
                                        || days.of(it).filter(today::isBefore).isPresent())
                        : Optional.<LocalDate>empty();
        };
        var besides = from == From.SCHEDULE ? days.added().stream().filter(comes) : Stream.<LocalDate>empty();
        return Stream.concat(
                        date.stream()
                                .filter(it -> !it.isAfter(end) && rule.until().test(new Due(it, time), zone)),
                        besides)
                .min(Comparator.naturalOrder())
                .flatMap(it -> occurrence(new Due(it, time), from, days));
    }

    /** The first occurrence of a rule that begins with this date. */
    public Optional<Occurrence> first(Due anchor, ZoneId zone, From from, WorkingDays days) {
        return occurrence(anchor, from, days)
                .or(() -> next(new Series(anchor, anchor, zone, 1), From.SCHEDULE, anchor.startsAt(zone), days));
    }

    /** From completion there is no other date to count from than the day on which it is due. */
    private static Optional<Occurrence> occurrence(Due slot, From from, WorkingDays days) {
        return days.of(slot.date())
                .map(day -> new Due(day, slot.time()))
                .map(due -> new Occurrence(from == From.COMPLETION ? due : slot, due));
    }

    /**
     * The next date where the present one is left out. From completion it counts from the date left out, unless that is past.
     *
     * @return empty as {@link #next}
     */
    public Optional<Occurrence> afterSkipping(Series series, From from, Instant now, WorkingDays days) {
        Instant planned = series.slot().startsAt(series.zone());
        return next(series, from, from == From.COMPLETION && planned.isAfter(now) ? planned : now, days);
    }

    /** The dates after the present one, as they come if it is done now where it is late, and each other on its day. */
    public List<Due> coming(Series series, From from, Instant now, WorkingDays days, int most) {
        List<Due> coming = new ArrayList<>();
        Optional<Occurrence> next = afterSkipping(series, from, now, days);
        while (next.isPresent() && coming.size() < most) {
            coming.add(next.get().due());
            next = afterSkipping(
                    new Series(series.anchor(), next.get().slot(), series.zone(), series.occurrence() + coming.size()),
                    from,
                    now,
                    days);
        }
        return coming;
    }

    /** The rule as it begins anew with the present occurrence: COUNT counts on. From completion it counts occurrences anyway. */
    public Recurrence rest(Series series, From from) {
        var rule = RuleText.read(text);
        if (from == From.COMPLETION || rule.count() == Integer.MAX_VALUE) {
            return this;
        }
        int before = rule.datesBefore(series.anchor().date(), series.slot().date());
        return counting(rule.count() - before);
    }

    /** The rule once an occurrence was left out: from completion COUNT counts occurrences, and that was one. */
    public Recurrence withoutOne(From from) {
        int count = RuleText.read(text).count();
        return from == From.COMPLETION && count < Integer.MAX_VALUE ? counting(count - 1) : this;
    }

    /** After the rule's last date there may be one that was added. */
    private Recurrence counting(int count) {
        return new Recurrence(COUNT.matcher(text).replaceFirst("COUNT=" + Math.max(1, count)));
    }

    /**
     * Tells if the present occurrence can be one of this rule: its slot is a date of the rule, and COUNT does not end before. Counted from
     * completion it may be any: what is done early comes before the rule's first date.
     */
    public boolean has(Series series, From from) {
        var rule = RuleText.read(text);
        var anchor = series.anchor().date();
        var slot = series.slot().date();
        return switch (from) {
            case SCHEDULE ->
                slot.equals(anchor) || rule.dates(anchor, slot, slot).contains(slot);
            case COMPLETION -> series.occurrence() <= rule.count();
        };
    }

    /**
     * The dates of the rule from a day to another, both included.
     *
     * @param first the rule's first date, which counts whatever the rule says
     */
    public List<LocalDate> dates(LocalDate first, LocalDate from, LocalDate to) {
        var rule = RuleText.read(text);
        List<LocalDate> dates = new ArrayList<>();
        if (!first.isBefore(from) && !first.isAfter(to)) {
            dates.add(first);
        }
        rule.dates(first, from, to).stream()
                .filter(date -> rule.until().test(new Due(date, null), ZoneOffset.UTC))
                .forEach(dates::add);
        return dates;
    }

    /** Tells if a task with this first due comes again, without regard to COUNT and UNTIL: 30 February never does. */
    public boolean comesAgain(Due first) {
        return RuleText.read(text).comesAgain(first.date());
    }

    /** As it was sent. */
    @Override
    @JsonValue
    public String toString() {
        return text;
    }
}
