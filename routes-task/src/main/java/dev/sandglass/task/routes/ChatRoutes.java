package dev.sandglass.task.routes;

import dev.sandglass.task.domain.OnTask;
import dev.sandglass.task.domain.Once;
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
                .bean("chat", "understand(${exchangeProperty.request}, ${exchangeProperty.user}, ${body})")
                .to("direct:decide")
                .setProperty("said", body())
                .toD("direct:chat-${body.asks}")
                .bean("answers");

        from("direct:chat-add")
                .routeId("task.chat.add")
                .description("A task is added, after the rules on new tasks")
                .errorHandler(noErrorHandler())
                .setBody(simple("${body.body}"))
                .to("direct:apply-rules")
                .bean(
                        "chat",
                        "add(${exchangeProperty.request}, ${exchangeProperty.user}, ${exchangeProperty.said}, ${body})")
                .to("direct:write");

        from("direct:chat-show")
                .routeId("task.chat.show")
                .description("Tasks are shown; where there is none, it asks whether one is to be added")
                .errorHandler(noErrorHandler())
                .setProperty("query")
                .method("chat", "query(${exchangeProperty.said})")
                .to("direct:find-tasks")
                .bean("chat", "show(${exchangeProperty.request}, ${exchangeProperty.said}, ${body})")
                .to("direct:write");

        from("direct:chat-complete")
                .routeId("task.chat.complete")
                .description("The open task that is meant is completed; where that is not plain, it asks which one")
                .errorHandler(noErrorHandler())
                .bean(Once.class, "answered(${exchangeProperty.request})")
                .to("direct:decide")
                .filter(body().isNull())
                .setProperty("query")
                .method("chat", "query(${exchangeProperty.said})")
                .to("direct:find-tasks")
                .bean("chat", "complete(${exchangeProperty.request}, ${exchangeProperty.said}, ${body})")
                .choice()
                .when(body().isInstanceOf(OnTask.class))
                .to("direct:change-where-it-is")
                .otherwise()
                .to("direct:write");

        from("direct:chat-ask")
                .routeId("task.chat.ask")
                .description("It asks back, and the conversation waits for the answer")
                .errorHandler(noErrorHandler())
                .bean("chat", "ask(${exchangeProperty.request}, ${exchangeProperty.said})")
                .to("direct:write");
    }
}
