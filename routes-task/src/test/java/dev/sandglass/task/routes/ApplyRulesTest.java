package dev.sandglass.task.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever the rules on new tasks make, the user's task goes on; where too much goes on for them, it is not made without them. */
@Tag("FR-012")
class ApplyRulesTest {
    private final Rules rules = new Rules();
    private final Replica replica =
            new Replica(new MemoryDapr(1)).bind("handOver", rules).bind("requests", new Reader());

    /** In the place of a file's rules. */
    public static final class Rules {
        private boolean crowded;

        public void askOrRefuse(String point, Exchange exchange) {
            if (crowded) {
                throw new Rejection(Reason.TOO_MANY, "later");
            }
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
        Exchange out = apply();
        assertEquals(null, out.getException());
        assertEquals("as it came", out.getMessage().getBody());
    }

    @Test
    void whatTheRulesHaveNoTimeForIsRefused() {
        rules.crowded = true;
        assertEquals(
                Reason.TOO_MANY,
                assertInstanceOf(Rejection.class, apply().getException()).reason());
    }

    private Exchange apply() {
        Exchange task = new DefaultExchange(replica.camel);
        task.getMessage().setBody("as it came");
        return replica.camel.createProducerTemplate().send("direct:rules.apply", task);
    }
}
