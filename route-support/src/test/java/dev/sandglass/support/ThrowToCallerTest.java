package dev.sandglass.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An exception of a route reaches its caller as it is, in YAML and in Java, unless the route says that it tries again. */
class ThrowToCallerTest {
    private final CamelContext camel = new DefaultCamelContext();
    private final AtomicInteger tries = new AtomicInteger();

    @BeforeEach
    void start() throws Exception {
        camel.getRegistry().bind("away", new Away());
        camel.addRoutesConfigurations(new ThrowToCaller());
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("a.camel.yaml", """
                - route:
                    id: inner
                    from:
                      uri: direct:inner
                      steps:
                        - bean: {ref: away, method: call}
                - route:
                    id: middle
                    from:
                      uri: direct:middle
                      steps:
                        - to: direct:inner
                - route:
                    id: catching
                    from:
                      uri: direct:catching
                      steps:
                        - doTry:
                            steps:
                              - to: direct:middle
                            doCatch:
                              - exception: [dev.sandglass.support.Unavailable]
                                steps:
                                  - setBody: {constant: caught}
                """));
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:java").to("direct:middle");
            }
        });
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(defaultErrorHandler());
                onException(Unavailable.class)
                        .maximumRedeliveries(2)
                        .redeliveryDelay(0)
                        .handled(true)
                        .setBody(constant("handled"));
                from("direct:again").to("direct:java");
            }
        });
        camel.start();
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    public final class Away {
        public void call() {
            tries.incrementAndGet();
            throw new Unavailable("the other", null);
        }
    }

    private Object send(String route) {
        return camel.createProducerTemplate()
                .request(route, exchange -> exchange.getMessage().setBody("as it came"))
                .getMessage()
                .getBody();
    }

    @Test
    void itIsNobodysButTheCallers() {
        assertInstanceOf(
                Unavailable.class,
                camel.createProducerTemplate()
                        .request("direct:java", sent -> {})
                        .getException());
        assertEquals("caught", send("direct:catching"));
    }

    /** With Camel's own handler in a route on the way, it would pass by who tries again. */
    @Test
    void aRouteThatTriesAgainDoes() {
        assertEquals("handled", send("direct:again"));
        assertEquals(3, tries.get());
    }
}
