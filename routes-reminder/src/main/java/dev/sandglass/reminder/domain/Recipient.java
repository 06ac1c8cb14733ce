package dev.sandglass.reminder.domain;

import dev.sandglass.time.QuietHours;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A member of a list who may be told of its tasks beside the feed, as <em>task</em> knows them.
 *
 * @param channels those that are confirmed, by name
 */
public record Recipient(
        String user, ZoneId timeZone, @Nullable QuietHours quiet, Map<String, Channel> channels) {
    /** @param uses for what: {@code reminders}, {@code overdue}, {@code shared}, {@code completed} */
    public record Channel(String address, Set<String> uses) {
        boolean wants(Post post) {
            return uses.contains(post.use());
        }
    }

    /** When they may be disturbed. */
    Instant awake(Instant now) {
        return quiet == null ? now : quiet.end(now, timeZone).orElse(now);
    }
}
