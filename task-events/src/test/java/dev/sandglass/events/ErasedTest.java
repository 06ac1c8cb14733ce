package dev.sandglass.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A person goes from a change wherever names of users stand; what people wrote is not looked through. */
class ErasedTest {
    private static ObjectNode change(String more) {
        ObjectNode change = (ObjectNode) Json.read(
                "{\"event\":\"task.updated\",\"list\":\"l\",\"seq\":3,\"at\":\"2027-01-01T00:00:00Z\",\"actor\":\"bob\","
                        + "\"changed\":{\"title\":[\"a\",\"b\"]},\"prev\":\"p\",\"later\":1}",
                JsonNode.class);
        change.setAll((ObjectNode) Json.read(more, JsonNode.class));
        return change.put("hash", Chain.hash(change));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"actor\":\"alice\"}",
                "{\"task\":{\"id\":\"l.1\",\"version\":2,\"title\":\"b\",\"createdBy\":\"alice\"}}",
                "{\"of\":{\"owner\":\"alice\",\"members\":{\"bob\":\"editor\"}}}",
                "{\"of\":{\"owner\":\"bob\",\"members\":{\"bob\":\"owner\",\"alice\":\"editor\"}}}",
                "{\"changed\":{\"members/alice\":[null,\"editor\"]}}",
                "{\"changed\":{\"links/x\":[{\"user\":\"alice\"},null]}}",
                "{\"changed\":{\"links/x\":[null,{\"user\":\"alice\"}]}}",
            })
    void whereverTheNameStandsItGoes(String more) {
        ObjectNode change = change(more);
        String before = change.toString();
        assertTrue(Erased.names(change, "alice"));
        ObjectNode left = Erased.without(change, "alice", false);
        assertFalse(left.toString().contains("alice"), left::toString);
        assertTrue(left.toString().contains(Erased.NAME));
        assertFalse(Erased.names(left, "alice"));
        assertEquals(left, Erased.without(left, "alice", false), "again");
        assertEquals(before, change.toString(), "what is given stays as it is");
        assertEquals(change.path("hash"), left.path("hash"));
        assertEquals(change.path("prev"), left.path("prev"));
        assertEquals(!more.contains("actor"), left.has("later"), "what others said stays");
    }

    @Test
    void whatIsWrittenIsNotLookedThrough() {
        ObjectNode change = change("{\"changed\":{\"title\":[\"alice\",\"call alice\"]}}");
        assertFalse(Erased.names(change, "alice"));
        assertEquals(change, Erased.without(change, "alice", false));
    }

    @Test
    void ofTheirOwnChangesTheirPlaceStays() {
        ObjectNode left = Erased.without(
                change("{\"actor\":\"alice\",\"task\":{\"id\":\"l.1\",\"version\":2,\"title\":\"b\"}}"),
                "alice",
                false);
        assertEquals("{\"id\":\"l.1\",\"version\":2}", left.path("task").toString());
        assertEquals("{}", left.path("changed").toString());
        assertEquals("task.updated", left.path("event").asText());
        assertEquals(3, left.path("seq").asLong());
        assertFalse(left.has("later"));
    }

    @Test
    void ofTheirOwnListsNobodysContentsStay() {
        ObjectNode left = Erased.without(change("{\"rule\":{\"anchor\":\"2027-01-01\"}}"), "alice", true);
        assertEquals("bob", left.path("actor").asText());
        assertEquals("{}", left.path("changed").toString());
        assertFalse(left.has("rule"));
    }

    @Test
    void whatAListToldOfErasuresStaysTold() {
        ObjectNode telling = change("{}");
        telling.putObject("changed").set(Erased.TOLD, Json.tree(Erased.telling(7, "person")));
        assertEquals(7, Erased.told(Erased.without(telling, "bob", true).path("changed")));
        assertEquals(0, Erased.told(change("{}").path("changed")));
    }
}
