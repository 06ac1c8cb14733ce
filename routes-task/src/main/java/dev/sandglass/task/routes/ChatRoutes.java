package dev.sandglass.task.routes;

import org.apache.camel.builder.RouteBuilder;

/** A sentence becomes a task, an answer, or a question back. */
public class ChatRoutes extends RouteBuilder {
    @Override
    public void configure() {
        rest("/api/chat").post().to("direct:chat");

        from("direct:chat")
                .routeId("task.rest.chat")
                .description("A plain sentence is understood, done, and answered in a sentence")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean("requests", "read(*, 'chat')")
                .bean("chat", "understand")
                .setProperty("turn", body())
                .choice()
                .when(simple("${body.asks} == 'add'"))
                .setBody(simple("${body.body}"))
                .to("direct:apply-new-task-rules")
                .bean("chat", "add")
                .when(simple("${body.asks} == 'show'"))
                .bean("chat", "show")
                .when(simple("${body.asks} == 'complete'"))
                .bean("chat", "complete")
                .otherwise()
                .bean("chat", "ask")
                .end()
                .bean("answers");
    }
}
