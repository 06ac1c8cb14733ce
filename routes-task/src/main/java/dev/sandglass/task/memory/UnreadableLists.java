package dev.sandglass.task.memory;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.task.domain.ForServices.Legible;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.apache.camel.Body;
import org.jboss.logging.Logger;

/** Counts and logs documents of lists that cannot be read and are left out of answers. */
@Singleton
@Named("unreadableLists")
public class UnreadableLists {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");

    private final Counter unreadable;

    public UnreadableLists(MeterRegistry meters) {
        unreadable = meters.counter("sandglass.lists.unreadable");
    }

    /** @return the answer on the others */
    public ObjectNode leaveOut(@Body Legible answer) {
        answer.unreadable().forEach((key, why) -> {
            unreadable.increment();
            LOG.warnf("%s cannot be read and is left out: %s", key, why);
        });
        return answer.answer();
    }
}
