package dev.sandglass.reminder.ledger;

import dev.sandglass.support.Dapr;
import dev.sandglass.support.Stored;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which tasks of a list ever had reminders: a hint, the tasks' own documents say which list they are in now.
 *
 * @param v of this schema
 * @param gone whether the list was deleted
 * @param pages how many full pages there are beside this one
 * @param tasks the last page
 */
record ListIndex(int v, boolean gone, int pages, List<String> tasks) {
    static final ListIndex EMPTY = new ListIndex(1, false, 0, List.of());
    /** Tasks on a page: every new one makes the last page be written whole. */
    private static final int FULL = 500;

    /** The tasks of lists that are not deleted. */
    static Set<String> tasks(Dapr dapr, Collection<String> lists) {
        Set<String> tasks = new TreeSet<>();
        List<String> pages = new ArrayList<>();
        for (Stored stored : dapr.read(lists.stream().map(Keys::list).toList()).values()) {
            ListIndex index = stored.absent() ? EMPTY : stored.as(ListIndex.class);
            if (!index.gone) {
                tasks.addAll(index.tasks);
                for (int page = 0; page < index.pages; page++) {
                    pages.add(stored.key() + "/" + page);
                }
            }
        }
        dapr.read(pages).values().stream()
                .filter(stored -> !stored.absent())
                .forEach(stored -> tasks.addAll(stored.as(ListIndex.class).tasks));
        return tasks;
    }

    boolean full() {
        return tasks.size() >= FULL;
    }

    ListIndex nextPage() {
        return new ListIndex(v, gone, pages + 1, List.of());
    }

    ListIndex with(String task) {
        List<String> more = new ArrayList<>(tasks);
        more.add(task);
        return new ListIndex(v, gone, pages, more);
    }

    ListIndex deleted() {
        return new ListIndex(v, true, pages, tasks);
    }
}
