package dev.sandglass.support;

import com.fasterxml.jackson.databind.node.TextNode;
import jakarta.inject.Singleton;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Turns what a route threw into its answer. */
@Singleton
public class ProblemDocuments {
    /** Seconds after which a client may try again what was unavailable. */
    static final int RETRY_AFTER = 1;

    public void refused(Exchange exchange) {
        answer(exchange, exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Problem.class));
    }

    /** What another service said no with is the answer. */
    public void passedOn(Exchange exchange) {
        Refused no = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Refused.class);
        Message answer = exchange.getMessage();
        answer.removeHeaders("*");
        answer.setHeader(Exchange.HTTP_RESPONSE_CODE, no.status());
        answer.setHeader(Exchange.CONTENT_TYPE, "application/problem+json");
        answer.setBody(no.document());
    }

    /** Of a call that only reads nothing is in doubt; of another nobody knows here what was done before the part went away. */
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
