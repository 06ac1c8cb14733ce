package dev.sandglass.sync.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.routes.Flows;
import dev.sandglass.sync.domain.Frame;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever the integrators' step does, the feed goes on. */
class ShowFrameRoutesTest {
    private static final String TEXT =
            "{\"type\":\"change\",\"list\":\"l\",\"seq\":7,\"event\":\"task.updated\",\"task\":{\"title\":\"a\"}}";

    private final DefaultCamelContext context = new DefaultCamelContext();

    /** Answers for the integrators' step. */
    public record HandOver(@Nullable String answer) {
        public void ask(String point, Exchange exchange) {
            assertEquals("visible-frame", point);
            if (answer != null) {
                exchange.getMessage().setBody(answer);
            }
        }
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private String shown(@Nullable String answer) throws Exception {
        context.getRegistry().bind("handOver", new HandOver(answer));
        Flows.load(context, "show-frame");
        context.start();
        return context.createProducerTemplate()
                .requestBody("direct:feed.show-frame", Frame.of(Json.read(TEXT, ObjectNode.class)), Frame.class)
                .text();
    }

    @Test
    void clientsSeeWhatTheStepMakesOfIt() throws Exception {
        String less = TEXT.replace("{\"title\":\"a\"}", "{}");
        assertEquals(less, shown(less));
    }

    @Test
    void aStepThatMakesSomethingElseOfItIsPassedOver() throws Exception {
        assertEquals(TEXT, shown("{}"));
    }

    @Test
    void withoutTheStepItGoesAsItIs() throws Exception {
        assertEquals(TEXT, shown(null));
    }
}
