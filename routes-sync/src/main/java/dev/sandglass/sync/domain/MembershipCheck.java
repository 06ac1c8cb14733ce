package dev.sandglass.sync.domain;

import java.util.Set;

/**
 * A question to the ledger: is the client's user a member of the lists that the client named?
 *
 * @param socket its id
 */
public record MembershipCheck(String socket, String user, Set<String> lists) {}
