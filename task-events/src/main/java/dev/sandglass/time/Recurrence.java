package dev.sandglass.time;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The rule of a recurring task: {@code daily weekly monthly yearly}, or the value of an RFC 5545 RRULE.
 *
 * @param text the rule as it was sent
 * @throws IllegalArgumentException with a sentence for a person, where it cannot be read
 */
public record Recurrence(String text) {
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
     */
    public record Series(Due anchor, Due slot, ZoneId zone, int occurrence) {}

    public Recurrence {
        RuleText.read(text);
    }

    /** @throws IllegalArgumentException as the constructor */
    @JsonCreator
    public static Recurrence parse(String text) {
        return new Recurrence(text);
    }

    /**
     * The next date, with the same time of day, or all day like the present one.
     *
     * <p>By schedule: the next date of the rule after the slot that is not over at {@code completedAt}; COUNT counts
     * dates of the rule, those passed over included. By completion: the first date, after the day of completion, of
     * the rule as if it began on that day; COUNT counts occurrences.
     *
     * @return empty where the rule has ended (COUNT, UNTIL), or names no date before the year 10000
     */
    public Optional<Due> next(Series series, From from, Instant completedAt) {
        var rule = RuleText.read(text);
        var zone = series.zone();
        var slot = series.slot().date();
        var time = series.slot().time();
        var today = LocalDate.ofInstant(completedAt, zone);
        var date = switch (from) {
            case SCHEDULE ->
                rule.next(
                        series.anchor().date(),
                        slot.isAfter(today) ? slot : today,
                        it -> it.isAfter(slot) && new Due(it, time).at(zone).isAfter(completedAt));
            case COMPLETION ->
                series.occurrence() < rule.count() ? rule.next(today, today, it -> true) : Optional.<LocalDate>empty();
        };
        return date.map(it -> new Due(it, time)).filter(it -> rule.until().test(it, zone));
    }

    /**
     * The next date where the present one is left out. From completion it counts from the date left out, unless that is past.
     *
     * @return empty as {@link #next}
     */
    public Optional<Due> afterSkipping(Series series, From from, Instant now) {
        Instant planned = series.slot().startsAt(series.zone());
        return next(series, from, from == From.COMPLETION && planned.isAfter(now) ? planned : now);
    }

    /** The dates after the present one, as they come if it is done now where it is late, and each other on its day. */
    public List<Due> coming(Series series, From from, Instant now, int most) {
        List<Due> coming = new ArrayList<>();
        Optional<Due> next = afterSkipping(series, from, now);
        while (next.isPresent() && coming.size() < most) {
            coming.add(next.get());
            next = afterSkipping(
                    new Series(series.anchor(), next.get(), series.zone(), series.occurrence() + coming.size()),
                    from,
                    now);
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
        return new Recurrence(COUNT.matcher(text).replaceFirst("COUNT=" + (rule.count() - before)));
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
