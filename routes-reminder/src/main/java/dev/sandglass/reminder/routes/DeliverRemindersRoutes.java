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
                .description("What rang, a hundred at most: claimed, asked for, handed over")
                .bean(Claims.class, "claim")
                .filter(simple("${body.size} > 0"))
                .to("direct:reminder-confirm")
                .split(body(), new GroupedBodyAggregationStrategy())
                .parallelProcessing()
                .executorService(threads)
                .to("direct:reminder-hand-over")
                .end()
                .to("seda:reminder-outcomes?size=50&blockWhenFull=true&waitForTaskToComplete=Never");

        from("direct:reminder-confirm")
                .routeId("reminder.fire.confirm")
                .description("One question to task: are they still wanted? No answer in time: own knowledge")
                .setProperty("firings", body())
                .doTry()
                .bean(Claims.class, "question")
                .to("kamelet:dapr-invoke-action?app=task&method=internal/tasks&limit=1000")
                .bean(Claims.class, "confirm(${exchangeProperty.firings}, ${body})")
                .doCatch(Unavailable.class, Refused.class)
                .bean(Claims.class, "byOwnKnowledge(${exchangeProperty.firings})")
                .end();

        from("direct:reminder-hand-over")
                .routeId("reminder.fire.hand-over")
                .description(
                        "One reminder, as event reminder.due, to topic reminders, in the words of dsl-yaml's direct:reminder-channels"
                                + "; that a task is overdue past them")
                .setProperty("firing", body())
                .filter(simple("${body.isDue}"))
                .doTry()
                .bean(Handover.class, "open")
                .setHeader("ce-key", simple("${body.key}"))
                .choice()
                .when(simple("${body.isOverdue}"))
                .to("direct:reminder-tell-overdue")
                .otherwise()
                .setBody(simple("${body.dueEvent}"))
                .bean("handOver", "ask('reminder-channels', *)")
                .filter(body().isNotEqualTo("false"))
                .to("kamelet:dapr-publish-sink?topic=reminders")
                .end()
                .end()
                .bean(Handover.class, "delivered")
                .endDoTry()
                .doCatch(Unavailable.class)
                .bean(Handover.class, "postponed")
                .doCatch(Exception.class)
                .log("${exchangeProperty.firing.alarm} was refused: ${exception.message}")
                .bean(Handover.class, "refused")
                .end();

        from("direct:reminder-tell-overdue")
                .routeId("reminder.fire.tell-overdue")
                .description("That a task is overdue, as event task.overdue, on topic reminders")
                // What goes wrong here is for the caller to judge and to say, once.
                .errorHandler(noErrorHandler())
                .setBody(simple("${body.overdueEvent}"))
                .to("kamelet:dapr-publish-sink?topic=reminders");

        from("seda:reminder-outcomes?size=50")
                .routeId("reminder.fire.record")
                .description(
                        "What became of them: told on topic reminders (untold counts as not done), then written down")
                .bean(Teller.class, "tell")
                .bean(Claims.class, "record");
    }
}
