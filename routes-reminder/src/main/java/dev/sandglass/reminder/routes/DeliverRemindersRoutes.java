package dev.sandglass.reminder.routes;

import dev.sandglass.reminder.ledger.Claims;
import dev.sandglass.reminder.ledger.Handover;
import dev.sandglass.reminder.ledger.Teller;
import dev.sandglass.support.Refused;
import dev.sandglass.support.Unavailable;
import java.util.concurrent.ExecutorService;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.ThreadPoolBuilder;
import org.apache.camel.processor.aggregate.GroupedBodyAggregationStrategy;

/** Due reminders are claimed, confirmed by task, handed to the channels, and what became of them is told and written down. */
public class DeliverRemindersRoutes extends RouteBuilder {
    @Override
    public void configure() throws Exception {
        ExecutorService threads = new ThreadPoolBuilder(getContext())
                .poolSize(16)
                .maxPoolSize(16)
                .maxQueueSize(1000)
                .build("reminder-channels");

        from("direct:reminder-fire")
                .routeId("reminder.fire.deliver")
                .description(
                        "What rang, a hundred at most: claimed, asked for, put into words, handed over on topic reminders")
                .bean(Claims.class, "claim")
                .filter(simple("${body.size} > 0"))
                .to("direct:reminder-confirm")
                .split(body(), new GroupedBodyAggregationStrategy())
                .parallelProcessing()
                .executorService(threads)
                .to("direct:reminder-word")
                .end()
                .bean(Handover.class, "handOver")
                .to("seda:reminder-outcomes?size=50&blockWhenFull=true&waitForTaskToComplete=Never");

        from("direct:reminder-confirm")
                .routeId("reminder.fire.confirm")
                .description("One question to task: are they still wanted? No answer in time: own knowledge")
                .setProperty("firings", body())
                .doTry()
                .bean(Claims.class, "question")
                .to("kamelet:dapr-invoke-action?app=task&method=internal/tasks")
                .bean(Claims.class, "confirm")
                .doCatch(Unavailable.class, Refused.class)
                .bean(Claims.class, "byOwnKnowledge")
                .end();

        from("direct:reminder-word")
                .routeId("reminder.fire.word")
                .description("One reminder put into words; one that cannot be is refused, and holds up no other")
                .filter(simple("${body.isDue}"))
                .setProperty("firing", body())
                .setHeader("ce-key", simple("${body.key}"))
                .doTry()
                .to("direct:reminder-tell")
                .bean(Handover.class, "worded")
                .doCatch(Exception.class)
                .bean(Handover.class, "refused")
                .end();

        from("direct:reminder-tell")
                .routeId("reminder.fire.tell")
                .description(
                        "One reminder, as event reminder.due, in the words of dsl-yaml's direct:reminder-channels; "
                                + "that a task is overdue, as event task.overdue, past them")
                .errorHandler(noErrorHandler())
                .choice()
                .when(simple("${body.isOverdue}"))
                .setBody(simple("${body.overdueEvent}"))
                .otherwise()
                .setBody(simple("${body.dueEvent}"))
                .bean("handOver", "ask('reminder-channels', *)")
                .end();

        from("seda:reminder-outcomes?size=50")
                .routeId("reminder.fire.record")
                .description(
                        "What became of them: told on topic reminders (untold counts as not done), then written down")
                .bean(Teller.class, "tell")
                .bean(Claims.class, "record");
    }
}
