package dev.sandglass.task.domain;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Priority;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Fault;
import dev.sandglass.task.domain.finding.Folding;
import dev.sandglass.time.Due;
import dev.sandglass.time.Nag;
import dev.sandglass.time.Recurrence;
import dev.sandglass.time.ReminderSpec;
import dev.sandglass.time.Workdays;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a task that clients may set, and no others.
 *
 * @param recurrence as it was sent
 * @param reminders as they were sent
 * @param nag null: each comes once
 * @param more fields of a newer version of this program, which stay
 */
public record TaskFields(
        String list,
        String title,
        String description,
        Priority priority,
        List<String> tags,
        @Nullable Due due,
        ZoneId timeZone,
        @Nullable String recurrence,
        Recurrence.From recurFrom,
        Workdays workdays,
        List<String> reminders,
        @Nullable Nag nag,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> more) {
    /** Code points. */
    public static final int LONGEST_TITLE = 500;

    /** Code points. */
    public static final int LONGEST_DESCRIPTION = 16_000;

    /** Code points. */
    public static final int LONGEST_TAG = 50;

    /** Characters; likewise of a reminder. */
    public static final int LONGEST_RULE = 1_000;

    public static final int LONGEST_REMINDER = 100;
    public static final int MOST_TAGS = 50;
    public static final int MOST_REMINDERS = 20;
    /** All it says as JSON; with what else a change says it passes as a frame of the live feed (128 kB). */
    private static final int MOST_BYTES = 96 * 1024;

    /** The names in the database that Java leaves out, or not, as its version is; each is kept as the zone it stands for. */
    private static final Map<String, String> LINKS =
            Map.of("EST", "America/Panama", "MST", "America/Phoenix", "HST", "Pacific/Honolulu", "ROC", "Asia/Taipei");

    public TaskFields {
        more = Map.copyOf(Objects.requireNonNullElse(more, Map.of()));
    }

    public static TaskFields defaults(String list, ZoneId zone) {
        return new TaskFields(
                list,
                "",
                "",
                Priority.MEDIUM,
                List.of(),
                null,
                zone,
                null,
                Recurrence.From.SCHEDULE,
                Workdays.AS_IS,
                List.of(),
                null,
                Map.of());
    }

    /**
     * Merges a patch (RFC 7396): a field that is not there stays, null takes it back to its default.
     *
     * @param patch held against its schema already: known fields, right types, right lengths
     * @param defaults what null means
     * @throws Rejection INVALID, naming every field that is wrong
     */
    public TaskFields merge(JsonNode patch, TaskFields defaults) {
        List<Fault> faults = new ArrayList<>();
        Merge merge = new Merge(patch, faults);
        List<String> tags = merge.texts("tags", this.tags, defaults.tags, Invisible::refuse);
        List<String> remind = merge.texts(
                "reminders",
                reminders,
                defaults.reminders,
                value -> ReminderSpec.parse(value).toString());
        TaskFields merged = new TaskFields(
                merge.field("list", list, defaults.list, value -> value),
                merge.field("title", title, defaults.title, Invisible::refuse),
                merge.field("description", description, defaults.description, TaskFields::lines),
                merge.field(
                        "priority", priority, defaults.priority, value -> Json.read(Json.tree(value), Priority.class)),
                eachOnce(this.tags, tags),
                merge.optional("due", due, null, Due::parse),
                merge.field("timeZone", timeZone, defaults.timeZone, TaskFields::zone),
                merge.optional(
                        "recurrence",
                        recurrence,
                        null,
                        value -> Recurrence.parse(value).text()),
                merge.field(
                        "recurFrom",
                        recurFrom,
                        defaults.recurFrom,
                        value -> Json.read(Json.tree(value), Recurrence.From.class)),
                merge.field(
                        "workdays",
                        // They go with the rule.
                        merge.takesAway("recurrence") ? defaults.workdays : workdays,
                        defaults.workdays,
                        value -> Json.read(Json.tree(value), Workdays.class)),
                remind,
                // It goes with them.
                merge.optional("nag", remind.isEmpty() ? null : nag, null, Nag::parse),
                more);
        if (faults.isEmpty()) {
            merged.holdTogether(faults);
            // A rule begins with this occurrence; where it stays, the occurrence may have been moved.
            if (merged.due != null
                    && merged.recurrence != null
                    && !merged.recurrence.equals(recurrence)
                    && !Recurrence.parse(merged.recurrence).comesAgain(merged.due)) {
                faults.add(new Fault("/recurrence", "this rule has no date after " + merged.due));
            }
        }
        if (!faults.isEmpty()) {
            throw Rejection.wrong(faults);
        }
        return merged;
    }

    /** The same, due at another time; reminders at an instant move along. */
    TaskFields at(Due newDue) {
        Due from = Objects.requireNonNull(due);
        List<String> moved = reminders.stream()
                .map(reminder -> ReminderSpec.parse(reminder)
                        .moved(from, newDue, timeZone)
                        .toString())
                .toList();
        return with(newDue, recurrence, moved);
    }

    /** The same with other reminders. */
    TaskFields reminding(List<String> others) {
        return with(due, recurrence, others);
    }

    /** The same by another rule. */
    TaskFields recurring(String rule) {
        return with(due, rule, reminders);
    }

    private TaskFields with(@Nullable Due newDue, @Nullable String rule, List<String> others) {
        return new TaskFields(
                list,
                title,
                description,
                priority,
                tags,
                newDue,
                timeZone,
                rule,
                recurFrom,
                workdays,
                others,
                nag,
                more);
    }

    /** Tags that finding does not tell apart are one, as first written: also where the task has it already. */
    private static List<String> eachOnce(List<String> had, List<String> wanted) {
        Map<String, String> written = new HashMap<>();
        Stream.of(had, wanted).flatMap(List::stream).forEach(tag -> written.putIfAbsent(Folding.fold(tag), tag));
        return wanted.stream()
                .map(tag -> Objects.requireNonNull(written.get(Folding.fold(tag))))
                .distinct()
                .toList();
    }

    private void holdTogether(List<Fault> faults) {
        tooLarge(0).ifPresent(faults::add);
        if (due == null && recurrence != null) {
            faults.add(new Fault("/recurrence", "a recurring task needs a due date"));
        }
        if (recurrence == null && workdays != Workdays.AS_IS) {
            faults.add(new Fault("/workdays", "only the dates of a rule move off days off: this needs a recurrence"));
        }
        if (reminders.isEmpty() && nag != null) {
            faults.add(new Fault("/nag", "a reminder comes again and again: this needs one"));
        }
        for (int i = 0; due == null && i < reminders.size(); i++) {
            if (ReminderSpec.parse(reminders.get(i)).needsDue()) {
                faults.add(new Fault("/reminders/" + i, "a reminder counted from due needs a due date"));
            }
        }
    }

    /** @throws Rejection INVALID where it is too large with so many bytes beside */
    void refuseTooLarge(int beside) {
        tooLarge(beside).ifPresent(fault -> {
            throw Rejection.wrong(List.of(fault));
        });
    }

    private Optional<Fault> tooLarge(int beside) {
        int bytes = Json.text(this).getBytes(UTF_8).length + beside;
        return bytes <= MOST_BYTES
                ? Optional.empty()
                : Optional.of(new Fault(
                        "/description",
                        "a task may hold " + MOST_BYTES + " bytes (96 kB of UTF-8) in all, this one has " + bytes));
    }

    /** A text with its lines as we keep them: some systems end one by CR LF, or CR. */
    public static String lines(String text) {
        return text.replace("\r\n", "\n").replace('\r', '\n');
    }

    /** @throws IllegalArgumentException for a name the IANA time zone database does not have */
    public static ZoneId zone(String name) {
        return knownZone(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no time zone " + name + " (IANA names, such as Europe/Warsaw)"));
    }

    /** The zone that the IANA time zone database has by this name; an offset is none, for it knows nothing of summer time. */
    public static Optional<ZoneId> knownZone(String name) {
        String zone = LINKS.getOrDefault(name, name);
        return ZoneId.getAvailableZoneIds().contains(zone) && !zone.startsWith("SystemV/")
                ? Optional.of(ZoneId.of(zone))
                : Optional.empty();
    }

    /** Reads the fields of a patch, and collects what is wrong with them. */
    private record Merge(JsonNode patch, List<Fault> faults) {

        boolean takesAway(String name) {
            return patch.path(name).isNull();
        }

        /** A field that says something even if nobody said it. */
        <T> T field(String name, T current, T standard, Function<String, T> read) {
            T value = optional(name, current, standard, read);
            return value == null ? standard : value;
        }

        <T> @Nullable T optional(String name, @Nullable T current, @Nullable T standard, Function<String, T> read) {
            JsonNode value = patch.get(name);
            if (value == null) {
                return current;
            }
            return value.isNull() ? standard : parsed("/" + name, value.asText(), read, current);
        }

        List<String> texts(String name, List<String> current, List<String> standard, Function<String, String> read) {
            JsonNode values = patch.get(name);
            if (values == null) {
                return current;
            }
            if (values.isNull()) {
                return standard;
            }
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < values.size(); i++) {
                String text = parsed("/" + name + "/" + i, values.get(i).asText(), read, "");
                texts.add(text == null ? "" : text);
            }
            return texts;
        }

        private <T> @Nullable T parsed(String pointer, String text, Function<String, T> read, @Nullable T otherwise) {
            try {
                return read.apply(text);
            } catch (IllegalArgumentException e) {
                faults.add(new Fault(pointer, String.valueOf(e.getMessage())));
                return otherwise;
            }
        }
    }
}
