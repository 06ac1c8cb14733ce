package dev.sandglass.task.domain.finding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.events.Priority;
import dev.sandglass.events.Task;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

@Tag("FR-006")
class PagingTest {
    private static final Instant NOW = Instant.parse("2027-01-31T12:00:00Z");

    @Property(tries = 300)
    void pagingYieldsEveryTaskOnceInOrder(
            @ForAll("tasks") List<Task> tasks,
            @ForAll("sorts") String sort,
            @ForAll @IntRange(min = 1, max = 7) int limit) {
        var all = tasks.stream().map(Findable::of).toList();
        var whole = Sample.find(Finding.parse(Map.of("sort", sort, "limit", "500"), ZoneOffset.UTC), all, NOW);
        assertEquals(ids(tasks), ids(whole.tasks()));
        var order = SortKey.order(
                Arrays.stream(sort.split(",")).map(SortKey.Step::parse).toList());
        for (int i = 1; i < whole.tasks().size(); i++) {
            assertTrue(order.compare(
                            Findable.of(whole.tasks().get(i - 1)).position(),
                            Findable.of(whole.tasks().get(i)).position())
                    < 0);
        }
        var paged = new ArrayList<Task>();
        var query = new HashMap<>(Map.of("sort", sort, "limit", "" + limit));
        Page page;
        do {
            page = Sample.find(Finding.parse(query, ZoneOffset.UTC), all, NOW);
            assertEquals(tasks.size(), page.total());
            paged.addAll(page.tasks());
            query.put("cursor", page.next());
        } while (page.next() != null && paged.size() <= tasks.size());
        assertEquals(whole.tasks(), paged);
    }

    @Property
    void foldingTwiceIsFoldingOnce(@ForAll String text) {
        assertEquals(Folding.fold(text), Folding.fold(Folding.fold(text)));
    }

    private static Set<String> ids(List<Task> tasks) {
        return tasks.stream().map(Task::id).collect(Collectors.toSet());
    }

    @Provide
    Arbitrary<List<Task>> tasks() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 60),
                        Arbitraries.of("a", "B", "ä", "Łódź", "z", "🏠", "x".repeat(300), "x".repeat(301)),
                        Arbitraries.of(Priority.class),
                        Arbitraries.of("2027-01-31", "2027-01-31T00:00:00", "2027-01-31T09:00:00", "2027-02-01")
                                .injectNull(0.3),
                        Arbitraries.integers().between(0, 3))
                .as((id, title, priority, due, created) -> new Sample("l." + id)
                        .title(title)
                        .priority(priority)
                        .due(due)
                        .created("2027-01-0" + (1 + created) + "T00:00:00Z")
                        .task())
                .list()
                .ofMaxSize(40)
                .uniqueElements(Task::id);
    }

    @Provide
    Arbitrary<String> sorts() {
        return Arbitraries.of("due", "priority", "title", "created", "updated")
                .list()
                .uniqueElements()
                .ofMinSize(1)
                .flatMap(keys -> Arbitraries.of("", "-")
                        .list()
                        .ofSize(keys.size())
                        .map(signs -> IntStream.range(0, keys.size())
                                .mapToObj(i -> signs.get(i) + keys.get(i))
                                .collect(Collectors.joining(","))));
    }
}
