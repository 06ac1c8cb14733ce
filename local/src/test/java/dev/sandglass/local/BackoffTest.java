package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void doublesFromASecondToThirty() {
        Backoff backoff = new Backoff();
        List<Long> pauses = Stream.generate(
                        () -> backoff.after(Duration.ofSeconds(1)).toSeconds())
                .limit(7)
                .toList();
        assertEquals(List.of(1L, 2L, 4L, 8L, 16L, 30L, 30L), pauses);
    }

    @Test
    void isNoneAfterAMinuteOfLife() {
        Backoff backoff = new Backoff();
        backoff.after(Duration.ofSeconds(1));
        backoff.after(Duration.ofSeconds(59));
        assertEquals(Duration.ZERO, backoff.after(Duration.ofSeconds(60)));
        assertEquals(Duration.ofSeconds(1), backoff.after(Duration.ofSeconds(1)));
    }
}
