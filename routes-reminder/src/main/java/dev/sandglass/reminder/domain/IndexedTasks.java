package dev.sandglass.reminder.domain;

import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Portions;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The tasks of lists that are not deleted, by their {@link ListIndex}: of one decision. */
final class IndexedTasks {
    /** Pages that are read at once: 500 tasks each. */
    private static final int AT_ONCE = 32;

    private final int most;
    private final List<String> pages = new ArrayList<>();
    private final Portions<List<String>> last;
    private final Portions<List<String>> full;
    private int seen;

    /** @param most beyond these it refuses */
    IndexedTasks(Collection<String> lists, int most) {
        this.most = most;
        last = new Portions<>(
                AT_ONCE, documents -> lists.stream().map(ReminderKeys::list).toList(), stored -> {
                    ListIndex index = ListIndex.of(stored);
                    if (index.gone()) {
                        return Optional.empty();
                    }
                    for (int page = 0; page < index.pages(); page++) {
                        pages.add(stored.key() + "/" + page);
                    }
                    return Optional.of(counted(index.tasks()));
                });
        full = new Portions<>(
                AT_ONCE,
                documents -> pages,
                stored -> Optional.of(counted(ListIndex.of(stored).tasks())));
    }

    private List<String> counted(List<String> tasks) {
        seen += tasks.size();
        if (seen > most) {
            throw new Rejection(
                    Reason.INVALID, "more than " + most + " tasks have reminders; ask for those of one task");
        }
        return tasks;
    }

    /** @throws Rejection INVALID where they are too many */
    Set<String> in(Documents documents) {
        Set<String> tasks = new TreeSet<>();
        last.in(documents).forEach(tasks::addAll);
        full.in(documents).forEach(tasks::addAll);
        return tasks;
    }
}
