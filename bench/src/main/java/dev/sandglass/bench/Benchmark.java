package dev.sandglass.bench;

import java.util.List;
import java.util.Locale;

/**
 * A number that is held against a promise.
 *
 * @param name which of the row's numbers
 * @param unit behind the number, {@code ms}, {@code /s}; empty for a ratio
 * @param by who promises it
 * @param limit what is promised
 * @param atMost whether the limit is the most, and not the least
 * @param rounds the number of each round
 */
record Benchmark(String name, String unit, By by, double limit, boolean atMost, List<Double> rounds) {
    /** A ratio that is missed in so many rounds is missed. */
    private static final int TWICE = 2;

    /** The one who promises a number decides what follows when it is missed. */
    enum By {
        /** docs/specification.md: missed, the bench fails. */
        SPECIFICATION,
        /** A ratio to the floor of the same round: missed in two rounds of three, the bench fails. */
        FLOOR,
        /** This project sets it itself: missed, the table says so. */
        OURSELVES
    }

    double value() {
        return median(rounds);
    }

    boolean met() {
        if (by == By.FLOOR) {
            return rounds.stream().filter(round -> !holds(round)).count() < Math.min(TWICE, rounds.size());
        }
        return holds(value());
    }

    private boolean holds(double number) {
        return atMost ? number <= limit : number >= limit;
    }

    /** {@code ratio 25.30, promised <= 2} */
    String words() {
        return "%s %s, promised %s %s"
                .formatted(name, number(value()) + tail(), atMost ? "<=" : ">=", number(limit) + tail());
    }

    private String tail() {
        return unit.isEmpty() ? "" : " " + unit;
    }

    static double median(List<Double> numbers) {
        List<Double> sorted = numbers.stream().sorted().toList();
        int size = sorted.size();
        return size == 0 ? Double.NaN : (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
    }

    /** With three digits or so. */
    static String number(double number) {
        double size = Math.abs(number);
        if (Double.isNaN(number)) {
            return "-";
        }
        int digits = size >= 100 || number == Math.rint(number) ? 0 : size >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%,." + digits + "f", number);
    }
}
