package dev.sandglass.sync.domain;

/**
 * A socket that waits to be greeted.
 *
 * @param socket its id
 */
public record Arrival(String socket, String user) {}
