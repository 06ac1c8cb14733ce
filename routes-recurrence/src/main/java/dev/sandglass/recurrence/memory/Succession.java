package dev.sandglass.recurrence.memory;

import dev.sandglass.recurrence.domain.Completion;
import dev.sandglass.recurrence.domain.NextOccurrence;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** A completion on the way to its next occurrence: the steps of {@code recurrence.completion.follow} between its calls. */
public final class Succession {
    private final Completion completion;
    private NextOccurrence next = NextOccurrence.none();

    private Succession(Completion completion) {
        this.completion = completion;
    }

    public static Succession begin(@Body Completion completion) {
        return new Succession(completion);
    }

    public String getSuccessor() {
        return completion.successor();
    }

    /** @return true where another occurrence comes */
    public boolean isDue() {
        return next.due() != null;
    }

    /** @param recurs {@code false} where integrators want no other occurrence */
    public static void decide(@ExchangeProperty("succession") Succession succession, @Body String recurs) {
        if (!recurs.equals("false")) {
            succession.next = NextOccurrence.of(succession.completion);
        }
    }

    public static String question(@ExchangeProperty("succession") Succession succession) {
        return succession.next.question(succession.completion);
    }

    /** @param answer {@code {"due",…}} */
    public static void move(@ExchangeProperty("succession") Succession succession, @Body String answer) {
        succession.next = succession.next.moved(answer);
    }

    public static NextOccurrence next(@ExchangeProperty("succession") Succession succession) {
        return succession.next;
    }
}
