package dev.sandglass.task.domain.imports;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.task.domain.TaskFields;
import dev.sandglass.time.QuietHours;
import java.time.DayOfWeek;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the user that an archive is of.
 *
 * @param muted ids of lists
 * @param channels where they were told, by their names alone: an address is confirmed anew
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OwnSettings(
        @Nullable ZoneId timeZone,
        @Nullable String locale,
        @Nullable DayOfWeek weekStart,
        @Nullable QuietHours quiet,
        List<String> muted,
        List<String> channels) {
    private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}");

    public OwnSettings {
        muted = List.copyOf(muted);
        channels = List.copyOf(channels);
    }

    /** @param given as {@code GET /api/me} answers; what it does not have as that does is left out */
    static OwnSettings of(JsonNode given) {
        return new OwnSettings(
                read(given.path("timeZone"), zone -> TaskFields.zone(zone.asText())),
                LANGUAGE.matcher(given.path("locale").asText()).matches()
                        ? given.path("locale").asText()
                        : null,
                read(
                        given.path("weekStart"),
                        day -> DayOfWeek.valueOf(day.asText().toUpperCase(Locale.ROOT))),
                read(given.path("quiet"), hours -> Json.read(hours, QuietHours.class)),
                given.path("muted").valueStream().map(JsonNode::asText).toList(),
                given.path("channels").propertyStream().map(Map.Entry::getKey).toList());
    }

    public OwnSettings muting(List<String> lists) {
        return new OwnSettings(timeZone, locale, weekStart, quiet, lists, channels);
    }

    private static <T> @Nullable T read(JsonNode given, Function<JsonNode, T> as) {
        try {
            return given.isMissingNode() || given.isNull() ? null : as.apply(given);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
