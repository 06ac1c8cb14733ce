package dev.sandglass.task.domain.finding;

/** Somebody who is shown the tasks of lists, one after the other, in any order. */
public interface Onlooker {
    /** @param task of a list that is looked into, for the first time */
    void see(Findable task);
}
