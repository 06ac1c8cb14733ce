package dev.sandglass.sync.domain;

/**
 * A question to the ledger: is the client's user a member of the lists that the client named? The {@link Session} knows them.
 *
 * @param socket its id
 */
public record MembershipCheck(String socket, String user) {}
