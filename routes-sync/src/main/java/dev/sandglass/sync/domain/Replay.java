package dev.sandglass.sync.domain;

/**
 * A socket wants the changes of a list above a number that memory does not reach back to.
 *
 * @param socket its id
 */
public record Replay(String socket, String list, long after) {}
