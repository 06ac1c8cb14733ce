package dev.sandglass.task.routes;

import dev.sandglass.task.domain.Ask;
import org.apache.camel.builder.RouteBuilder;

/** Searching the audit. */
public class FindAuditRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:findAudit")
                .routeId("task.rest.find-audit")
                .description("Entries of the audit, of the user's lists only")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .to("direct:know-user")
                .bean(
                        Ask.class,
                        "audit(${exchangeProperty.request}, ${exchangeProperty.user}, ${exchangeProperty.query})")
                .to("direct:read-lists")
                .to("kamelet:dapr-invoke-action?app=audit&verb=QUERY&method=internal/entries")
                .bean("cursors", "seal(*, *, 'findAudit')")
                .bean("answers");
    }
}
