package dev.sandglass.task.domain.chat;

/**
 * Some words of a message.
 *
 * @param from the first of them, counted in code points of the message
 * @param to code point after the last
 */
public record Words(int from, int to) {}
