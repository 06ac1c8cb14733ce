package dev.sandglass.task.domain.filter;

import dev.sandglass.events.Priority;
import dev.sandglass.events.Status;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A field of a task that a filter may ask for. */
public enum Field {
    TITLE(Kind.TEXT),
    DESCRIPTION(Kind.TEXT),
    TEXT(Kind.TEXT),
    TAG(Kind.TEXT),
    LIST(Kind.TEXT),
    PRIORITY(Kind.RANK, words(Priority.values())),
    STATUS(Kind.CHOICE, words(Status.values())),
    DUE(Kind.TIME),
    CREATED(Kind.TIME),
    UPDATED(Kind.TIME),
    COMPLETED(Kind.TIME),
    OVERDUE(Kind.CHOICE, List.of("false", "true")),
    RECURRING(Kind.CHOICE, List.of("false", "true"));

    /** The kind of value it is compared with, and how. */
    enum Kind {
        TEXT(EnumSet.allOf(Operator.class)),
        /** A word of some that are known, with an order. */
        RANK(EnumSet.complementOf(EnumSet.of(Operator.CONTAINS))),
        /** A word of some that are known, without. */
        CHOICE(EnumSet.of(Operator.EQUALS, Operator.DIFFERS)),
        TIME(EnumSet.complementOf(EnumSet.of(Operator.CONTAINS)));

        private final Set<Operator> operators;

        Kind(Set<Operator> operators) {
            this.operators = operators;
        }
    }

    private final Kind kind;
    private final List<String> words;

    Field(Kind kind) {
        this(kind, List.of());
    }

    Field(Kind kind, List<String> words) {
        this.kind = kind;
        this.words = words;
    }

    static Optional<Field> named(String word) {
        return Arrays.stream(values())
                .filter(field -> field.toString().equalsIgnoreCase(word))
                .findFirst();
    }

    Kind kind() {
        return kind;
    }

    Set<Operator> operators() {
        return kind.operators;
    }

    /** The words it can be compared with, in their order; of texts and times none. */
    List<String> words() {
        return words;
    }

    private static List<String> words(Enum<?>[] values) {
        return Arrays.stream(values)
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
