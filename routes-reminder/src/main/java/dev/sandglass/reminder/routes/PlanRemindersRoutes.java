package dev.sandglass.reminder.routes;

import dev.sandglass.reminder.ledger.Planner;
import dev.sandglass.support.Unavailable;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/** A task changes: its reminders are planned anew, and a job scheduled for each second in which one is due. */
public class PlanRemindersRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("kamelet:dapr-subscription-source?topic=task-events")
                .routeId("reminder.event.plan")
                .description("A change of a task: what it asks for is planned")
                .split(body())
                .stopOnException()
                .bean("daprEvents", "open")
                .bean(Planner.class, "take")
                .to("direct:reminder-schedule");

        from("timer:reminder-catch-up?delay=1000&period={{sandglass.reminder.catch-up-millis}}")
                .routeId("reminder.heads.catch-up")
                .description(
                        "Changes of which no event came are fetched from task; newer rules of time zones are followed")
                .doTry()
                .bean(Planner.class, "catchUp")
                .to("direct:reminder-schedule")
                .bean(Planner.class, "followRules")
                .to("direct:reminder-schedule")
                .doCatch(Unavailable.class)
                .log(LoggingLevel.WARN, "dev.sandglass", "Catching up waits: ${exception.message}")
                .end();

        from("direct:reminder-schedule")
                .routeId("reminder.job.queue")
                .description("The seconds wait for the scheduler elsewhere; too many are left to the sweep")
                .split(body())
                .to("seda:reminder-jobs?size=10000&discardWhenFull=true&waitForTaskToComplete=Never");
    }
}
