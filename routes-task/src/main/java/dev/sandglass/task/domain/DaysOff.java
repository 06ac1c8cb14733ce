package dev.sandglass.task.domain;

import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.time.Workdays;
import dev.sandglass.time.WorkingDays;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The holidays of a list, under {@code list/<list>/calendar}. Whoever writes them writes the list's head, which guards them.
 *
 * @param v schema version of the stored value
 */
public record DaysOff(int v, SortedSet<LocalDate> days) {
    public DaysOff {
        days = Collections.unmodifiableSortedSet(new TreeSet<>(days));
    }

    static DaysOff of(Collection<LocalDate> days) {
        return new DaysOff(1, new TreeSet<>(days));
    }

    static DaysOff of(Documents documents, String list) {
        Stored stored = documents.get(Keys.calendar(list));
        return stored.absent() ? of(new TreeSet<>()) : stored.as(DaysOff.class);
    }

    /** The days on which the dates of a task come. */
    static WorkingDays workingDays(Documents documents, LedgerTask task) {
        return workingDays(task, list -> of(documents, list));
    }

    static WorkingDays workingDays(LedgerTask task, Function<String, DaysOff> of) {
        Set<LocalDate> off = task.workdays() == Workdays.AS_IS
                ? Set.of()
                : of.apply(task.task().list()).days();
        return new WorkingDays(task.workdays(), off, task.leftOut(), task.added());
    }
}
