package dev.sandglass.support;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Rejection;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
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

    /** The seconds after which a client may try again. */
    static final int RETRY_AFTER = 1;

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

    /** Makes the caught exception the answer. */
    public void caught(Exchange exchange, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception caught) {
        if (caught instanceof Problem || caught instanceof Rejection) {
            refused(exchange);
        } else if (caught instanceof Refused) {
            passedOn(exchange);
        } else if (caught instanceof Unavailable) {
            LOG.warnf("%s: %s", exchange.getFromRouteId(), caught.getMessage());
            unavailable(exchange);
        } else {
            LOG.errorf(caught, "%s", exchange.getFromRouteId());
            failed(exchange);
        }
    }

    public void refused(Exchange exchange) {
        Exception caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        Rejection why = ObjectHelper.getException(Rejection.class, caught);
        answer(exchange, why == null ? ObjectHelper.getException(Problem.class, caught) : Problem.of(why));
    }

    /** Passes on another service's refusal as the answer. */
    public void passedOn(Exchange exchange) {
        Refused no = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Refused.class);
        Message answer = exchange.getMessage();
        answer.removeHeaders("*");
        answer.setHeader(Exchange.HTTP_RESPONSE_CODE, no.status());
        answer.setHeader(Exchange.CONTENT_TYPE, "application/problem+json");
        answer.setBody(no.document());
    }

    /** Answers 503. A call that only reads has changed nothing; for other calls it is unknown what was done before the part went away. */
    public void unavailable(Exchange exchange) {
        String away = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Unavailable.class)
                .getMessage();
        answer(
                exchange,
                "GET".equals(exchange.getMessage().getHeader(Exchange.HTTP_METHOD))
                        ? new Problem(503, away + "; try again")
                        : new Problem(
                                        503,
                                        away
                                                + "; it may have been done all the same: repeat it with the same Idempotency-Key")
                                .with("outcome", TextNode.valueOf("unknown")));
    }

    public void failed(Exchange exchange) {
        answer(exchange, new Problem(500, "It is logged; it may have been done all the same"));
    }

    /** Makes a problem the answer of an exchange. */
    public static void answer(Exchange exchange, Problem problem) {
        Message answer = exchange.getMessage();
        answer.removeHeaders("*");
        answer.setHeader(Exchange.HTTP_RESPONSE_CODE, problem.status());
        answer.setHeader(Exchange.CONTENT_TYPE, "application/problem+json");
        if (problem.status() == 503 || problem.status() == 429) {
            answer.setHeader("Retry-After", RETRY_AFTER);
        }
        if (problem.status() == 401) {
            answer.setHeader("WWW-Authenticate", "Bearer");
        }
        answer.setBody(problem.document().toString());
    }
}
