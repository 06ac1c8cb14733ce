package dev.sandglass.support.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sandglass.support.Refused;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Follow.Missing;
import dev.sandglass.support.domain.Heard;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FollowingTest {
    private static final Missing MISSING = new Missing("a", 3);

    private final Heard<String> heard =
            new Heard<String>((documents, next, repeated) -> Accepted.unchanged("done")).upTo("a", 7);
    private final Following following = Following.begin(heard);

    @ParameterizedTest
    @ValueSource(ints = {404, 410})
    void aListIsDroppedWhereTaskHasItNoLonger(int status) {
        Following.refused(following, MISSING, new Refused(status, "{}"));
        assertEquals(Set.of(), heard.lists());
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 429})
    void aListIsFollowedOnLaterWhereTaskDoesNotAnswerForAnotherReason(int status) {
        Refused later = new Refused(status, "{}");
        assertThrows(Unavailable.class, () -> Following.refused(following, MISSING, later));
        assertEquals(Set.of("a"), heard.lists());
    }
}
