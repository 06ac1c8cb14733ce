package dev.sandglass.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Results as a person likes to read them. */
final class Report {
    private static final int ROUTES = 8;
    private static final double SEEN = 0.005;

    private Report() {}

    static boolean failed(Result result) {
        return result.rows().stream()
                .flatMap(row -> row.marks().stream())
                .anyMatch(mark -> mark.by() != Benchmark.By.OURSELVES && !mark.met());
    }

    static void print(Result result, PrintStream out) {
        out.printf("%nSandglass %s, %s%n%s; JDK %s%n", result.commit(), result.date(), result.machine(), result.jdk());
        out.printf(
                "Each number is the median of its rounds, milliseconds; the floor is the same Dapr calls sent straight to a sidecar.%n");
        if (result.quick()) {
            out.printf("A quick run: 1,000 sockets, 1,000 tasks, short rounds; no drain, no restart.%n");
        }
        if (result.load() > 1) {
            out.printf("The machine was busy before (load %.1f): these figures are of little use.%n", result.load());
        }
        table(result, out);
        promises(result, out);
        peers(result, out);
        curves(result, out);
        costs(result, out);
        generator(result, out);
        out.printf("%n%s%n", failed(result) ? "Missed: see MISSED above." : "What was specified is met.");
    }

    private static void table(Result result, PrintStream out) {
        out.printf(
                "%n%-10s %9s %9s %9s %8s %7s | %9s %9s %8s%n",
                "", "p50", "p99", "max", "a second", "errors", "HTTP p50", "gRPC p50", "ratio");
        for (Row row : result.rows()) {
            if (!row.rounds().isEmpty() && !row.name().startsWith("peers")) {
                out.printf(
                        "%-10s %9s %9s %9s %8s %7d | %9s %9s %8s%n",
                        row.name(),
                        of(row, Row.PRODUCT, Stat::p50),
                        of(row, Row.PRODUCT, Stat::p99),
                        of(row, Row.PRODUCT, Stat::max),
                        of(row, Row.PRODUCT, Stat::perSecond),
                        row.errors(),
                        of(row, Row.HTTP, Stat::p50),
                        of(row, Row.GRPC, Stat::p50),
                        Benchmark.number(Benchmark.median(
                                row.rounds().stream().map(Row::ratio).toList())));
            }
        }
    }

    private static String of(Row row, String who, ToDoubleFunction<Stat> number) {
        return Benchmark.number(Benchmark.median(row.rounds().stream()
                .filter(round -> round.containsKey(who))
                .map(round -> number.applyAsDouble(round.get(who)))
                .toList()));
    }

    private static void promises(Result result, PrintStream out) {
        for (Row row : result.rows()) {
            out.printf("%n%s: %s%n", row.name(), row.about());
            for (Benchmark mark : row.marks()) {
                out.printf(
                        "  %-6s %s%s%n",
                        mark.met() ? "ok" : "MISSED",
                        mark.words(),
                        switch (mark.by()) {
                            case SPECIFICATION -> " by the specification";
                            case FLOOR -> " times the floor";
                            case OURSELVES -> "";
                        });
            }
            row.notes().forEach(note -> out.printf("  %s%n", note));
            row.rounds().stream()
                    .flatMap(round -> round.entrySet().stream())
                    .filter(one -> !one.getValue().firstError().isEmpty())
                    .findFirst()
                    .ifPresent(one -> out.printf(
                            "  first error (%s): %s%n",
                            one.getKey(), one.getValue().firstError()));
        }
    }

    private static void peers(Result result, PrintStream out) {
        for (Row row : result.rows()) {
            if (row.name().startsWith("peers") && !row.rounds().isEmpty()) {
                out.printf("%n%-32s %9s %9s %9s %7s%n", row.name(), "p50", "p99", "a second", "errors");
                for (String who : row.rounds().get(0).keySet()) {
                    out.printf(
                            "%-32s %9s %9s %9s %7s%n",
                            who.equals(Row.PRODUCT) ? "Sandglass" : who,
                            of(row, who, Stat::p50),
                            of(row, who, Stat::p99),
                            of(row, who, Stat::perSecond),
                            of(row, who, Stat::errors));
                }
            }
        }
    }

    private static void curves(Result result, PrintStream out) {
        for (Row row : result.rows()) {
            if (!row.curves().isEmpty()) {
                out.printf("%n%-52s", row.name());
                row.curves().get(0).at().forEach(at -> out.printf(" %10s", Benchmark.number(at)));
                out.printf("   exponent%n");
                for (Curve curve : row.curves()) {
                    out.printf("%-52s", curve.name());
                    curve.values().forEach(value -> out.printf(" %10s", Benchmark.number(value)));
                    out.printf("   %s%n", Benchmark.number(curve.exponent()));
                }
            }
        }
    }

    private static void costs(Result result, PrintStream out) {
        Map<String, List<Cost>> weighed = new LinkedHashMap<>();
        for (Row row : result.rows()) {
            if (!row.costs().isEmpty()) {
                weighed.put(row.name(), row.costs());
            }
        }
        out.printf(
                "%nProcessor time, milliseconds: a second while idle, a change in a row (idle taken off); memory of its own, seconds to start%n");
        out.printf("%-20s", "");
        weighed.keySet().forEach(name -> out.printf(" %9s", name));
        out.printf(" | %7s %7s%n", "MB", "start");
        List<String> names = new ArrayList<>(result.parts().keySet());
        names.add("generator");
        for (String part : names) {
            out.printf("%-20s", part);
            weighed.values()
                    .forEach(costs ->
                            out.printf(" %9s", median(costs, cost -> cost.cpu().getOrDefault(part, Double.NaN))));
            Result.Part own = result.parts().get(part);
            out.printf(
                    " | %7s %7s%n",
                    own == null ? "" : Benchmark.number(own.megabytes()),
                    own == null ? "" : Benchmark.number(own.start()));
        }
        out.printf("%-20s", "whole system");
        weighed.values().forEach(costs -> out.printf(" %9s", median(costs, Cost::system)));
        out.println(" |");

        each(weighed, "Dapr calls a change (idle: a second)", Cost::calls, Integer.MAX_VALUE, out);
        each(weighed, "Milliseconds in a route each time it is taken", Cost::routes, ROUTES, out);
        each(weighed, "Bytes a change", Cost::bytes, Integer.MAX_VALUE, out);
    }

    private static void each(
            Map<String, List<Cost>> weighed,
            String title,
            Function<Cost, Map<String, Double>> what,
            int most,
            PrintStream out) {
        Map<String, Double> largest = new TreeMap<>();
        weighed.values()
                .forEach(costs -> costs.forEach(
                        cost -> what.apply(cost).forEach((name, value) -> largest.merge(name, value, Math::max))));
        out.printf("%n%s%n%-42s", title, "");
        weighed.keySet().forEach(name -> out.printf(" %9s", name));
        out.println();
        largest.entrySet().stream()
                .filter(one -> one.getValue() >= SEEN)
                .sorted(
                        most < Integer.MAX_VALUE
                                ? Map.Entry.comparingByValue(Comparator.reverseOrder())
                                : Map.Entry.comparingByKey())
                .limit(most)
                .forEach(one -> {
                    out.printf("%-42s", one.getKey());
                    weighed.values()
                            .forEach(costs -> out.printf(
                                    " %9s",
                                    median(costs, cost -> what.apply(cost).getOrDefault(one.getKey(), Double.NaN))));
                    out.println();
                });
    }

    private static String median(List<Cost> costs, ToDoubleFunction<Cost> number) {
        return Benchmark.number(Benchmark.median(costs.stream()
                .map(number::applyAsDouble)
                .filter(one -> !Double.isNaN(one))
                .toList()));
    }

    private static void generator(Result result, PrintStream out) {
        out.printf(
                "%nThe generator: %.3f ms of processor time a call, %s ms p50 of an empty answer; it sent what was due %s ms late at p99, %s at most%n",
                result.generator().cpuMillis(),
                Benchmark.number(result.generator().echo().p50()),
                Benchmark.number(result.lateness().p99()),
                Benchmark.number(result.lateness().max()));
    }

    /** @return whether something is worse by more than the noise */
    static boolean against(Result old, Result now, PrintStream out) {
        List<Against.Move> moves = Against.moves(old, now);
        out.printf(
                "%nAgainst %s of %s: %s%n",
                old.commit(),
                old.date(),
                moves.isEmpty()
                        ? "nothing moved beyond the noise of the two."
                        : "what moved beyond the noise of the two");
        if (!old.machine().equals(now.machine())
                || !old.jdk().equals(now.jdk())
                || !old.flags().equals(now.flags())) {
            out.println("Not of the same machine, JDK or flags: differences may be theirs.");
        }
        for (Against.Move move : moves) {
            out.printf(
                    "  %-8s %-9s %-52s %10s -> %-10s %s%n",
                    move.counts() ? "WORSE" : move.worse() ? "slower" : "better",
                    move.row(),
                    move.number(),
                    Benchmark.number(move.before()),
                    Benchmark.number(move.after()),
                    move.floor() == 1 ? "" : "its floor moved likewise, %.2f times".formatted(move.floor()));
        }
        return moves.stream().anyMatch(Against.Move::counts);
    }
}
