package dev.sandglass.sync.memory;

import dev.sandglass.events.Json;
import dev.sandglass.sync.domain.ReminderFrame;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Body;

/**
 * The reminders that went out here. A subscription that begins with the newest event may miss events while the broker is away. So
 * a reminder that the channel took according to <em>reminder</em>, and that did not come here, goes out later.
 */
@Singleton
@Named("reminded")
public class Reminded {
    private static final int MOST = 20_000;
    /** Longer than a client needs to connect to the broker again. */
    private static final Duration LOOK_BACK = Duration.ofMinutes(5);

    private final Instant started = Instant.now();
    private final Set<String> ids = new LinkedHashSet<>();

    /** The reminders that did not go out yet; from now on they count as sent. */
    public List<ReminderFrame> news(@Body List<ReminderFrame> reminders) {
        return reminders.stream().filter(this::isNews).toList();
    }

    private synchronized boolean isNews(ReminderFrame reminder) {
        boolean news = ids.add(reminder.id());
        if (ids.size() > MOST) {
            ids.remove(ids.iterator().next());
        }
        return news;
    }

    /** The question to <em>reminder</em> for the reminders delivered lately in these lists. */
    public String question(@Body List<String> lists) {
        Instant earliest = Instant.now().minus(LOOK_BACK);
        String since = (earliest.isBefore(started) ? started : earliest).toString();
        return Json.text(Map.of("since", since, "delivered", true, "lists", lists));
    }
}
