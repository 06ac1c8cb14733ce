package dev.sandglass.reminder.domain;

import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Documents;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** A page of the calendar, {@code due/<minute>/<bucket>}: the tasks with a reminder due then, see {@link Slot}. */
record CalendarPage(int v, SortedSet<String> tasks) {
    /** The most pages in a transaction: each write takes time, and other transactions wait for it. */
    private static final int PAGES_AT_ONCE = 100;

    private static final SortedSet<String> EMPTY = Collections.emptySortedSet();

    static SortedSet<String> tasks(Stored stored) {
        return stored.absent() ? new TreeSet<>() : new TreeSet<>(stored.as(CalendarPage.class).tasks);
    }

    /** The notes that lead to alarms: tasks, by page. They are sorted, since transactions of different lists write the same pages. */
    static SortedMap<String, SortedSet<String>> of(Collection<Alarm> alarms, Instant now) {
        SortedMap<String, SortedSet<String>> pages = new TreeMap<>();
        alarms.forEach(alarm -> pages.computeIfAbsent(
                        Slot.of(alarm.task(), alarm.at(), now).key(), key -> new TreeSet<>())
                .add(alarm.task()));
        return pages;
    }

    /**
     * Writes the notes that are not there yet.
     *
     * @param notes tasks, by page
     * @return true if they are too many for one transaction with other writes: then only the first ones are written
     */
    static boolean note(Transaction transaction, Documents documents, SortedMap<String, SortedSet<String>> notes) {
        return note(transaction, documents, notes, PAGES_AT_ONCE);
    }

    /** Writes all that are not there yet: of a batch of firings, hardly more. */
    static void noteAll(Transaction transaction, Documents documents, SortedMap<String, SortedSet<String>> notes) {
        note(transaction, documents, notes, notes.size());
    }

    private static boolean note(
            Transaction transaction, Documents documents, SortedMap<String, SortedSet<String>> notes, int most) {
        List<String> missing = notes.keySet().stream()
                .filter(key -> !tasks(documents.get(key)).containsAll(notes.getOrDefault(key, EMPTY)))
                .toList();
        missing.stream().limit(most).map(documents::get).forEach(stored -> {
            SortedSet<String> tasks = tasks(stored);
            tasks.addAll(notes.getOrDefault(stored.key(), EMPTY));
            transaction.replace(stored, new CalendarPage(1, tasks));
        });
        return missing.size() > most;
    }
}
