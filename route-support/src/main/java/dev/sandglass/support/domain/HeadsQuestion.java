package dev.sandglass.support.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import org.jspecify.annotations.Nullable;

/**
 * Asks <em>task</em> how far lists are: {@code internal/heads/<since>/<from>}.
 *
 * @param since seconds of the epoch by <em>task</em>'s clock: those that moved since; 0 for all there ever were
 * @param from where the page begins, 0 for the first
 */
public record HeadsQuestion(long since, int from) {
    /** The first page of all lists. */
    public static HeadsQuestion all() {
        return new HeadsQuestion(0, 0);
    }

    /**
     * @param page an answer
     * @return null after the last page
     */
    public static @Nullable HeadsQuestion next(String page) {
        JsonNode next = Json.read(page, JsonNode.class).path("next");
        return next.isMissingNode() ? null : new HeadsQuestion(0, next.asInt());
    }
}
