package dev.sandglass.support;

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

    public void unavailable(Exchange exchange) {
        Unavailable away = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Unavailable.class);
        answer(exchange, new Problem(503, away.getMessage() + "; nothing was changed"));
    }

    public void failed(Exchange exchange) {
        answer(exchange, new Problem(500, "It is logged; nothing was changed"));
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
