package dev.sandglass.support.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.MemoryDapr.Mishap;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Ten documents, of twelve that are asked for, four at a time. */
class PortionsTest {
    private final List<Integer> reads = new ArrayList<>();
    private final MemoryDapr dapr = new MemoryDapr(1) {
        @Override
        public synchronized Map<String, Stored> read(Collection<String> keys) {
            reads.add(keys.size());
            return super.read(keys);
        }
    };
    private final Portions<Integer> numbers = new Portions<>(
            4,
            documents -> IntStream.range(0, 12).mapToObj(i -> "n/" + i).toList(),
            stored -> stored.absent() ? Optional.empty() : Optional.of(stored.as(Integer.class)));

    PortionsTest() {
        IntStream.range(0, 10).forEach(i -> dapr.tamper("n/" + i, Integer.toString(i)));
    }

    @Test
    void theyAreReadAPortionAtATimeAndTakenInTheirOrder() {
        assertEquals(IntStream.range(0, 10).boxed().toList(), Decisions.decide(dapr, documents -> {
            List<Integer> all = numbers.in(documents);
            assertEquals(Map.of(), documents.seen(), "none is held");
            return Accepted.unchanged(all);
        }));
        assertEquals(List.of(4, 4, 4), reads);
    }

    @Test
    void aWriteThatWasLostHasThemReadAnewAndNoMoreAtOnce() {
        dapr.next(Mishap.LOST);
        int sum = Decisions.decide(dapr, documents -> {
            int all = numbers.in(documents).stream().mapToInt(i -> i).sum();
            Stored kept = documents.get("sum");
            if (!documents.again()) {
                dapr.tamper("n/0", "100");
            }
            return new Accepted<>(new Transaction().replace(kept, all), all);
        });
        assertEquals(145, sum);
        assertEquals(List.of(4, 4, 4, 1, 1, 4, 4, 4), reads);
    }
}
