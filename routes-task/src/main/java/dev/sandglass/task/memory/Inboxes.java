package dev.sandglass.task.memory;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.task.domain.CreateTask;
import dev.sandglass.task.domain.Request;
import dev.sandglass.task.domain.User;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/**
 * The Inbox of each user, so that it need not be read before each new task. Once given it never changes, unless a person was erased and
 * begins anew: so it is read again after a while.
 */
@Singleton
@Named("inboxes")
public class Inboxes {
    private static final int MOST = 10_000;

    private static final long WHILE = TimeUnit.MINUTES.toNanos(1);

    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /** @param at by the monotonic clock, in nanoseconds */
    private record Known(String inbox, long at) {}

    /** The Inbox of who asks; null where it is not known here. */
    public @Nullable String of(@ExchangeProperty("request") Request request) {
        Known one = known.get(request.user());
        return one == null || System.nanoTime() - one.at > WHILE ? null : one.inbox;
    }

    /** Tells if a new task goes into an Inbox that is not known here. */
    public boolean isWanted(@Body JsonNode wanted, @ExchangeProperty("inbox") @Nullable String inbox) {
        return inbox == null && CreateTask.namesNoList(wanted);
    }

    /** Takes the Inbox of a user who has one. */
    public String know(@ExchangeProperty("user") User user) {
        String inbox = Objects.requireNonNull(user.inbox());
        if (known.size() >= MOST) {
            known.clear();
        }
        known.put(user.user(), new Known(inbox, System.nanoTime()));
        return inbox;
    }

    /** A person was erased, whose Inbox is another once they begin anew. Other replicas learn it after a while. */
    public void forget(String person) {
        known.remove(person);
    }
}
