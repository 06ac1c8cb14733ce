package dev.sandglass.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** The hash of a change says all of it, and nothing of how it was written down. */
class ChainTest {
    @Provide
    Arbitrary<Change> changes() {
        return ArbitraryChanges.any();
    }

    @Property(tries = 150)
    @Tag("SC-006")
    void whateverIsAlteredShows(@ForAll("changes") Change change) {
        ObjectNode whole = Json.tree(change);
        for (String pointer : ArbitraryChanges.pointers(whole)) {
            if (pointer.equals("/hash")) {
                continue;
            }
            for (JsonNode altered : alterations(whole, JsonPointer.compile(pointer))) {
                assertNotEquals(change.hash(), Chain.hash(altered), () -> pointer + " of " + altered);
            }
        }
    }

    /** The same with this one replaced, left out, and with one more beside it. */
    private static List<JsonNode> alterations(ObjectNode whole, JsonPointer pointer) {
        List<JsonNode> altered = new ArrayList<>();
        String name = pointer.last().getMatchingProperty();
        boolean prev = pointer.toString().equals("/prev");
        ObjectNode replaced = whole.deepCopy();
        ObjectNode removed = whole.deepCopy();
        ObjectNode more = whole.deepCopy();
        JsonNode parent = replaced.at(pointer.head());
        if (parent instanceof ObjectNode object) {
            object.put(name, whole.at(pointer).asText() + "x");
            if (!prev || !whole.at(pointer).asText().isEmpty()) {
                ((ObjectNode) removed.at(pointer.head())).remove(name);
                altered.add(removed);
            }
            ((ObjectNode) more.at(pointer.head())).put(name + "x", 1);
            altered.add(more);
        } else if (parent instanceof ArrayNode array) {
            int index = Integer.parseInt(pointer.last().getMatchingProperty());
            array.set(index, whole.at(pointer).asText() + "x");
            ((ArrayNode) removed.at(pointer.head())).remove(index);
            altered.add(removed);
        }
        altered.add(replaced);
        return altered;
    }

    @Property(tries = 300)
    @Tag("SC-006")
    void theOrderOfKeysDoesNotMatter(@ForAll("changes") Change change) {
        assertEquals(change.hash(), Chain.hash(ArbitraryChanges.reversed(Json.tree(change))));
    }

    @Property(tries = 300)
    @Tag("SC-006")
    void readAgainItIsTheSame(@ForAll("changes") Change change) {
        String written = Json.text(change);
        assertEquals(change.hash(), Chain.hash(Json.read(written, JsonNode.class)));
        Change read = Json.read(written, Change.class);
        assertEquals(change, read);
        assertEquals(change.hash(), Chain.hash(Json.tree(read)));
        assertEquals(change.hash(), read.sealed().hash());
    }

    @Property(tries = 300)
    @Tag("SC-006")
    void aContentCanBeForgottenAndTheChainStillVerified(@ForAll("changes") Change change) {
        assertEquals(change.hash(), Chain.link(change.prev(), Chain.content(Json.tree(change))));
    }

    /** Made by another program (Python's json with sorted keys, and hashlib). */
    @Example
    @Tag("SC-006")
    void othersReckonTheSame() {
        JsonNode examples = Schemas.text("task-event.v1.json").path("examples");
        String prev = "";
        for (JsonNode example : examples) {
            assertEquals(prev, example.path("prev").asText());
            assertEquals(example.path("hash").asText(), Chain.hash(example));
            prev = example.path("hash").asText();
        }
        assertEquals(2, examples.size());
        assertEquals("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Chain.sha256(""));
    }
}
