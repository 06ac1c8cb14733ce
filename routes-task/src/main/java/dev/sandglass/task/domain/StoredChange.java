package dev.sandglass.task.domain;

/**
 * A change as it lies in the store.
 *
 * @param v schema version of the stored value
 * @param commit who wrote it: tells an attempt whose answer was lost whether it was itself
 * @param number of the task that changed, 0 for a change of the list itself
 * @param data the {@link dev.sandglass.events.Change} exactly as it is published
 */
public record StoredChange(int v, String commit, int number, String data) {}
