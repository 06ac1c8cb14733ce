package dev.sandglass.reminder.domain;

import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Documents;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The tasks of a list that ever had reminders. It is a hint: the tasks' own documents name the list they are in now.
 *
 * @param v version of this schema
 * @param gone true if the list was deleted
 * @param pages the number of full pages beside this one
 * @param tasks the last page
 */
public record ListIndex(int v, boolean gone, int pages, List<String> tasks) {
    /** The most tasks on a page: every new task writes the whole last page. */
    private static final int FULL = 500;

    public static ListIndex of(Stored stored) {
        return stored.absent() ? new ListIndex(1, false, 0, List.of()) : stored.as(ListIndex.class);
    }

    /** Writes that a list has more tasks, or is deleted. */
    static Transaction change(Documents documents, String list, Collection<String> arrived, boolean gone) {
        Transaction transaction = new Transaction();
        Stored stored = documents.get(ReminderKeys.list(list));
        ListIndex index = of(stored);
        for (String task : arrived) {
            if (index.tasks.size() >= FULL) {
                transaction.put(ReminderKeys.page(list, index.pages), index);
                index = new ListIndex(index.v, index.gone, index.pages + 1, List.of());
            }
            List<String> more = new ArrayList<>(index.tasks);
            more.add(task);
            index = new ListIndex(index.v, index.gone, index.pages, more);
        }
        return transaction.replace(stored, gone ? new ListIndex(index.v, true, index.pages, index.tasks) : index);
    }
}
