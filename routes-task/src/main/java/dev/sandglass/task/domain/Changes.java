package dev.sandglass.task.domain;

import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Documents;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The changes of lists, read by number; each as it was published: JSON text. */
public final class Changes {
    /** How many keys of changes are read at once: a change holds a description up to three times, 280 kB, so these 4.5 MB. */
    public static final int READ_AT_ONCE = 16;

    private static final int MOST = 1_000;
    /** Characters; an answer has to pass two sidecars. */
    private static final int LARGEST = 2_000_000;

    private Changes() {}

    /** Changes of a list by their numbers, those that are kept. */
    public static List<String> of(Documents documents, String list, Collection<Long> numbers) {
        return documents.all(numbers.stream().map(seq -> Keys.change(list, seq)).toList()).values().stream()
                .filter(stored -> !stored.absent())
                .map(Changes::published)
                .toList();
    }

    /**
     * The changes of a list after a number, in order, at most 1,000 or about 2 MB, one at least if there is one. They are taken out of
     * what was read one by one.
     *
     * @param after {@code head.first() - 1} or more: those before were trimmed
     */
    public static Stream<String> after(Documents documents, Head head, long after) {
        long last = Math.min(head.seq(), after + MOST);
        List<Stored> found = new ArrayList<>();
        int size = 0;
        for (long from = after + 1; from <= last; from += READ_AT_ONCE) {
            List<String> keys = LongStream.range(from, Math.min(from + READ_AT_ONCE, last + 1))
                    .mapToObj(seq -> Keys.change(head.id(), seq))
                    .toList();
            Map<String, Stored> some = documents.all(keys);
            for (String key : keys) {
                Stored change = Objects.requireNonNull(some.get(key));
                if (change.json() == null || size > LARGEST) {
                    return found.stream().map(Changes::published);
                }
                found.add(change);
                size += change.json().length();
            }
        }
        return found.stream().map(Changes::published);
    }

    private static String published(Stored change) {
        return change.as(StoredChange.class).data();
    }
}
