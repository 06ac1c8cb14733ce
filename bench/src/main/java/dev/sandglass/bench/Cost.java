package dev.sandglass.bench;

import dev.sandglass.bench.Meter.Reading;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The cost of something by part: per change, without the cost of an idle system; or per second, while nothing is done.
 *
 * @param per {@code change} or {@code second}
 * @param cpu milliseconds of processor time by part
 * @param calls Dapr calls by caller and kind
 * @param routes milliseconds spent in a route each time it was taken
 * @param bytes by where they are
 */
record Cost(
        String per,
        Map<String, Double> cpu,
        Map<String, Double> calls,
        Map<String, Double> routes,
        Map<String, Double> bytes) {
    private static final Cost NOTHING = new Cost("", Map.of(), Map.of(), Map.of(), Map.of());

    /** The cost of a second in which nothing is done. */
    static Cost idle(Reading before, Reading after) {
        double seconds = seconds(before, after);
        return between(before, after, NOTHING, "second", seconds);
    }

    /** The cost of one of so many changes. */
    static Cost of(Reading before, Reading after, Cost idle, double changes) {
        return between(before, after, idle, "change", changes);
    }

    private static Cost between(Reading before, Reading after, Cost idle, String per, double times) {
        double seconds = seconds(before, after);
        Map<String, Double> routes = new TreeMap<>();
        after.routes().forEach((route, taken) -> {
            double[] earlier = before.routes().getOrDefault(route, new double[2]);
            double count = taken[1] - earlier[1];
            if (count > 0) {
                routes.put(route, (taken[0] - earlier[0]) / count * TimeUnit.SECONDS.toMillis(1));
            }
        });
        return new Cost(
                per,
                each(before.cpu(), after.cpu(), idle.cpu, seconds, times),
                each(before.calls(), after.calls(), idle.calls, seconds, times),
                routes,
                each(before.bytes(), after.bytes(), idle.bytes, seconds, times));
    }

    private static double seconds(Reading before, Reading after) {
        return (after.nanos() - before.nanos()) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    private static Map<String, Double> each(
            Map<String, Double> before,
            Map<String, Double> after,
            Map<String, Double> idle,
            double seconds,
            double times) {
        Map<String, Double> each = new TreeMap<>();
        after.forEach((name, value) -> {
            double spent = value - before.getOrDefault(name, 0.0) - idle.getOrDefault(name, 0.0) * seconds;
            each.put(name, spent / times);
        });
        return each;
    }

    /** Processor time of the system, the generator's own left out. */
    double system() {
        return cpu.entrySet().stream()
                .filter(part -> !part.getKey().equals("generator"))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }
}
