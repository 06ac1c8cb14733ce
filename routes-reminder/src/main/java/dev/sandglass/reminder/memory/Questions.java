package dev.sandglass.reminder.memory;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.reminder.domain.FindReminders;
import dev.sandglass.reminder.domain.Plans.Read;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.memory.Patience;
import dev.sandglass.support.memory.ReadTurns;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** Questions about lists, each at its turn. */
@Singleton
@Named("questions")
public class Questions {
    private static final int AT_ONCE = 2;

    private final ReadTurns ofLists = new ReadTurns(AT_ONCE);

    /** A user's turn, and when it began, by the monotonic clock in nanoseconds. */
    public record Turn(String user, long since) {}

    /** Waits until few questions about lists are under way, each of which reads all plans of the lists, and it is the user's turn. */
    public Turn begin(@Body String question) {
        String user = FindReminders.user(question);
        ofLists.enter(user, 1, patience());
        return new Turn(user, System.nanoTime());
    }

    /** A turn is counted by its time: a thousand characters are read in about a millisecond. */
    public void end(@ExchangeProperty("turn") Turn turn) {
        ofLists.leave(turn.user, 1, TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - turn.since));
    }

    public Decision<Read<ObjectNode>> ofLists(@Body String question) {
        Decision<Read<ObjectNode>> find = FindReminders.ofLists(question);
        Patience patience = patience();
        return documents -> {
            patience.check();
            return find.on(documents);
        };
    }

    private static Patience patience() {
        return Patience.forAQuestion(
                "there are too many reminders to look through now; try again, or ask for those of a task");
    }
}
