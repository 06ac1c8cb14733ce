package dev.sandglass.task.routes;

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
                .bean("findLists", "all")
                .to("direct:decide")
                .bean("answers");

        from("direct:createList")
                .routeId("task.rest.create-list")
                .description("A new list, the user its owner")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean("requests", "read(*, 'createList')")
                .to("direct:know-user")
                .bean("createList")
                .to("direct:write")
                .bean("answers");

        from("direct:getList")
                .routeId("task.rest.get-list")
                .description("One list with its members")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean("findLists", "one")
                .to("direct:decide")
                .bean("answers");

        from("direct:changeList")
                .routeId("task.rest.change-list")
                .description("A list gets another name")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean("requests", "read(*, 'changeList')")
                .bean("changeList")
                .to("direct:write")
                .bean("answers");

        from("direct:deleteList")
                .routeId("task.rest.delete-list")
                .description("A list goes, and its tasks with it")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean("deleteList")
                .to("direct:write")
                .bean("answers");

        from("direct:listChanges")
                .routeId("task.rest.list-changes")
                .description("The changes of a list after a number, for clients without a socket")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean("listChanges", "frames")
                .to("direct:decide")
                .bean("answers");
    }
}
