package dev.sandglass.support.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The vocabulary: what the Kamelets of a folder say of themselves. */
final class Kamelets {
    private static final String SUFFIX = ".kamelet.yaml";
    /** A source with this label is for our Java routes: it takes a path of the service for itself. */
    private static final String OURS = "/metadata/labels/dev.sandglass~1use";

    private final Map<String, JsonNode> known = new TreeMap<>();

    /** @throws IllegalArgumentException when a Kamelet is no YAML or has no name */
    Kamelets(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(SUFFIX)).toList()) {
                JsonNode kamelet = new YamlText(Files.readString(file)).json();
                known.put(kamelet.at("/metadata/name").asText(), kamelet);
            }
        } catch (IOException | YamlText.Unreadable e) {
            throw new IllegalArgumentException("the Kamelets in " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** What is wrong with a use of a Kamelet, by the name of the parameter; by {@code ""} where it is the Kamelet itself. */
    Map<String, String> mistakes(String name, boolean source, Map<String, JsonNode> given) {
        Map<String, String> mistakes = new TreeMap<>();
        JsonNode kamelet = known.get(name);
        if (kamelet == null || "core".equals(kamelet.at(OURS).asText())) {
            mistakes.put("", "there is no Kamelet " + name + " for routes; there are " + names(source));
            return mistakes;
        }
        if (isSource(kamelet) != source) {
            mistakes.put("", name + (source ? " is no source of messages" : " can only stand in from"));
            return mistakes;
        }
        JsonNode definition = kamelet.at("/spec/definition");
        JsonNode properties = definition.path("properties");
        given.forEach((parameter, value) -> {
            String wrong = wrong(properties.path(parameter), value);
            if (wrong != null) {
                mistakes.put(
                        parameter,
                        properties.has(parameter)
                                ? parameter + " of " + name + " " + wrong
                                : name + " has no parameter " + parameter + "; it has " + fields(properties));
            }
        });
        for (JsonNode required : definition.path("required")) {
            if (!given.containsKey(required.asText())) {
                mistakes.put("", name + " needs the parameter " + required.asText());
            }
        }
        return mistakes;
    }

    private static @Nullable String wrong(JsonNode property, JsonNode value) {
        String text = value.asText();
        boolean literal = !text.contains("${") && !text.contains("{{");
        if (property.isMissingNode() || value.isContainerNode() || value.isNull()) {
            return "cannot be that";
        }
        return switch (property.path("type").asText()) {
            case "integer", "number" -> literal && !text.matches("-?[0-9]+(\\.[0-9]+)?") ? "is a number" : null;
            case "boolean" -> literal && !text.matches("true|false") ? "is true or false" : null;
            default ->
                literal
                                && property.has("enum")
                                && !values(property.path("enum")).contains(text)
                        ? "is one of " + values(property.path("enum"))
                        : null;
        };
    }

    private List<String> names(boolean source) {
        return known.entrySet().stream()
                .filter(entry -> isSource(entry.getValue()) == source)
                .filter(entry -> !"core".equals(entry.getValue().at(OURS).asText()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static boolean isSource(JsonNode kamelet) {
        return "source"
                .equals(kamelet.at("/metadata/labels/camel.apache.org~1kamelet.type")
                        .asText());
    }

    private static SortedSet<String> values(JsonNode array) {
        SortedSet<String> values = new TreeSet<>();
        array.forEach(value -> values.add(value.asText()));
        return values;
    }

    private static SortedSet<String> fields(JsonNode object) {
        SortedSet<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
