package dev.sandglass.reminder.memory;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.reminder.domain.FindReminders;
import dev.sandglass.reminder.domain.Plans.Read;
import dev.sandglass.support.domain.Decision;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.apache.camel.Body;

/** Questions for the present time. */
@Singleton
@Named("questions")
public class Questions {
    private final Clock clock;

    Questions(Clock clock) {
        this.clock = clock;
    }

    public Decision<Read<ObjectNode>> fired(@Body String question) {
        return FindReminders.fired(question, clock.instant());
    }

    public Decision<Read<ObjectNode>> firedFor(@Body String question) {
        return FindReminders.firedFor(question, clock.instant());
    }
}
