package dev.sandglass.sync.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Role;
import dev.sandglass.events.TaskList;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** Frames and lists for tests. */
final class Frames {
    private Frames() {}

    static Frame change(long seq) {
        return Frame.read(Json.read(
                "{\"type\":\"change\",\"list\":\"l\",\"seq\":%d,\"event\":\"task.updated\",\"task\":{}}".formatted(seq),
                JsonNode.class));
    }

    static List<Frame> changes(long from, long to) {
        return LongStream.rangeClosed(from, to).mapToObj(Frames::change).toList();
    }

    static Frame ofList(long seq, String event, String... members) {
        return Frame.read(Json.object()
                .put("type", "change")
                .put("list", "l")
                .put("seq", seq)
                .put("event", event)
                .set("of", Json.tree(list(seq, members))));
    }

    /** @param members the owner first */
    static TaskList list(long seq, String... members) {
        TreeMap<String, Role> roles = new TreeMap<>();
        for (String member : members) {
            roles.put(member, member.equals(members[0]) ? Role.OWNER : Role.EDITOR);
        }
        return new TaskList("l", "List", members[0], roles, seq);
    }

    /** The next steps of a session for a feed: numbers of changes, and the types of other frames; {@code ask:n} for a question. */
    static List<String> said(Session session, Feed feed) {
        List<String> said = new ArrayList<>();
        for (Step step = session.next(feed); step != null; step = session.next(feed)) {
            if (step instanceof Step.Send send) {
                var frame = Json.read(send.text(), JsonNode.class);
                said.add(
                        frame.has("seq")
                                ? frame.get("seq").asText()
                                : frame.get("type").asText());
            } else if (step instanceof Step.Ask ask) {
                said.add("ask:" + ask.after());
            }
        }
        return said;
    }
}
