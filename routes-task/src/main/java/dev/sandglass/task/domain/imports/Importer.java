package dev.sandglass.task.domain.imports;

import java.time.DayOfWeek;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Who takes a file in: their zone is that of times without one, and the clock that of dates in words.
 *
 * @param now in their zone
 * @param weekStart null: they did not say
 */
public record Importer(ZonedDateTime now, @Nullable DayOfWeek weekStart) {
    ZoneId zone() {
        return now.getZone();
    }
}
