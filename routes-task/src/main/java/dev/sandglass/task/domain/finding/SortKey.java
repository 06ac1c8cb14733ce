package dev.sandglass.task.domain.finding;

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

    private int compare(Position one, Position other) {
        return switch (this) {
            case DUE -> Long.compare(one.due(), other.due());
            case PRIORITY -> one.priority().compareTo(other.priority());
            case TITLE -> one.title().compareTo(other.title());
            case CREATED -> Long.compare(one.created(), other.created());
            case UPDATED -> Long.compare(one.updated(), other.updated());
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

        private int compare(Position one, Position other) {
            // A task without due is last in both directions.
            boolean never = key == DUE && (one.due() == Position.NEVER || other.due() == Position.NEVER);
            return descending && !never ? key.compare(other, one) : key.compare(one, other);
        }
    }

    /** By these steps, then by id as text: no two tasks are equal. */
    static Comparator<Position> order(List<Step> steps) {
        // Not of comparators, one for each step: a search compares each of its tasks many times.
        return (one, other) -> {
            for (Step step : steps) {
                int order = step.compare(one, other);
                if (order != 0) {
                    return order;
                }
            }
            return one.id().compareTo(other.id());
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
