package dev.sandglass.support;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Rejection;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Message;
import org.apache.camel.util.ObjectHelper;
import org.jboss.logging.Logger;

/** Turns a route's exception into its answer. */
@Singleton
@Named("problemDocuments")
public class ProblemDocuments {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");

    /** Methods that change nothing, those of WebDAV too. */
    public static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT");

    private static final String UNKNOWN = "; it may have been done all the same";

    /** Makes the body, an object, the answer in JSON. A text body is JSON already. */
    public void answered(Exchange exchange) {
        Message answer = exchange.getMessage();
        Object status = answer.getHeader(Exchange.HTTP_RESPONSE_CODE);
        Object type = answer.getHeader(Exchange.CONTENT_TYPE);
        answer.removeHeaders("*");
        answer.setHeader(Exchange.HTTP_RESPONSE_CODE, status == null ? 200 : status);
        answer.setHeader(Exchange.CONTENT_TYPE, type == null || status == null ? "application/json" : type);
        if (!(answer.getBody() instanceof String)) {
            answer.setBody(Json.text(answer.getBody()));
        }
    }

    /** Makes the caught exception, or its cause where another was thrown over it, the answer. */
    public void caught(Exchange exchange, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception caught) {
        Rejection rejection = ObjectHelper.getException(Rejection.class, caught);
        Problem problem = ObjectHelper.getException(Problem.class, caught);
        Refused refused = ObjectHelper.getException(Refused.class, caught);
        Unavailable away = ObjectHelper.getException(Unavailable.class, caught);
        if (rejection != null) {
            answer(exchange, Problem.of(rejection));
        } else if (problem != null) {
            answer(exchange, problem);
        } else if (refused != null) {
            // Another service's refusal is passed on as it is.
            answer(exchange, new Problem(refused.status(), ""), refused.document());
        } else if (away != null) {
            LOG.warnf("%s: %s", exchange.getFromRouteId(), away.getMessage());
            answer(exchange, unavailable(exchange.getMessage(), away));
        } else if (exchange.getContext().isStopping()) {
            LOG.warnf("%s, while this service stops: %s", exchange.getFromRouteId(), caught);
            answer(exchange, unavailable(exchange.getMessage(), Unavailable.whileThisServiceStops(caught)));
        } else {
            LOG.errorf(caught, "%s", exchange.getFromRouteId());
            answer(exchange, new Problem(500, "It is logged" + (reads(exchange.getMessage()) ? "" : UNKNOWN)));
        }
    }

    /** A call that only reads has changed nothing; for other calls it is unknown what was done before the part went away. */
    private static Problem unavailable(Message message, Unavailable away) {
        if (reads(message)) {
            return new Problem(503, away.getMessage() + "; try again");
        }
        String again = message.getHeader("Idempotency-Key") == null
                ? ": look before you do it again"
                : ": repeat it with the same Idempotency-Key";
        return new Problem(503, away.getMessage() + UNKNOWN + again).with("outcome", TextNode.valueOf("unknown"));
    }

    private static boolean reads(Message message) {
        return READING.contains(message.getHeader(Exchange.HTTP_METHOD, "", String.class));
    }

    /** Makes a problem the answer of an exchange. */
    public static void answer(Exchange exchange, Problem problem) {
        answer(exchange, problem, problem.document().toString());
    }

    private static void answer(Exchange exchange, Problem problem, String document) {
        Message answer = exchange.getMessage();
        answer.removeHeaders("*");
        answer.setHeader(Exchange.HTTP_RESPONSE_CODE, problem.status());
        problem.headers().forEach(answer::setHeader);
        answer.setBody(document);
    }
}
