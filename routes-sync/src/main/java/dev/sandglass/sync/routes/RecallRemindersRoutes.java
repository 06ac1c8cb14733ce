package dev.sandglass.sync.routes;

import dev.sandglass.sync.live.LastSeen;
import dev.sandglass.sync.live.Sockets;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/** Reminders fired while none of the user's sockets was open. */
public class RecallRemindersRoutes extends RouteBuilder {
    @Override
    public void configure() {
        onException(Exception.class)
                // Reminder or the store is away: about two minutes of trying, none of a thread's.
                .maximumRedeliveries(8)
                .redeliveryDelay(1_000)
                .useExponentialBackOff()
                .backOffMultiplier(2)
                .maximumRedeliveryDelay(30_000)
                .asyncDelayedRedelivery()
                .retryAttemptedLogLevel(LoggingLevel.DEBUG)
                .handled(true)
                .log(LoggingLevel.WARN, "dev.sandglass", "no past reminders for ${header.user}: ${exception.message}");

        from("direct:recall-reminders")
                .routeId("sync.socket.recall-reminders")
                .description("Asks reminder what was fired since the user was last there, and sends it")
                .setBody()
                .method(LastSeen.class, "question")
                .to("kamelet:dapr-invoke-action?app=reminder&method=internal/fired")
                .bean(Sockets.class, "recall");
    }
}
