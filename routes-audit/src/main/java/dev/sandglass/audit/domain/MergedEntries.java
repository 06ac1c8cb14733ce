package dev.sandglass.audit.domain;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Merges the entries of several lists by time, from the beginning of a question. Within a list time never runs back, so a binary
 * search finds the beginning, in all lists at once, and nothing before it is read.
 */
public final class MergedEntries {
    private final EntryQuery question;
    private final @Nullable EntryPosition after;
    private final List<Search> searches = new ArrayList<>();
    private final PriorityQueue<Run> runs = new PriorityQueue<>();
    private final List<Run> unqueued = new ArrayList<>();
    private boolean begun;

    /** The store of the entries. */
    @FunctionalInterface
    public interface Source {
        /** @return the entries that exist and can be read; what it throws changes nothing here, and is asked for again */
        Map<EntryId, Entry> at(Collection<EntryId> ids);
    }

    /**
     * @param after the end of the page before; null for the first page
     * @param followed each list with the number up to which it was followed
     */
    public MergedEntries(EntryQuery question, @Nullable EntryPosition after, Map<String, Long> followed) {
        this.question = question;
        this.after = after;
        followed.forEach((list, last) -> searches.add(new Search(list, last)));
    }

    /** Finds the beginnings: the entries it asks for are looked at, and not given out. */
    public void begin(Source source) {
        if (after == null && question.from() == null) {
            return;
        }
        for (List<Search> open = open(); !open.isEmpty(); open = open()) {
            Map<EntryId, Entry> there = source.at(
                    open.stream().map(it -> new EntryId(it.list, it.probe)).toList());
            for (Search search : open) {
                Entry entry = there.get(new EntryId(search.list, search.probe));
                search.learn(entry == null ? null : question.early(entry) || seen(entry));
            }
        }
    }

    /** @param ahead the number of entries to read at once, about */
    public boolean hasNext(Source source, int ahead) {
        if (!begun) {
            List<Run> all = searches.stream()
                    .map(search -> new Run(search.list, search.low, search.last))
                    .toList();
            load(source, all, Math.max(1, ahead / Math.max(1, all.size())));
            unqueued.addAll(all);
            begun = true;
        }
        while (!unqueued.isEmpty()) {
            queue(source, unqueued.get(0), ahead);
            unqueued.remove(0);
        }
        return !runs.isEmpty();
    }

    /** The next one, which {@link #hasNext} found. */
    public Entry next() {
        Run run = runs.remove();
        unqueued.add(run);
        return run.loaded.remove();
    }

    /** True if no number is left that could have an entry. */
    public boolean isOver() {
        return begun
                && runs.isEmpty()
                && unqueued.stream().allMatch(run -> run.loaded.isEmpty() && run.next > run.last);
    }

    /** The part of one list that is still to be read; runs are in the order of their next entries. */
    private static final class Run implements Comparable<Run> {
        final String list;
        final long last;
        final Deque<Entry> loaded = new ArrayDeque<>();
        long next;

        Run(String list, long next, long last) {
            this.list = list;
            this.next = next;
            this.last = last;
        }

        @Override
        public int compareTo(Run other) {
            return loaded.element().position().compareTo(other.loaded.element().position());
        }
    }

    private void queue(Source source, Run run, int ahead) {
        while (run.loaded.isEmpty() && run.next <= run.last) {
            load(source, List.of(run), ahead);
        }
        if (!run.loaded.isEmpty()) {
            runs.add(run);
        }
    }

    private static void load(Source source, List<Run> some, int each) {
        List<EntryId> ids = new ArrayList<>();
        for (Run run : some) {
            for (long seq = run.next; seq < run.next + each && seq <= run.last; seq++) {
                ids.add(new EntryId(run.list, seq));
            }
        }
        Map<EntryId, Entry> there = source.at(ids);
        for (Run run : some) {
            for (int i = 0; i < each && run.next <= run.last; i++, run.next++) {
                Entry entry = there.get(new EntryId(run.list, run.next));
                if (entry != null) {
                    run.loaded.add(entry);
                }
            }
        }
    }

    // ---------------------------------------------------------------- The beginnings

    /** The search in one list: the beginning, {@code low} in the end, lies in {@code low..high}, and {@code probe} is looked at next. */
    private static final class Search {
        final String list;
        final long last;
        long low = 1;
        long high;
        long probe;

        Search(String list, long last) {
            this.list = list;
            this.last = last;
            this.high = last + 1;
            halve();
        }

        void halve() {
            probe = low + (high - low) / 2;
        }

        boolean found() {
            return low >= high;
        }

        /** @param before true if the entry there is before the beginning; null where there is no entry */
        void learn(@Nullable Boolean before) {
            long middle = low + (high - low) / 2;
            if (before == null && probe + 1 < high) {
                // A gap tells nothing; look at the entry after it.
                probe++;
                return;
            }
            if (before != null && before) {
                low = probe + 1;
            } else {
                high = middle;
            }
            halve();
        }
    }

    private boolean seen(Entry entry) {
        return after != null && entry.position().compareTo(after) <= 0;
    }

    private List<Search> open() {
        return searches.stream().filter(it -> !it.found()).toList();
    }
}
