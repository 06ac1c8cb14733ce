package dev.sandglass.task.domain.filter;

import java.util.List;

/** A condition that a filter asks of a task. */
public sealed interface Condition {
    /** One of them holds. */
    record Any(List<Condition> parts) implements Condition {
        public Any {
            parts = List.copyOf(parts);
        }
    }

    /** All of them hold. */
    record All(List<Condition> parts) implements Condition {
        public All {
            parts = List.copyOf(parts);
        }
    }

    record Not(Condition part) implements Condition {}

    record Absent(Field field) implements Condition {}

    /** @param values one; of {@code in}, which is {@code =} with any of them, one or more */
    record Compared(Field field, Operator operator, List<Value> values) implements Condition {
        public Compared {
            values = List.copyOf(values);
        }
    }
}
