package dev.sandglass.task.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sandglass.support.Unavailable;
import dev.sandglass.task.domain.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A model that is slow takes one permit of each user, and not all threads. */
@Tag("FR-012")
class ConversationsTest {
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final Conversations conversations = new Conversations("small", Duration.ofSeconds(10), clock::get);

    private static Request by(String user) {
        return new Request(user, Set.of(), null, null, Instant.EPOCH);
    }

    @Test
    void eachUserHasOnePlaceAndAllHaveSixteen() {
        List<Conversations.Permit> permits = new ArrayList<>();
        for (int i = 0; i < Conversations.AT_ONCE; i++) {
            permits.add(conversations.begin(by("user" + i)));
        }
        assertThrows(Unavailable.class, () -> conversations.begin(by("one more")));
        conversations.end(null);
        assertThrows(Unavailable.class, () -> conversations.begin(by("one more")));
        conversations.end(permits.get(0));
        assertThrows(Unavailable.class, () -> conversations.begin(by("user1")), "has one");
        assertEquals("small", conversations.begin(by("one more")).component());
    }

    @Test
    void aSentenceHasItsTimeHoweverOftenTheModelIsAsked() {
        Conversations.Permit permit = conversations.begin(by("alice"));
        assertEquals(10_000, permit.left());
        clock.addAndGet(Duration.ofSeconds(9).toNanos());
        assertEquals(1_000, permit.left());
        clock.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThrows(Unavailable.class, permit::left);
    }
}
