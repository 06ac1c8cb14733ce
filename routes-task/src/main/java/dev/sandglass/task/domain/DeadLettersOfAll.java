package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Chain;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Operators ask about the dead letters of all services, which answer together. */
public final class DeadLettersOfAll {
    private DeadLettersOfAll() {}

    private static final List<String> SERVICES = List.of("task", "recurrence", "reminder", "audit", "sync");
    private static final Pattern ID = Pattern.compile("([a-z]+)\\.([1-9]\\d{0,17})");
    /** Where a page of a service begins, or sending again goes on: numbers of letters, in the order of the services; and the query's mark. */
    private static final Pattern CURSOR = Pattern.compile("\\d{1,19}(_\\d{1,19}){4}_[0-9a-f]{8}");

    private static final int MARK_LENGTH = 8;

    private static final String LIMIT = "50";

    /** A call of one service, a question or an order. */
    public record Call(String service, String method, String text) {}

    /** The answer of one service: {@code {"away":true}} where it did not. */
    public record Said(String service, JsonNode answer) {
        boolean away() {
            return answer.path("away").asBoolean();
        }
    }

    public static Said said(String service, String answer) {
        return new Said(service, Json.read(answer, JsonNode.class));
    }

    // ---------------------------------------------------------------- Seeing

    public static List<Call> questions(Map<String, String> query) {
        return asked(query, "internal/dead-letters", "before", Long.MAX_VALUE);
    }

    /** Newest first over the services, each service's letters in their own order. */
    public static Answer page(Map<String, String> query, List<Said> said) {
        int limit = limit(query);
        Map<String, Long> next = positions(query, Long.MAX_VALUE);
        Map<String, Deque<JsonNode>> waiting = new LinkedHashMap<>();
        ObjectNode counts = Json.object();
        for (Said one : said) {
            if (!one.away()) {
                Deque<JsonNode> letters = new ArrayDeque<>();
                one.answer.path("letters").forEach(letters::add);
                waiting.put(one.service, letters);
                counts.set(one.service, one.answer.path("counts"));
            }
        }
        ArrayNode letters = Json.array();
        while (letters.size() < limit && waiting.values().stream().anyMatch(left -> !left.isEmpty())) {
            String newest = waiting.entrySet().stream()
                    .filter(left -> !left.getValue().isEmpty())
                    .max(Comparator.comparing(left -> at(left.getValue().element())))
                    .orElseThrow()
                    .getKey();
            JsonNode letter = Objects.requireNonNull(waiting.get(newest)).remove();
            letters.add(shown(newest, letter));
            next.put(newest, letter.path("n").asLong());
        }
        boolean more = false;
        for (Said one : said) {
            boolean left = !one.away()
                    && !Objects.requireNonNull(waiting.get(one.service)).isEmpty();
            boolean further = one.answer.hasNonNull("next");
            more |= left || further;
            if (!one.away() && !left) {
                next.put(one.service, further ? one.answer.path("next").asLong() : 0);
            }
        }
        return Answer.ok(Json.object()
                .<ObjectNode>set("deadLetters", letters)
                .<ObjectNode>set("counts", counts)
                .<ObjectNode>set("away", away(said))
                .put("next", more ? cursor(next, query) : null));
    }

    private static Instant at(JsonNode letter) {
        return Instant.parse(letter.path("at").asText());
    }

    private static ObjectNode shown(String service, JsonNode letter) {
        ObjectNode shown = Json.object()
                .put("id", service + "." + letter.path("n").asLong())
                .put("service", service);
        for (String field : List.of("source", "why", "at", "last", "tries", "event")) {
            shown.set(field, letter.path(field));
        }
        shown.set("eventId", letter.path("id"));
        return shown.set("eventType", letter.path("type"));
    }

    // ---------------------------------------------------------------- Sending again, dismissing

    public static List<Call> orders(Map<String, String> query) {
        return asked(query, "internal/dead-letters/resend", "from", 0);
    }

    public static Write<Answer> resent(Request request, Map<String, String> query, List<Said> said) {
        Map<String, Long> next = positions(query, 0);
        boolean more = false;
        for (Said one : said) {
            boolean left = one.answer.hasNonNull("next");
            more |= left;
            if (!one.away()) {
                next.put(one.service, left ? one.answer.path("next").asLong() : Long.MAX_VALUE);
            }
        }
        ObjectNode answer = Json.object()
                .put("sent", sum(said, "sent"))
                .put("failed", sum(said, "failed"))
                .<ObjectNode>set("away", away(said))
                .put("next", more ? cursor(next, query) : null);
        return Once.guard(request.once(), Answer.ok(answer));
    }

    private static int sum(List<Said> said, String what) {
        return said.stream().mapToInt(one -> one.answer.path(what).asInt()).sum();
    }

    /** @throws Rejection NOT_FOUND for what is no letter's id */
    public static Call one(Request request) {
        Matcher parts = ID.matcher(request.id());
        if (!parts.matches() || !SERVICES.contains(parts.group(1))) {
            throw none();
        }
        return new Call(
                parts.group(1),
                "",
                Json.object().put("n", Long.parseLong(parts.group(2))).toString());
    }

    /** @throws Rejection NOT_FOUND where there was no such letter */
    public static Write<Answer> resentOne(Request request, String answer) {
        JsonNode resent = Json.read(answer, JsonNode.class);
        ObjectNode told = Json.object()
                .put("sent", resent.path("sent").asInt())
                .put("failed", resent.path("failed").asInt());
        return Once.guard(request.once(), Write.alone(Set.of(), draft -> {
            if (told.path("sent").asInt() + told.path("failed").asInt() == 0) {
                throw none();
            }
            return Answer.ok(told);
        }));
    }

    private static Rejection none() {
        return new Rejection(Reason.NOT_FOUND, "There is no such dead letter");
    }

    // ---------------------------------------------------------------- Common to both

    /** @param field that says from which number on */
    private static List<Call> asked(Map<String, String> query, String method, String field, long begin) {
        List<Call> questions = new ArrayList<>();
        positions(query, begin).forEach((service, position) -> {
            if (service.equals(query.getOrDefault("service", service))) {
                ObjectNode question = Json.object()
                        .put("source", query.get("source"))
                        .put(field, position)
                        .put("limit", limit(query));
                questions.add(new Call(service, method, question.toString()));
            }
        });
        return questions;
    }

    private static int limit(Map<String, String> query) {
        return Integer.parseInt(query.getOrDefault("limit", LIMIT));
    }

    private static ArrayNode away(List<Said> said) {
        return Json.tree(said.stream().filter(Said::away).map(Said::service).toList());
    }

    /** @throws Rejection INVALID for what is no cursor of ours, and for one of another query */
    private static Map<String, Long> positions(Map<String, String> query, long begin) {
        String cursor = query.get("cursor");
        if (cursor != null && !(CURSOR.matcher(cursor).matches() && cursor.endsWith(mark(query)))) {
            throw Rejection.wrongCursor();
        }
        Map<String, Long> positions = new LinkedHashMap<>();
        for (int i = 0; i < SERVICES.size(); i++) {
            positions.put(SERVICES.get(i), cursor == null ? begin : parse(cursor.split("_")[i]));
        }
        return positions;
    }

    private static long parse(String number) {
        try {
            return Long.parseLong(number);
        } catch (NumberFormatException e) {
            throw Rejection.wrongCursor();
        }
    }

    private static String cursor(Map<String, Long> positions, Map<String, String> query) {
        return String.join("_", positions.values().stream().map(String::valueOf).toList()) + mark(query);
    }

    private static String mark(Map<String, String> query) {
        String asked = query.get("service") + "\n" + query.get("source");
        return "_" + Chain.sha256(asked).substring(0, MARK_LENGTH);
    }
}
