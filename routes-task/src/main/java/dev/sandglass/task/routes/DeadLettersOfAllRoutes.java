package dev.sandglass.task.routes;

import dev.sandglass.support.Refused;
import dev.sandglass.support.Unavailable;
import dev.sandglass.task.domain.Answer;
import dev.sandglass.task.domain.DeadLettersOfAll;
import dev.sandglass.task.domain.Once;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.AggregationStrategies;
import org.apache.camel.builder.RouteBuilder;

/** The dead letters of all services in one place, for operators. */
public class DeadLettersOfAllRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:findDeadLetters")
                .routeId("task.rest.find-dead-letters")
                .description("Dead letters of all services, newest first; a service that is away is named")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean("identity", "operator")
                .bean(DeadLettersOfAll.class, "questions(${exchangeProperty.query})")
                .split(body(), AggregationStrategies.groupedBody())
                .parallelProcessing()
                .to("direct:ask-service")
                .end()
                .bean(DeadLettersOfAll.class, "page(${exchangeProperty.query}, ${body})")
                .bean("cursors", "seal(*, *, 'findDeadLetters')")
                .bean("answers");

        from("direct:resendDeadLetters")
                .routeId("task.rest.resend-dead-letters")
                .description("Those of a service, of a source or all are sent again, each service's in their order")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean("identity", "operator")
                .bean(Once.class, "answered(${exchangeProperty.request})")
                .to("direct:decide")
                .filter(body().isNull())
                .bean(DeadLettersOfAll.class, "orders(${exchangeProperty.query})")
                .split(body(), AggregationStrategies.groupedBody())
                .parallelProcessing()
                .to("direct:ask-service")
                .end()
                .bean(DeadLettersOfAll.class, "resent(${exchangeProperty.request}, ${exchangeProperty.query}, ${body})")
                .to("direct:write")
                .end()
                .bean("cursors", "seal(*, *, 'resendDeadLetters')")
                .bean("answers");

        from("direct:ask-service")
                .routeId("task.dead-letters.ask-service")
                .description("One service is asked; it may be away")
                .errorHandler(noErrorHandler())
                .setHeader("service", simple("${body.service}"))
                .setHeader("method", simple("${body.method}"))
                .setBody(simple("${body.question}"))
                .doTry()
                .to("kamelet:dapr-invoke-action?app=${header.service}&method=${header.method}&limit=30000")
                .doCatch(Unavailable.class, Refused.class)
                .log(LoggingLevel.WARN, "dev.sandglass", "dead letters of ${header.service}: ${exception.message}")
                .setBody(constant("{\"away\":true}"))
                .end()
                .bean(DeadLettersOfAll.class, "said(${header.service}, ${body})");

        from("direct:resendDeadLetter")
                .routeId("task.rest.resend-dead-letter")
                .description("One dead letter is sent again to its service")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean("identity", "operator")
                .bean(Once.class, "answered(${exchangeProperty.request})")
                .to("direct:decide")
                .filter(body().isNull())
                .bean(DeadLettersOfAll.class, "one(${exchangeProperty.request})")
                .setHeader("service", simple("${body.service}"))
                .setBody(simple("${body.question}"))
                .to("kamelet:dapr-invoke-action?app=${header.service}&method=internal/dead-letters/resend&limit=15000")
                .bean(DeadLettersOfAll.class, "resentOne(${exchangeProperty.request}, ${body})")
                .to("direct:write")
                .end()
                .bean("answers");

        from("direct:dismissDeadLetter")
                .routeId("task.rest.dismiss-dead-letter")
                .description("One dead letter is dropped for good")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean("identity", "operator")
                .bean(DeadLettersOfAll.class, "one(${exchangeProperty.request})")
                .setHeader("service", simple("${body.service}"))
                .setBody(simple("${body.question}"))
                .to("kamelet:dapr-invoke-action?app=${header.service}&method=internal/dead-letters/dismiss")
                .setBody(constant(Answer.done()))
                .bean("answers");
    }
}
