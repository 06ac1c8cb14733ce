package dev.sandglass.support.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sandglass.support.Unavailable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-012")
class LedgerHeadsTest {
    private final LedgerHeads heads = new LedgerHeads();

    @Test
    void aListIsTakenWhenItMoved() {
        assertEquals(List.of(Map.of("a", 3L, "b", 1L)), heads.moved("{\"heads\":{\"a\":3,\"b\":1}}"));
        heads.followed(Map.of("a", 3L, "b", 1L));
        assertEquals(List.of(), heads.moved("{\"heads\":{\"a\":3,\"b\":1}}"));
        assertEquals(List.of(Map.of("b", 2L)), heads.moved("{\"heads\":{\"a\":3,\"b\":2}}"));
    }

    @Test
    void oneThatCannotBeFollowedHoldsUpNoOther() {
        String answer = "{\"heads\":{\"a\":3,\"b\":1}}";
        heads.failed(heads.moved(answer).get(0), new IllegalArgumentException("a cannot be read"));
        assertEquals(List.of(Map.of("a", 3L), Map.of("b", 1L)), heads.moved(answer));
        heads.failed(Map.of("a", 3L), new IllegalArgumentException("a cannot be read"));
        heads.followed(Map.of("b", 1L));
        assertEquals(List.of(Map.of("a", 3L)), heads.moved(answer));
    }

    @Test
    void whileSomethingIsAwayNoneIsToBlame() {
        Unavailable away = new Unavailable("task", null);
        assertSame(
                away,
                assertThrows(
                        Unavailable.class,
                        () -> heads.failed(Map.of("a", 3L, "b", 1L), new IllegalStateException(away))));
        assertEquals(1, heads.moved("{\"heads\":{\"a\":3,\"b\":1}}").size());
    }
}
