package dev.sandglass.sync.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The content of a valid ticket.
 *
 * @param id its own id, since it is valid for one connection only
 * @param until the instant at which the token behind the ticket ends
 * @param personal that token, where it is a personal one
 */
public record Ticket(
        String user, String id, Instant until, @Nullable Personal personal) {
    /**
     * @param hash by which <em>task</em> knows it
     * @param lists those it is for; null: all of the user's; none: <em>task</em> is to be asked
     */
    public record Personal(String hash, @Nullable Set<String> lists) {}

    public Ticket(String user, String id, Instant until) {
        this(user, id, until, null);
    }

    /** Tokens as a question to <em>task</em>: {@code {"tokens":[…]}}. */
    public static String question(List<String> tokens) {
        return Json.text(Map.of("tokens", tokens));
    }

    /** The tokens that were asked about and are not in the answer, of the same form. */
    public static List<String> withdrawn(List<String> asked, String answer) {
        Set<String> good = texts(Json.read(answer, JsonNode.class).path("tokens"));
        return asked.stream().filter(token -> !good.contains(token)).toList();
    }

    private static Set<String> texts(JsonNode some) {
        return some.valueStream().map(JsonNode::asText).collect(Collectors.toSet());
    }

    /** Tells if the token is for some of the user's lists alone. */
    public boolean isLimited() {
        return personal != null && personal.lists != null;
    }

    /** The token whose lists are not known yet. */
    public Optional<String> unknown() {
        return Optional.ofNullable(personal)
                .filter(token -> token.lists != null && token.lists.isEmpty())
                .map(Personal::hash);
    }

    /** The same with the lists of its token, {@code {hash:[…]}}; empty where the token is not there. */
    Optional<Ticket> limited(JsonNode lists) {
        Optional<String> token = unknown();
        return token.isEmpty()
                ? Optional.of(this)
                : token.filter(lists::has)
                        .map(hash -> new Ticket(user, id, until, new Personal(hash, texts(lists.path(hash)))));
    }

    /** Tells if it is for a list, where the user is a member. */
    public boolean isFor(String list) {
        return personal == null || personal.lists == null || personal.lists.contains(list);
    }
}
