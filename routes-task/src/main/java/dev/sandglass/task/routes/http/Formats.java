package dev.sandglass.task.routes.http;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Format;
import dev.sandglass.task.domain.Ask;
import dev.sandglass.task.domain.SnoozeReminder;
import dev.sandglass.task.domain.TaskFields;
import dev.sandglass.task.domain.UserName;
import dev.sandglass.task.domain.filter.FilterParser;
import dev.sandglass.task.domain.finding.Finding;
import dev.sandglass.task.domain.finding.SortKey;
import dev.sandglass.time.Due;
import dev.sandglass.time.Recurrence;
import dev.sandglass.time.ReminderSpec;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The formats of {@code openapi.yaml} that JSON Schema does not know, or takes more for, each read by what reads it in the domain. */
final class Formats {
    private static final Map<String, Consumer<String>> READERS = Map.of(
            "due", Due::parse,
            "recurrence", Recurrence::parse,
            "reminder", ReminderSpec::parse,
            "duration", SnoozeReminder::duration,
            "time-zone", Formats::timeZone,
            "user-name", Formats::userName,
            // JSON Schema's own takes a space for the T, and second 60.
            "date-time", Ask::instant,
            "date-or-instant", text -> Finding.Bound.parse(text, ZoneOffset.UTC),
            "filter", FilterParser::parse,
            "sort", SortKey.Step::all);

    private Formats() {}

    static List<Format> all() {
        return READERS.keySet().stream().<Format>map(ByReader::new).toList();
    }

    /** A sentence about what is wrong with the text, empty where nothing is, or the format is not one of these. */
    static Optional<String> wrong(String format, String text) {
        try {
            READERS.getOrDefault(format, any -> {}).accept(text);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static void timeZone(String text) {
        if (TaskFields.knownZone(text).isEmpty()) {
            throw new IllegalArgumentException("must be a time zone of the IANA database, as Europe/Warsaw");
        }
    }

    private static void userName(String text) {
        if (!UserName.fits(text)) {
            throw new IllegalArgumentException(UserName.RULE);
        }
    }

    private record ByReader(String getName) implements Format {
        @Override
        public boolean matches(ExecutionContext execution, String text) {
            return wrong(getName, text).isEmpty();
        }
    }
}
