package dev.sandglass.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The numbers that moved between two runs beyond their noise: medians further apart than the spreads of both runs' rounds together, and by a
 * share that matters. Where the floor moved the same way, the machine did it and not the product.
 */
final class Against {
    private static final double SHARE = 0.05;
    /** The same of one round only, whose noise nobody knows: two runs of one commit differ by a third. */
    private static final double SHARE_OF_ONE = 0.5;

    /**
     * @param worse whether it is a loss
     * @param floor how much the row's floors moved, as a factor; 1 where they stayed within their noise
     */
    record Move(String row, String number, double before, double after, boolean worse, double floor) {
        double factor() {
            return before == 0 ? Double.POSITIVE_INFINITY : after / before;
        }

        /** Tells if it holds up later work: a loss that is the product's own. */
        boolean counts() {
            return worse && !explains() && floor == 1;
        }

        /** Tells if it only explains another one. */
        boolean explains() {
            return number.startsWith("ms in route") || number.startsWith("floor");
        }
    }

    private Against() {}

    static List<Move> moves(Result before, Result after) {
        Map<String, Row> old = new HashMap<>();
        before.rows().forEach(row -> old.put(row.name(), row));
        List<Move> moves = new ArrayList<>();
        for (Row row : after.rows()) {
            Row same = old.get(row.name());
            if (same != null) {
                moves.addAll(moves(row.name(), same.numbers(), row.numbers()));
            }
        }
        return moves;
    }

    private static List<Move> moves(String row, Map<String, List<Double>> before, Map<String, List<Double>> after) {
        List<Move> moves = new ArrayList<>();
        double floor = 1;
        for (String kind : List.of(Row.HTTP, Row.GRPC)) {
            String number = kind + ", p50 ms";
            if (before.containsKey(number)
                    && after.containsKey(number)
                    && moved(number, before.get(number), after.get(number))) {
                floor = Benchmark.median(after.get(number)) / Benchmark.median(before.get(number));
            }
        }
        for (Map.Entry<String, List<Double>> one : after.entrySet()) {
            String number = one.getKey();
            // A new kind of call was made no time before.
            List<Double> then = before.getOrDefault(number, number.startsWith("Dapr calls") ? List.of(0.0) : List.of());
            if (!then.isEmpty() && moved(number, then, one.getValue())) {
                double was = Benchmark.median(then);
                double is = Benchmark.median(one.getValue());
                boolean worse = moreIsBetter(number) ? is < was : is > was;
                boolean machine = inTime(number) && !number.startsWith("ratio") && floor != 1 && (floor > 1) == worse;
                moves.add(new Move(row, number, was, is, worse, machine ? floor : 1));
            }
        }
        moves.sort(Comparator.comparingDouble((Move move) -> -Math.abs(Math.log(move.factor() + 1e-9))));
        return moves;
    }

    static boolean moved(String number, List<Double> before, List<Double> after) {
        double was = Benchmark.median(before);
        double is = Benchmark.median(after);
        double distance = Math.abs(is - was);
        double noise = spread(before) + spread(after);
        boolean single = before.size() < 2 && after.size() < 2;
        double share = (single ? SHARE_OF_ONE : SHARE) * Math.max(Math.abs(was), Math.abs(is));
        return distance > noise && distance > share && distance > least(number);
    }

    /** Below which a difference is of no interest to anybody. */
    private static double least(String number) {
        if (number.startsWith("bytes")) {
            return 50;
        }
        if (number.startsWith("Dapr calls a second")) {
            // On an idle system, work that is done each ten seconds happens once or twice while it is looked at.
            return 0.5;
        }
        return number.startsWith("Dapr calls") || number.startsWith("processor") ? 0.05 : 0.1;
    }

    private static double spread(List<Double> rounds) {
        return rounds.stream().mapToDouble(round -> round).max().orElse(0)
                - rounds.stream().mapToDouble(round -> round).min().orElse(0);
    }

    private static boolean moreIsBetter(String number) {
        return number.contains("per second") || number.endsWith("/s") || number.startsWith("answered");
    }

    private static boolean inTime(String number) {
        return number.contains("ms") || number.contains("per second") || number.endsWith("/s");
    }
}
