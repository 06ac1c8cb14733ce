package dev.sandglass.support;

import dev.sandglass.support.domain.Rejection;
import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteConfigurationBuilder;

/** The configuration {@code problems}: REST routes that name it answer faults with problem documents (RFC 9457). */
public class ProblemRoutes extends RouteConfigurationBuilder {
    @Override
    public void configuration() {
        routeConfiguration("problems")
                .onException(Problem.class, Rejection.class)
                .handled(true)
                .bean(ProblemDocuments.class, "refused")
                .end()
                .onException(Refused.class)
                .handled(true)
                .bean(ProblemDocuments.class, "passedOn")
                .end()
                .onException(Unavailable.class)
                .handled(true)
                .log(LoggingLevel.WARN, "dev.sandglass", "${routeId}: ${exception.message}")
                .bean(ProblemDocuments.class, "unavailable")
                .end()
                .onException(Exception.class)
                .handled(true)
                .log(LoggingLevel.ERROR, "dev.sandglass", "${routeId}: ${exception.stacktrace}")
                .bean(ProblemDocuments.class, "failed")
                .setHeader(Exchange.HTTP_RESPONSE_CODE, constant(500))
                .end();
    }
}
