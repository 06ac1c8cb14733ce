package dev.sandglass.task.routes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.task.domain.FindTasks;
import dev.sandglass.task.domain.ForServices;
import dev.sandglass.task.domain.ListChanges;
import org.apache.camel.builder.RouteBuilder;

/** The other services ask, by Dapr Service Invocation. Only their sidecars have the token for it. */
public class InternalRoutes extends RouteBuilder {
    @Override
    public void configure() {
        rest("/internal")
                .get("/heads")
                .to("direct:allHeads")
                .post("/heads")
                .to("direct:someHeads")
                .get("/lists/{list}/changes/{after}")
                .to("direct:publishedChanges")
                .get("/users/{user}/tasks")
                .to("direct:findTasksOf")
                .post("/users/{user}/tasks")
                .to("direct:createTaskFor")
                .post("/tasks")
                .to("direct:someTasks")
                .get("/awaiting")
                .to("direct:awaiting")
                .get("/awaiting/{id}")
                .to("direct:awaited");

        from("direct:allHeads")
                .routeId("task.invoke.heads")
                .description("How far every list is")
                .routeConfigurationId("problems")
                .bean(ForServices.class, "allHeads(${ref:allLists})")
                .to("direct:read-lists")
                .bean("answers");

        from("direct:someHeads")
                .routeId("task.invoke.some-heads")
                .description("The lists asked for, as they are now")
                .routeConfigurationId("problems")
                .convertBodyTo(JsonNode.class)
                .bean(ForServices.class, "heads")
                .to("direct:read-lists")
                .bean("answers");

        from("direct:publishedChanges")
                .routeId("task.invoke.changes")
                .description("What a consumer missed, exactly as it was published")
                .routeConfigurationId("problems")
                .bean(ListChanges.class, "published(${header.list}, ${header.after})")
                .to("direct:decide")
                .bean("answers");

        from("direct:findTasksOf")
                .routeId("task.invoke.find-tasks-of")
                .description("Tasks as a user finds them, for integrators' routes")
                .routeConfigurationId("problems")
                .bean("identity", "onBehalf")
                .to("direct:know-user")
                .to("direct:find-tasks")
                .bean(FindTasks.class, "answer")
                .bean("answers");

        from("direct:createTaskFor")
                .routeId("task.invoke.create-task-for")
                .description("A new task of a user, for integrators' routes; the same order is done once")
                .routeConfigurationId("problems")
                .bean("identity", "onBehalf")
                .bean("requests", "read(*, 'createTask')")
                .to("direct:write-new-task")
                .bean("answers");

        from("direct:someTasks")
                .routeId("task.invoke.some-tasks")
                .description("Tasks as they are now, for reminders about to go out")
                .routeConfigurationId("problems")
                .convertBodyTo(JsonNode.class)
                .bean(ForServices.class, "tasks(${body}, ${bean:now.at})")
                .to("direct:decide")
                .bean("answers");

        from("direct:awaiting")
                .routeId("task.invoke.awaiting")
                .description("Completions whose next occurrence has not come in its time")
                .routeConfigurationId("problems")
                .bean(ForServices.class, "awaiting(${ref:allLists}, ${bean:now.at})")
                .to("direct:read-lists")
                .bean("answers");

        from("direct:awaited")
                .routeId("task.invoke.awaited")
                .description("The completion that an occurrence waits for to follow, for those who doubt an event")
                .routeConfigurationId("problems")
                .setBody(header("id"))
                .bean(ForServices.class, "awaited")
                .to("direct:decide")
                .bean("answers");
    }
}
