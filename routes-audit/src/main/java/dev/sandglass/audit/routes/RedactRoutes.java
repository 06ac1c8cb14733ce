package dev.sandglass.audit.routes;

import org.apache.camel.builder.RouteBuilder;

/** Nothing is shown that the integrators' redaction has not passed: where it fails, the answer is 503. */
public class RedactRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:show")
                .routeId("audit.entries.show")
                .description("Hands a page to dsl-yaml's direct:redact, and shows what comes back")
                .marshal()
                .json()
                .doTry()
                .bean("handOver", "need('redact', *)")
                .validate()
                .jsonpath("$[?(@.entries)]")
                .endDoTry()
                .doCatch(Exception.class)
                .bean("answers", "withhold")
                .end();
    }
}
