package dev.sandglass.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.bench.Bench.Wanted;
import dev.sandglass.bench.Benchmark.By;
import dev.sandglass.events.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NumbersTest {
    private static final Path HERE = Path.of("/work");

    @Test
    void aRatioIsMissedByTwoRoundsOfThree() {
        assertTrue(ratio(1.9, 1.8, 2.5).met());
        assertFalse(ratio(1.9, 2.1, 2.5).met());
    }

    @Test
    void anyOtherNumberByItsMedian() {
        assertTrue(new Benchmark("p99", "ms", By.SPECIFICATION, 300, true, List.of(100.0, 290.0, 500.0)).met());
        assertFalse(new Benchmark("p99", "ms", By.SPECIFICATION, 300, true, List.of(100.0, 310.0, 500.0)).met());
        // One that is not there is not met.
        assertFalse(new Benchmark("p99", "ms", By.SPECIFICATION, 300, true, List.of()).met());
    }

    @Test
    void whatWeSetOurselvesFailsNobody() {
        Row row = new Row(
                "create",
                "",
                List.of(),
                List.of(new Benchmark("p99", "ms", By.OURSELVES, 1, true, List.of(2.0))),
                List.of(),
                List.of());
        assertFalse(Report.failed(AgainstTest.run(row)));
        Row worse = new Row(
                "create",
                "",
                List.of(),
                List.of(new Benchmark("p99", "ms", By.SPECIFICATION, 1, true, List.of(2.0))),
                List.of(),
                List.of());
        assertTrue(Report.failed(AgainstTest.run(worse)));
    }

    @Test
    void exponents() {
        List<Double> at = List.of(1_000.0, 10_000.0, 100_000.0);
        assertEquals(1, new Curve("c", at, List.of(2.0, 20.0, 200.0)).exponent(), 1e-9);
        assertEquals(0, new Curve("c", at, List.of(3.0, 3.0, 3.0)).exponent(), 1e-9);
        assertEquals(0.5, new Curve("c", at, List.of(1.0, Double.NaN, 10.0)).exponent(), 1e-9);
        assertTrue(Double.isNaN(new Curve("c", at, List.of(1.0, Double.NaN, Double.NaN)).exponent()));
    }

    @Test
    void words() {
        assertEquals(
                new Wanted(true, Path.of("/work/old.json"), null, List.of("create", "next")),
                Wanted.of(List.of("--quick", "create", "--against", "old.json", "next"), HERE));
        Wanted whole = Wanted.of(List.of(), HERE);
        assertTrue(whole.rows().contains("drain"));
        assertFalse(whole.rows().contains("growth"));
        assertFalse(Wanted.of(List.of("--quick"), HERE).rows().contains("drain"));
        assertEquals(
                List.of("creates"),
                Wanted.of(List.of("--profile", "task"), HERE).rows());
        assertThrows(CannotMeasure.class, () -> Wanted.of(List.of("creat"), HERE));
        assertThrows(CannotMeasure.class, () -> Wanted.of(List.of("--against"), HERE));
    }

    @Test
    void frames() {
        String change =
                "{\"type\":\"change\",\"list\":\"l\",\"seq\":2,\"event\":\"task.created\",\"task\":{\"title\":\"t7\"}}";
        assertEquals("task.created t7", Live.key(change));
        assertEquals("reminder t7", Live.key("{\"type\":\"reminder\",\"task\":{\"title\":\"t7\"}}"));
        assertEquals("", Live.word("{}", "title"));
    }

    @Test
    void aResultIsReadAsItWasWritten(@TempDir Path folder) throws Exception {
        Curve curve = new Curve("c", List.of(1.0, 2.0), List.of(1.0, Double.NaN));
        Row row = new Row("growth", "", List.of(), List.of(), List.of(), List.of("n"), List.of(curve));
        Result result = AgainstTest.run(row);
        result.write(folder.resolve("deep/result.json"));
        assertEquals(result, Result.read(folder.resolve("deep/result.json")));
        Files.writeString(folder.resolve("no.json"), "no");
        assertThrows(CannotMeasure.class, () -> Result.read(folder.resolve("no.json")));
    }

    @Test
    void whatWasNotMeasuredIsNullAndTheTextOfAnOlderResultIsReadAsWell(@TempDir Path folder) throws Exception {
        Curve curve = new Curve("c", List.of(1.0, 2.0), List.of(1.0, Double.NaN));
        Row row = new Row("growth", "", List.of(), List.of(), List.of(), List.of(), List.of(curve));
        Result result = AgainstTest.run(Map.of("kafka", new Result.Part(7.5, Double.NaN)), row);
        Path file = folder.resolve("result.json");
        result.write(file);
        String text = Files.readString(file);
        JsonNode json = Json.MAPPER.readTree(text);
        assertTrue(json.at("/parts/kafka/start").isNull(), text);
        assertTrue(json.at("/parts/kafka/megabytes").isNumber(), text);
        assertTrue(json.at("/rows/0/curves/0/values/1").isNull(), text);
        assertEquals(result, Result.read(file));
        Files.writeString(file, text.replaceAll("\\bnull\\b", "\"NaN\""));
        assertEquals(result, Result.read(file));
        // What an older result has not is 0, as before.
        Files.writeString(file, text.replaceAll("\"p10\" : [0-9.]+,", ""));
        assertEquals(0, Result.read(file).lateness().p10());
    }

    @Test
    void flames() {
        FlameGraph graph = new FlameGraph();
        graph.add(List.of("main", "dev.sandglass.Work<T>"), 3);
        graph.add(List.of("main"), 1);
        assertEquals(4, graph.samples());
        assertEquals("75.0 %  dev.sandglass.Work<T>", graph.hottest(1).get(0));
        String svg = graph.svg("task");
        assertTrue(svg.contains("dev.sandglass.Work&lt;T&gt;: 3 samples, 75.0 %"), svg);
    }

    private static Benchmark ratio(Double... rounds) {
        return new Benchmark("ratio", "", By.FLOOR, 2, true, List.of(rounds));
    }

    @Test
    void theTableIsPrinted() {
        Map<String, Stat> round = Map.of(
                Row.PRODUCT, new Stat(1, 2, 2, 2, 2, 2, 1, 0, ""), Row.HTTP, new Stat(1, 1, 1, 1, 1, 1, 1, 0, ""));
        Row row = new Row("create", "a task", List.of(round), List.of(ratio(2.0, 2.0, 3.0)), List.of(), List.of());
        var bytes = new java.io.ByteArrayOutputStream();
        Report.print(AgainstTest.run(row), new java.io.PrintStream(bytes));
        assertTrue(bytes.toString().contains("ok     ratio 2, promised <= 2 times the floor"), bytes.toString());
        assertTrue(Chart.of(AgainstTest.run(row)).startsWith("<svg"));
    }
}
