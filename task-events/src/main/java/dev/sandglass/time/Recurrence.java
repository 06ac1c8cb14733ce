package dev.sandglass.time;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;

/**
 * How a task comes again: {@code daily weekly monthly yearly}, or the value of an RFC 5545 RRULE.
 *
 * @param text the rule as it was sent
 * @throws IllegalArgumentException with a sentence for a person, where it cannot be read
 */
public record Recurrence(String text) {

    /** What the next date is counted from. */
    public enum From {
        /** The date in the rule of the one that was completed. */
        @JsonProperty("schedule")
        SCHEDULE,
        /** The day on which it was completed. */
        @JsonProperty("completion")
        COMPLETION
    }

    /**
     * Where a recurring task stands.
     *
     * @param anchor the rule's first date (DTSTART in RFC 5545), which counts as the first even if the rule does not
     *     name its day
     * @param slot the date in the rule of the occurrence at hand; its {@code due} may have been moved elsewhere
     * @param zone where these dates are meant
     * @param occurrence number of the occurrence at hand, 1 for the first
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
     * The date that follows the one at hand, with its time of day, or all day like it.
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

    /** Whether a task that is first due then comes again, whatever COUNT and UNTIL say: 30 February never does. */
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
