package dev.sandglass.reminder.memory;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.reminder.domain.FindReminders;
import dev.sandglass.reminder.domain.Plans.Read;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Body;

/** Questions for the present time. */
@Singleton
@Named("questions")
public class Questions {
    /** The time that task waits for the answer. */
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private static final int AT_ONCE = 2;

    private final Semaphore ofLists = new Semaphore(AT_ONCE, true);
    private final Clock clock;

    Questions(Clock clock) {
        this.clock = clock;
    }

    /** Waits until few questions about lists are under way: each reads all plans of the lists. */
    public void begin() throws InterruptedException {
        if (!ofLists.tryAcquire(LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
            throw late();
        }
    }

    public void end() {
        ofLists.release();
    }

    public Decision<Read<ObjectNode>> ofLists(@Body String question) {
        Decision<Read<ObjectNode>> find = FindReminders.ofLists(question);
        long end = System.nanoTime() + LIMIT.toNanos();
        return documents -> {
            if (System.nanoTime() - end > 0) {
                throw late();
            }
            return find.on(documents);
        };
    }

    private static Rejection late() {
        return new Rejection(
                Reason.NOT_NOW,
                "there are too many reminders to look through now; try again, or ask for those of a task");
    }

    public Decision<Read<ObjectNode>> fired(@Body String question) {
        return FindReminders.fired(question, clock.instant());
    }

    public Decision<Read<ObjectNode>> firedFor(@Body String question) {
        return FindReminders.firedFor(question, clock.instant());
    }
}
