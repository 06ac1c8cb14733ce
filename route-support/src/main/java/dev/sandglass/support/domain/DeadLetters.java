package dev.sandglass.support.domain;

import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Decisions on the dead letters of a service. They get there by {@link ParkEvent}. */
public final class DeadLetters {
    /** The most numbers a page looks at: many of them may be settled. */
    private static final int LOOKED_AT = 1_000;

    /** A letter of a large change has 300 kB. */
    private static final int READ_AT_ONCE = 16;
    /** Characters of a page, about. */
    private static final int LARGEST = 500_000;

    private DeadLetters() {}

    /**
     * Some of the letters, newest first.
     *
     * @param counts the number of all letters, by source
     * @param next the value of {@code before} for the next page; null at the end. A short or empty page may have one.
     */
    public record Page(
            List<Letter> letters,
            Map<String, Long> counts,
            @Nullable Long next) {}

    private record Question(
            @Nullable String source, @Nullable Long before, int limit) {}

    private record Order(@Nullable Long n) {}

    /** The count of the letters, and the range of their numbers. */
    public static Decision<Letter.Head> head() {
        return documents -> Accepted.unchanged(Letter.Head.of(documents.get(Letter.Head.KEY)));
    }

    /** @param question {@code {"source","before","limit"}}: the source, null for all; only lower numbers than {@code before}, null for all */
    public static Decision<Page> page(String question) {
        Question asked = Json.read(question, Question.class);
        return documents -> Accepted.unchanged(page(documents, asked));
    }

    private static Page page(Documents documents, Question asked) {
        Letter.Head head = Letter.Head.of(documents.get(Letter.Head.KEY));
        long n = asked.before == null ? head.next() : Math.min(asked.before, head.next());
        long end = Math.max(head.first(), n - LOOKED_AT);
        List<Letter> found = new ArrayList<>();
        int size = 0;
        while (n > end && found.size() < asked.limit && size <= LARGEST) {
            long from = Math.max(end, n - READ_AT_ONCE);
            Map<String, Stored> some = documents.all(
                    LongStream.range(from, n).mapToObj(Letter::key).toList());
            while (n > from && found.size() < asked.limit && size <= LARGEST) {
                Stored stored = Objects.requireNonNull(some.get(Letter.key(--n)));
                if (stored.json() != null && stored.as(Letter.class).isOf(asked.source)) {
                    found.add(stored.as(Letter.class));
                    size += stored.json().length();
                }
            }
        }
        return new Page(found, head.counts(), n > head.first() ? n : null);
    }

    /** Removes a letter unless it was written since it was seen; @return true if it is gone */
    public static Decision<Boolean> remove(Letter seen) {
        return documents -> {
            Stored stored = documents.get(Letter.key(seen.n()));
            return stored.absent() || !stored.as(Letter.class).equals(seen)
                    ? Accepted.unchanged(stored.absent())
                    : new Accepted<>(removal(documents, stored), true);
        };
    }

    /** @param order {@code {"n"}}: the number of the letter to drop, with any content; without such a letter it does nothing */
    public static Decision<Boolean> dismiss(String order) {
        long n = Objects.requireNonNull(Json.read(order, Order.class).n);
        return documents -> {
            Stored stored = documents.get(Letter.key(n));
            return stored.absent() ? Accepted.unchanged(true) : new Accepted<>(removal(documents, stored), true);
        };
    }

    private static Transaction removal(Documents documents, Stored stored) {
        Letter letter = stored.as(Letter.class);
        Stored head = documents.get(Letter.Head.KEY);
        return new Transaction()
                .replace(head, Letter.Head.of(head).without(letter))
                .delete(stored)
                .delete(Letter.index(letter.source(), letter.event()));
    }
}
