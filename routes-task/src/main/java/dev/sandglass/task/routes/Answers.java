package dev.sandglass.task.routes;

import dev.sandglass.task.domain.Answer;
import dev.sandglass.task.domain.Request;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Makes an {@link Answer} the HTTP response: the last step of every route of the API. */
@Singleton
@Named("answers")
public class Answers {
    public void answer(Exchange exchange) {
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
        message.setHeader("Cache-Control", "no-store");
        if (message.getBody() instanceof Answer answer) {
            if (answer.made() != null) {
                message.setHeader(Exchange.HTTP_RESPONSE_CODE, 201);
                message.setHeader("Location", "/api/" + answer.made());
            } else if (answer.body() == null) {
                message.setHeader(Exchange.HTTP_RESPONSE_CODE, 204);
            }
            if (answer.version() != null) {
                message.setHeader("ETag", Request.tag(answer.version()));
            }
            message.setBody(answer.body() == null ? null : answer.body().toString());
        }
        if (message.getBody() != null) {
            message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        }
    }
}
