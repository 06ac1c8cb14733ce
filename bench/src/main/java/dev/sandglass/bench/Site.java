package dev.sandglass.bench;

import dev.sandglass.bench.Benchmark.By;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The place where rows are measured.
 *
 * @param quick whether the whole is to take less than two minutes
 * @param idle what the system costs while nothing is done
 */
record Site(
        boolean quick,
        RunningStack stack,
        LoadGenerator load,
        Http http,
        Product product,
        Live live,
        Floor floor,
        Meter meter,
        Cost idle) {
    static final int ROUNDS = 3;

    /** The rows that are measured under one name. */
    interface Measurement {
        List<Row> measure(Site site) throws Exception;
    }

    /** A round's share of the time: shorter where the whole is. */
    Duration seconds(double whole, double quickly) {
        return Duration.ofMillis((long) ((quick ? quickly : whole) * 1000));
    }

    /** Floor, product, floor again, three times. */
    static List<Map<String, Stat>> rounds(Supplier<Samples> http, Supplier<Samples> grpc, Supplier<Samples> product) {
        List<Map<String, Stat>> rounds = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            rounds.add(round(http, grpc, product));
        }
        return rounds;
    }

    /** The product alone, three times. */
    static List<Map<String, Stat>> rounds(Supplier<Samples> product) {
        List<Map<String, Stat>> rounds = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            rounds.add(Map.of(Row.PRODUCT, product.get().stat()));
        }
        return rounds;
    }

    static Map<String, Stat> round(Supplier<Samples> http, Supplier<Samples> grpc, Supplier<Samples> product) {
        Samples overHttp = http.get();
        Samples overGrpc = grpc.get();
        Samples own = product.get();
        overGrpc.add(grpc.get());
        overHttp.add(http.get());
        Map<String, Stat> round = new LinkedHashMap<>();
        round.put(Row.PRODUCT, own.stat());
        round.put(Row.HTTP, overHttp.stat());
        round.put(Row.GRPC, overGrpc.stat());
        return round;
    }

    static Benchmark mark(
            String name,
            String unit,
            By by,
            double limit,
            boolean atMost,
            List<Map<String, Stat>> rounds,
            ToDoubleFunction<Stat> number) {
        return new Benchmark(
                name,
                unit,
                by,
                limit,
                atMost,
                rounds.stream()
                        .map(round -> number.applyAsDouble(round.get(Row.PRODUCT)))
                        .toList());
    }

    /** None may fail. */
    static Benchmark noErrors(List<Map<String, Stat>> rounds) {
        return mark("errors", "", By.OURSELVES, 0, true, rounds, Stat::errors);
    }
}
