package dev.sandglass.reminder.domain;

import dev.sandglass.support.Stored;
import java.util.SortedSet;
import java.util.TreeSet;

/** The tasks of a list that had a reminder fired on a day: {@code fired/<list>/<day>}. */
record FiredDay(int v, SortedSet<String> tasks) {
    /** The longest time a user may be away and still be told on return. */
    static final int DAYS_KEPT = 7;

    static SortedSet<String> tasks(Stored stored) {
        return stored.absent() ? new TreeSet<>() : new TreeSet<>(stored.as(FiredDay.class).tasks);
    }
}
