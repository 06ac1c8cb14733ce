package dev.sandglass.support.kamelets;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import dev.sandglass.support.yaml.room.Deadline;
import dev.sandglass.support.yaml.room.Weight;
import dev.sandglass.time.Due;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.net.URLEncoder;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;

/** Changes a JSON body, for {@code redact-action}, {@code tag-action} and the sinks. */
@Singleton
@Named("messages")
public class Messages {
    private static final int DAYS_OF_A_YEAR = 366;
    /** Each goes through all of a body. */
    private static final int PATHS = 50;

    private static final int WORDS = 500;

    private static final Configuration TREES = Configuration.builder()
            .jsonProvider(new JacksonJsonNodeJsonProvider(Json.MAPPER))
            .mappingProvider(new JacksonMappingProvider(Json.MAPPER))
            .build();

    private final Clock clock;

    public Messages() {
        this(Clock.systemUTC());
    }

    Messages(Clock clock) {
        this.clock = clock;
    }

    /**
     * The JSONPaths of a text.
     *
     * @throws IllegalArgumentException when there are too many
     */
    public static List<String> paths(String text) {
        return each(text, ";", PATHS, "paths");
    }

    /**
     * The words of a text.
     *
     * @throws IllegalArgumentException when there are too many
     */
    public static List<String> words(String text) {
        return each(text, ",", WORDS, "words").stream()
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static List<String> each(String text, String separator, int most, String what) {
        List<String> each = Arrays.stream(text.split(separator, most + 1))
                .map(String::strip)
                .toList();
        if (each.size() > most) {
            throw new IllegalArgumentException("it has at most " + most + " " + what);
        }
        return each;
    }

    /**
     * Takes fields out.
     *
     * @param fields JSONPaths, separated by semicolons; missing fields are left out
     * @param with put in their place; empty: nothing
     * @throws com.jayway.jsonpath.InvalidPathException for a text that is no JSONPath
     */
    public void redact(
            Exchange exchange, @ExchangeProperty("fields") String fields, @ExchangeProperty("with") String with) {
        DocumentContext document = JsonPath.using(TREES).parse(Bodies.tree(exchange));
        for (String field : paths(fields)) {
            Deadline.check(exchange);
            JsonPath path = JsonPath.compile(field);
            try {
                if (with.isEmpty()) {
                    document.delete(path);
                } else {
                    document.set(path, TextNode.valueOf(with));
                }
            } catch (PathNotFoundException e) {
                // The field is missing, so it shows nothing.
            }
        }
        put(exchange, document.json());
    }

    /** One value in the place of many can be many times the text there was. */
    private static void put(Exchange exchange, JsonNode tree) {
        Weight.of(tree);
        Bodies.put(exchange, tree);
    }

    /** Sets a field of the body, a JSON object, to a text. */
    public void set(
            Exchange exchange, @ExchangeProperty("field") String field, @ExchangeProperty("value") String value) {
        if (!(Bodies.tree(exchange) instanceof ObjectNode object)) {
            throw new IllegalArgumentException("only an object can take a field; the body is none");
        }
        put(exchange, object.put(field, value));
    }

    /**
     * Adds a tag to a task that has one of these words in its title or description.
     *
     * @param words separated by commas; any of them, as a whole word, in any case
     */
    public void tag(Exchange exchange, @ExchangeProperty("words") String words, @ExchangeProperty("tag") String tag) {
        if (Bodies.tree(exchange) instanceof ObjectNode task && speaksOf(exchange, task, words)) {
            ArrayNode tags = task.path("tags").isArray() ? (ArrayNode) task.get("tags") : task.putArray("tags");
            for (JsonNode there : tags) {
                if (there.asText().equals(tag)) {
                    return;
                }
            }
            tags.add(tag);
            put(exchange, task);
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
        put(exchange, object.put("due", new Due(date, due.time()).toString()));
    }

    private static boolean isFree(LocalDate date, Set<String> days) {
        String text = date.toString();
        return days.contains(date.getDayOfWeek().name())
                || days.contains(text)
                || days.contains(text.substring(text.length() - "MM-dd".length()));
    }

    /**
     * Makes the body {@code false} in quiet hours, by the time of the reminder in it ({@code data.firedAt}), else by the present time.
     *
     * @param from a time of day, {@code 22:00}; this minute is quiet
     * @param until a time of day; this minute is not quiet
     * @param zone IANA
     */
    public void quiet(
            Exchange exchange,
            @ExchangeProperty("from") String from,
            @ExchangeProperty("until") String until,
            @ExchangeProperty("zone") String zone) {
        String fired = Bodies.tree(exchange).at("/data/firedAt").asText();
        Instant at = fired.isEmpty() ? clock.instant() : Instant.parse(fired);
        LocalTime time = at.atZone(ZoneId.of(zone)).toLocalTime();
        boolean begun = !time.isBefore(LocalTime.parse(from));
        boolean ended = !time.isBefore(LocalTime.parse(until));
        boolean overMidnight = LocalTime.parse(until).isBefore(LocalTime.parse(from));
        if (overMidnight ? begun || !ended : begun && !ended) {
            exchange.getMessage().setBody("false");
        }
    }

    /**
     * Ends the exchange unless it is the hour that begins at a time of day; the property {@code day} is the date then.
     *
     * @param zone IANA
     */
    public void daily(Exchange exchange, @ExchangeProperty("at") String at, @ExchangeProperty("zone") String zone) {
        LocalDateTime now = LocalDateTime.now(clock.withZone(ZoneId.of(zone)));
        LocalDateTime begin = now.toLocalDate().atTime(LocalTime.parse(at));
        exchange.setProperty("day", now.toLocalDate());
        exchange.setRouteStop(now.isBefore(begin) || !now.isBefore(begin.plusHours(1)));
    }

    /** Makes the method that finds tasks, the property {@code method}, from the properties {@code find-<parameter>} that are not empty. */
    public void search(Exchange exchange, @ExchangeProperty("user") String user) {
        StringJoiner query = new StringJoiner("&", tasksOf(user) + "?", "");
        for (String parameter :
                List.of("status", "due_after", "due_before", "tag", "priority", "filter", "sort", "limit")) {
            String value = exchange.getProperty("find-" + parameter, "", String.class);
            if (!value.isEmpty()) {
                query.add(parameter + "=" + URLEncoder.encode(value, UTF_8));
            }
        }
        exchange.setProperty("method", query.toString());
    }

    /** @throws IllegalArgumentException for a name that a path cannot have */
    private static String tasksOf(String user) {
        if (user.isEmpty() || Granted.climbs(user)) {
            throw new IllegalArgumentException("nobody is named '" + user + "'");
        }
        String name = URLEncoder.encode(user, UTF_8).replace("+", "%20").replace("*", "%2A");
        return "internal/users/" + name + "/tasks";
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

    /**
     * Makes an order for a new task: its fields, and a key that tells <em>task</em> that an order comes again. The fields are the
     * properties {@code task-<field>} that are not empty; without a title, the body is the title. The method is in the property
     * {@code method}.
     */
    public void order(Exchange exchange, @ExchangeProperty("user") String user, @ExchangeProperty("key") String key) {
        exchange.setProperty("method", tasksOf(user));
        ObjectNode task = Json.object();
        for (String field : List.of("title", "description", "priority", "due", "list")) {
            String value = exchange.getProperty("task-" + field, "", String.class);
            if (!value.isEmpty()) {
                task.put(field, value);
            }
        }
        JsonNode made = task.has("title") ? task : Bodies.tree(exchange);
        exchange.getMessage()
                .setBody(Json.object()
                        .put("key", key)
                        .<ObjectNode>set("task", made)
                        .toString());
    }

    private static boolean speaksOf(Exchange exchange, JsonNode task, String words) {
        String text = " "
                + (task.path("title").asText() + " " + task.path("description").asText())
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}\\p{M}]+", " ")
                + " ";
        for (String word : words(words)) {
            Deadline.check(exchange);
            if (text.contains(" " + word.toLowerCase(Locale.ROOT) + " ")) {
                return true;
            }
        }
        return false;
    }
}
