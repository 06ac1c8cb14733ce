package dev.sandglass.task.domain.imports;

import java.time.DayOfWeek;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/**
 * The user who takes a file in: times without a zone are in theirs, and dates in words are by their clock.
 *
 * @param now in their zone
 * @param weekStart null: they did not say
 */
public record Importer(ZonedDateTime now, @Nullable DayOfWeek weekStart) {
    ZoneId zone() {
        return now.getZone();
    }
}
