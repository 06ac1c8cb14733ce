package dev.sandglass.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** The published schemas say what is really sent: no more, no less, and they take what later versions add. */
class SchemasTest {
    @Provide
    Arbitrary<Change> changes() {
        return ArbitraryChanges.any();
    }

    @Property(tries = 300)
    @Tag("FR-004")
    void everyChangeIsSentAsItsSchemasSay(@ForAll("changes") Change change) {
        Schemas.assertHolds(change.asEvent());
        Schemas.assertHolds(change.asUpdate());
    }

    @Example
    @Tag("FR-004")
    void everyFieldThatIsSentIsDescribed() {
        for (var described : List.of(
                new Described("task-event.v1.json", Change.class),
                new Described("task.v1.json", Task.class),
                new Described("list.v1.json", TaskList.class),
                new Described("cloud-event.v1.json", CloudEvent.class))) {
            Set<String> fields = new TreeSet<>();
            Schemas.text(described.schema).path("properties").fieldNames().forEachRemaining(fields::add);
            assertEquals(
                    Arrays.stream(described.type.getRecordComponents())
                            // What a newer version adds has no name here.
                            .filter(component -> !component.getAccessor().isAnnotationPresent(JsonAnyGetter.class))
                            .map(RecordComponent::getName)
                            .collect(Collectors.toCollection(TreeSet::new)),
                    fields,
                    described.schema);
        }
    }

    private record Described(String schema, Class<?> type) {}

    @Example
    @Tag("FR-004")
    void everyTypeOfChangeIsNamed() {
        assertEquals(
                Arrays.stream(ChangeType.values()).map(ChangeType::toString).collect(Collectors.toSet()),
                StreamSupport.stream(
                                Schemas.text("task-event.v1.json")
                                        .at("/$defs/event/enum")
                                        .spliterator(),
                                false)
                        .map(JsonNode::asText)
                        .collect(Collectors.toSet()));
    }

    @Example
    @Tag("FR-004")
    void everySchemaIsOneHasItsOwnNameAndExamplesThatHold() {
        for (String name : Schemas.names()) {
            JsonNode schema = Schemas.text(name);
            assertEquals(Set.of(), Schemas.metaSchema().validate(schema), name);
            assertEquals(CloudEvent.SCHEMAS + name, schema.path("$id").asText());
            assertFalse(schema.path("description").asText().isEmpty(), name);
            assertFalse(schema.path("examples").isEmpty(), name);
            schema.path("examples").forEach(example -> Schemas.assertHolds(name, example));
        }
    }

    @Property(tries = 100)
    @Tag("FR-004")
    void whatALaterVersionAddsIsTaken(@ForAll("changes") Change change) {
        ObjectNode later = Json.tree(change.asEvent());
        later.put("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        later.withObject("/data").put("reason", "holiday");
        later.withObject("/data/" + (change.task() == null ? "of" : "task")).put("colour", "green");
        Schemas.assertHolds("cloud-event.v1.json", later);
        Schemas.assertHolds("task-event.v1.json", later.path("data"));
        ObjectNode read = Json.tree(Json.read(later.path("data"), Change.class));
        // A task keeps it for whoever knows it.
        read.withObject("/" + (change.task() == null ? "of" : "task")).remove("colour");
        assertEquals(Json.<JsonNode>tree(change), read);
    }

    @Property(tries = 100)
    @Tag("FR-004")
    void whatIsNotAChangeIsNone(@ForAll("changes") Change change) {
        for (String field : List.of("event", "list", "seq", "at", "actor", "changed", "prev", "hash")) {
            ObjectNode without = Json.tree(change);
            without.remove(field);
            assertWrong(without);
        }
        ObjectNode ofNothing = Json.tree(change);
        ofNothing.remove(List.of("task", "of"));
        assertWrong(ofNothing);
        assertWrong(Json.<ObjectNode>tree(change).put("seq", 0));
        assertWrong(Json.<ObjectNode>tree(change).put("at", "yesterday"));
        assertWrong(Json.<ObjectNode>tree(change).put("event", "task.exploded"));
        assertWrong(Json.<ObjectNode>tree(change).put("hash", change.hash().toUpperCase(java.util.Locale.ROOT) + "0"));
        if (change.task() != null) {
            ObjectNode odd = Json.tree(change);
            odd.withObject("/task").put("priority", "HIGH");
            assertWrong(odd);
        }
    }

    private static void assertWrong(JsonNode change) {
        assertTrue(!Schemas.mistakes("task-event.v1.json", change).isEmpty(), change::toString);
    }
}
