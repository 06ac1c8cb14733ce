package dev.sandglass.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sandglass.time.Due;
import dev.sandglass.time.Nag;
import dev.sandglass.time.Recurrence;
import dev.sandglass.time.Workdays;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.arbitraries.StringArbitrary;

/** Changes of all kinds, sealed, as the ledger makes them. */
final class ArbitraryChanges {
    private static final Instant NOW = Instant.parse("2027-01-30T17:20:05.123Z");

    private ArbitraryChanges() {}

    static Arbitrary<Change> any() {
        return Combinators.combine(
                        Arbitraries.of(ChangeType.class),
                        tasks(),
                        lists(),
                        changedFields(),
                        Arbitraries.longs().between(1, 1L << 53),
                        instants(),
                        prevs())
                .as((event, task, list, changed, seq, at, prev) -> {
                    boolean ofTask = event.toString().startsWith("task.");
                    boolean rule = event == ChangeType.TASK_COMPLETED && task.recurrence() != null;
                    return new Change(
                                    event,
                                    list.id(),
                                    seq,
                                    at,
                                    list.owner(),
                                    changed,
                                    ofTask ? task : null,
                                    ofTask ? null : list,
                                    rule
                                            ? new Change.Rule(
                                                    Due.parse("2027-01-31"),
                                                    Due.parse("2027-02-28"),
                                                    ofTask ? task.id() : null,
                                                    Due.parse("2027-03-30"))
                                            : null,
                                    prev,
                                    "")
                            .sealed();
                });
    }

    private static Arbitrary<Task> tasks() {
        Arbitrary<Due> dues = Arbitraries.of("2027-01-31", "2028-02-29T23:59:59", "0001-01-01", "9999-12-31T00:00:00")
                .map(Due::parse);
        return Combinators.combine(
                        ids(),
                        text(1, 500),
                        text(0, 2_000),
                        Arbitraries.of(Priority.class),
                        text(1, 50).list().ofMaxSize(5),
                        dues.injectNull(0.3),
                        Arbitraries.of("daily", "FREQ=WEEKLY;BYDAY=MO,WE").injectNull(0.5),
                        instants())
                .as((id, title, description, priority, tags, due, recurrence, at) -> {
                    ZoneId zone = ZoneId.of("Europe/Warsaw");
                    Status status = tags.isEmpty() ? Status.COMPLETED : Status.OPEN;
                    return new Task(
                            id + ".1",
                            id,
                            title,
                            description,
                            priority,
                            tags,
                            status,
                            due,
                            zone,
                            due == null ? null : due.at(zone),
                            tags.size() > 1,
                            recurrence,
                            Recurrence.From.SCHEDULE,
                            Workdays.AFTER,
                            due == null ? List.of() : List.of("-PT15M", "2027-01-30T18:00:00Z"),
                            due == null ? null : Nag.parse("PT10M"),
                            id + ".1",
                            tags.size() + 1,
                            tags.size() + 2,
                            at,
                            "alice",
                            at,
                            status == Status.OPEN ? null : NOW,
                            Map.of());
                });
    }

    private static Arbitrary<TaskList> lists() {
        return Combinators.combine(ids(), text(1, 100), Arbitraries.maps(ids(), Arbitraries.of(Role.class)))
                .as((id, name, members) -> {
                    SortedMap<String, Role> all = new TreeMap<>(members);
                    all.put("alice", Role.OWNER);
                    return new TaskList(
                            id, name, "alice", all, all.size(), all.size() > 1 ? List.of("-PT15M") : List.of());
                });
    }

    private static Arbitrary<SortedMap<String, List<JsonNode>>> changedFields() {
        Arbitrary<JsonNode> values = Arbitraries.oneOf(
                text(0, 20).map(TextNode::new),
                text(0, 5).list().ofMaxSize(3).map(Json::<JsonNode>tree),
                Arbitraries.just(Json.MAPPER.nullNode()));
        Arbitrary<String> fields = Arbitraries.of("title", "description", "tags", "due", "members/bob");
        return Arbitraries.maps(fields, values.list().ofSize(2)).map(TreeMap::new);
    }

    private static Arbitrary<String> prevs() {
        return Arbitraries.oneOf(
                Arbitraries.just(""),
                Arbitraries.strings().withChars("0123456789abcdef").ofLength(64));
    }

    private static Arbitrary<String> ids() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('A', 'Z')
                .numeric()
                .ofLength(16);
    }

    private static Arbitrary<Instant> instants() {
        return Arbitraries.longs().between(0, 4_000_000_000_000L).map(Instant::ofEpochMilli);
    }

    /** Texts as people write them: letters of all kinds, quotation marks, backslashes, characters beyond the first plane. */
    private static Arbitrary<String> text(int least, int most) {
        StringArbitrary plain = Arbitraries.strings()
                .withCharRange(' ', '\ud7ff')
                .withChars("\"\\/\t\n<>&\u2028")
                .ofMinLength(least)
                .ofMaxLength(most - 2);
        return Combinators.combine(plain, Arbitraries.of("", "", "\ud83d\ude00"))
                .as(String::concat);
    }

    /** Copies of a JSON object whose keys, on all levels, stand in another order. */
    static JsonNode reversed(JsonNode node) {
        if (node.isObject()) {
            var keys = new ArrayList<String>();
            node.fieldNames().forEachRemaining(keys::add);
            Collections.reverse(keys);
            var copy = Json.object();
            keys.forEach(key -> copy.set(key, reversed(node.get(key))));
            return copy;
        }
        if (node.isArray()) {
            var copy = Json.array();
            node.forEach(item -> copy.add(reversed(item)));
            return copy;
        }
        return node;
    }

    /** JSON pointers to everything in it, objects and arrays included. */
    static List<String> pointers(JsonNode node) {
        var found = new ArrayList<String>();
        collect("", node, found);
        return found;
    }

    private static void collect(String at, JsonNode node, List<String> found) {
        if (!at.isEmpty()) {
            found.add(at);
        }
        if (node.isObject()) {
            node.fields()
                    .forEachRemaining((Map.Entry<String, JsonNode> field) -> collect(
                            at + "/" + field.getKey().replace("~", "~0").replace("/", "~1"), field.getValue(), found));
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            collect(at + "/" + i, node.get(i), found);
        }
    }
}
