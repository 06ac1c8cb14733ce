package dev.sandglass.support.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The vocabulary: what the Kamelets of a folder say of themselves, as it was read at the start. */
final class Kamelets {
    private static final String SUFFIX = ".kamelet.yaml";
    /** A source with this label is for our own routes: it takes a path of the service for itself. */
    private static final String OURS = "/metadata/labels/dev.sandglass~1use";

    private static final String NAME = "/metadata/name";
    /** Before the names of its files, in what is wrong with them. */
    private static final String FOLDER = "kamelets/";

    private final SortedMap<String, Kamelet> all = new TreeMap<>();
    /** The file of each name. */
    private final Map<String, String> owners = new HashMap<>();

    private final List<Refusal> wrong = new ArrayList<>();

    /**
     * One of them.
     *
     * @param beans that it names
     * @param required parameters
     */
    record Kamelet(
            String text,
            boolean source,
            SortedMap<String, Parameter> parameters,
            SortedSet<String> required,
            Set<String> beans) {

        static Kamelet of(String text, JsonNode json) {
            JsonNode definition = json.at("/spec/definition");
            SortedMap<String, Parameter> parameters = new TreeMap<>();
            definition
                    .path("properties")
                    .properties()
                    .forEach(property -> parameters.put(property.getKey(), new Parameter(property.getValue())));
            SortedSet<String> beans = new TreeSet<>();
            named(json.path("spec").path("template"), beans);
            return new Kamelet(
                    text,
                    "source"
                            .equals(json.at("/metadata/labels/camel.apache.org~1kamelet.type")
                                    .asText()),
                    parameters,
                    values(definition.path("required")),
                    beans);
        }

        private static void named(JsonNode node, Set<String> beans) {
            if (node.path("bean").path("ref").isTextual()) {
                beans.add(node.path("bean").path("ref").asText());
            }
            if (node.isTextual() && node.asText().startsWith("#")) {
                beans.add(node.asText().substring(1));
            }
            node.forEach(child -> named(child, beans));
        }
    }

    /** A parameter, with the words of JSON Schema. */
    record Parameter(JsonNode schema) {
        /** Tells if {@code ${…}} in it is simple. */
        boolean filledIn() {
            return schema.path("format").asText().equals("simple")
                    || schema.path("format").asText().equals("method");
        }

        String format() {
            return schema.path("format").asText();
        }

        /** Says why a value is wrong; null where it is right. */
        @Nullable
        String wrong(JsonNode value) {
            if (value.isContainerNode() || value.isNull()) {
                return "is one value, not " + value;
            }
            String text = value.asText();
            switch (schema.path("type").asText()) {
                case "integer", "number" -> {
                    if (!text.matches("-?[0-9]{1,9}")) {
                        return "is a number";
                    }
                    long number = Long.parseLong(text);
                    if (number < schema.path("minimum").asLong(Long.MIN_VALUE)
                            || number > schema.path("maximum").asLong(Long.MAX_VALUE)) {
                        return "is from " + schema.path("minimum") + " to " + schema.path("maximum");
                    }
                }
                case "boolean" -> {
                    if (!text.matches("true|false")) {
                        return "is true or false";
                    }
                }
                default -> {
                    SortedSet<String> values = values(schema.path("enum"));
                    if (!values.isEmpty() && !values.contains(text)) {
                        return "is one of " + values;
                    }
                    String pattern = schema.path("pattern").asText();
                    if (!pattern.isEmpty() && !text.matches(pattern)) {
                        return "is like " + schema.path("example").asText() + " (" + pattern + ")";
                    }
                }
            }
            return null;
        }
    }

    /** @throws IllegalArgumentException when the folder cannot be read */
    Kamelets(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(path -> path.toString().endsWith(SUFFIX)).sorted().forEach(this::add);
        } catch (IOException e) {
            throw new IllegalArgumentException("the Kamelets in " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void add(Path path) {
        String file = FOLDER + path.getFileName();
        try {
            String text = Files.readString(path);
            YamlText yaml = new YamlText(text);
            JsonNode json = yaml.json();
            String name = json.at(NAME).asText();
            String other = name.isEmpty() ? null : owners.putIfAbsent(name, file);
            if (name.isEmpty()) {
                wrong.add(new Refusal(file, yaml.line(NAME), "a Kamelet needs a name, metadata.name"));
            } else if (other != null) {
                wrong.add(new Refusal(file, yaml.line(NAME), "the Kamelet " + name + " is there already, in " + other));
            } else if (!"core".equals(json.at(OURS).asText())) {
                all.put(name, Kamelet.of(text, json));
            }
        } catch (YamlText.Unreadable e) {
            wrong.add(new Refusal(file, e.line, String.valueOf(e.getMessage())));
        } catch (IOException e) {
            wrong.add(new Refusal(file, 1, "it cannot be read: " + e));
        }
    }

    /** The mistakes in files of the folder; the other Kamelets are there. */
    List<Refusal> wrong() {
        return wrong;
    }

    @Nullable
    Kamelet named(String name) {
        return all.get(name);
    }

    /** The texts, by name. */
    Map<String, String> texts() {
        Map<String, String> texts = new TreeMap<>();
        all.forEach((name, kamelet) -> texts.put(name, kamelet.text));
        return texts;
    }

    /** By name: the parameters that have a default, and that. */
    Map<String, Map<String, String>> defaults() {
        Map<String, Map<String, String>> defaults = new TreeMap<>();
        all.forEach((name, kamelet) -> {
            Map<String, String> values = new LinkedHashMap<>();
            kamelet.parameters.forEach((parameter, of) -> {
                if (of.schema.has("default")) {
                    values.put(parameter, of.schema.path("default").asText());
                }
            });
            defaults.put(name, values);
        });
        return defaults;
    }

    /** The names of the beans that they need. */
    Set<String> beans() {
        return all.values().stream().flatMap(kamelet -> kamelet.beans.stream()).collect(Collectors.toSet());
    }

    List<String> names(boolean source) {
        return all.entrySet().stream()
                .filter(entry -> entry.getValue().source == source)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static SortedSet<String> values(JsonNode array) {
        return array.valueStream().map(JsonNode::asText).collect(Collectors.toCollection(TreeSet::new));
    }
}
