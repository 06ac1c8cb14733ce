package dev.sandglass.task.routes;

import dev.sandglass.task.domain.Answer;
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
        Object body = message.getBody();
        Answer answer = body instanceof Answer made ? made : new Answer(200, null, null, null);
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
        message.setHeader("Cache-Control", "no-store");
        if (answer.location() != null) {
            message.setHeader("Location", answer.location());
        }
        if (answer.etag() != null) {
            message.setHeader("ETag", answer.etag());
        }
        if (body instanceof Answer) {
            message.setBody(answer.body() == null ? null : answer.body().toString());
        }
        if (message.getBody() != null) {
            message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        }
    }
}
