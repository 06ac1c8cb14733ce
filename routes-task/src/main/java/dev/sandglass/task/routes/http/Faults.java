package dev.sandglass.task.routes.http;

import static java.util.Comparator.comparingLong;
import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ValidationMessage;
import dev.sandglass.support.domain.Rejection.Fault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Says what a validator found in sentences for a person. */
final class Faults {
    private Faults() {}

    /**
     * @param at what the pointers begin with: empty for a body, {@code /} and the name for a parameter
     * @param servers names of fields that are the server's to set
     * @return the first fault of each place, the outer places first; empty where all is well
     */
    static List<Fault> of(Set<ValidationMessage> messages, String at, Set<String> servers) {
        Map<String, Fault> faults = new LinkedHashMap<>();
        for (ValidationMessage message : messages) {
            String pointer = at + pointer(message);
            faults.putIfAbsent(pointer, new Fault(pointer, sentence(message, servers)));
        }
        // A list that is too long comes first, then its entries: not all are named.
        return faults.values().stream()
                .sorted(comparingLong(
                        fault -> fault.pointer().chars().filter(c -> c == '/').count()))
                .toList();
    }

    private static String pointer(ValidationMessage message) {
        String at = message.getInstanceLocation().toString();
        return switch (message.getType()) {
            case "required", "additionalProperties" ->
                at + "/" + message.getProperty().replace("~", "~0").replace("/", "~1");
            default -> at;
        };
    }

    private static String sentence(ValidationMessage message, Set<String> servers) {
        JsonNode limit = message.getSchemaNode();
        String found = message.getInstanceNode() == null
                ? ""
                : message.getInstanceNode().asText();
        return switch (message.getType()) {
            case "required" -> message.getProperty() + " is needed";
            case "additionalProperties" ->
                servers.contains(message.getProperty())
                        ? message.getProperty() + " is the server's to set"
                        : "there is no field " + message.getProperty();
            case "type" -> "must be " + words(limit, " or ");
            case "enum" -> "must be one of " + words(limit, ", ");
            case "minLength" -> "must have at least " + count(limit, "character");
            case "maxLength" ->
                "must have at most " + count(limit, "character") + " (Unicode code points), this has "
                        + found.codePointCount(0, found.length());
            case "maxItems" -> "must have at most " + count(limit, "entry").replace("entrys", "entries");
            case "minimum" -> "must be " + limit.asText() + " or more";
            case "maximum" -> "must be " + limit.asText() + " or less";
            case "uniqueItems" -> "must not name the same twice";
            case "format" -> Formats.wrong(limit.asText(), found).orElse(message.getError());
            // pattern: the sentence beside it (x-error), a regular expression is none.
            default -> message.getError();
        };
    }

    private static String count(JsonNode limit, String what) {
        return limit.asInt() + " " + what + (limit.asInt() == 1 ? "" : "s");
    }

    private static String words(JsonNode one, String between) {
        return one.isArray() ? one.valueStream().map(JsonNode::asText).collect(joining(between)) : one.asText();
    }
}
