package dev.sandglass.task.domain;

/**
 * A task by what a client of CalDAV calls it, its resource or its UID, under {@code list/<list>/dav/<hash>}. It may be gone since.
 *
 * @param v schema version of the stored value
 * @param number in the list
 */
public record Named(int v, int number) {}
