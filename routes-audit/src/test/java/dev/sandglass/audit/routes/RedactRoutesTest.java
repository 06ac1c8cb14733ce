package dev.sandglass.audit.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sandglass.support.Unavailable;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nothing is shown that redaction has not passed. */
@Tag("FR-013")
class RedactRoutesTest {
    private final DefaultCamelContext context = new DefaultCamelContext();

    /** Answers for the integrators' step; null: it has no answer. */
    public record HandOver(@Nullable String answer) {
        public void need(String point, Exchange exchange) {
            assertEquals("redact", point);
            if (answer == null) {
                throw new Unavailable("direct:redact", null);
            }
            exchange.getMessage().setBody(answer);
        }
    }

    /** Stands for {@code Answers}. */
    public static final class Withholding {
        public void withhold(Exchange exchange) {
            exchange.getMessage().setBody("withheld");
        }
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private String shown(@Nullable String answer) throws Exception {
        context.getRegistry().bind("handOver", new HandOver(answer));
        context.getRegistry().bind("answers", new Withholding());
        context.addRoutes(new RedactRoutes());
        context.start();
        return context.createProducerTemplate()
                .requestBody("direct:show", Map.of("entries", List.of("secret")), String.class);
    }

    @Test
    void whatIsRedactedIsShownAsItIs() throws Exception {
        assertEquals("{\"entries\":[\"***\"]}", shown("{\"entries\":[\"***\"]}"));
    }

    @Test
    void anEmptyPageIsAPage() throws Exception {
        assertEquals("{\"entries\":[],\"next\":null}", shown("{\"entries\":[],\"next\":null}"));
    }

    @Test
    void withoutAnAnswerNothingIsShown() throws Exception {
        assertEquals("withheld", shown(null));
    }

    @Test
    void whatIsNoPageIsNotShown() throws Exception {
        assertEquals("withheld", shown("{}"));
    }
}
