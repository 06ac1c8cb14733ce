package dev.sandglass.support;

import dev.sandglass.support.domain.Rejection;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteConfigurationBuilder;

/**
 * A timer's route that cannot go on, since a service or the store is away or takes nothing now, ends there: its next turn does what is left.
 * One whose turns come often leaves it to others to tell.
 */
public class NextTurn extends RouteConfigurationBuilder {
    @Override
    public void configuration() {
        until("next-turn", LoggingLevel.WARN);
        until("next-turn-quietly", LoggingLevel.DEBUG);
    }

    private void until(String id, LoggingLevel level) {
        routeConfiguration(id)
                // A failure that is no outage goes through to the timer, which logs it.
                .errorHandler(defaultErrorHandler().logExhausted(false))
                .onException(Unavailable.class, Refused.class, Rejection.class)
                .handled(true)
                .log(level, "dev.sandglass", "${routeId}: ${exception.message}");
    }
}
