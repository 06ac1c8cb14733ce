package dev.sandglass.task.routes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Problem;
import dev.sandglass.support.ProblemDocuments;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.task.domain.Answer;
import dev.sandglass.task.domain.ChangeList;
import dev.sandglass.task.domain.DavCall;
import dev.sandglass.task.domain.KeepDavList;
import dev.sandglass.task.domain.Request;
import dev.sandglass.task.domain.Write;
import dev.sandglass.task.domain.dav.DavPath;
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
                DavPath.of(DavPath.parts(path)).orElseThrow(() -> new Problem(404, "There is nothing here")),
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

    /** Answers that this cannot be done to what is there. */
    public DavReply refuse(@ExchangeProperty("dav") DavCall call) {
        String sentence = call.method() + " is not for this; here are lists, and tasks in them";
        return Multistatus.refusal(405, null, sentence)
                .with("Allow", String.join(", ", call.path().kind().methods()));
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

    /** Makes the caught exception the answer: the problem that it is, as programs read it. */
    public void caught(Exchange exchange, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception caught) {
        Message message = exchange.getMessage();
        String method = message.getHeader(Exchange.HTTP_METHOD, "", String.class);
        problems.caught(exchange, caught);
        JsonNode problem = Json.read(message.getBody(String.class), JsonNode.class);
        int status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
        String condition = problem.path(DavRefused.CONDITION).asText();
        DavReply reply = Multistatus.refusal(
                status,
                condition.isEmpty() ? DavRefused.usual(status, method) : QName.valueOf(condition),
                problem.path("detail").asText());
        String again = message.getHeader("Retry-After", String.class);
        write(message, again == null ? reply : reply.with("Retry-After", again));
    }

    /** Where CalDAV is (RFC 6764). */
    public void lead(Exchange exchange) {
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, 301);
        message.setHeader("Location", DavPath.ROOT);
        message.setBody(null);
    }
}
