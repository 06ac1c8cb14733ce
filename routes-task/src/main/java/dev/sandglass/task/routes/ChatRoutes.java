package dev.sandglass.task.routes;

import dev.sandglass.task.usecase.OnTask;
import dev.sandglass.task.usecase.Once;
import org.apache.camel.builder.RouteBuilder;

/** A sentence becomes a task, an answer, or a question back. */
public class ChatRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:chat")
                .routeId("task.rest.chat")
                .description("A plain sentence is understood, done, and answered in a sentence")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean("requests", "read(*, 'chat')")
                .to("direct:know-user")
                .bean("chat", "understand")
                .to("direct:decide")
                .setProperty("turn", body())
                .toD("direct:chat-${body.asks}")
                .bean("answers");

        from("direct:chat-add")
                .routeId("task.chat.add")
                .description("A task is added, after the rules on new tasks")
                .errorHandler(noErrorHandler())
                .setBody(simple("${body.body}"))
                .to("direct:apply-new-task-rules")
                .bean("chat", "add")
                .to("direct:write");

        from("direct:chat-show")
                .routeId("task.chat.show")
                .description("Tasks are shown; where there is none, it asks whether one is to be added")
                .errorHandler(noErrorHandler())
                .setProperty("query")
                .method("chat", "query")
                .to("direct:find-tasks")
                .bean("chat", "show")
                .to("direct:write");

        from("direct:chat-complete")
                .routeId("task.chat.complete")
                .description("The open task that is meant is completed; where that is not plain, it asks which one")
                .errorHandler(noErrorHandler())
                .bean(Once.class, "answered")
                .to("direct:decide")
                .filter(body().isNull())
                .setProperty("query")
                .method("chat", "query")
                .to("direct:find-tasks")
                .bean("chat", "complete")
                .choice()
                .when(body().isInstanceOf(OnTask.class))
                .to("direct:change-task")
                .otherwise()
                .to("direct:write");

        from("direct:chat-unclear")
                .routeId("task.chat.ask")
                .description("It asks back, and the conversation waits for the answer")
                .errorHandler(noErrorHandler())
                .bean("chat", "ask")
                .to("direct:write");
    }
}
