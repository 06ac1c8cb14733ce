package dev.sandglass.task.routes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.task.domain.CreateOccurrence;
import org.apache.camel.builder.RouteBuilder;

/** The next occurrence of a recurring task. */
public class CreateOccurrenceRoutes extends RouteBuilder {
    @Override
    public void configure() {
        rest("/internal/occurrences/{id}").post().to("direct:createOccurrence");

        from("direct:createOccurrence")
                .routeId("task.invoke.create-occurrence")
                .description("The next occurrence that a completion promised comes, once")
                .routeConfigurationId("problems")
                .convertBodyTo(JsonNode.class)
                .bean(CreateOccurrence.class, "create(${header.id}, ${body})")
                .to("direct:write")
                .bean("answers");
    }
}
