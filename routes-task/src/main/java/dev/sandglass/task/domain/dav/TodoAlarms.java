package dev.sandglass.task.domain.dav;

import dev.sandglass.time.ReminderSpec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** TodoAlarms of a task (RFC 5545 section 3.6.6) as reminders. */
final class TodoAlarms {
    private TodoAlarms() {}

    /**
     * The reminder that an alarm is.
     *
     * @param due null: no alarm hangs on it
     * @param start null: the task has none, and what counts from there counts from when it is due
     * @return empty for what is none: one that counts from another begin, one that writes to somebody, and the one that Apple's programs
     *     set of their own and ask to be passed over
     */
    static Optional<String> reminder(Component alarm, @Nullable Moment due, @Nullable Moment start) {
        Line trigger = alarm.line("TRIGGER").orElse(null);
        String action = alarm.value("ACTION");
        if (trigger == null
                || "TRUE".equalsIgnoreCase(alarm.value("X-APPLE-DEFAULT-ALARM"))
                || action != null && !action.equalsIgnoreCase("DISPLAY") && !action.equalsIgnoreCase("AUDIO")) {
            return Optional.empty();
        }
        String value = trigger.value().strip();
        if ("DATE-TIME".equalsIgnoreCase(trigger.parameter("VALUE")) || value.matches("\\d{8}T\\d{6}Z")) {
            return instant(value);
        }
        boolean fromDue = "END".equalsIgnoreCase(trigger.parameter("RELATED")) || start == null || start.equals(due);
        return due != null && fromDue ? parsed(value) : Optional.empty();
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
