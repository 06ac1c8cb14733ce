package dev.sandglass.audit.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.audit.Lists;
import dev.sandglass.audit.domain.Kept;
import dev.sandglass.audit.domain.Verification.Deviation;
import dev.sandglass.audit.domain.Verification.Verdict;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class TurnsTest {
    private static final String A_LIST = "{\"list\":\"a\",\"seq\":100,\"hash\":\"x\"}";

    private final Turns turns = new Turns();
    private final List<ObjectNode> changes = Lists.changes("a", 100);
    private final List<String> read = new ArrayList<>();

    @Test
    void aListIsWalkedByOneAtATimeAndNobodyWaitsLongerThanTask() throws Exception {
        Verifying first = Verifying.begin(A_LIST);
        turns.walk(first);
        turns.walk(Verifying.begin("{\"list\":\"b\",\"seq\":1,\"hash\":\"x\"}"));
        Verifying second = Verifying.begin(A_LIST, Duration.ofMillis(20));
        assertLate(() -> turns.walk(second));
        assertEquals(new Verdict(false, 0, 100, "x", null, 0), Verifying.verdict(second), "neither whole nor wrong");
        turns.walked(first);
        turns.walk(Verifying.begin(A_LIST));
    }

    @Test
    void aWalkThatNobodyWaitsForAnyMoreEnds() throws Exception {
        Verifying walk = Verifying.begin(A_LIST, Duration.ofMillis(20));
        turns.walk(walk);
        assertTrue(Verifying.isOpen(walk));
        Thread.sleep(30);
        assertFalse(Verifying.isOpen(walk));
    }

    @Test
    void whatThereWasNoTimeForAnotherCallGoesOnWithUntilAllIsWalked() {
        Verdict begun = verify(70, 1);
        assertFalse(begun.complete());
        assertEquals(null, begun.first());
        assertTrue(begun.entries() > 0 && begun.entries() < 70, begun::toString);
        // Others went on writing.
        assertEquals(new Verdict(true, 100, 100, hash(100), null, 0), verify(100, 100));
        assertEquals(100, read.size(), "each entry is read once");
        assertEquals(new Verdict(true, 100, 100, hash(100), null, 0), verify(100, 100));
        assertEquals(200, read.size(), "what is over is begun anew");
    }

    @Test
    void whatComesLaterInAWalkThatGoesOnIsSeenLikeAnyOther() {
        verify(70, 1);
        changes.set(60, Lists.sealed(changes.get(60).deepCopy().put("actor", "mallory")));
        assertEquals(new Deviation(61, "altered"), verify(70, 100).first());
    }

    @Test
    void ofAListThatIsAskedAboutAsItWasBeforeTheWalkBeginsAnew() {
        verify(100, 2);
        assertEquals(new Verdict(true, 5, 5, hash(5), null, 0), verify(5, 100));
    }

    /** @param portions for which there is time */
    private Verdict verify(int seq, int portions) {
        Verifying call = Verifying.begin(Json.object()
                .put("list", "a")
                .put("seq", seq)
                .put("hash", hash(seq))
                .toString());
        turns.walk(call);
        Verifying.reached(call, Map.of("a", 100L));
        for (int i = 0; i < portions && Verifying.isOpen(call); i++) {
            Map<String, Stored> entries = new HashMap<>();
            for (String key : Verifying.keys(call)) {
                int number = Integer.parseInt(key.substring(key.lastIndexOf('/') + 1));
                entries.put(key, new Stored(key, Json.text(Kept.asItCame(changes.get(number - 1))), "1"));
            }
            read.addAll(entries.keySet());
            Verifying.saw(call, entries);
        }
        turns.walked(call);
        return Verifying.verdict(call);
    }

    private String hash(int seq) {
        return changes.get(seq - 1).path("hash").asText();
    }

    private static void assertLate(Executable call) {
        assertEquals(Reason.NOT_NOW, assertThrows(Rejection.class, call).reason());
    }
}
