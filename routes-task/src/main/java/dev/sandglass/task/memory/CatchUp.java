package dev.sandglass.task.memory;

import dev.sandglass.support.Stored;
import dev.sandglass.support.memory.Patience;
import dev.sandglass.task.domain.Changes;
import dev.sandglass.task.domain.Extent;
import dev.sandglass.task.domain.Keys;
import dev.sandglass.task.domain.LedgerTask;
import dev.sandglass.task.domain.StoredChange;
import dev.sandglass.task.domain.finding.Onlooker;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A view on its way to a head, and a search that waits for it. One that is not far behind reads the changes since, and the tasks they are
 * of; another reads all tasks; both a page at a time. One for which there is no room shows the search each page instead, and holds
 * nothing.
 */
public final class CatchUp {
    /** Keys of tasks that are read at once: a task has 96 kB at most, so these 6 MB. */
    static final int PAGE = 64;
    /** Changes; a view that lacks more reads all tasks. */
    private static final int FAR_BEHIND = 1_000;

    private final Extent head;
    private final Onlooker search;
    private @Nullable ListView view;
    private List<String> wanted = List.of();
    private boolean readsChanges;
    /** The next change to read; beyond the head's: none. */
    private long change;
    /** The tasks that the changes are of. */
    private final SortedSet<Integer> changed = new TreeSet<>();
    /** The numbers of the tasks to read after the changes. */
    private Iterator<Integer> numbers = changed.iterator();

    private int taken;
    private boolean readsAll;
    private boolean held = true;

    CatchUp(Extent head, Onlooker search) {
        this.head = head;
        this.search = search;
        this.change = head.seq() + 1;
    }

    String list() {
        return head.list();
    }

    ListView view() {
        return Objects.requireNonNull(view);
    }

    /** Tells if there is something to read. */
    public boolean isOpen() {
        return !wanted.isEmpty();
    }

    /** Waits until it may read what it wants, and takes its share of that, in keys of tasks. */
    void enter(Semaphore reads, Patience patience) {
        taken = patience.enter(reads, readsChanges ? PAGE : wanted.size());
    }

    /** It has read, or could not. */
    void leave(Semaphore reads) {
        reads.release(taken);
        taken = 0;
    }

    boolean holds() {
        return held;
    }

    /** The keys to read next. */
    List<String> wanted() {
        return wanted;
    }

    /** @param its view; its user locks it, and has its turn */
    void begin(ListView its) {
        view = its;
        long seq = view.seq();
        if (!view.loaded() || head.seq() - seq > FAR_BEHIND || seq + 1 < head.first()) {
            readAll();
        } else if (seq < head.seq()) {
            change = seq + 1;
            nextPage();
        }
    }

    /** Its user locks the view. */
    void saw(Map<String, Stored> read) {
        for (Stored stored : read.values()) {
            if (stored.absent()) {
                continue;
            }
            if (readsChanges) {
                int number = stored.as(StoredChange.class).number();
                if (number > 0) {
                    changed.add(number);
                }
            } else if (!held) {
                show(stored.as(LedgerTask.class));
            } else if (view().seq() <= head.seq()) {
                // Else this replica has written on meanwhile: the view has what is read here, or knows that it is gone.
                view().put(stored.as(LedgerTask.class));
            }
        }
        nextPage();
    }

    /** There is no room for the view. Its user locks it. */
    void letGo() {
        held = false;
        if (isOpen() && !readsAll) {
            // Some of what it holds is old.
            readAll();
        } else {
            view().tasks().forEach(search::see);
            view().clear();
        }
    }

    /** Shows the search what the view holds. */
    void search() {
        if (held) {
            view().tasks().forEach(search::see);
        }
    }

    private void show(LedgerTask task) {
        if (task.here()) {
            search.see(task.findable());
        }
    }

    private void readAll() {
        view().clear();
        readsAll = true;
        change = head.seq() + 1;
        changed.clear();
        numbers = IntStream.rangeClosed(1, head.tasks()).iterator();
        nextPage();
    }

    private void nextPage() {
        readsChanges = change <= head.seq();
        if (readsChanges) {
            long from = change;
            change = Math.min(from + Changes.READ_AT_ONCE, head.seq() + 1);
            wanted = LongStream.range(from, change)
                    .mapToObj(seq -> Keys.change(head.list(), seq))
                    .toList();
            return;
        }
        if (!changed.isEmpty()) {
            numbers = List.copyOf(changed).iterator();
            changed.clear();
        }
        List<String> page = new ArrayList<>();
        while (page.size() < PAGE && numbers.hasNext()) {
            page.add(Keys.task(head.list(), numbers.next()));
        }
        wanted = page;
        if (page.isEmpty() && held) {
            view().reached(head.seq());
        }
    }
}
