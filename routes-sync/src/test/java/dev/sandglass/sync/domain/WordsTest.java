package dev.sandglass.sync.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {
    @Test
    void readsResume() {
        assertEquals(
                new Message.Resume(Map.of("a", 0L, "b", 12L)),
                Message.read("{\"type\":\"resume\",\"lists\":{\"a\":0,\"b\":12}}"));
    }

    @Test
    void readsPing() {
        assertEquals(new Message.Ping(), Message.read("{\"type\":\"ping\"}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "null",
                "[]",
                "{}",
                "{\"type\":\"ready\",\"lists\":{}}",
                "{\"type\":\"resume\"}",
                "{\"type\":\"resume\",\"lists\":[]}",
                "{\"type\":\"resume\",\"lists\":{\"a\":-1}}",
                "{\"type\":\"resume\",\"lists\":{\"a\":1.5}}",
                "{\"type\":\"resume\",\"lists\":{\"a\":\"1\"}}",
                "{\"type\":\"resume\",\"lists\":{\"a\":99999999999999999999}}",
                "{\"type\":\"resume\",\"lists\":{\"a\":1,\"a\":2}}",
                "{\"type\":\"resume\",\"lists\":{\"\":1}}",
                "{\"type\":\"resume\",\"lists\":{\"a b\":1}}",
                "{\"type\":\"resume\",\"lists\":{\"a||b\":1}}"
            })
    void refusesWhatIsNotOne(String text) {
        assertThrows(IllegalArgumentException.class, () -> Message.read(text));
    }

    @Test
    void aResumeNamesAsManyListsAsAUserCanHaveHad() {
        String list = "~A.b_c-";
        assertEquals(
                2_000,
                ((Message.Resume) Message.read(resume(list, 2_000))).lists().size());
        assertThrows(IllegalArgumentException.class, () -> Message.read(resume(list, 2_001)));
        assertEquals(
                1,
                ((Message.Resume) Message.read(resume("x".repeat(99), 1)))
                        .lists()
                        .size());
        assertThrows(IllegalArgumentException.class, () -> Message.read(resume("x".repeat(100), 1)));
    }

    private static String resume(String list, int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> "\"" + list + i + "\":1")
                .collect(Collectors.joining(",", "{\"type\":\"resume\",\"lists\":{", "}}"));
    }

    @Test
    void makesAReminderFrame() {
        ReminderFrame frame = ReminderFrame.read(Json.read(
                "{\"id\":\"t/r/1\",\"list\":\"l\",\"task\":{\"id\":\"t\"},\"at\":\"2027-01-01T00:00:00Z\",\"firedAt\":\"x\",\"late\":true}",
                JsonNode.class));
        assertEquals("l", frame.list());
        assertEquals(
                "{\"type\":\"reminder\",\"id\":\"t/r/1\",\"task\":{\"id\":\"t\"},\"at\":\"2027-01-01T00:00:00Z\",\"late\":true}",
                frame.text());
        assertThrows(IllegalArgumentException.class, () -> ReminderFrame.read(Json.object()));
    }

    @Test
    void admitsItsOwnPagesOnly() {
        Origins origins = new Origins(Set.of("http://localhost:8080"));
        assertTrue(origins.admit(null, "localhost:8094"));
        assertTrue(origins.admit("http://LOCALHOST:8080", "localhost:8094"));
        assertTrue(origins.admit("https://tasks.example", "tasks.example"));
        assertFalse(origins.admit("http://localhost:8081", "localhost:8094"));
        assertFalse(origins.admit("null", "localhost:8094"));
        assertFalse(origins.admit("", "localhost:8094"));
        assertFalse(origins.admit("http://evil example", null));
    }
}
