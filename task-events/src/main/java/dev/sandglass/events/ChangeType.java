package dev.sandglass.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** The kinds of changes of a list and its tasks: the CloudEvents types on {@code task-events}. */
public enum ChangeType {
    TASK_CREATED("task.created"),
    TASK_UPDATED("task.updated"),
    TASK_COMPLETED("task.completed"),
    TASK_REOPENED("task.reopened"),
    TASK_DELETED("task.deleted"),
    LIST_CREATED("list.created"),
    LIST_UPDATED("list.updated"),
    LIST_DELETED("list.deleted"),
    LIST_SHARED("list.shared"),
    LIST_UNSHARED("list.unshared");

    private final String type;

    ChangeType(String type) {
        this.type = type;
    }

    /** @throws IllegalArgumentException for a type that is not one of these */
    @JsonCreator
    public static ChangeType of(String type) {
        return Arrays.stream(values())
                .filter(known -> known.type.equals(type))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown event type " + type));
    }

    @JsonValue
    @Override
    public String toString() {
        return type;
    }
}
