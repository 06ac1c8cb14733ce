package dev.sandglass.support.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.support.CallFailed;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.HeadsQuestion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-012")
class LedgerHeadsTest {
    private static final Documents EMPTY = Documents.of(Map.of("compared", new Stored("compared", null, null)));

    private final LedgerHeads heads = new LedgerHeads();

    @Test
    void aListIsTakenWhenItMoved() {
        compared();
        assertEquals(List.of(Map.of("a", 3L, "b", 1L)), heads.moved("{\"at\":1000,\"heads\":{\"a\":3,\"b\":1}}"));
        heads.followed(Map.of("a", 3L, "b", 1L));
        assertEquals(List.of(), heads.moved("{\"at\":1000,\"heads\":{\"a\":3,\"b\":1}}"));
        assertEquals(List.of(Map.of("b", 2L)), heads.moved("{\"at\":1000,\"heads\":{\"a\":3,\"b\":2}}"));
    }

    @Test
    void oneThatCannotBeFollowedHoldsUpNoOther() {
        compared();
        String answer = "{\"at\":1000,\"heads\":{\"a\":3,\"b\":1}}";
        heads.failed(heads.moved(answer).get(0), new IllegalArgumentException("a cannot be read"));
        assertEquals(List.of(Map.of("a", 3L), Map.of("b", 1L)), heads.moved(answer));
        heads.failed(Map.of("a", 3L), new IllegalArgumentException("a cannot be read"));
        heads.followed(Map.of("b", 1L));
        assertEquals(List.of(Map.of("a", 3L)), heads.moved(answer));
    }

    /** The margin: clocks differ, and what was decided is written a little later. */
    @Test
    void afterAllPagesOfAllListsThoseAreAskedForThatMovedSince() {
        assertEquals(
                new HeadsQuestion(0, 0), heads.first(heads.since().on(EMPTY).answer()));
        String page = "{\"at\":1000,\"heads\":{\"a\":3},\"next\":7}";
        heads.moved(page);
        assertEquals(new HeadsQuestion(0, 7), heads.next(page));
        String last = "{\"at\":1010,\"heads\":{\"b\":3}}";
        heads.moved(last);
        assertNull(heads.next(last));
        assertEquals(
                new HeadsQuestion(940, 0), heads.first(heads.since().on(EMPTY).answer()));
    }

    /** A comparison that did not come to its end is begun anew; a list that could not be followed is told by nobody again. */
    @Test
    void nothingIsPassedOver() {
        heads.first(heads.since().on(EMPTY).answer());
        heads.moved("{\"at\":1000,\"heads\":{\"a\":3},\"next\":7}");
        assertEquals(
                new HeadsQuestion(0, 0), heads.first(heads.since().on(EMPTY).answer()));
        heads.failed(Map.of("a", 3L), new IllegalArgumentException("a cannot be read"));
        String none = "{\"at\":1000,\"heads\":{}}";
        heads.moved(none);
        heads.next(none);
        heads.first(heads.since().on(EMPTY).answer());
        assertEquals(List.of(Map.of("a", 3L)), heads.moved(none));
    }

    @Test
    void whileSomethingIsAwayNoneIsToBlame() {
        Unavailable away = new Unavailable("task", null);
        assertSame(
                away,
                assertThrows(
                        Unavailable.class,
                        () -> heads.failed(Map.of("a", 3L, "b", 1L), new IllegalStateException(away))));
        assertEquals(1, heads.moved("{\"at\":1000,\"heads\":{\"a\":3,\"b\":1}}").size());
    }

    @Test
    void aListThatAServiceFailsAtHoldsUpNoOther() {
        compared();
        String answer = "{\"at\":1000,\"heads\":{\"a\":3,\"b\":1}}";
        heads.failed(heads.moved(answer).get(0), new IllegalStateException(new CallFailed("task", null)));
        assertEquals(List.of(Map.of("a", 3L), Map.of("b", 1L)), heads.moved(answer));
    }

    /** A start costs by what moved since, and not by all lists there are. */
    @Test
    void aNewReplicaBeginsWhereTheOneBeforeEnded() {
        compared();
        Documents kept = kept(heads);
        assertEquals(940, new LedgerHeads().since().on(kept).answer());
        assertTrue(heads.compared().on(EMPTY).transaction().isEmpty(), "it is noted every ten minutes, not each time");
        assertTrue(
                new LedgerHeads().compared().on(kept).transaction().isEmpty(),
                "one that is behind does not take it back");
    }

    @Test
    void aTimeThatIsStillToComeIsNotNoted() {
        heads.first(0);
        String page = "{\"at\":%d,\"heads\":{}}"
                .formatted(Instant.now().plusSeconds(3_600).getEpochSecond());
        heads.moved(page);
        heads.next(page);
        assertTrue(new LedgerHeads().since().on(kept(heads)).answer()
                < Instant.now().getEpochSecond());
    }

    @Test
    void whatCouldNotBeFollowedIsNotNotedAsFollowed() {
        heads.first(0);
        String page = "{\"at\":1000,\"heads\":{\"a\":3}}";
        heads.failed(heads.moved(page).get(0), new IllegalArgumentException("a cannot be read"));
        heads.next(page);
        assertTrue(heads.compared().on(EMPTY).transaction().isEmpty());
        heads.followed(Map.of("a", 3L));
        assertEquals(940, new LedgerHeads().since().on(kept(heads)).answer());
    }

    /** What tells of lists cannot be read for a while: the last change of one of them is not passed over. */
    @Test
    void whatTaskCannotReadIsAskedForAgainUntilItCan() {
        String partial = ",\"partial\":true";
        assertEquals(0, compared(1_000, ""));
        assertEquals(940, new LedgerHeads().since().on(kept(heads)).answer());
        assertEquals(940, compared(1_100, partial));
        assertEquals(940, compared(1_130, partial), "it may have been a moment");
        assertEquals(1_070, compared(1_160, ""), "lists that move are followed as ever");
        assertEquals(1_100, compared(1_700, ""));
        assertTrue(heads.compared().on(EMPTY).transaction().isEmpty(), "nobody would ask for it again");
        assertEquals(940, compared(1_730, ""));
        assertEquals(1_670, new LedgerHeads().since().on(kept(heads)).answer());
        assertEquals(1_670, compared(1_760, ""));
    }

    @Test
    void aPageOfAllListsThatWasNotWholeIsAskedForAgainByTheNextReplicaToo() {
        heads.first(0);
        String first = "{\"at\":1000,\"heads\":{},\"next\":7,\"partial\":true}";
        heads.moved(first);
        heads.next(first);
        String last = "{\"at\":1010,\"heads\":{}}";
        heads.moved(last);
        heads.next(last);
        assertTrue(heads.compared().on(EMPTY).transaction().isEmpty());
        assertEquals(0, compared(1_040, ""));
        assertEquals(980, new LedgerHeads().since().on(kept(heads)).answer());
    }

    /** @return the time that a comparison asks from */
    private long compared(long at, String more) {
        HeadsQuestion asked = heads.first(heads.since().on(EMPTY).answer());
        String page = "{\"at\":%d,\"heads\":{\"a\":1}%s}".formatted(at, more);
        heads.moved(page);
        assertNull(heads.next(page));
        return asked.since();
    }

    private static Documents kept(LedgerHeads heads) {
        String json = heads.compared().on(EMPTY).transaction().value("compared").toString();
        return Documents.of(Map.of("compared", new Stored("compared", json, "1")));
    }

    private void compared() {
        String none = "{\"at\":1000,\"heads\":{}}";
        heads.first(heads.since().on(EMPTY).answer());
        heads.moved(none);
        heads.next(none);
        heads.first(heads.since().on(EMPTY).answer());
    }
}
