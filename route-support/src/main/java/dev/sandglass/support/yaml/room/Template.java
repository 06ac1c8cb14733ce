package dev.sandglass.support.yaml.room;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.support.ExpressionAdapter;
import org.apache.camel.support.builder.ExpressionBuilder;

/** Values one after the other, as a text that has an end. */
final class Template extends ExpressionAdapter {
    private final List<Expression> parts;

    private Template(List<Expression> parts) {
        this.parts = parts;
    }

    /** One part alone is what it is, not a text. */
    static Expression of(List<Expression> parts, CamelContext camel) {
        Expression made = switch (parts.size()) {
            case 0 -> ExpressionBuilder.constantExpression("");
            case 1 -> parts.get(0);
            default -> new Template(parts);
        };
        made.init(camel);
        return made;
    }

    @Override
    public void init(CamelContext camel) {
        super.init(camel);
        parts.forEach(part -> part.init(camel));
    }

    @Override
    public Object evaluate(Exchange exchange) {
        Limited text = new Limited();
        for (Expression part : parts) {
            String value = part.evaluate(exchange, String.class);
            if (value != null) {
                text.append(value);
            }
        }
        return text.toString();
    }

    /** Text that grows to a bound: a loop that doubles a text must not take the service's memory. */
    static final class Limited {
        /** Characters; an event has at most 128 kB. */
        static final int LARGEST = 500_000;

        private final StringBuilder text = new StringBuilder();

        /** @throws IllegalStateException when the text would become too large */
        Limited append(String more) {
            if (text.length() + more.length() > LARGEST) {
                throw new IllegalStateException("a text of more than " + LARGEST + " characters");
            }
            text.append(more);
            return this;
        }

        boolean isEmpty() {
            return text.isEmpty();
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
