package dev.sandglass.task.domain.finding;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingLong;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The fields that sort tasks. */
public enum SortKey {
    DUE,
    PRIORITY,
    TITLE,
    CREATED,
    UPDATED;

    private Comparator<Position> ascending() {
        return switch (this) {
            case DUE -> comparingLong(Position::due);
            case PRIORITY -> comparing(Position::priority);
            case TITLE -> comparing(Position::title);
            case CREATED -> comparingLong(Position::created);
            case UPDATED -> comparingLong(Position::updated);
        };
    }

    /** One step of an order. */
    public record Step(SortKey key, boolean descending) {
        /** @param word a key, with {@code -} before it for descending; another word is an IllegalArgumentException */
        static Step parse(String word) {
            boolean descending = word.startsWith("-");
            String name = descending ? word.substring(1) : word;
            for (SortKey key : values()) {
                if (key.toString().equals(name)) {
                    return new Step(key, descending);
                }
            }
            throw new IllegalArgumentException(
                    "must be due, priority, title, created or updated, with - before it for descending");
        }

        /** @param words keys, comma-separated, each once; others are an IllegalArgumentException with a sentence for a person */
        public static List<Step> all(String words) {
            List<Step> steps =
                    Arrays.stream(words.split(",", -1)).map(Step::parse).toList();
            if (steps.stream().map(Step::key).distinct().count() < steps.size()) {
                throw new IllegalArgumentException("must not name the same twice");
            }
            return steps;
        }

        private Comparator<Position> order() {
            if (!descending) {
                return key.ascending();
            }
            Comparator<Position> reversed = key.ascending().reversed();
            // A task without due is last in both directions.
            return key == DUE
                    ? comparing((Position position) -> position.due() == Position.NEVER)
                            .thenComparing(reversed)
                    : reversed;
        }
    }

    /** By these steps, then by id as text: no two tasks are equal. */
    static Comparator<Position> order(List<Step> steps) {
        return steps.stream()
                .map(Step::order)
                .reduce(Comparator::thenComparing)
                .map(order -> order.thenComparing(Position::id))
                .orElse(comparing(Position::id));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
