package dev.sandglass.task.routes;

import dev.sandglass.task.domain.KeepFilters;
import org.apache.camel.builder.RouteBuilder;

/** Saved filters: making, seeing, changing, deleting them. */
public class FilterRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:findFilters")
                .routeId("task.rest.find-filters")
                .description("All filters that the user has saved")
                .bean("identity", "identify")
                .bean(KeepFilters.class, "all(${exchangeProperty.request})")
                .to("direct:decide")
                .bean("answers");

        from("direct:createFilter")
                .routeId("task.rest.create-filter")
                .description("A filter is saved under a name")
                .bean("identity", "identify")
                .bean("requests", "read(*, 'createFilter')")
                .bean(KeepFilters.class, "add(${exchangeProperty.request}, ${body})")
                .to("direct:write")
                .bean("answers");

        from("direct:changeFilter")
                .routeId("task.rest.change-filter")
                .description("A saved filter gets another name, filter or order")
                .bean("identity", "identify")
                .bean("requests", "read(*, 'changeFilter')")
                .bean(KeepFilters.class, "change(${exchangeProperty.request}, ${body})")
                .to("direct:write")
                .bean("answers");

        from("direct:deleteFilter")
                .routeId("task.rest.delete-filter")
                .description("A saved filter goes")
                .bean("identity", "identify")
                .bean(KeepFilters.class, "remove(${exchangeProperty.request})")
                .to("direct:write")
                .bean("answers");
    }
}
