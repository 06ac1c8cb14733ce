package dev.sandglass.task.domain.dav;

import dev.sandglass.time.Nag;
import dev.sandglass.time.ReminderSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Alarms of a task (RFC 5545 section 3.6.6) as reminders. */
final class TodoAlarms {
    private TodoAlarms() {}

    /**
     * The reminder that an alarm is.
     *
     * @param due null: no alarm hangs on it
     * @param start null: the task has none, and what counts from there counts from when it is due
     * @return empty for what is none: one with nothing to count from, one that writes to somebody, one that waits for a place (RFC 9074
     *     section 8), and the one that Apple's programs set of their own and ask to be passed over
     */
    static Optional<String> reminder(Component alarm, @Nullable Moment due, @Nullable Moment start) {
        Line trigger = alarm.line("TRIGGER").orElse(null);
        String action = alarm.value("ACTION");
        if (trigger == null
                || "TRUE".equalsIgnoreCase(alarm.value("X-APPLE-DEFAULT-ALARM"))
                || alarm.has("PROXIMITY")
                || alarm.has("X-APPLE-PROXIMITY")
                || action != null && !action.equalsIgnoreCase("DISPLAY") && !action.equalsIgnoreCase("AUDIO")) {
            return Optional.empty();
        }
        String value = trigger.value().strip();
        if ("DATE-TIME".equalsIgnoreCase(trigger.parameter("VALUE")) || value.matches("\\d{8}T\\d{6}Z")) {
            return instant(value);
        }
        if (start == null || start.equals(due) || "END".equalsIgnoreCase(trigger.parameter("RELATED"))) {
            return due == null ? Optional.empty() : parsed(value);
        }
        return parsed(value).flatMap(from -> fromStart(ReminderSpec.parse(from), start, due));
    }

    /** It moves with the date when the task is due, if there is one. */
    private static Optional<String> fromStart(ReminderSpec said, Moment start, @Nullable Moment due) {
        if (!(said instanceof ReminderSpec.Relative relative) || relative.days().toTotalMonths() != 0) {
            return Optional.empty();
        }
        if (due == null || !due.zone().equals(start.zone())) {
            return Optional.of(relative.at(start.due(), start.zone()).toString());
        }
        Duration whole = start.since(due).plusDays(relative.days().getDays()).plus(relative.hours());
        Duration size = whole.abs();
        Duration rest = size.minusDays(size.toDays());
        return parsed((whole.isNegative() ? "-P" : "P")
                + (size.toDays() == 0 ? "" : size.toDays() + "D")
                + (rest.isZero() && !size.isZero() ? "" : rest.toString().substring(1)));
    }

    /**
     * How often the last of these alarms comes again. How many times it says so is its own: a nag ends when the task is done.
     *
     * @return null: it comes once, or so often, or so seldom, as no reminder does here
     */
    static @Nullable Nag nag(Stream<Component> alarms, @Nullable Moment due, @Nullable Moment start) {
        NavigableMap<Instant, Component> ringing = new TreeMap<>();
        alarms.forEach(alarm -> reminder(alarm, due, start)
                .ifPresent(its -> ringing.putIfAbsent(Objects.requireNonNull(at(its, due)), alarm)));
        Map.Entry<Instant, Component> last = ringing.lastEntry();
        return last == null ? null : nag(last.getValue()).orElse(null);
    }

    private static Optional<Nag> nag(Component alarm) {
        String times = alarm.value("REPEAT");
        String every = alarm.value("DURATION");
        try {
            return times == null || every == null || Integer.parseInt(times.strip()) < 1
                    ? Optional.empty()
                    : Optional.of(Nag.parse(every.strip()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** When a reminder rings; null where there is no date to count from. */
    static @Nullable Instant at(String reminder, @Nullable Moment due) {
        ReminderSpec spec = ReminderSpec.parse(reminder);
        return spec instanceof ReminderSpec.Absolute absolute
                ? absolute.instant()
                : due == null ? null : spec.at(due.due(), due.zone());
    }

    private static Optional<String> instant(String value) {
        return value.matches("\\d{8}T\\d{6}Z")
                ? parsed(value.replaceFirst("(....)(..)(..)T(..)(..)(..)Z", "$1-$2-$3T$4:$5:$6Z"))
                : Optional.empty();
    }

    private static Optional<String> parsed(String text) {
        try {
            return Optional.of(ReminderSpec.parse(text).toString());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
