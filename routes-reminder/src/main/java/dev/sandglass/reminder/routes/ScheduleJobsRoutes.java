package dev.sandglass.reminder.routes;

import dev.sandglass.reminder.memory.Jobs;
import dev.sandglass.support.Unavailable;
import org.apache.camel.builder.RouteBuilder;

/** Makes a Dapr Job for each second with a due reminder, in a route of its own: nothing waits for the scheduler. */
public class ScheduleJobsRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("seda:reminder-jobs?size=10000")
                .routeId("reminder.job.schedule")
                .description("One job per second, named for it; one that is there stays")
                .setHeader("second", body())
                .setHeader("at")
                .method(Jobs.class, "at")
                .setBody(constant("{}"))
                .doTry()
                .to("kamelet:dapr-job-sink?name=due-${header.second}&at=${header.at}")
                .bean(Jobs.class, "scheduled")
                .doCatch(Unavailable.class)
                .bean(Jobs.class, "away")
                .end();
    }
}
