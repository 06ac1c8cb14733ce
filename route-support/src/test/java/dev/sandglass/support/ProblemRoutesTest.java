package dev.sandglass.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class ProblemRoutesTest {
    private static Exchange answerTo(Exception thrown) throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.addRoutes(new ProblemRoutes());
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:find")
                            .routeId("find")
                            .routeConfigurationId("problems")
                            .throwException(thrown);
                }
            });
            camel.start();
            return camel.createProducerTemplate()
                    .request("direct:find", exchange -> exchange.getMessage().setHeader(Exchange.HTTP_METHOD, "GET"));
        }
    }

    private static int statusFor(Exception thrown) throws Exception {
        return answerTo(thrown).getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
    }

    /** Who waits for what another thread reads gets its exception inside of one of the JDK's. */
    @Test
    void theAnswerIsThatOfTheCauseHoweverDeep() throws Exception {
        Exchange answer =
                answerTo(new IllegalStateException(new ExecutionException(new Unavailable("the state store", null))));
        assertEquals(503, answer.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE));
        assertTrue(answer.getMessage().getBody(String.class).contains("the state store cannot be reached; try again"));
        assertEquals(409, statusFor(new ExecutionException(new Problem(409, "taken"))));
    }

    @Test
    void theRefusalOfAnotherServiceIsPassedOnAndSaysWhenToTryAgain() throws Exception {
        Exchange answer = answerTo(new Refused(429, "{\"status\":429,\"detail\":\"too many\"}"));
        assertEquals(429, answer.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE));
        assertEquals("1", answer.getMessage().getHeader("Retry-After"));
        assertEquals(
                "{\"status\":429,\"detail\":\"too many\"}", answer.getMessage().getBody());
    }

    @Test
    void whatNobodyPlannedIs500() throws Exception {
        assertEquals(500, statusFor(new IllegalStateException("no such thing")));
    }
}
