package dev.sandglass.support.steps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.PathNotFoundException;
import com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider;
import com.jayway.jsonpath.spi.mapper.JacksonMappingProvider;
import dev.sandglass.events.Json;
import dev.sandglass.support.Bodies;
import dev.sandglass.time.Due;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;

/** Changing a JSON body: what {@code redact-action}, {@code enrich-action}, {@code tag-action} and the sinks are made of. */
@Singleton
@Named("messages")
public class Messages {
    private static final int DAYS_OF_A_YEAR = 366;

    private static final Configuration TREES = Configuration.builder()
            .jsonProvider(new JacksonJsonNodeJsonProvider(Json.MAPPER))
            .mappingProvider(new JacksonMappingProvider(Json.MAPPER))
            .build();

    /**
     * Takes fields out.
     *
     * @param fields JSONPaths, separated by semicolons; what is not there is passed over
     * @param with put in their place; empty: nothing
     * @throws com.jayway.jsonpath.InvalidPathException for what is no JSONPath
     */
    public void redact(
            Exchange exchange, @ExchangeProperty("fields") String fields, @ExchangeProperty("with") String with) {
        DocumentContext document = JsonPath.using(TREES).parse(Bodies.tree(exchange));
        for (String field : fields.split(";")) {
            JsonPath path = JsonPath.compile(field.strip());
            try {
                if (with.isEmpty()) {
                    document.delete(path);
                } else {
                    document.set(path, TextNode.valueOf(with));
                }
            } catch (PathNotFoundException e) {
                // Nothing there that anybody could see.
            }
        }
        Bodies.put(exchange, document.json());
    }

    /** Puts the body, an answer, under a name into the body there was before; that is in the property {@code before}. */
    public void enrich(
            Exchange exchange, @ExchangeProperty("before") Object before, @ExchangeProperty("field") String field) {
        JsonNode answer = Bodies.tree(exchange);
        exchange.getMessage().setBody(before);
        if (!(Bodies.tree(exchange) instanceof ObjectNode object)) {
            throw new IllegalArgumentException("only an object can take a field; the body is none");
        }
        Bodies.put(exchange, object.set(field, answer));
    }

    /**
     * Adds a tag to a task that speaks of something in its title or description.
     *
     * @param words separated by commas; any of them, as a whole word, in any case
     */
    public void tag(Exchange exchange, @ExchangeProperty("words") String words, @ExchangeProperty("tag") String tag) {
        if (Bodies.tree(exchange) instanceof ObjectNode task && speaksOf(task, words)) {
            ArrayNode tags = task.path("tags").isArray() ? (ArrayNode) task.get("tags") : task.putArray("tags");
            for (JsonNode there : tags) {
                if (there.asText().equals(tag)) {
                    return;
                }
            }
            tags.add(tag);
            Bodies.put(exchange, task);
        }
    }

    /** Escapes plain text for Dapr's SMTP binding, which sends HTML and nothing else. */
    public void html(Exchange exchange) {
        String text =
                Bodies.text(exchange).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        exchange.getMessage().setBody("<div style=\"white-space:pre-wrap\">" + text + "</div>");
    }

    /**
     * Moves {@code due} off free days.
     *
     * @param free days of the week, {@code MM-dd} and {@code yyyy-MM-dd}, separated by commas
     * @param move {@code next} or {@code previous}
     * @throws IllegalArgumentException when every day of a year is free, or {@code due} is no date
     */
    public void workingDay(
            Exchange exchange, @ExchangeProperty("free") String free, @ExchangeProperty("move") String move) {
        if (!(Bodies.tree(exchange) instanceof ObjectNode object)) {
            throw new IllegalArgumentException("the body has no due");
        }
        Due due = Due.parse(object.path("due").asText());
        Set<String> days = Set.of(free.toUpperCase(Locale.ROOT).replace(" ", "").split(","));
        int step = "previous".equals(move) ? -1 : 1;
        LocalDate date = due.date();
        for (int moved = 0; isFree(date, days); moved++) {
            if (moved == DAYS_OF_A_YEAR) {
                throw new IllegalArgumentException("every day is free: " + free);
            }
            date = date.plusDays(step);
        }
        Bodies.put(exchange, object.put("due", new Due(date, due.time()).toString()));
    }

    private static boolean isFree(LocalDate date, Set<String> days) {
        String text = date.toString();
        return days.contains(date.getDayOfWeek().name())
                || days.contains(text)
                || days.contains(text.substring(text.length() - "MM-dd".length()));
    }

    /** A push message as ntfy takes it; the body is its text. */
    public void ntfy(
            Exchange exchange,
            @ExchangeProperty("topic") String topic,
            @ExchangeProperty("title") String title,
            @ExchangeProperty("priority") int priority) {
        exchange.getMessage()
                .setBody(Json.object()
                        .put("topic", topic)
                        .put("title", title)
                        .put("message", Bodies.text(exchange))
                        .put("priority", priority)
                        .toString());
    }

    /** A message as an incoming webhook of Slack takes it; the body is its text. */
    public void slack(Exchange exchange) {
        exchange.getMessage()
                .setBody(Json.object().put("text", Bodies.text(exchange)).toString());
    }

    /** What <em>task</em> is asked to make: the body, the fields of a task, and what it is known by when it is asked again. */
    public void order(Exchange exchange, @ExchangeProperty("key") String key) {
        exchange.getMessage()
                .setBody(Json.object()
                        .put("key", key)
                        .<ObjectNode>set("task", Bodies.tree(exchange))
                        .toString());
    }

    private static boolean speaksOf(JsonNode task, String words) {
        String text = " "
                + (task.path("title").asText() + " " + task.path("description").asText())
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}\\p{M}]+", " ")
                + " ";
        for (String word : words.split(",")) {
            if (text.contains(" " + word.strip().toLowerCase(Locale.ROOT) + " ")) {
                return true;
            }
        }
        return false;
    }
}
