package dev.sandglass.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Stacks as a picture: each call as wide as the samples it was in, what it called on top of it. */
final class FlameGraph {
    private static final int WIDTH = 1600;
    private static final int HEIGHT = 17;
    private static final int HEAD = 40;
    private static final double NARROWEST = 0.5;
    private static final double LETTER = 6.6;

    private final Node root = new Node("all");

    private static final class Node {
        private final String name;
        private final Map<String, Node> calls = new TreeMap<>();
        private long samples;
        private long own;

        Node(String name) {
            this.name = name;
        }

        int depth() {
            return 1 + calls.values().stream().mapToInt(Node::depth).max().orElse(0);
        }
    }

    /** @param stack the outermost call first */
    void add(List<String> stack, long samples) {
        Node node = root;
        node.samples += samples;
        for (String call : stack) {
            node = node.calls.computeIfAbsent(call, Node::new);
            node.samples += samples;
        }
        node.own += samples;
    }

    long samples() {
        return root.samples;
    }

    /** The calls that most samples were in themselves, not in what they called, with their share. */
    List<String> hottest(int most) {
        Map<String, Long> own = new TreeMap<>();
        own(root, own);
        return own.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
                .limit(most)
                .map(one -> "%4.1f %%  %s".formatted(100.0 * one.getValue() / root.samples, one.getKey()))
                .toList();
    }

    private static void own(Node node, Map<String, Long> own) {
        own.merge(node.name, node.own, Long::sum);
        node.calls.values().forEach(call -> own(call, own));
    }

    /** An SVG that needs nothing else; the full name is shown on pointing at a bar. */
    String svg(String title) {
        int height = HEAD + HEIGHT * root.depth() + 10;
        StringBuilder svg = new StringBuilder();
        svg.append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"monospace\" font-size=\"11\">\n"
                        .formatted(WIDTH, height));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        svg.append("<text x=\"10\" y=\"22\" font-size=\"15\">%s, %,d samples</text>\n"
                .formatted(escaped(title), root.samples));
        draw(root, 0, height - HEIGHT - 5.0, svg);
        return svg.append("</svg>\n").toString();
    }

    private void draw(Node node, double x, double y, StringBuilder svg) {
        double width = WIDTH * (double) node.samples / Math.max(1, root.samples);
        if (width < NARROWEST) {
            return;
        }
        String name = escaped(node.name);
        int letters = (int) (width / LETTER);
        String shown = letters < 4 ? "" : node.name.length() <= letters ? name : escaped(tail(node.name, letters));
        svg.append(String.format(
                Locale.ROOT,
                "<g><title>%s: %,d samples, %.1f %%</title><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>"
                        + "<text x=\"%.1f\" y=\"%.1f\">%s</text></g>%n",
                name,
                node.samples,
                100.0 * node.samples / Math.max(1, root.samples),
                x,
                y,
                Math.max(width - 0.4, 0.3),
                HEIGHT - 1,
                colour(node.name),
                x + 2,
                y + HEIGHT - 5,
                shown));
        double next = x;
        List<Node> calls = new ArrayList<>(node.calls.values());
        for (Node call : calls) {
            draw(call, next, y - HEIGHT, svg);
            next += WIDTH * (double) call.samples / Math.max(1, root.samples);
        }
    }

    /** The end of a long name says more than its beginning. */
    private static String tail(String name, int letters) {
        return "…" + name.substring(name.length() - letters + 1);
    }

    /** Ours, Camel's, Quarkus and Vert.x's, others': told apart by colour. */
    private static String colour(String name) {
        int shade = 200 + Math.floorMod(name.hashCode(), 50);
        if (name.contains("sandglass")) {
            return "rgb(" + shade + ",120,90)";
        }
        if (name.contains("camel")) {
            return "rgb(" + shade + ",190,90)";
        }
        if (name.contains("dapr")) {
            return "rgb(110,170," + shade + ")";
        }
        return "rgb(" + shade + "," + shade + ",185)";
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
