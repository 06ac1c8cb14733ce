package dev.sandglass.reminder.ledger;

import dev.sandglass.reminder.domain.Slot;
import dev.sandglass.support.Dapr;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.Unavailable;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The calendar in Dapr State. Additions that wait for one another are written together. */
@Singleton
public class Calendar {
    private static final int TRIES = 5;
    private static final int ADDITIONS_AT_ONCE = 200;

    /** A page: {@code due/<minute>/<bucket>}. */
    record Page(int v, SortedSet<String> tasks) {}

    private static final class Addition {
        private final Slot slot;
        private final String task;
        private boolean written;

        Addition(Slot slot, String task) {
            this.slot = slot;
            this.task = task;
        }
    }

    private final Dapr dapr;
    private final Queue<Addition> waiting = new ArrayDeque<>();

    Calendar(Dapr dapr) {
        this.dapr = dapr;
    }

    /**
     * Notes a task at slots; it is written when this returns.
     *
     * @throws Unavailable while the state store is away
     */
    public void note(String task, Collection<Slot> slots) {
        Collection<Addition> mine =
                slots.stream().map(slot -> new Addition(slot, task)).toList();
        synchronized (waiting) {
            waiting.addAll(mine);
        }
        synchronized (this) {
            // Whoever had the turn before has perhaps written these too.
            while (mine.stream().anyMatch(addition -> !addition.written)) {
                writeWaiting();
            }
        }
    }

    private void writeWaiting() {
        Map<Slot, Map<String, Addition>> additions = new TreeMap<>();
        Collection<Addition> taken = new ArrayDeque<>();
        synchronized (waiting) {
            while (!waiting.isEmpty() && taken.size() < ADDITIONS_AT_ONCE) {
                Addition addition = waiting.remove();
                taken.add(addition);
                additions
                        .computeIfAbsent(addition.slot, slot -> new HashMap<>())
                        .put(addition.task, addition);
            }
        }
        try {
            write(additions);
            taken.forEach(addition -> addition.written = true);
        } catch (Unavailable e) {
            synchronized (waiting) {
                waiting.addAll(taken);
            }
            throw e;
        }
    }

    private void write(Map<Slot, Map<String, Addition>> additions) {
        for (int tries = 1; ; tries++) {
            Map<String, Stored> pages =
                    dapr.read(additions.keySet().stream().map(Slot::key).toList());
            Transaction transaction = new Transaction();
            additions.forEach((slot, tasks) -> {
                Stored stored = pages.getOrDefault(slot.key(), new Stored(slot.key(), null, null));
                SortedSet<String> noted = tasks(stored);
                if (noted.addAll(tasks.keySet())) {
                    transaction.replace(stored, new Page(1, noted));
                }
            });
            try {
                if (!transaction.isEmpty()) {
                    dapr.commit(transaction);
                }
                return;
            } catch (Unavailable e) {
                // Another replica noted something on the same page, or this is written already: it is read again either
                // way.
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    /** The tasks on a page. */
    static SortedSet<String> tasks(Stored stored) {
        return stored.absent() ? new TreeSet<>() : new TreeSet<>(stored.as(Page.class).tasks);
    }
}
