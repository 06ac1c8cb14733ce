package dev.sandglass.support.yaml.room;

import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.support.ExpressionAdapter;
import org.apache.camel.support.builder.ExpressionBuilder;
import org.jspecify.annotations.Nullable;

/** Values one after the other, as a text that has an end. */
final class Template extends ExpressionAdapter {
    private final List<Expression> parts;

    private Template(List<Expression> parts) {
        this.parts = parts;
    }

    /** One part alone is what it is, not a text. */
    static Expression of(List<Expression> parts) {
        return switch (parts.size()) {
            case 0 -> ExpressionBuilder.constantExpression("");
            case 1 -> parts.get(0);
            default -> new Template(parts);
        };
    }

    @Override
    public Object evaluate(Exchange exchange) {
        Limited text = new Limited(exchange);
        for (Expression part : parts) {
            String value = text(part, exchange);
            if (value != null) {
                text.append(value);
            }
        }
        return text.toString();
    }

    /** The value of an expression, as text; one value may hold another many times, and is counted before. */
    static @Nullable String text(Expression of, Exchange exchange) {
        return text(of.evaluate(exchange, Object.class), exchange);
    }

    static @Nullable String text(@Nullable Object value, Exchange exchange) {
        if (value == null || value instanceof String) {
            return (String) value;
        }
        Inflight.more(exchange, Weight.of(value));
        return exchange.getContext().getTypeConverter().tryConvertTo(String.class, exchange, value);
    }

    /** Text that grows to a bound: a loop that doubles a text must not take the service's memory. */
    static final class Limited {
        /** Characters; counting costs, and less is made by too many for it to matter. */
        private static final int LARGE = 1_000;

        private final StringBuilder text = new StringBuilder();
        private final Exchange exchange;

        Limited(Exchange exchange) {
            this.exchange = exchange;
        }

        /** @throws IllegalStateException when the text would become too large */
        Limited append(String more) {
            if (text.length() + more.length() > Weight.LONGEST) {
                throw new IllegalStateException("a text of more than " + Weight.LONGEST + " characters");
            }
            if (more.length() > LARGE) {
                Inflight.more(exchange, more.length());
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
