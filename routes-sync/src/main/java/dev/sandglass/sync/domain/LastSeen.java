package dev.sandglass.sync.domain;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.TaskList;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The instant a user was last there: {@code user/<user>} in state. A user who comes back is told the reminders fired since then.
 *
 * @param v version of this shape
 */
public record LastSeen(int v, Instant closed) {
    private static final Duration AT_MOST = Duration.ofDays(7);
    /** A reminder fired while the last socket closed may still have been on its way. A client knows a repeat by its id. */
    private static final Duration ON_THE_WAY = Duration.ofSeconds(10);

    /** The key in Dapr State. An issuer may give a user any name, but Dapr takes no {@code ||} in a key. */
    public static String key(String user) {
        return "user/" + URLEncoder.encode(user, UTF_8);
    }

    public static List<String> keys(List<UserSocket> clients) {
        return UserSocket.users(clients).stream().map(LastSeen::key).toList();
    }

    /**
     * Forgets a user: nobody was here.
     *
     * @param request {@code {"user"}}
     */
    public static Decision<Map<String, Integer>> forget(String request) {
        String key = key(Json.read(request, JsonNode.class).path("user").asText());
        return documents -> {
            Transaction transaction = new Transaction().delete(documents.get(key));
            return new Accepted<>(transaction, Map.of("erased", transaction.size()));
        };
    }

    static Transaction at(String user, Instant lastThere) {
        return new Transaction().put(key(user), new LastSeen(1, lastThere));
    }

    /**
     * The question to <em>reminder</em> for the reminders that users may have missed: {@code {"<user>":{"lists":[…],"since"}}}.
     *
     * @param muted lists of theirs that they do not want to hear of
     * @param heard users who have sockets here, and when a message of each last came: a socket that looks open may be dead
     * @param kept the documents of the users, by key
     */
    public static ObjectNode question(
            Collection<String> users,
            List<TaskList> lists,
            Muted muted,
            Map<String, Instant> heard,
            Map<String, Stored> kept,
            Instant now) {
        ObjectNode question = Json.object();
        for (String user : users) {
            Stored stored = kept.get(key(user));
            Instant since = Stream.of(
                            now.minus(AT_MOST),
                            stored == null || stored.absent()
                                    ? Instant.EPOCH
                                    : stored.as(LastSeen.class).closed.minus(ON_THE_WAY),
                            Objects.requireNonNullElse(heard.get(user), Instant.EPOCH))
                    .max(Instant::compareTo)
                    .orElseThrow();
            question.putObject(user)
                    .put("since", since.toString())
                    .set(
                            "lists",
                            Json.<ArrayNode>tree(of(user, lists)
                                    .map(TaskList::id)
                                    .filter(list -> !muted.has(user, list))
                                    .toList()));
        }
        return question;
    }

    /** The lists of a user, among these. */
    public static Stream<TaskList> of(String user, List<TaskList> lists) {
        return lists.stream().filter(list -> list.members().containsKey(user));
    }
}
