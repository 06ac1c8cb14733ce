package dev.sandglass.events;

import java.util.SortedMap;

/**
 * A list of tasks as clients see it.
 *
 * @param members user to role, the owner among them
 * @param seq the number of changes the list has seen
 */
public record TaskList(String id, String name, String owner, SortedMap<String, Role> members, long seq) {}
