package dev.sandglass.task.routes;

import org.apache.camel.builder.RouteBuilder;

/** Sharing a list. */
public class ShareListRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:shareList")
                .routeId("task.rest.share-list")
                .description("Somebody becomes a member of a list, or gets another role in it")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean("requests", "read(*, 'shareList')")
                .bean("changeList", "share(${exchangeProperty.request}, ${body})")
                .to("direct:write")
                .bean("answers");

        from("direct:unshareList")
                .routeId("task.rest.unshare-list")
                .description("Somebody is no longer a member of a list")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean("changeList", "unshare(${exchangeProperty.request})")
                .to("direct:write")
                .bean("answers");
    }
}
