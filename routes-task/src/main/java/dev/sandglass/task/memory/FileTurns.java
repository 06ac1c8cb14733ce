package dev.sandglass.task.memory;

import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.support.memory.Patience;
import dev.sandglass.support.memory.ReadTurns;
import dev.sandglass.task.domain.Request;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.apache.camel.ExchangeProperty;

/** Turns at reading a file that comes in, and at packing an archive that goes out: each takes some fifty megabytes of memory meanwhile. */
@Singleton
@Named("fileTurns")
public class FileTurns {
    private static final int AT_ONCE = 2;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final ReadTurns turns = new ReadTurns(AT_ONCE);

    /** @throws Rejection when it is not the user's turn before the patience is over */
    public void begin(@ExchangeProperty("request") Request request) {
        turns.enter(
                request.user(),
                1,
                new Patience(LONGEST_WAIT, Reason.TOO_MANY, "Too many files come in or go out at once; try again"));
    }

    public void end(@ExchangeProperty("request") Request request) {
        turns.leave(request.user(), 1, 0);
    }
}
