package dev.sandglass.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The numbers that were measured of one thing.
 *
 * @param name as it is asked for, {@code create}
 * @param about what is done, in a line
 * @param rounds of each the numbers of the product and of the floor: {@value #PRODUCT}, {@value #HTTP}, {@value #GRPC}
 * @param marks what is promised
 * @param costs what a change or a second cost, a round each; empty where that is not asked
 * @param notes what else is to be said
 * @param curves how numbers grow; empty where that is not asked
 */
record Row(
        String name,
        String about,
        List<Map<String, Stat>> rounds,
        List<Benchmark> marks,
        List<Cost> costs,
        List<String> notes,
        List<Curve> curves) {
    static final String PRODUCT = "product";
    static final String HTTP = "floor over HTTP";
    static final String GRPC = "floor over gRPC";

    Row(
            String name,
            String about,
            List<Map<String, Stat>> rounds,
            List<Benchmark> marks,
            List<Cost> costs,
            List<String> notes) {
        this(name, about, rounds, marks, costs, notes, List.of());
    }

    /** The ratio of the product to the better floor of the round. */
    static double ratio(Map<String, Stat> round) {
        Stat product = round.get(PRODUCT);
        double floor = round.entrySet().stream()
                .filter(one -> one.getKey().startsWith("floor"))
                .mapToDouble(one -> one.getValue().p50())
                .min()
                .orElse(Double.NaN);
        return product == null ? Double.NaN : product.p50() / floor;
    }

    /** The same of what is done in a second. */
    static double share(Map<String, Stat> round) {
        Stat product = round.get(PRODUCT);
        double floor = round.entrySet().stream()
                .filter(one -> one.getKey().startsWith("floor"))
                .mapToDouble(one -> one.getValue().perSecond())
                .max()
                .orElse(Double.NaN);
        return product == null ? Double.NaN : product.perSecond() / floor;
    }

    long errors() {
        return rounds.stream()
                .flatMap(round -> round.values().stream())
                .mapToLong(Stat::errors)
                .sum();
    }

    /** Every number there is to compare with another run's, by name, a value each round. */
    Map<String, List<Double>> numbers() {
        Map<String, List<Double>> numbers = new TreeMap<>();
        for (Map<String, Stat> round : rounds) {
            round.forEach((who, stat) -> {
                if (stat.p10() > 0) {
                    put(numbers, who + ", p10 ms", stat.p10());
                }
                put(numbers, who + ", p50 ms", stat.p50());
                put(numbers, who + ", p99 ms", stat.p99());
                put(numbers, who + ", per second", stat.perSecond());
            });
            put(numbers, "ratio to the floor, p50", ratio(round));
        }
        for (Cost cost : costs) {
            put(numbers, "processor ms a " + cost.per() + ", whole system", cost.system());
            cost.cpu().forEach((part, value) -> put(numbers, "processor ms a " + cost.per() + ", " + part, value));
            cost.calls().forEach((call, value) -> put(numbers, "Dapr calls a " + cost.per() + ", " + call, value));
            cost.routes().forEach((route, value) -> put(numbers, "ms in route " + route, value));
            cost.bytes().forEach((where, value) -> put(numbers, "bytes a " + cost.per() + ", " + where, value));
        }
        for (Curve curve : curves) {
            for (int i = 0; i < curve.at().size(); i++) {
                put(
                        numbers,
                        curve.name() + " at " + Benchmark.number(curve.at().get(i)),
                        curve.values().get(i));
            }
        }
        for (Benchmark mark : marks) {
            numbers.putIfAbsent(mark.name() + " " + mark.unit(), mark.rounds());
        }
        return numbers;
    }

    private static void put(Map<String, List<Double>> numbers, String name, double value) {
        if (!Double.isNaN(value)) {
            numbers.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
        }
    }
}
