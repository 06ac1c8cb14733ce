package dev.sandglass.task.domain;

/**
 * How far a list goes: what a search needs of its head.
 *
 * @param seq changes so far
 * @param tasks numbers given out to tasks
 * @param first the first change that is kept
 */
public record Extent(String list, long seq, int tasks, long first) {}
