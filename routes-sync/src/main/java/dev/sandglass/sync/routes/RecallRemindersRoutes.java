package dev.sandglass.sync.routes;

import dev.sandglass.sync.memory.Sockets;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/** Reminders fired while none of the user's sockets was open. */
public class RecallRemindersRoutes extends RouteBuilder {
    @Override
    public void configure() {
        onException(Exception.class)
                // Reminder or the store is away: it tries for about two minutes; greeting does not wait for it.
                .maximumRedeliveries(8)
                .redeliveryDelay(1_000)
                .useExponentialBackOff()
                .backOffMultiplier(2)
                .maximumRedeliveryDelay(30_000)
                .asyncDelayedRedelivery()
                .retryAttemptedLogLevel(LoggingLevel.DEBUG)
                .handled(true)
                .log(
                        LoggingLevel.WARN,
                        "dev.sandglass",
                        "no past reminders for ${exchangeProperty.arrivals.size} sockets: ${exception.message}");

        from("seda:recall-reminders?size=100000&concurrentConsumers=2")
                .routeId("sync.socket.recall-reminders")
                .description("Asks reminder what was fired since the users were last there, and sends it")
                .bean(Sockets.class, "lastSeenKeys")
                .to("kamelet:dapr-state-get-action")
                .bean(Sockets.class, "recallQuestion")
                .to("kamelet:dapr-invoke-action?app=reminder&method=internal/fired-for")
                .bean(Sockets.class, "recall");
    }
}
