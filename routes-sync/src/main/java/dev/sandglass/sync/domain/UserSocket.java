package dev.sandglass.sync.domain;

/**
 * A socket that waits to be greeted, or for the lists that its client named.
 *
 * @param socket its id
 */
public record UserSocket(String socket, String user) {}
