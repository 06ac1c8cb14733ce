package dev.sandglass.sync.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.TaskList;
import dev.sandglass.support.Dapr;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.Unavailable;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** When each user was last there: {@code user/<user>} in state. What was fired since then is told when they come back. */
@Singleton
@Named("lastSeen")
public class LastSeen {
    private static final Duration AT_MOST = Duration.ofDays(7);
    /** What was fired while the last socket closed may still have been on its way here. A repeat is known by its id. */
    private static final Duration ON_THE_WAY = Duration.ofSeconds(10);

    private final Dapr dapr;
    private final Sockets sockets;

    LastSeen(Dapr dapr, Sockets sockets) {
        this.dapr = dapr;
        this.sockets = sockets;
    }

    record Kept(int v, Instant closed) {}

    /** A user was last there then. */
    static Transaction at(String user, Instant lastThere) {
        return new Transaction().put(key(user), new Kept(1, lastThere));
    }

    /**
     * Which reminders users may not have seen, as a question to <em>reminder</em>: {@code {"<user>":{"lists":[…],"since"}}}.
     *
     * @throws Unavailable while the state store is away
     */
    public String question(@ExchangeProperty("arrivals") List<Arrival> came, @ExchangeProperty("lists") String answer) {
        List<TaskList> all = Feeds.lists(answer);
        Map<String, Stored> kept = dapr.read(
                came.stream().map(arrival -> key(arrival.user())).distinct().toList());
        ObjectNode question = Json.object();
        for (Arrival arrival : came) {
            List<String> lists =
                    Feeds.of(arrival.user(), all).stream().map(TaskList::id).toList();
            question.putObject(arrival.user())
                    .put(
                            "since",
                            since(arrival.user(), kept.get(key(arrival.user()))).toString())
                    .set("lists", Json.<ArrayNode>tree(lists));
        }
        return question.toString();
    }

    /** A socket that still looks open may long be dead: it counts up to when it was last heard of. */
    private Instant since(String user, @Nullable Stored kept) {
        return Stream.of(
                        Instant.now().minus(AT_MOST),
                        kept == null || kept.absent()
                                ? Instant.EPOCH
                                : kept.as(Kept.class).closed().minus(ON_THE_WAY),
                        Objects.requireNonNullElse(sockets.heard(user), Instant.EPOCH))
                .max(Instant::compareTo)
                .orElseThrow();
    }

    /** Issuers name users as they like; Dapr takes no {@code ||} in a key. */
    private static String key(String user) {
        return "user/" + URLEncoder.encode(user, UTF_8);
    }
}
