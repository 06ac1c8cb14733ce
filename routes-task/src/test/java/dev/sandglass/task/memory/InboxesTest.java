package dev.sandglass.task.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sandglass.task.domain.Request;
import dev.sandglass.task.domain.User;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InboxesTest {
    @Test
    void theInboxOfAPersonWhoWasErasedIsNotKnownAnyMore() {
        Inboxes inboxes = new Inboxes();
        Request request = new Request("alice", Set.of(), null, null, Instant.now());
        inboxes.know(User.fresh("alice", ZoneOffset.UTC).withInbox("a"));
        assertEquals("a", inboxes.of(request));
        inboxes.forget("alice");
        assertNull(inboxes.of(request));
    }
}
