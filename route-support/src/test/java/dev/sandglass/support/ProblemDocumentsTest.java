package dev.sandglass.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class ProblemDocumentsTest {
    private static Exchange answerTo(Exception thrown) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.getMessage().setHeader(Exchange.HTTP_METHOD, "GET");
        new ProblemDocuments().caught(exchange, thrown);
        return exchange;
    }

    private static int statusFor(Exception thrown) {
        return answerTo(thrown).getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
    }

    /** A thread that waits for the read of another one gets its exception inside of one of the JDK's. */
    @Test
    void theAnswerIsThatOfTheCauseHoweverDeep() {
        Exchange answer =
                answerTo(new IllegalStateException(new ExecutionException(new Unavailable("the state store", null))));
        assertEquals(503, answer.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE));
        assertTrue(answer.getMessage().getBody(String.class).contains("the state store cannot be reached; try again"));
        assertEquals(409, statusFor(new ExecutionException(new Problem(409, "taken"))));
    }

    @Test
    void theRefusalOfAnotherServiceIsPassedOnAndSaysWhenToTryAgain() {
        Exchange answer = answerTo(new Refused(429, "{\"status\":429,\"detail\":\"too many\"}"));
        assertEquals(429, answer.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE));
        assertEquals("1", answer.getMessage().getHeader("Retry-After"));
        assertEquals(
                "{\"status\":429,\"detail\":\"too many\"}", answer.getMessage().getBody());
    }

    @Test
    void whatNobodyPlannedIs500() {
        assertEquals(500, statusFor(new IllegalStateException("no such thing")));
    }
}
