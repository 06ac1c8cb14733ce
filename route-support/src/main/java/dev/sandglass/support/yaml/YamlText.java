package dev.sandglass.support.yaml;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A YAML file as JSON that knows in which line each of its values begins. */
final class YamlText {
    private static final LoadSettings SETTINGS =
            LoadSettings.builder().setUseMarks(true).setAllowNonScalarKeys(true).build();
    private static final int DEEPEST = 60;
    /** Values; an alias counts for all it stands for. */
    private static final int MOST = 20_000;
    /** Characters of all values together, likewise. */
    private static final int MOST_CHARACTERS = 300_000;

    private final JsonNode json;
    private final int length;
    private final Map<String, Integer> lines = new HashMap<>();
    private int values;
    private int characters;

    /** It is no YAML, or more of it than a file of routes needs. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;
        final int line;

        Unreadable(int line, String reason) {
            super(reason);
            this.line = line;
        }
    }

    YamlText(String text) throws Unreadable {
        length = text.length();
        try {
            Optional<Node> node = new Compose(SETTINGS).composeString(text);
            // Nothing but comments: no routes.
            JsonNode read = node.isEmpty() ? NullNode.getInstance() : read(node.get(), "", 0);
            json = read.isNull() ? JsonNodeFactory.instance.arrayNode() : read;
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw new Unreadable(line, "no YAML: " + e.getProblem());
        } catch (ReaderException e) {
            String before = text.substring(0, Math.max(0, text.indexOf(e.getCodePoint())));
            throw new Unreadable(
                    1 + (int) before.chars().filter(c -> c == '\n').count(),
                    "no YAML: the character U+%04X may not stand in it".formatted(e.getCodePoint()));
        } catch (YamlEngineException e) {
            throw new Unreadable(1, "no YAML: " + e.getMessage());
        } catch (StackOverflowError e) {
            throw new Unreadable(1, "it is nested too deeply");
        }
    }

    JsonNode json() {
        return json;
    }

    /** Characters. */
    int length() {
        return length;
    }

    /** @param pointer RFC 6901; where nothing is there, of what is around it */
    int line(String pointer) {
        String at = pointer;
        while (!lines.containsKey(at) && !at.isEmpty()) {
            at = at.substring(0, at.lastIndexOf('/'));
        }
        return lines.getOrDefault(at, 1);
    }

    private JsonNode read(Node node, String pointer, int depth) throws Unreadable {
        int line = node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
        lines.putIfAbsent(pointer, line);
        if (depth > DEEPEST || ++values > MOST) {
            throw new Unreadable(line, "nested too deeply, or too much");
        }
        if (node instanceof MappingNode mapping) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            for (NodeTuple entry : mapping.getValue()) {
                if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                    throw new Unreadable(line, "a name is not a text; what begins with { or [ stands in quotes");
                }
                String child = pointer + "/" + escaped(key.getValue());
                int at = key.getStartMark().map(mark -> mark.getLine() + 1).orElse(line);
                if (key.getValue().equals("<<")) {
                    throw new Unreadable(at, "<< is not read as in YAML 1.1: write out what is meant");
                }
                if (object.has(key.getValue())) {
                    throw new Unreadable(at, "'" + key.getValue() + "' is there twice");
                }
                lines.put(child, at);
                object.set(key.getValue(), read(entry.getValueNode(), child, depth + 1));
            }
            return object;
        }
        if (node instanceof SequenceNode sequence) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            for (Node item : sequence.getValue()) {
                array.add(read(item, pointer + "/" + array.size(), depth + 1));
            }
            return array;
        }
        ScalarNode scalar = (ScalarNode) node;
        characters += scalar.getValue().length();
        if (characters > MOST_CHARACTERS) {
            throw new Unreadable(line, "more text than a file of routes needs");
        }
        return scalar(scalar);
    }

    private static JsonNode scalar(ScalarNode scalar) {
        String value = scalar.getValue();
        Tag tag = scalar.getTag();
        if (Objects.equals(tag, Tag.BOOL)) {
            return JsonNodeFactory.instance.booleanNode(Boolean.parseBoolean(value));
        }
        if (Objects.equals(tag, Tag.INT) && value.matches("-?[1-9][0-9]{0,17}|0")) {
            return JsonNodeFactory.instance.numberNode(Long.parseLong(value));
        }
        if (Objects.equals(tag, Tag.NULL)) {
            return JsonNodeFactory.instance.nullNode();
        }
        return JsonNodeFactory.instance.textNode(value);
    }

    /** A name as a part of a pointer. */
    static String escaped(String name) {
        return JsonPointer.empty().appendProperty(name).toString().substring(1);
    }
}
