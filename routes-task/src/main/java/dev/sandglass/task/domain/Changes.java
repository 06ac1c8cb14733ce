package dev.sandglass.task.domain;

import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Documents;
import java.util.ArrayList;
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
    static final int LARGEST = 2_000_000;

    private Changes() {}

    /**
     * The changes of a list after a number, in order, at most 1,000, one at least if there is one.
     *
     * @param after {@code head.first() - 1} or more: those before were trimmed
     * @param largest characters, about
     */
    static Stream<String> after(Documents documents, Head head, long after, int largest) {
        return published(read(
                        documents,
                        LongStream.rangeClosed(after + 1, Math.min(head.seq(), after + MOST))
                                .mapToObj(seq -> Keys.change(head.id(), seq))
                                .toList(),
                        largest)
                .takeWhile(change -> !change.absent()));
    }

    /** The changes under these keys that are kept, in order, at most about 2 MB. */
    public static Stream<String> under(Documents documents, List<String> keys) {
        return published(read(documents, keys, LARGEST).filter(change -> !change.absent()));
    }

    /**
     * The same without those that cannot be read.
     *
     * @param unreadable see {@link Stored#as(Class, Map)}
     */
    static Stream<String> under(Documents documents, List<String> keys, Map<String, String> unreadable) {
        return read(documents, keys, LARGEST)
                .filter(change -> !change.absent())
                .flatMap(change -> change.as(StoredChange.class, unreadable).stream())
                .map(StoredChange::data);
    }

    private static Stream<Stored> read(Documents documents, List<String> keys, int largest) {
        List<Stored> found = new ArrayList<>();
        int size = 0;
        for (int from = 0; from < keys.size() && size <= largest; from += READ_AT_ONCE) {
            List<String> some = keys.subList(from, Math.min(from + READ_AT_ONCE, keys.size()));
            Map<String, Stored> read = documents.all(some);
            for (String key : some) {
                Stored change = Objects.requireNonNull(read.get(key));
                if (size > largest) {
                    break;
                }
                found.add(change);
                size += change.json() == null ? 0 : change.json().length();
            }
        }
        return found.stream();
    }

    private static Stream<String> published(Stream<Stored> changes) {
        return changes.map(change -> change.as(StoredChange.class).data());
    }
}
