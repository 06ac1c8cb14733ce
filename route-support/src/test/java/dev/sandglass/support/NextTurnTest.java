package dev.sandglass.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A timer's route that meets an outage does nothing more in this turn, as if it had done what it could not do. */
@Tag("FR-012")
class NextTurnTest {
    private final CamelContext camel = new DefaultCamelContext();
    private final List<Object> done = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        camel.getRegistry().bind("work", new Work());
        camel.getCamelContextExtension().addLogListener((exchange, logger, message) -> {
            told.add(message);
            return message;
        });
        camel.addRoutesConfigurations(new ThrowToCaller());
        camel.addRoutesConfigurations(new NextTurn());
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("a.camel.yaml", """
                - route:
                    id: all-or-the-next-turn
                    routeConfigurationId: next-turn
                    from:
                      uri: direct:all
                      steps:
                        - loop:
                            constant: 2
                            steps:
                              - split:
                                  simple: "${body}"
                                  stopOnException: true
                                  steps:
                                    - doTry:
                                        steps:
                                          - to: direct:one
                                        doCatch:
                                          - exception: [java.lang.Exception]
                                            steps:
                                              - bean: {ref: work, method: failed}
                        - setBody: {constant: noted}
                        - bean: {ref: work, method: one}
                - route:
                    id: each-by-itself
                    routeConfigurationId: next-turn
                    from:
                      uri: direct:each
                      steps:
                        - split:
                            simple: "${body}"
                            steps:
                              - to: direct:one
                - route:
                    id: one
                    from:
                      uri: direct:one
                      steps:
                        - bean: {ref: work, method: one}
                """));
        camel.start();
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    public final class Work {
        public void one(@Body String one) {
            switch (one) {
                case "away" -> throw new Unavailable("the state store", null);
                case "wrong" -> throw new IllegalStateException("wrong");
                default -> done.add(one);
            }
        }

        public void failed(Exchange exchange) throws Exception {
            throw exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        }
    }

    private Exchange turn(String route, String... work) {
        return camel.createProducerTemplate()
                .request(route, exchange -> exchange.getMessage().setBody(List.of(work)));
    }

    /** What stands behind the loop would note that all was done. */
    @Test
    void nothingIsDoneBehindWhatCouldNotBeDone() {
        assertNull(turn("direct:all", "a", "away", "b").getException());
        assertEquals(List.of("a"), done);
        assertEquals(List.of("all-or-the-next-turn: " + new Unavailable("the state store", null).getMessage()), told);
    }

    @Test
    void whereEachIsDoneByItselfTheOthersGoOn() {
        assertNull(turn("direct:each", "a", "away", "b").getException());
        assertEquals(List.of("a", "b"), done);
        assertEquals(1, told.size());
    }

    /** It is the timer's to log, with its stack. */
    @Test
    void whatIsNoOutageGoesThrough() {
        assertInstanceOf(
                IllegalStateException.class, turn("direct:each", "wrong").getException());
        assertEquals(List.of(), told);
    }
}
