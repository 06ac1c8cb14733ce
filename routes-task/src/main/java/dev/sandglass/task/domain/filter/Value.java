package dev.sandglass.task.domain.filter;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** A value that a field is compared with. */
public sealed interface Value {
    /** @param text as it was written */
    record Text(String text) implements Value {}

    /** @param place of a word among those that the field has, from 0 */
    record Choice(int index) implements Value {}

    /**
     * A day, and days after it.
     *
     * @param date null: today
     */
    record Day(@Nullable LocalDate date, int days) implements Value {
        Day plus(int more) {
            return new Day(date, days + more);
        }
    }

    /**
     * An instant, and days and hours after it.
     *
     * @param instant null: now
     */
    record Moment(@Nullable Instant instant, int days, int hours) implements Value {}
}
