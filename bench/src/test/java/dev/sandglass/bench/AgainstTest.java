package dev.sandglass.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.bench.Against.Move;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgainstTest {
    @Test
    void noiseIsNoMove() {
        assertEquals(List.of(), Against.moves(run(row(2, 40, 42, 41)), run(row(2, 42, 40, 43))));
    }

    @Test
    void whatIsFurtherThanBothSpreadsMoved() {
        List<Move> moves = Against.moves(run(row(2, 40, 42, 41)), run(row(2, 60, 62, 61)));
        Move slower = move(moves, "product, p50 ms");
        assertEquals(41, slower.before());
        assertEquals(61, slower.after());
        assertTrue(slower.counts());
        // The other way round nothing is lost.
        assertFalse(Against.moves(run(row(2, 60, 62, 61)), run(row(2, 40, 42, 41))).stream()
                .anyMatch(Move::counts));
    }

    @Test
    void aSlowerMachineIsNoSlowerProduct() {
        List<Move> moves = Against.moves(run(row(2, 40, 42, 41)), run(row(3, 60, 62, 61)));
        Move slower = move(moves, "product, p50 ms");
        assertEquals(1.5, slower.floor());
        assertFalse(slower.counts());
    }

    @Test
    void oneMoreReadAnEventIsFoundByItsCaller() {
        Row before = weighed(Map.of("audit: state get", 1.0), Map.of("audit-sidecar", 1.7));
        Row after = weighed(Map.of("audit: state get", 2.0), Map.of("audit-sidecar", 1.9));
        Move more = move(Against.moves(run(before), run(after)), "Dapr calls a change, audit: state get");
        assertTrue(more.counts());
        assertEquals(2, more.after());
    }

    @Test
    void aCallThatWasNotThereBeforeIsFound() {
        Row before = weighed(Map.of(), Map.of());
        Row after = weighed(Map.of("sync: state get", 1.0), Map.of());
        assertTrue(move(Against.moves(run(before), run(after)), "Dapr calls a change, sync: state get")
                .counts());
    }

    /** The p50 of two quick runs on a busy machine, whose spreads hide 20 ms. */
    @Test
    void aSlowerCallIsFoundOnABusyMachineByTheFastest() {
        Result before = run(rounds(new double[] {25, 23, 22}, new double[] {52, 39, 33}));
        Result after = run(rounds(new double[] {45, 46, 42}, new double[] {60, 82, 50}));
        assertTrue(move(Against.moves(before, after), "product, p10 ms").counts());
    }

    @Test
    void aResultThatDoesNotKnowTheFastestIsNoMove() {
        Result before = run(rounds(new double[3], new double[] {40, 42, 41}));
        Result after = run(rounds(new double[] {20, 21, 20}, new double[] {40, 42, 41}));
        assertEquals(List.of(), Against.moves(before, after));
    }

    @Test
    void fewerASecondIsWorse() {
        List<Move> moves = Against.moves(run(row(2, 1, 1, 1)), run(row(2, 2, 2, 2)));
        assertTrue(move(moves, "product, per second").worse());
    }

    private static Move move(List<Move> moves, String number) {
        return moves.stream()
                .filter(move -> move.number().equals(number))
                .findFirst()
                .orElseThrow();
    }

    private static Row row(double floor, double... product) {
        List<Map<String, Stat>> rounds = new ArrayList<>();
        for (double one : product) {
            Map<String, Stat> round = new LinkedHashMap<>();
            round.put(Row.PRODUCT, stat(one));
            round.put(Row.HTTP, stat(floor));
            round.put(Row.GRPC, stat(floor));
            rounds.add(round);
        }
        return new Row("create", "", rounds, List.of(), List.of(), List.of());
    }

    private static Row rounds(double[] fastest, double[] p50) {
        List<Map<String, Stat>> rounds = new ArrayList<>();
        for (int i = 0; i < p50.length; i++) {
            rounds.add(Map.of(Row.PRODUCT, stat(fastest[i], p50[i])));
        }
        return new Row("create", "", rounds, List.of(), List.of(), List.of());
    }

    private static Row weighed(Map<String, Double> calls, Map<String, Double> cpu) {
        Cost cost = new Cost("change", cpu, calls, Map.of(), Map.of());
        return new Row("create", "", List.of(), List.of(), List.of(cost, cost, cost), List.of());
    }

    private static Stat stat(double millis) {
        return stat(millis, millis);
    }

    private static Stat stat(double fastest, double millis) {
        return new Stat(100, fastest, millis, millis, millis, millis, 1000 / millis, 0, "");
    }

    static Result run(Row... rows) {
        return run(Map.of(), rows);
    }

    static Result run(Map<String, Result.Part> parts, Row... rows) {
        return new Result(
                "abc",
                "2026-11-27T00:00:00Z",
                "m",
                "j",
                Map.of(),
                false,
                0,
                stat(1),
                new Result.Generator(0, stat(1)),
                parts,
                List.of(rows));
    }
}
