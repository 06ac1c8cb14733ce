package dev.sandglass.support.yaml.room;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * How much a value is, in characters, counted before anything is made of it: what is there once in memory can be there a thousand times
 * in its text, and a text can be read as more than itself.
 */
public final class Weight {
    /** Characters of a text; an event has at most 128 kB. */
    public static final int LONGEST = 500_000;
    /** Characters of a text that is looked for in another: a search takes the product of both. */
    static final int LONGEST_SOUGHT = 1_000;
    /** The weight of one message: its body, headers, properties and variables. */
    static final int MOST = 3_000_000;
    /** For what a value within another counts, and what JSON in a text would be read as. A character is three bytes then, at most. */
    private static final int VALUE = 40;

    private static final int DEEPEST = 100;

    private long weight;

    private Weight() {}

    /** @throws IllegalStateException when it is more than a message may have */
    public static long of(@Nullable Object value) {
        Weight all = new Weight();
        all.add(value, 0);
        return all.weight;
    }

    /**
     * Weighs the values of an exchange.
     *
     * @param known values that are counted elsewhere, by identity
     * @throws IllegalStateException when it is more than a message may have
     */
    static long of(Exchange exchange, Set<Object> known) {
        Weight all = new Weight();
        values(exchange).forEach(value -> {
            if (!known.contains(value)) {
                all.add(value, 0);
            }
        });
        return all.weight;
    }

    /** Body, headers, properties, variables. */
    static List<Object> values(Exchange exchange) {
        List<Object> values = new ArrayList<>(exchange.getMessage().getHeaders().values());
        values.add(exchange.getMessage().getBody());
        values.addAll(exchange.getProperties().values());
        if (exchange.hasVariables()) {
            values.addAll(exchange.getVariables().values());
        }
        return values;
    }

    private void add(@Nullable Object value, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalStateException("a value has at most " + DEEPEST + " levels");
        }
        more(VALUE);
        if (value instanceof String text) {
            text(text);
        } else if (value instanceof byte[] bytes) {
            text(new String(bytes, ISO_8859_1));
        } else if (value instanceof JsonNode node) {
            node(node, depth);
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, of) -> {
                more(String.valueOf(key).length());
                add(of, depth + 1);
            });
        } else if (value instanceof Iterable<?> all) {
            all.forEach(one -> add(one, depth + 1));
        } else if (value instanceof Object[] all) {
            for (Object one : all) {
                add(one, depth + 1);
            }
        }
    }

    private void node(JsonNode node, int depth) {
        if (node.isTextual()) {
            length(node.textValue().length());
        }
        node.properties().forEach(field -> more(field.getKey().length()));
        node.forEach(child -> add(child, depth + 1));
    }

    /** Outside of quotes, each of the three signs is one value more for who reads it as JSON. */
    private void text(String text) {
        length(text.length());
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '"' -> quoted = !quoted;
                case '\\' -> i++;
                case '[', '{', ',' -> more(quoted ? 0 : VALUE);
                default -> {}
            }
        }
    }

    private void length(int characters) {
        if (characters > LONGEST) {
            throw new IllegalStateException("a text that a route makes has at most " + LONGEST + " characters");
        }
        more(characters);
    }

    private void more(int characters) {
        weight += characters;
        if (weight > MOST) {
            throw new IllegalStateException("a message has at most " + MOST
                    + " characters in all, a value within another counted for " + VALUE);
        }
    }
}
