package dev.sandglass.sync.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A ticket that is about to become the socket of that id. */
public record Use(Ticket ticket, String socket) {
    /** The tokens whose lists tickets do not name, as a question to <em>task</em>; null where there are none. */
    public static @Nullable String question(List<Use> uses) {
        List<String> tokens = uses.stream()
                .flatMap(use -> use.ticket.unknown().stream())
                .distinct()
                .toList();
        return tokens.isEmpty() ? null : Json.text(Map.of("tokens", tokens, "lists", true));
    }

    /**
     * The same with the lists of their tokens, without those whose token is not there.
     *
     * @param answer {@code {"tokens":[…],"lists":{hash:[…]}}}
     */
    public static List<Use> limited(List<Use> uses, String answer) {
        JsonNode lists = Json.read(answer, JsonNode.class).path("lists");
        return uses.stream()
                .flatMap(use -> use.ticket.limited(lists).stream().map(its -> new Use(its, use.socket)))
                .toList();
    }
}
