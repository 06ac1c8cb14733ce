package dev.sandglass.task.domain.chat;

import dev.sandglass.task.domain.chat.Meaning.Clock;
import dev.sandglass.task.domain.chat.Meaning.Day;
import dev.sandglass.task.domain.chat.Meaning.Part;
import dev.sandglass.task.domain.chat.Meaning.PartOfDay;
import dev.sandglass.task.domain.chat.Meaning.Soon;
import dev.sandglass.time.Due;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A day and time, put together from the phrases that name them. */
record When(
        @Nullable Day day,
        @Nullable Clock clock,
        @Nullable Part part,
        @Nullable Soon soon) {
    static final When NOT_SAID = new When(null, null, null, null);

    /** An hour alone before this one means the afternoon: few tasks are due at four in the morning. */
    private static final int FIRST_MORNING_HOUR = 7;

    private static final int NOON = 12;
    private static final int FIRST_HOUR_OF_A_NIGHT = 5;

    /** A time, so many days after the day that was named. */
    private record Time(int days, LocalTime time) {
        Due on(LocalDate date) {
            var day = date.plusDays(days);
            return new Due(day.getYear() > 9999 ? date : day, time);
        }
    }

    boolean isSaid() {
        return day != null || clock != null || part != null || soon != null;
    }

    When on(Day named) {
        return new When(named, clock, part, soon);
    }

    /** @return empty: two phrases contradict each other */
    Optional<When> with(Meaning meaning) {
        if (meaning instanceof PartOfDay it) {
            return with(it.day()).flatMap(when -> when.with(it.part()));
        }
        if (meaning instanceof Day it) {
            var both = day == null ? Optional.of(it) : common(day, it);
            return soon != null ? Optional.empty() : both.map(same -> new When(same, clock, part, null));
        }
        if (meaning instanceof Clock it) {
            boolean fits = (clock == null || clock.equals(it)) && soon == null;
            return fits ? Optional.of(new When(day, it, part, null)) : Optional.empty();
        }
        if (meaning instanceof Part it) {
            boolean fits = (part == null || part == it) && soon == null;
            return fits ? Optional.of(new When(day, clock, it, null)) : Optional.empty();
        }
        return isSaid() ? Optional.empty() : Optional.of(new When(null, null, null, (Soon) meaning));
    }

    /** "Friday, 4 December" is one day, "Friday and Monday" are two. */
    private static Optional<Day> common(Day one, Day other) {
        var dates = one.dates().stream().filter(other.dates()::contains).toList();
        return dates.isEmpty() ? Optional.empty() : Optional.of(new Day(dates, one.weekday() && other.weekday()));
    }

    /**
     * The due dates it may mean.
     *
     * @return one: it is clear; several: the user is asked; none: there is no such day
     */
    List<Due> dues(ZonedDateTime now) {
        if (soon != null) {
            return List.of(Due.of(soon.at()));
        }
        return (day == null ? nextTime(now) : onDays(day, now))
                .stream().distinct().toList();
    }

    /** The times of a day it may mean; none: all day. */
    List<LocalTime> times() {
        return spoken().stream().map(Time::time).toList();
    }

    private List<Due> nextTime(ZonedDateTime now) {
        var today = now.toLocalDate();
        var dues = new ArrayList<Due>();
        for (var time : spoken()) {
            if (isAhead(time.on(today), now)) {
                dues.add(time.on(today));
            } else {
                later(time)
                        .map(it -> it.on(today))
                        .filter(it -> isAhead(it, now))
                        .ifPresent(dues::add);
                dues.add(time.on(today.plusDays(1)));
            }
        }
        return dues;
    }

    private List<Due> onDays(Day named, ZonedDateTime now) {
        var today = now.toLocalDate();
        var times = spoken();
        if (times.isEmpty()) {
            return named.dates().stream().map(it -> new Due(it, null)).toList();
        }
        var dues = named.dates().stream()
                .flatMap(date -> times.stream().map(it -> it.on(date)))
                // A day that is past is named as such; a time of today is not.
                .filter(it -> isAhead(it, now) || it.date().isBefore(today))
                .toList();
        if (!dues.isEmpty() || !named.dates().contains(today)) {
            return dues;
        }
        if (clock == null && part != null && now.getHour() < part.end) {
            return List.of(new Due(today, null));
        }
        return Stream.concat(
                        times.stream()
                                .flatMap(it -> later(it).stream())
                                .map(it -> it.on(today))
                                .filter(it -> isAhead(it, now)),
                        Stream.concat(
                                times.stream().map(it -> it.on(today.plusDays(1))), Stream.of(new Due(today, null))))
                .toList();
    }

    private static boolean isAhead(Due due, ZonedDateTime now) {
        return due.at(now.getZone()).isAfter(now.toInstant());
    }

    /** Twelve hours later, where the clock has twelve. */
    private Optional<Time> later(Time time) {
        boolean twelve = part == null
                && clock != null
                && (clock.form() == Clock.Form.HOUR || clock.form() == Clock.Form.SPOKEN)
                && time.time().getHour() < NOON;
        return twelve ? Optional.of(new Time(time.days(), time.time().plusHours(NOON))) : Optional.empty();
    }

    private List<Time> spoken() {
        if (clock == null) {
            return part == null ? List.of() : List.of(new Time(0, LocalTime.of(part.hour, 0)));
        }
        var time = LocalTime.of(clock.hour(), clock.minute());
        var exact = new Time(0, time);
        var afternoon = new Time(0, time.plusHours(time.getHour() < NOON ? NOON : 0));
        boolean early = time.getHour() < FIRST_MORNING_HOUR;
        if (part == Part.NIGHT) {
            return List.of(night(time));
        }
        return switch (clock.form()) {
            case EXACT -> List.of(exact);
            case HOUR, SPOKEN -> {
                if (part != null) {
                    boolean before = part == Part.MORNING || part == Part.NOON && time.getHour() > FIRST_MORNING_HOUR;
                    yield List.of(before ? exact : afternoon);
                }
                yield early
                        ? clock.form() == Clock.Form.HOUR ? List.of(afternoon) : List.of(afternoon, exact)
                        : List.of(exact);
            }
            case MIDNIGHT -> day == null ? List.of(new Time(1, time)) : List.of(new Time(1, time), exact);
        };
    }

    /** The night goes from evening to early morning; the early morning belongs to the next day. */
    private Time night(LocalTime time) {
        boolean clear = clock != null && clock.form() == Clock.Form.EXACT && time.getHour() != NOON;
        if (time.getHour() == NOON) {
            return new Time(1, time.minusHours(NOON));
        }
        if (time.getHour() < FIRST_HOUR_OF_A_NIGHT) {
            return new Time(1, time);
        }
        return new Time(0, clear || time.getHour() > NOON ? time : time.plusHours(NOON));
    }
}
