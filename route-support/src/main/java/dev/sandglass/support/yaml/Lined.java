package dev.sandglass.support.yaml;

import com.fasterxml.jackson.databind.node.TextNode;

/** JSON, which is YAML too, with each of its parts in the line that it has in another file: so Camel names the lines of that. */
final class Lined {
    private final StringBuilder json = new StringBuilder();
    private int line = 1;
    private boolean first = true;

    /** Goes on in this line, or in the first free one after it. */
    Lined at(int next) {
        while (line < next) {
            json.append('\n');
            line++;
        }
        return this;
    }

    Lined open(char bracket) {
        separate();
        json.append(bracket);
        first = true;
        return this;
    }

    Lined close(char bracket) {
        json.append(bracket);
        first = false;
        return this;
    }

    Lined key(String name) {
        separate();
        json.append(TextNode.valueOf(name)).append(": ");
        first = true;
        return this;
    }

    Lined text(String text) {
        separate();
        json.append(TextNode.valueOf(text));
        return this;
    }

    private void separate() {
        if (!first) {
            json.append(", ");
        }
        first = false;
    }

    @Override
    public String toString() {
        return json.toString();
    }
}
