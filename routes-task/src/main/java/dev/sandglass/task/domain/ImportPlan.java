package dev.sandglass.task.domain;

import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The plan of an import: all that a file is to become, under {@code import/<user>/<id>}, for a day.
 *
 * @param v schema version of the stored value
 * @param lists to be made
 * @param filters to be saved
 * @param parts how many {@link ImportPart}s there are
 * @param failed how many entries become nothing
 */
public record ImportPlan(int v, List<NewList> lists, List<SavedFilters.Saved> filters, int parts, int failed) {
    /** @param id it gets */
    public record NewList(String id, String name, SortedSet<LocalDate> daysOff, List<String> reminders) {
        public NewList {
            reminders = List.copyOf(reminders);
            daysOff = Collections.unmodifiableSortedSet(new TreeSet<>(daysOff));
        }
    }

    public ImportPlan {
        lists = List.copyOf(lists);
        filters = List.copyOf(filters);
    }
}
