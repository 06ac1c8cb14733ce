package dev.sandglass.local;

import java.time.Duration;

/** The pause before a dead part is started again: none after a minute of life; else 1 s, doubling to 30 s. */
final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration LONG_LIFE = Duration.ofSeconds(60);

    private Duration next = FIRST;

    /** The pause after a life that lasted {@code lived}. */
    Duration after(Duration lived) {
        if (lived.compareTo(LONG_LIFE) >= 0) {
            next = FIRST;
            return Duration.ZERO;
        }
        Duration pause = next;
        next = pause.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : pause.multipliedBy(2);
        return pause;
    }

    void reset() {
        next = FIRST;
    }
}
