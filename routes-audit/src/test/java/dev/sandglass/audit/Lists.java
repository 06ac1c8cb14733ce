package dev.sandglass.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Chain;
import dev.sandglass.events.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists as the ledger would have them: changes in a chain, a second apart. */
public final class Lists {
    public static final Instant BEGIN = Instant.parse("2027-01-01T00:00:00Z");

    private Lists() {}

    /** {@code n} changes of a list: it is created, then its task {@code <list>.1} is created and changed. */
    public static List<ObjectNode> changes(String list, int n) {
        List<ObjectNode> changes = new ArrayList<>();
        for (int seq = 1; seq <= n; seq++) {
            String prev = seq == 1 ? "" : changes.get(seq - 2).path("hash").asText();
            changes.add(
                    seq == 1
                            ? change(list, seq, "list.created", null, 0, prev)
                            : change(
                                    list, seq, seq == 2 ? "task.created" : "task.updated", list + ".1", seq - 1, prev));
        }
        return changes;
    }

    /** The same with a description that every change replaces, as large as it may be. */
    public static List<ObjectNode> largeChanges(String list, int n) {
        String one = "🙂".repeat(16_000);
        String other = "🙃".repeat(16_000);
        List<ObjectNode> changes = changes(list, n);
        String prev = "";
        for (ObjectNode change : changes) {
            change.withObject("/changed")
                    .set("description", Json.array().add(one).add(other));
            if (change.path("task").isObject()) {
                change.withObject("/task").put("description", other);
            }
            sealed(change.put("prev", prev));
            prev = change.path("hash").asText();
        }
        return changes;
    }

    public static ObjectNode change(
            String list, long seq, String event, @Nullable String task, int version, String prev) {
        ObjectNode change = Json.object()
                .put("event", event)
                .put("list", list)
                .put("seq", seq)
                .put("at", BEGIN.plusSeconds(seq).toString())
                .put("actor", seq % 2 == 0 ? "alice" : "bob");
        change.set(
                "changed",
                Json.object().set("title", Json.array().add("old " + seq).add("new " + seq)));
        if (task != null) {
            change.set(
                    "task",
                    Json.object().put("id", task).put("version", version).put("title", "new " + seq));
        }
        // A field of a version to come: it is part of what was hashed, and must be kept.
        change.put("laterField", seq * 1.5);
        return sealed(change.put("prev", prev));
    }

    /** The same with the hash of what it says now. */
    public static ObjectNode sealed(ObjectNode change) {
        change.put("hash", Chain.hash(change));
        return change;
    }
}
