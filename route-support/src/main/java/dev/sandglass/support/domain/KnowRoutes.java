package dev.sandglass.support.domain;

import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.RouteQueue.Registry;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Writes down the integrators' routes. Routes that are gone lose their events.
 *
 * @param live routes of files in force
 * @param unclear files that exist but cannot be loaded: their routes stay as they were
 */
public record KnowRoutes(SortedMap<String, EventSelector> live, Set<String> unclear)
        implements Decision<KnowRoutes.Known> {
    private static final int KEYS_AT_ONCE = 100;

    /** The events of a route that is gone, as a range of numbers without the last. */
    record Left(String route, long first, long next) {
        private Stream<Transaction> removals() {
            return LongStream.iterate(first, from -> from < next, from -> from + KEYS_AT_ONCE)
                    .mapToObj(from -> {
                        Transaction some = new Transaction();
                        LongStream.range(from, Math.min(next, from + KEYS_AT_ONCE))
                                .forEach(n -> some.delete(RouteQueue.event(route, n)));
                        return some;
                    });
        }
    }

    /** The routes that are known now, and the remaining events of routes that are gone. */
    public record Known(Registry registry, List<Left> left) {
        /** The transactions that remove them. */
        public Iterator<Transaction> removals() {
            return left.stream().flatMap(Left::removals).iterator();
        }
    }

    @Override
    public Accepted<Known> on(Documents documents) {
        Stored stored = documents.get(Registry.KEY);
        SortedMap<String, EventSelector> before = Registry.of(stored).routes();
        SortedMap<String, EventSelector> after = new TreeMap<>(live);
        before.forEach((id, selector) -> {
            if (unclear.contains(selector.file())) {
                after.putIfAbsent(id, selector);
            }
        });
        Registry registry = new Registry(1, after);
        List<Left> left = new ArrayList<>();
        if (after.equals(before)) {
            return Accepted.unchanged(new Known(registry, left));
        }
        Transaction transaction = new Transaction().replace(stored, registry);
        for (String id : before.keySet()) {
            if (!after.containsKey(id)) {
                left.add(left(documents, id));
                transaction.delete(RouteQueue.in(id)).delete(RouteQueue.out(id));
            }
        }
        for (String id : after.keySet()) {
            if (!before.containsKey(id)) {
                transaction.put(RouteQueue.in(id), new RouteQueue(1, 1)).delete(RouteQueue.out(id));
            }
        }
        return new Accepted<>(transaction, new Known(registry, left));
    }

    private static Left left(Documents documents, String route) {
        var both = documents.all(List.of(RouteQueue.in(route), RouteQueue.out(route)));
        Stored in = Objects.requireNonNull(both.get(RouteQueue.in(route)));
        long first = QueueCursor.of(Objects.requireNonNull(both.get(RouteQueue.out(route))))
                .lowest();
        return new Left(
                route, first, in.absent() ? first : in.as(RouteQueue.class).next());
    }
}
