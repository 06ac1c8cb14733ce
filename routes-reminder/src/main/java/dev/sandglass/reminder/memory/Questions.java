package dev.sandglass.reminder.memory;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.reminder.domain.FindReminders;
import dev.sandglass.reminder.domain.Plans.Read;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.memory.Patience;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.concurrent.Semaphore;
import org.apache.camel.Body;

/** Questions for the present time. */
@Singleton
@Named("questions")
public class Questions {
    private static final int AT_ONCE = 2;

    private final Semaphore ofLists = new Semaphore(AT_ONCE, true);
    private final Clock clock;

    Questions(Clock clock) {
        this.clock = clock;
    }

    /** Waits until few questions about lists are under way: each reads all plans of the lists. */
    public void begin() {
        patience().enter(ofLists);
    }

    public void end() {
        ofLists.release();
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

    public Decision<Read<ObjectNode>> fired(@Body String question) {
        return FindReminders.fired(question, clock.instant());
    }

    public Decision<Read<ObjectNode>> firedFor(@Body String question) {
        return FindReminders.firedFor(question, clock.instant());
    }
}
