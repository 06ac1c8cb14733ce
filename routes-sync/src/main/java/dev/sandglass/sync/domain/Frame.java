package dev.sandglass.sync.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Event;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One change of a list as the live feed sends it.
 *
 * @param seq 1, 2, 3 … within the list
 * @param text the whole frame, JSON
 * @param owner of the list; null where the change is of a task
 * @param members of the list after the change, empty after its deletion; null where the change is of a task
 */
public record Frame(
        String list,
        long seq,
        String text,
        @Nullable String owner,
        @Nullable Set<String> members) {

    /** @throws IllegalArgumentException when the data of one of them is not a {@code change} frame */
    public static List<Frame> among(List<Event> events) {
        return events.stream().map(event -> read(event.data())).toList();
    }

    static Frame read(JsonNode json) {
        if (!"change".equals(json.path("type").asText())
                || !json.path("list").isTextual()
                || json.path("seq").asLong() < 1) {
            throw new IllegalArgumentException("not a change frame");
        }
        return of((ObjectNode) json);
    }

    /**
     * A frame from JSON that is known to be one.
     *
     * @param json {@code {"type":"change","list","seq","event",…}}
     */
    public static Frame of(ObjectNode json) {
        JsonNode about = json.path("of");
        boolean deleted =
                ChangeType.LIST_DELETED.toString().equals(json.path("event").asText());
        return new Frame(
                json.path("list").asText(),
                json.path("seq").asLong(),
                json.toString(),
                about.isObject() ? about.path("owner").asText() : null,
                about.isObject() ? deleted ? Set.of() : names(about.path("members")) : null);
    }

    /** The same change with the text for clients; unchanged where the text is not a frame of this change. */
    public Frame shownAs(@Nullable String other) {
        if (other == null || other.equals(text)) {
            return this;
        }
        try {
            Frame shown = read(Json.read(other, JsonNode.class));
            return shown.list.equals(list) && shown.seq == seq ? new Frame(list, seq, other, owner, members) : this;
        } catch (IllegalArgumentException e) {
            return this;
        }
    }

    private static Set<String> names(JsonNode members) {
        return members.propertyStream().map(Map.Entry::getKey).collect(Collectors.toUnmodifiableSet());
    }
}
