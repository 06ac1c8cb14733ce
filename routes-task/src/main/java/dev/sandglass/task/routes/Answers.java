package dev.sandglass.task.routes;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sandglass.task.domain.Answer;
import dev.sandglass.task.domain.ReadFeed;
import dev.sandglass.task.domain.Request;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Makes an {@link Answer} the HTTP response: the last step of every route of the API. */
@Singleton
@Named("answers")
public class Answers {
    /** The text of a calendar, or that the client has it. */
    public void calendar(Exchange exchange) {
        Message message = exchange.getMessage();
        ReadFeed feed = exchange.getProperty("feed", ReadFeed.class);
        message.removeHeaders("*");
        message.setHeader("Cache-Control", "no-store");
        message.setHeader("X-Robots-Tag", "noindex");
        message.setHeader("ETag", feed.etag());
        if (feed.isKnown()) {
            message.setHeader(Exchange.HTTP_RESPONSE_CODE, 304);
            message.setBody(null);
        } else {
            message.setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
            message.setHeader(Exchange.CONTENT_TYPE, "text/calendar; charset=utf-8");
            message.setBody(message.getBody(String.class).getBytes(UTF_8));
        }
    }

    /** An archive, as its bytes. */
    public void archive(Exchange exchange) {
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
        message.setHeader("Cache-Control", "no-store");
        message.setHeader(Exchange.CONTENT_TYPE, "application/zip");
    }

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
                message.setHeader(Exchange.HTTP_RESPONSE_CODE, answer.version() == null ? 204 : 304);
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
