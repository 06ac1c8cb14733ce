package dev.sandglass.task.domain.chat;

/**
 * Some words of a message, and how they were understood.
 *
 * @param from the first of them, counted in code points of the message
 * @param to code point after the last
 * @param as the field of a task: {@code due recurrence reminders priority tags list}; or {@code command}
 * @param value of that field, as the contract has it; of {@code tags} and {@code reminders} one of them
 */
public record Span(int from, int to, String as, String value) {}
