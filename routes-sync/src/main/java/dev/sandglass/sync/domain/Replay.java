package dev.sandglass.sync.domain;

/**
 * A socket's request for the changes of a list above a number, where memory does not have them all.
 *
 * @param socket its id
 */
public record Replay(String socket, String list, long after) {}
