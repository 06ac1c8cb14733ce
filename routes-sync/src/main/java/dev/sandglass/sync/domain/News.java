package dev.sandglass.sync.domain;

import java.util.Set;

/**
 * Something happened to a list.
 *
 * @param users whose sockets are concerned: members before or after it
 * @param hole whether changes are missing between what is in memory and what happened
 * @param after the number after which they are missing
 */
public record News(String list, Set<String> users, boolean hole, long after) {}
