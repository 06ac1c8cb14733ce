package dev.sandglass.audit.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Documents;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeepChangesTest {
    /** After an outage of the broker all its events tell what was fetched from the ledger meanwhile: one read for thirty, not thirty. */
    @Test
    void whatIsKeptAlreadyIsReadTogether() {
        List<JsonNode> changes = IntStream.rangeClosed(1, 30)
                .<JsonNode>mapToObj(seq -> Json.object().put("seq", seq))
                .toList();
        Set<String> keys = assertThrows(
                        Documents.Unseen.class,
                        () -> new KeepChanges()
                                .of(Documents.of(Map.of()), new TreeMap<>(), new TreeMap<>(Map.of("l", changes))))
                .keys();
        assertEquals(
                changes.stream().map(change -> EntryId.of("l", change).key()).collect(Collectors.toSet()), keys);
    }
}
