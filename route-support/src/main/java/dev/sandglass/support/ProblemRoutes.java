package dev.sandglass.support;

import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteConfigurationBuilder;

/** How every REST route that names the configuration {@code problems} answers what went wrong: RFC 9457, and nothing half done. */
public class ProblemRoutes extends RouteConfigurationBuilder {
    @Override
    public void configuration() {
        routeConfiguration("problems")
                .onException(Problem.class)
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
