package dev.sandglass.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemDocumentsTest {
    private static Exchange answerTo(Exception thrown) {
        return answerTo("GET", null, thrown);
    }

    private static Exchange answerTo(String method, @Nullable String key, Exception thrown) {
        return answerTo(new DefaultCamelContext(), method, key, thrown);
    }

    private static Exchange answerTo(CamelContext context, String method, @Nullable String key, Exception thrown) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setHeader(Exchange.HTTP_METHOD, method);
        exchange.getMessage().setHeader("Idempotency-Key", key);
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

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT"})
    void aReadHasChangedNothing(String method) {
        Unavailable away = new Unavailable("the state store", null);
        for (Exception thrown : List.of(away, new IllegalStateException("a fault"))) {
            String body = answerTo(method, null, thrown).getMessage().getBody(String.class);
            assertFalse(body.contains("done") || body.contains("outcome"), body);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PROPPATCH", "MKCALENDAR"})
    void aWriteMayHaveBeenDoneAndIsRepeatedWithItsKeyIfItHadOne(String method) {
        Unavailable away = new Unavailable("the state store", null);
        String without = answerTo(method, null, away).getMessage().getBody(String.class);
        assertTrue(without.contains("may have been done") && without.contains("\"outcome\":\"unknown\""), without);
        assertFalse(without.contains("Idempotency-Key"), without);
        String with = answerTo(method, "k", away).getMessage().getBody(String.class);
        assertTrue(with.contains("repeat it with the same Idempotency-Key"), with);
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

    @Test
    void whatFailsBecauseTheServiceStopsMaySucceedElsewhere() {
        CamelContext stopping = new DefaultCamelContext() {
            @Override
            public boolean isStopping() {
                return true;
            }
        };
        Exchange answer = answerTo(stopping, "GET", null, new IllegalStateException("no pool"));
        assertEquals(503, answer.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE));
    }
}
