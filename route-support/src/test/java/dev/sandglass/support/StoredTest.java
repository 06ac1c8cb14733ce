package dev.sandglass.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A service never takes what a newer one stored for what it knows itself. */
@Tag("FR-012")
class StoredTest {
    record Value(int v, String name) {}

    @ParameterizedTest
    @ValueSource(strings = {"{\"v\":2,\"name\":\"x\"}", "{\"name\":\"x\",\"v\":2}", "{\"v\":2}", "{\"v\":10,\"a\":0}"})
    void whatANewerVersionWroteIsRefusedByName(String json) {
        String message = assertThrows(
                        IllegalStateException.class, () -> new Stored("list/l", json, "1").as(Value.class))
                .getMessage();
        assertTrue(message.contains("list/l was written by a newer version of this service"), message);
    }

    @Test
    void whatThisOneOrAnOlderWroteIsRead() {
        assertEquals(new Value(1, "x"), new Stored("k", "{\"v\":1,\"name\":\"x\"}", "1").as(Value.class));
        assertEquals(new Value(1, "x"), new Stored("k", "{\"name\":\"x\",\"v\":1}", "1").as(Value.class));
        assertEquals(new Value(0, "x"), new Stored("k", "{\"name\":\"x\"}", "1").as(Value.class));
        assertEquals("text", new Stored("k", "\"text\"", "1").as(String.class));
    }
}
