package dev.sandglass.reminder.ledger;

import java.util.ArrayList;
import java.util.List;

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
