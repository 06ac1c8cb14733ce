package dev.sandglass.task.routes;

import dev.sandglass.task.domain.Ask;
import org.apache.camel.builder.RouteBuilder;

/** Proving the audit. */
public class VerifyAuditRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:verifyAudit")
                .routeId("task.rest.verify-audit")
                .description("The audit is held against the ledger's own number and hash of a list")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean(Ask.class, "verify(${exchangeProperty.request}, ${exchangeProperty.query})")
                .to("direct:decide")
                .to("kamelet:dapr-invoke-action?app=audit&method=internal/verify&limit=30000")
                .bean("answers");
    }
}
