package dev.sandglass.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The result as a picture: each row's median and 99th percentile beside its floor, and where a change's processor time goes. */
final class Chart {
    private static final int WIDTH = 1000;
    private static final int LEFT = 110;
    private static final int LINE = 34;
    private static final double LEAST = 0.1;
    private static final double MOST = 10_000;
    private static final List<String> COLOURS = List.of(
            "#d1603d", "#ddb967", "#6a8e7f", "#4a6fa5", "#8a5a83", "#b0a990", "#5b8e3e", "#c98ca7", "#3d5a6c",
            "#e3a857");

    private Chart() {}

    static String of(Result result) {
        List<Row> rows =
                result.rows().stream().filter(row -> !row.rounds().isEmpty()).toList();
        List<Row> weighed = result.rows().stream()
                .filter(row -> !row.costs().isEmpty() && !row.name().equals("idle"))
                .toList();
        int costs = 110 + rows.size() * LINE;
        List<String> parts = new ArrayList<>(result.parts().keySet());
        int height = costs + 40 + weighed.size() * LINE + (parts.size() + 3) / 4 * 18 + 20;
        StringBuilder svg = new StringBuilder();
        svg.append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">%n"
                        .formatted(WIDTH, height));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        text(
                svg,
                10,
                22,
                "Sandglass " + result.commit() + ", " + result.date().substring(0, 10)
                        + (result.quick() ? ", a quick run" : ""));
        text(
                svg,
                10,
                42,
                "Milliseconds, each mark ten times the one before. Dark: p50, light: to p99; below it the floor's, grey");
        double axis = 60;
        for (double at = LEAST; at <= MOST; at *= 10) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%.0f\" y1=\"%.0f\" x2=\"%.0f\" y2=\"%d\" stroke=\"#ddd\"/>%n",
                    x(at),
                    axis,
                    x(at),
                    costs - 40));
            text(svg, x(at) - 8, axis, Benchmark.number(at));
        }
        for (int i = 0; i < rows.size(); i++) {
            double y = axis + 12 + i * LINE;
            text(svg, 10, y + 14, rows.get(i).name());
            bar(svg, y, 12, of(rows.get(i), Row.PRODUCT, Stat::p99), "#f0c9b8");
            bar(svg, y, 12, of(rows.get(i), Row.PRODUCT, Stat::p50), "#d1603d");
            bar(svg, y + 13, 6, of(rows.get(i), Row.HTTP, Stat::p99), "#ddd");
            bar(svg, y + 13, 6, of(rows.get(i), Row.HTTP, Stat::p50), "#888");
        }
        text(svg, 10, costs, "Processor milliseconds of a change, by part");
        double widest = weighed.stream()
                        .mapToDouble(row -> row.costs().get(0).system())
                        .max()
                        .orElse(1)
                * 1.1;
        for (int i = 0; i < weighed.size(); i++) {
            double y = costs + 14 + i * LINE;
            text(svg, 10, y + 14, weighed.get(i).name());
            double at = LEFT;
            Map<String, Double> cpu = weighed.get(i).costs().get(0).cpu();
            for (String part : parts) {
                double width = Math.max(0, cpu.getOrDefault(part, 0.0)) / widest * (WIDTH - LEFT - 60);
                svg.append(String.format(
                        Locale.ROOT,
                        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"20\" fill=\"%s\"><title>%s</title></rect>%n",
                        at,
                        y,
                        width,
                        colour(parts, part),
                        part));
                at += width;
            }
            text(
                    svg,
                    at + 6,
                    y + 14,
                    Benchmark.number(weighed.get(i).costs().get(0).system()));
        }
        for (int i = 0; i < parts.size(); i++) {
            double y = costs + 30 + weighed.size() * LINE + i / 4 * 18.0;
            double left = LEFT + i % 4 * 200.0;
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%.1f\" y=\"%.1f\" width=\"12\" height=\"12\" fill=\"%s\"/>%n",
                    left,
                    y - 10,
                    colour(parts, parts.get(i))));
            text(svg, left + 18, y, parts.get(i));
        }
        return svg.append("</svg>\n").toString();
    }

    private static double of(Row row, String who, ToDoubleFunction<Stat> number) {
        return Benchmark.median(row.rounds().stream()
                .filter(round -> round.containsKey(who))
                .map(round -> number.applyAsDouble(round.get(who)))
                .toList());
    }

    private static void bar(StringBuilder svg, double y, int height, double value, String colour) {
        if (value > LEAST) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%d\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
                    LEFT,
                    y,
                    x(value) - LEFT,
                    height,
                    colour));
        }
    }

    private static double x(double value) {
        double share = Math.log10(Math.min(MOST, value) / LEAST) / Math.log10(MOST / LEAST);
        return LEFT + share * (WIDTH - LEFT - 60);
    }

    private static String colour(List<String> parts, String part) {
        return COLOURS.get(parts.indexOf(part) % COLOURS.size());
    }

    private static void text(StringBuilder svg, double x, double y, String text) {
        svg.append(
                String.format(Locale.ROOT, "<text x=\"%.0f\" y=\"%.0f\">%s</text>%n", x, y, FlameGraph.escaped(text)));
    }
}
