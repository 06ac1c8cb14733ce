package dev.sandglass.task.routes;

import dev.sandglass.task.domain.FindLists;
import dev.sandglass.task.domain.ListChanges;
import org.apache.camel.builder.RouteBuilder;

/** Lists: making, seeing, renaming, deleting them. */
public class ListRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:findLists")
                .routeId("task.rest.find-lists")
                .description("All lists of the user")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .to("direct:know-user")
                .to("direct:answer-lists");

        from("direct:createList")
                .routeId("task.rest.create-list")
                .description("A new list, the user its owner")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean("requests", "read(*, 'createList')")
                .to("direct:know-user")
                .bean("changeList", "create(${exchangeProperty.request}, ${body})")
                .to("direct:write")
                .bean("answers");

        from("direct:getList")
                .routeId("task.rest.get-list")
                .description("One list with its members")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean(FindLists.class, "one(${exchangeProperty.request})")
                .to("direct:decide")
                .bean("answers");

        from("direct:changeList")
                .routeId("task.rest.change-list")
                .description("A list gets another name")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean("requests", "read(*, 'changeList')")
                .bean("changeList", "change(${exchangeProperty.request}, ${body})")
                .to("direct:write")
                .bean("answers");

        from("direct:deleteList")
                .routeId("task.rest.delete-list")
                .description("A list goes, and its tasks with it")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean("changeList", "delete(${exchangeProperty.request})")
                .to("direct:write")
                .bean("answers");

        from("direct:listChanges")
                .routeId("task.rest.list-changes")
                .description("The changes of a list after a number, for clients without a socket")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean(ListChanges.class, "frames(${exchangeProperty.request}, ${exchangeProperty.query})")
                .to("direct:decide")
                .bean("answers");
    }
}
