package dev.sandglass.sync.domain;

import java.util.Set;

/**
 * News of a list.
 *
 * @param users the users to tell: members before or after it
 * @param hole true if changes are missing between memory and this news
 * @param after the number after which they are missing
 */
public record News(String list, Set<String> users, boolean hole, long after) {}
