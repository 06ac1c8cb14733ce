package dev.sandglass.support.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sandglass.support.Refused;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Follow.Missing;
import dev.sandglass.support.domain.Heard;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FollowingTest {
    private static final Missing MISSING = new Missing("a", 3);

    private final Heard<String> heard =
            new Heard<String>((documents, next, repeated) -> Accepted.unchanged("done")).upTo("a", 7);
    private final Following following = Following.begin(heard);

    @Test
    void aListIsDroppedWhereTaskHasItNoLonger() {
        Following.refused(following, MISSING, new Refused(410, "{\"status\":410}"));
        assertEquals(Set.of(), heard.lists());
    }

    @Test
    void aListIsFollowedOnLaterWhereTaskHasTooMuchToDo() {
        Refused later = new Refused(429, "{\"status\":429}");
        assertThrows(Unavailable.class, () -> Following.refused(following, MISSING, later));
        assertEquals(Set.of("a"), heard.lists());
    }
}
