package dev.sandglass.task.domain;

import java.util.Optional;

/**
 * Where a task was born: the list and the number it got there. As text, {@code <list>.<number>}, it is the task's id for ever, also
 * when the task moves to another list.
 */
public record TaskId(String list, int number) {
    private static final int DIGITS = 9;

    /** @return empty for a text that cannot be an id of ours */
    public static Optional<TaskId> parse(String id) {
        int dot = id.lastIndexOf('.');
        String number = id.substring(dot + 1);
        boolean sound = dot > 0
                && !number.isEmpty()
                && number.length() <= DIGITS
                && number.charAt(0) != '0'
                && number.chars().allMatch(c -> c >= '0' && c <= '9');
        return sound ? Optional.of(new TaskId(id.substring(0, dot), Integer.parseInt(number))) : Optional.empty();
    }

    @Override
    public String toString() {
        return list + "." + number;
    }
}
