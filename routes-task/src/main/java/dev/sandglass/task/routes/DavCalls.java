package dev.sandglass.task.routes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.support.Problem;
import dev.sandglass.support.ProblemDocuments;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.task.domain.Answer;
import dev.sandglass.task.domain.ChangeList;
import dev.sandglass.task.domain.DavCall;
import dev.sandglass.task.domain.KeepDavList;
import dev.sandglass.task.domain.Request;
import dev.sandglass.task.domain.Write;
import dev.sandglass.task.domain.dav.DavNames;
import dev.sandglass.task.domain.dav.DavPlace;
import dev.sandglass.task.domain.dav.DavRefused;
import dev.sandglass.task.domain.dav.DavReply;
import dev.sandglass.task.domain.dav.Multistatus;
import dev.sandglass.task.routes.http.DavGate;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import javax.xml.namespace.QName;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Message;
import org.apache.camel.util.ObjectHelper;

/** CalDAV at the edge of HTTP: what is called, and how it is answered. */
@Singleton
@Named("davCalls")
public class DavCalls {
    private final ChangeList lists;
    private final ProblemDocuments problems;

    DavCalls(ChangeList lists, ProblemDocuments problems) {
        this.lists = lists;
        this.problems = problems;
    }

    /**
     * Reads the call; the user is known by now.
     *
     * @throws Problem 404 for a path where nothing can be
     */
    public DavCall call(Exchange exchange) {
        Message message = exchange.getMessage();
        String path = message.getHeader(Exchange.HTTP_PATH, "", String.class);
        return new DavCall(
                exchange.getProperty("request", Request.class),
                message.getHeader(Exchange.HTTP_METHOD, "", String.class),
                DavPlace.of(DavPlace.parts(path)).orElseThrow(() -> new Problem(404, "There is nothing here")),
                message.getHeader("Depth", String.class),
                message.getHeader("If-Match", String.class),
                message.getHeader("If-None-Match", String.class),
                message.getBody(String.class));
    }

    public Write<DavReply> make(@ExchangeProperty("dav") DavCall call) {
        return KeepDavList.make(call, lists);
    }

    public Decision<Write<DavReply>> patch(@ExchangeProperty("dav") DavCall call) {
        return KeepDavList.patch(call, lists);
    }

    public Decision<Write<Answer>> delete(@ExchangeProperty("dav") DavCall call) {
        return KeepDavList.delete(call, lists);
    }

    /** Answers an OPTIONS with the methods that there are. */
    public DavReply options() {
        return DavReply.of(200).with("Allow", String.join(", ", DavGate.METHODS));
    }

    /** @throws Problem 405: this cannot be done to what is there */
    public void refuse(@ExchangeProperty("dav") DavCall call) {
        throw new Problem(405, call.method() + " is not for this; here are lists, and tasks in them");
    }

    /** After a PUT: without an ETag, since what is read is not what was put to the letter. */
    public DavReply put(@Body Answer answer) {
        JsonNode body = answer.body();
        return DavReply.of(body != null && body.path("created").asBoolean() ? 201 : 204);
    }

    public DavReply deleted() {
        return DavReply.of(204);
    }

    /** Makes the reply that is the body the answer. */
    public void answer(Exchange exchange) {
        Message message = exchange.getMessage();
        write(message, message.getBody(DavReply.class));
    }

    private static void write(Message message, DavReply reply) {
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, reply.status());
        message.setHeader("DAV", DavGate.CLASSES);
        message.setHeader("Cache-Control", "no-store");
        reply.headers().forEach(message::setHeader);
        message.setBody(reply.text() == null ? null : reply.text().getBytes(UTF_8));
    }

    /** Makes the caught exception the answer: with the condition that was not met where clients know one. */
    public void caught(Exchange exchange, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception caught) {
        Rejection rejection = ObjectHelper.getException(Rejection.class, caught);
        String condition = rejection == null ? "" : condition(rejection);
        if (condition.isEmpty() || rejection == null) {
            problems.caught(exchange, caught);
            exchange.getMessage().setHeader("DAV", DavGate.CLASSES);
        } else {
            write(
                    exchange.getMessage(),
                    Multistatus.refusal(
                            Problem.of(rejection).status(), QName.valueOf(condition), rejection.getMessage()));
        }
    }

    /** Programs forget what they wanted where they know that they may not, and else try it again and again. */
    private static String condition(Rejection rejection) {
        String said = rejection.more().path(DavRefused.CONDITION).asText();
        return said.isEmpty() && rejection.reason() == Rejection.Reason.FORBIDDEN
                ? DavNames.NEED_PRIVILEGES.toString()
                : said;
    }

    /** Where CalDAV is (RFC 6764). */
    public void lead(Exchange exchange) {
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, 301);
        message.setHeader("Location", DavPlace.ROOT);
        message.setBody(null);
    }
}
