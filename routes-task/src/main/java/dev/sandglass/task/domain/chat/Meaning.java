package dev.sandglass.task.domain.chat;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.temporal.TemporalAmount;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The meaning of a phrase. */
sealed interface Meaning {
    /**
     * A day.
     *
     * @param dates the days it can be; none: there is no such day; several: the user is asked
     * @param weekday true if it was named by its weekday alone
     */
    record Day(List<LocalDate> dates, boolean weekday) implements Meaning {
        public Day {
            dates = dates.stream().distinct().toList();
        }

        public Day(LocalDate date) {
            this(List.of(date), false);
        }
    }

    /** A time of day as it was said. */
    record Clock(int hour, int minute, Form form) implements Meaning {
        enum Form {
            /** It is that time: 9pm, 21:00, 09:00. */
            EXACT,
            /** An hour of twelve: at 5, half past 7. */
            HOUR,
            /** An hour and minutes that may be of twelve: 9:30. */
            SPOKEN,
            /** The end of a day or its beginning. */
            MIDNIGHT
        }
    }

    /** A part of a day. */
    enum Part implements Meaning {
        MORNING(9, 12),
        NOON(12, 14),
        AFTERNOON(15, 18),
        EVENING(19, 24),
        NIGHT(20, 24);

        /** The hour that counts where no time is said. */
        final int hour;
        /** The hour at which it is over. */
        final int end;

        Part(int hour, int end) {
            this.hour = hour;
            this.end = end;
        }
    }

    /** A part of a certain day: this evening. */
    record PartOfDay(Day day, Part part) implements Meaning {}

    /** So long from now. */
    record Soon(LocalDateTime at) implements Meaning {}

    /** A rule; see {@link Repeat}. */
    record Again(Repeat repeat) implements Meaning {}

    /** The last day of a rule. */
    record Until(Day day) implements Meaning {}

    /** How often. */
    record Times(int count) implements Meaning {}

    /** The way of a date of a rule that is a day off, as the contract takes it. */
    record OnDaysOff(String way) implements Meaning {}

    /** For how long. */
    record Span(Period period) implements Meaning {}

    /** So much later than it was: days and longer are a {@link Period}; below zero, earlier. */
    record Later(TemporalAmount by) implements Meaning {}

    /**
     * The wish to be reminded.
     *
     * @param always true if it holds without a time too
     */
    record Remind(boolean always) implements Meaning {}

    /**
     * So long before; as the contract takes it.
     *
     * @param called whether it is called a reminder, and so is one wherever it stands
     */
    record Lead(String reminder, boolean called) implements Meaning {}

    /**
     * In a part of the day before: the night before.
     *
     * @param called as of a {@link Lead}
     */
    record Eve(Part part, boolean called) implements Meaning {}

    /**
     * That the last reminder comes again until the task is done.
     *
     * @param every as the contract takes it
     * @param after a reminder, without which these words do not mean that
     */
    record Nagging(String every, boolean after) implements Meaning {}

    record Tag(String tag) implements Meaning {}

    /**
     * The name of a list, where a list can stand.
     *
     * @param lists those it may be
     * @param sure whether a list is called one, or written as its name is
     */
    record InList(List<ListName> lists, boolean sure) implements Meaning {}

    record Important(dev.sandglass.events.Priority priority) implements Meaning {}

    /**
     * A phrase that the user has to explain.
     *
     * @param question empty: "What do you mean?"
     * @param instead the phrases that the user can say in its place
     */
    record Question(String question, List<String> instead) implements Meaning {}

    /**
     * The days that a question asks for.
     *
     * @param from the first; null: any
     * @param before the day after the last
     * @param words its words in the message, for the answer; null: the answer names the day
     */
    record DueIn(
            @Nullable LocalDate from,
            LocalDate before,
            @Nullable String words) implements Meaning {}

    /** A phrase that says nothing about a task. */
    enum Nothing implements Meaning {
        NOTHING
    }
}
