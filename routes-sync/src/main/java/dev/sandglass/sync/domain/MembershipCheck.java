package dev.sandglass.sync.domain;

import java.util.Set;

/**
 * A client named lists that are not known to be its user's.
 *
 * @param socket its id
 */
public record MembershipCheck(String socket, String user, Set<String> lists) {}
