package dev.sandglass.support.camel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sandglass.support.Unavailable;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.CamelLogger;
import org.apache.camel.spi.LogListener;
import org.junit.jupiter.api.Test;

class LoggedCauseTest {
    @Test
    void theLogSaysWhyItFailedHoweverDeepWithinSplitsThatWas() throws Exception {
        List<String> lines = new ArrayList<>();
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.getCamelContextExtension().addLogListener(new LoggedCause());
            camel.getCamelContextExtension().addLogListener(new LogListener() {
                @Override
                public String onLog(Exchange exchange, CamelLogger logger, String message) {
                    lines.add(message);
                    return message;
                }
            });
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:lists")
                            .doTry()
                            .to("direct:fail")
                            .doCatch(Unavailable.class)
                            .log("it waits: ${exception.message}; then it goes on")
                            .end();
                    from("direct:fail")
                            .errorHandler(noErrorHandler())
                            .split(body())
                            .stopOnException()
                            .split(body())
                            .stopOnException()
                            .throwException(new Unavailable("task", null));
                    from("direct:none").log("nothing failed");
                }
            });
            camel.start();
            camel.createProducerTemplate().sendBody("direct:lists", List.of(List.of("a", "b")));
            camel.createProducerTemplate().sendBody("direct:none", "");
        }
        assertEquals(List.of("it waits: task cannot be reached; then it goes on", "nothing failed"), lines);
    }
}
