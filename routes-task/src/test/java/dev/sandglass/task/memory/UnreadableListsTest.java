package dev.sandglass.task.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnreadableListsTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final UnreadableLists lists = new UnreadableLists(meters);

    /** Each replica of sync asks every second. */
    @Test
    void howeverOftenADocumentIsLeftOutItIsToldOnceInTenMinutes() {
        for (int second = 0; second < 60; second++) {
            lists.tell(Map.of("list/a", "no head"), second);
        }
        assertEquals(1, told());
        lists.tell(Map.of("list/a", "no head", "list/b", "no head"), 60);
        assertEquals(2, told(), "another is told at once");
        lists.tell(Map.of("list/a", "no head"), UnreadableLists.NANOS_BETWEEN_WORDS);
        assertEquals(3, told());
    }

    @Test
    void whereVeryManyAreDamagedAThousandAreTold() {
        Map<String, String> all = IntStream.range(0, 5_000)
                .mapToObj(i -> "list/" + i)
                .collect(Collectors.toMap(Function.identity(), key -> "no head"));
        lists.tell(all, 0);
        lists.tell(all, 1);
        assertEquals(UnreadableLists.MOST, told());
    }

    private double told() {
        return meters.counter("sandglass.lists.unreadable").count();
    }
}
