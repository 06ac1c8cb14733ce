package dev.sandglass.task.memory;

import dev.sandglass.support.Stored;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.Keys;
import dev.sandglass.task.domain.LedgerTask;
import dev.sandglass.task.domain.StoredChange;
import dev.sandglass.task.domain.finding.Findable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A view on its way to a head. One that is not far behind reads the changes since, and the tasks they are of; another reads all tasks,
 * a page at a time.
 */
public final class CatchUp {
    private static final int PAGE = 1_000;

    private final ListView view;
    private final Head head;
    private List<String> wanted = List.of();
    /** The number of the first task of the next page; beyond the last: it was the last. */
    private int next = Integer.MAX_VALUE;

    private boolean readsChanges;

    CatchUp(ListView view, Head head) {
        this.view = view;
        this.head = head;
    }

    ListView view() {
        return view;
    }

    /** The tasks of the list as they were when its head was read, or later. */
    public Collection<Findable> tasks() {
        return view.tasks();
    }

    public boolean isBehind() {
        return view.seq() < head.seq();
    }

    /** The keys to read next; none: it is done. */
    public List<String> wanted() {
        return wanted;
    }

    /** Its user locks the view, and has its turn. */
    void begin() {
        long seq = view.seq();
        if (!view.loaded() || head.seq() - seq > PAGE || seq + 1 < head.first()) {
            view.clear();
            next = 1;
            nextPage();
        } else if (isBehind()) {
            readsChanges = true;
            wanted = LongStream.rangeClosed(seq + 1, head.seq())
                    .mapToObj(number -> Keys.change(head.id(), number))
                    .toList();
        }
    }

    /** Its user locks the view. */
    void saw(Map<String, Stored> read) {
        List<Stored> found =
                read.values().stream().filter(stored -> !stored.absent()).toList();
        if (readsChanges) {
            readsChanges = false;
            tasks(found.stream()
                    .mapToInt(stored -> stored.as(StoredChange.class).number())
                    .filter(number -> number > 0)
                    .distinct());
        } else {
            found.forEach(stored -> view.put(stored.as(LedgerTask.class)));
            nextPage();
        }
    }

    private void nextPage() {
        int from = next;
        next = from > head.tasks() ? from : from + PAGE;
        tasks(IntStream.range(from, Math.min(next, head.tasks() + 1)));
    }

    private void tasks(IntStream numbers) {
        wanted = numbers.mapToObj(number -> Keys.task(head.id(), number)).toList();
        if (wanted.isEmpty()) {
            view.reached(head.seq());
        }
    }
}
