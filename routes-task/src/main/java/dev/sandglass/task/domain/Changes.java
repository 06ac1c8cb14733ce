package dev.sandglass.task.domain;

import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Documents;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;

/** The changes of lists, read by number; each as it was published: JSON text. */
public final class Changes {
    private static final int MOST = 1_000;
    /** Characters; an answer has to pass two sidecars. */
    private static final int LARGEST = 2_000_000;

    private Changes() {}

    /** Changes of a list by their numbers, those that are kept. */
    public static List<String> of(Documents documents, String list, Collection<Long> numbers) {
        return documents.all(numbers.stream().map(seq -> Keys.change(list, seq)).toList()).values().stream()
                .filter(stored -> !stored.absent())
                .map(stored -> stored.as(StoredChange.class).data())
                .toList();
    }

    /**
     * The changes of a list after a number, in order, at most 1,000 or about 2 MB, one at least if there is one.
     *
     * @param after {@code head.first() - 1} or more: those before were trimmed
     */
    public static List<String> after(Documents documents, Head head, long after) {
        List<String> keys = LongStream.rangeClosed(after + 1, Math.min(head.seq(), after + MOST))
                .mapToObj(seq -> Keys.change(head.id(), seq))
                .toList();
        Map<String, Stored> stored = documents.all(keys);
        List<String> changes = new ArrayList<>();
        int size = 0;
        for (String key : keys) {
            Stored change = Objects.requireNonNull(stored.get(key));
            if (change.absent() || size > LARGEST) {
                break;
            }
            String data = change.as(StoredChange.class).data();
            changes.add(data);
            size += data.length();
        }
        return changes;
    }
}
