package dev.sandglass.support;

import org.apache.camel.builder.RouteConfigurationBuilder;

/** The configuration {@code problems}: REST routes that name it answer faults with problem documents (RFC 9457). */
public class ProblemRoutes extends RouteConfigurationBuilder {
    @Override
    public void configuration() {
        routeConfiguration("problems")
                .onException(Exception.class)
                .handled(true)
                .bean(ProblemDocuments.class, "caught")
                .end();
    }
}
