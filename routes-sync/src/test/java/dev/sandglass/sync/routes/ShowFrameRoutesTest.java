package dev.sandglass.sync.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.sync.domain.Frame;
import java.util.Properties;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever the integrators' step does, the feed goes on. */
class ShowFrameRoutesTest {
    private static final String TEXT =
            "{\"type\":\"change\",\"list\":\"l\",\"seq\":7,\"event\":\"task.updated\",\"task\":{\"title\":\"a\"}}";

    private final DefaultCamelContext context = new DefaultCamelContext();

    @BeforeEach
    void start() throws Exception {
        Properties settings = new Properties();
        settings.setProperty("sandglass.sync.hook-limit", "200");
        context.getPropertiesComponent().setInitialProperties(settings);
        context.addRoutes(new ShowFrameRoutes());
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private String shown(@Nullable Processor step) throws Exception {
        if (step != null) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:visible-frame").process(step);
                }
            });
        }
        return context.createProducerTemplate()
                .requestBody("direct:show-frame", Frame.read(TEXT), Frame.class)
                .text();
    }

    @Test
    void clientsSeeWhatTheStepMakesOfIt() throws Exception {
        String less = TEXT.replace("{\"title\":\"a\"}", "{}");
        assertEquals(less, shown(exchange -> exchange.getMessage().setBody(less)));
    }

    @Test
    void aStepThatFailsIsPassedOver() throws Exception {
        assertEquals(TEXT, shown(exchange -> {
            throw new IllegalStateException("no");
        }));
    }

    @Test
    void aStepThatMakesSomethingElseOfItIsPassedOver() throws Exception {
        assertEquals(TEXT, shown(exchange -> exchange.getMessage().setBody("{}")));
    }

    @Test
    void aStepThatTakesTooLongIsPassedOver() throws Exception {
        long before = System.nanoTime();
        assertEquals(TEXT, shown(exchange -> Thread.sleep(5_000)));
        assertTrue(System.nanoTime() - before < 2_000_000_000L);
    }

    @Test
    void withoutTheStepItGoesAsItIs() throws Exception {
        assertEquals(TEXT, shown(null));
    }
}
