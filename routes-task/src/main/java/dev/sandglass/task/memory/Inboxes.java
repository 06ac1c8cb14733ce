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
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** The Inbox of each user: once given, it never changes, so that it need not be read before each new task. */
@Singleton
@Named("inboxes")
public class Inboxes {
    private static final int MOST = 10_000;

    private final Map<String, String> known = new ConcurrentHashMap<>();

    /** The Inbox of who asks; null where it is not known here. */
    public @Nullable String of(@ExchangeProperty("request") Request request) {
        return known.get(request.user());
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
        known.put(user.user(), inbox);
        return inbox;
    }
}
