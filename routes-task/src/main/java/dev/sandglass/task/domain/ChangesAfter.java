package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * The changes of a list after a number, in order, at most 1,000 or about 2 MB, one at least if there is one. When it runs again it goes
 * on where it was.
 */
final class ChangesAfter {
    private static final int MOST = 1_000;

    private final long after;
    private final Function<String, JsonNode> form;
    private final ArrayNode changes = Json.array();
    private long last;
    private int size;
    private long seq;

    /** @param form of a change in the answer, of the JSON text that was published */
    ChangesAfter(long after, Function<String, JsonNode> form) {
        this.after = Math.max(after, 0);
        this.form = form;
        last = this.after;
    }

    /**
     * @return {@code {"seq","changes"}}, with the number of the list's last change
     * @throws Rejection GONE where the next change was trimmed
     */
    ObjectNode in(Documents documents, Head head) {
        if (after + 1 < head.first()) {
            throw new Rejection(Reason.GONE, "Changes are kept from " + head.first() + " on: read the list anew")
                    .with("seq", LongNode.valueOf(head.seq()));
        }
        seq = head.seq();
        long end = Math.min(seq, after + MOST);
        while (last < end && size <= Changes.LARGEST) {
            List<String> keys = LongStream.rangeClosed(last + 1, Math.min(end, last + Changes.READ_AT_ONCE))
                    .mapToObj(number -> Keys.change(head.id(), number))
                    .toList();
            Map<String, Stored> read = documents.all(keys);
            documents.forget(keys);
            for (String key : keys) {
                Stored change = Objects.requireNonNull(read.get(key));
                if (change.absent() || size > Changes.LARGEST) {
                    return found();
                }
                changes.add(form.apply(change.as(StoredChange.class).data()));
                size += String.valueOf(change.json()).length();
                last++;
            }
        }
        return found();
    }

    /** What was found so far; empty where that is nothing. */
    Optional<ObjectNode> soFar() {
        return changes.isEmpty() ? Optional.empty() : Optional.of(found());
    }

    private ObjectNode found() {
        return Json.object().put("seq", seq).set("changes", changes);
    }
}
