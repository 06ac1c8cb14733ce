package dev.sandglass.reminder.routes;

import dev.sandglass.reminder.domain.ConfirmWanted;
import dev.sandglass.reminder.domain.Deliver;
import dev.sandglass.support.Refused;
import dev.sandglass.support.Unavailable;
import java.util.concurrent.ExecutorService;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.ThreadPoolBuilder;
import org.apache.camel.processor.aggregate.GroupedBodyAggregationStrategy;

/** Claims due reminders, has task confirm them, hands them to the channels, and tells and writes down their ends. */
public class DeliverRemindersRoutes extends RouteBuilder {
    @Override
    public void configure() throws Exception {
        ExecutorService threads = new ThreadPoolBuilder(getContext())
                .poolSize(16)
                .maxPoolSize(16)
                .maxQueueSize(1000)
                .build("reminder-channels");

        // One batch after the other: two batches of one list would write the same day at once.
        from("memory:alarms")
                .routeId("reminder.fire.claim")
                .description(
                        "Reminders that are due now, a hundred at most, are claimed by this replica; where they cannot be they ring again")
                .errorHandler(noErrorHandler())
                .setProperty("rung", body())
                .doTry()
                .bean("deliveries", "claim")
                .to("direct:decide")
                .bean("unreadablePlans", "passOver")
                .bean("alarms", "claimed")
                .filter(simple("${body.size} > 0"))
                .to("seda:reminder-claimed?size=1&blockWhenFull=true&waitForTaskToComplete=Never")
                .end()
                .endDoTry()
                .doCatch(Exception.class)
                .bean("alarms", "failed")
                .end();

        from("seda:reminder-claimed?size=1&concurrentConsumers={{sandglass.reminder.batches}}")
                .routeId("reminder.fire.deliver")
                .description(
                        "Claimed reminders are confirmed, put into words and handed over, a few batches side by side")
                .errorHandler(noErrorHandler())
                .setProperty("rung")
                .method(Deliver.class, "alarms")
                .doTry()
                .to("direct:reminder-confirm")
                .to("direct:reminder-words")
                .to("direct:reminder-hand-over")
                .to("seda:reminder-outcomes?size=10&blockWhenFull=true&waitForTaskToComplete=Never")
                .doCatch(Exception.class)
                .bean("alarms", "failed")
                .end();

        from("direct:reminder-confirm")
                .routeId("reminder.fire.confirm")
                .description("One question to task: are they still wanted? No answer in time: own knowledge")
                .errorHandler(noErrorHandler())
                .setProperty("firings", body())
                .doTry()
                .bean(ConfirmWanted.class, "question")
                .to("kamelet:dapr-invoke-action?app=task&method=internal/tasks")
                .bean("deliveries", "confirm")
                .doCatch(Unavailable.class, Refused.class)
                .setBody(exchangeProperty("firings"))
                .bean(ConfirmWanted.class, "byOwnKnowledge")
                .to("direct:decide")
                .end();

        from("direct:reminder-words")
                .routeId("reminder.fire.words")
                .description(
                        "Each is put into words by itself, many at once: words are the integrators', and may take their time")
                .errorHandler(noErrorHandler())
                .split(body(), new GroupedBodyAggregationStrategy())
                .parallelProcessing()
                .executorService(threads)
                .to("direct:reminder-word")
                .end();

        from("direct:reminder-word")
                .routeId("reminder.fire.word")
                .description("One reminder put into words; one that cannot be is refused, and holds up no other")
                .errorHandler(noErrorHandler())
                .filter(simple("${body.isDue}"))
                .setProperty("firing", body())
                .setHeader("ce-key", simple("${body.key}"))
                .doTry()
                .to("direct:reminder-tell")
                .bean("deliveries", "worded")
                .doCatch(Exception.class)
                .bean("deliveries", "refused")
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

        from("direct:reminder-hand-over")
                .routeId("reminder.fire.hand-over")
                .description(
                        "Many in one call, each under its list; where the broker may not have one it is as if it had not been tried")
                .errorHandler(noErrorHandler())
                .setProperty("firings", body())
                .doTry()
                .bean(Deliver.class, "due")
                .to("kamelet:dapr-publish-sink?topic=reminders")
                .bean("deliveries", "delivered")
                .doCatch(Unavailable.class)
                .bean("deliveries", "notDelivered")
                .end();

        // A delivery that is not written down would be repeated: so this is tried until the state store takes it.
        from("seda:reminder-outcomes?size=10")
                .routeId("reminder.fire.record")
                .description("How they ended: told on topic reminders (untold counts as not done), then written down")
                .errorHandler(defaultErrorHandler()
                        .retryAttemptedLogLevel(LoggingLevel.WARN)
                        .retryAttemptedLogInterval(50))
                .onException(Unavailable.class)
                .maximumRedeliveries(-1)
                .redeliveryDelay(100)
                .end()
                .setProperty("firings", body())
                .doTry()
                .bean(Deliver.class, "outcomes")
                .to("kamelet:dapr-publish-sink?topic=reminders")
                .bean("deliveries", "told")
                .doCatch(Unavailable.class)
                .bean("deliveries", "notTold")
                .end()
                .bean("deliveries", "record")
                .to("direct:decide")
                .bean("unreadablePlans", "passOver")
                .bean("alarms", "ended");
    }
}
