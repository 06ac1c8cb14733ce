package dev.sandglass.task.domain.dav;

import dev.sandglass.time.Due;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.zone.ZoneRules;
import java.util.Locale;
import java.util.regex.Pattern;

/** A date, or a time in a zone. */
public record Moment(Due due, ZoneId zone) {
    static final ZoneId UTC = ZoneId.of("Etc/UTC");

    private static final Pattern FORM = Pattern.compile("(\\d{8})(?:T(\\d{6})(Z?))?");
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuuMMdd", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss", Locale.ROOT);

    /**
     * @param context the zone of what has none of its own: dates, times without a zone, and those in UTC, which are told as its clocks
     *     have them
     */
    static Moment of(Line line, ZoneId context, TodoZones zones) {
        var form = FORM.matcher(line.value().strip());
        try {
            if (!form.matches()) {
                throw new IllegalArgumentException("no date and no time");
            }
            LocalDate date = LocalDate.parse(form.group(1), DATE);
            if (form.group(2) == null) {
                return new Moment(new Due(date, null), context);
            }
            LocalDateTime time = date.atTime(time(form.group(2)));
            if (!form.group(3).isEmpty()) {
                Instant instant = time.toInstant(ZoneOffset.UTC);
                Due there = Due.of(LocalDateTime.ofInstant(instant, context));
                // A local time in an hour that the clocks repeat means the first.
                return there.at(context).equals(instant) ? new Moment(there, context) : new Moment(Due.of(time), UTC);
            }
            String zone = line.parameter("TZID");
            return new Moment(new Due(date, time.toLocalTime()), zone == null ? context : zones.zone(zone));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw DavRefused.data(line.name() + " is no date or time");
        }
    }

    /** Tells if a line says a time in UTC, which is on another day by the clocks of a zone. */
    static boolean isOfAnotherDayInUtc(Line line, ZoneId zone, TodoZones zones) {
        return line.value().strip().endsWith("Z")
                && !of(line, zone, zones)
                        .due
                        .date()
                        .equals(of(line, UTC, zones).due.date());
    }

    /** A leap second is the second before. */
    private static LocalTime time(String digits) {
        return LocalTime.of(
                Integer.parseInt(digits.substring(0, 2)),
                Integer.parseInt(digits.substring(2, 4)),
                Math.min(59, Integer.parseInt(digits.substring(4))));
    }

    /** The line that says it. */
    public static Line line(String name, Due due, ZoneId zone) {
        if (due.time() == null) {
            return Line.of(name, DATE.format(due.date())).with("VALUE", "DATE");
        }
        String local = LOCAL.format(local(due));
        return isUtc(zone) ? Line.of(name, local + "Z") : Line.of(name, local).with("TZID", zone.getId());
    }

    /** An instant, in UTC. */
    public static String utc(Instant instant) {
        return LOCAL.format(LocalDateTime.ofInstant(instant, ZoneOffset.UTC)) + "Z";
    }

    /** Tells if times of a zone are written in UTC. */
    public static boolean isUtc(ZoneId zone) {
        ZoneRules rules = zone.getRules();
        return rules.isFixedOffset() && rules.getOffset(Instant.EPOCH).equals(ZoneOffset.UTC);
    }

    private static LocalDateTime local(Due due) {
        return due.date().atTime(due.time() == null ? LocalTime.MIDNIGHT : due.time());
    }

    /** The same by the clocks of a zone. */
    public Due in(ZoneId other) {
        if (due.allDay() || zone.equals(other)) {
            return due;
        }
        LocalDateTime there = LocalDateTime.ofInstant(due.at(zone), other);
        return Due.of(there);
    }

    boolean isLike(Moment other) {
        return due.allDay() == other.due.allDay();
    }

    /** The same day: a time for another time, a date for another date. */
    Moment like(Moment other) {
        return isLike(other)
                ? this
                : new Moment(new Due(due.date(), other.due.allDay() ? null : LocalTime.MIDNIGHT), zone);
    }

    boolean isBefore(Moment other) {
        return due.startsAt(zone).isBefore(other.due.startsAt(other.zone));
    }

    /** So much later, by the clock. */
    Moment later(Duration distance) {
        LocalDateTime there = local(due).plus(distance);
        try {
            return new Moment(new Due(there.toLocalDate(), due.allDay() ? null : there.toLocalTime()), zone);
        } catch (IllegalArgumentException e) {
            throw DavRefused.data(String.valueOf(e.getMessage()));
        }
    }

    static Duration between(Due from, Due to) {
        return Duration.between(local(from), local(to));
    }

    Duration since(Moment earlier) {
        return between(earlier.due, due);
    }
}
