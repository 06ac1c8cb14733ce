package dev.sandglass.task.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sandglass.support.MemoryDapr;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever the rules on new tasks make, the user's task goes on. */
@Tag("FR-012")
class ApplyRulesTest {
    private final Replica replica =
            new Replica(new MemoryDapr(1)).bind("handOver", new Rules()).bind("requests", new Reader());

    /** In the place of a file's rules. */
    public static final class Rules {
        public void ask(String point, Exchange exchange) {
            exchange.getMessage().setBody("made by " + point);
        }
    }

    /** Reads nothing, by a mistake of its own. */
    public static final class Reader {
        public void read(Exchange exchange, String operation) {
            throw new NumberFormatException(operation);
        }
    }

    @BeforeEach
    void start() {
        replica.start("apply-rules");
    }

    @AfterEach
    void stop() {
        replica.stop();
    }

    @Test
    void whatCannotBeReadForAnyReasonIsPassedOver() {
        Exchange task = new DefaultExchange(replica.camel);
        task.getMessage().setBody("as it came");
        Exchange out = replica.camel.createProducerTemplate().send("direct:rules.apply", task);
        assertEquals(null, out.getException());
        assertEquals("as it came", out.getMessage().getBody());
    }
}
