package dev.sandglass.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;

/**
 * A list of tasks as clients see it.
 *
 * @param members user to role, the owner among them
 * @param seq the number of changes the list has seen
 * @param reminders those of a new task that has a due date and says nothing of reminders; not written where there are none, as in what was
 *     written before there was such a field
 */
public record TaskList(
        String id,
        String name,
        String owner,
        SortedMap<String, Role> members,
        long seq,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> reminders) {
    public TaskList {
        reminders = List.copyOf(Objects.requireNonNullElse(reminders, List.of()));
    }

    /** A list without such reminders. */
    public TaskList(String id, String name, String owner, SortedMap<String, Role> members, long seq) {
        this(id, name, owner, members, seq, List.of());
    }
}
