package dev.sandglass.reminder.routes;

import dev.sandglass.reminder.ledger.Sweep;
import dev.sandglass.support.Unavailable;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/** Three that say <em>now</em>: what the calendar has for the next minutes is armed in memory, and rings at its millisecond. */
public class WakeRemindersRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("kamelet:dapr-binding-source?binding=reminder-sweep")
                .routeId("reminder.sweep.wake")
                .description("The cron binding, four times a minute")
                .doTry()
                .bean(Sweep.class, "sweep")
                .doCatch(Unavailable.class)
                .log(LoggingLevel.WARN, "dev.sandglass", "The sweep waits: ${exception.message}")
                .end();

        from("timer:reminder-start?repeatCount=1&delay=0")
                .routeId("reminder.start.wake")
                .description("What came due while nothing ran; once a second until the state store answers")
                .errorHandler(defaultErrorHandler().maximumRedeliveries(60).redeliveryDelay(1000))
                .bean(Sweep.class, "sweep");

        from("kamelet:dapr-job-source")
                .routeId("reminder.job.wake")
                .description("The job of a second in which something is due")
                .bean(Sweep.class, "wake");
    }
}
