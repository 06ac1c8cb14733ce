package dev.sandglass.time;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The hours of each day, by the clock where a user lives, in which nobody is to be disturbed.
 *
 * @param from this minute is quiet
 * @param to this minute is not; before {@code from}: on the next day
 */
public record QuietHours(String from, String to) {
    private static final Pattern TIME = Pattern.compile("([01]\\d|2[0-3]):[0-5]\\d");

    /** @throws IllegalArgumentException with a sentence for a person */
    @JsonCreator
    public QuietHours(@JsonProperty("from") String from, @JsonProperty("to") String to) {
        this.from = time(from);
        this.to = time(to);
        if (from.equals(to)) {
            throw new IllegalArgumentException("quiet hours end at another time than they begin");
        }
    }

    private static String time(String text) {
        if (!TIME.matcher(text).matches()) {
            throw new IllegalArgumentException("must be a time of day, as 22:00");
        }
        return text;
    }

    /** When the quiet hours end that it is now; empty where it is none of them. */
    public Optional<Instant> end(Instant now, ZoneId zone) {
        ZonedDateTime here = now.atZone(zone);
        LocalTime time = here.toLocalTime();
        LocalTime begin = LocalTime.parse(from);
        LocalTime end = LocalTime.parse(to);
        boolean begun = !time.isBefore(begin);
        boolean ended = !time.isBefore(end);
        boolean quiet = end.isBefore(begin) ? begun || !ended : begun && !ended;
        return Optional.of(here.toLocalDate()
                        .plusDays(ended ? 1 : 0)
                        .atTime(end)
                        .atZone(zone)
                        .toInstant())
                // A clock that was put back shows the last of them twice: once is enough.
                .filter(then -> quiet && then.isAfter(now));
    }
}
