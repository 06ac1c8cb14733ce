package dev.sandglass.task.domain.finding;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A search under way: it sees the tasks one after the other, in any order, and keeps those of its page. A page ends at its limit, or
 * where its texts come to so many characters.
 */
public final class Search implements Onlooker {
    /** Characters; as many as a page of the audit trail has. The answer is held in several forms while it is made. */
    private static final int LARGEST = 500_000;

    private final Finding finding;
    private final Predicate<Findable> fits;
    private final Instant now;
    private final Comparator<Position> order;
    private final @Nullable Position behind;
    /** The tasks of the page, and one more that tells if there is a next page; the last of them on top. */
    private final PriorityQueue<Findable> first;

    private int size;
    private int total;

    /** @param fits what the finding's condition means */
    Search(Finding finding, Predicate<Findable> fits, Instant now, @Nullable Position behind) {
        this.finding = finding;
        this.fits = fits;
        this.now = now;
        this.order = SortKey.order(finding.sort());
        this.behind = behind;
        this.first = new PriorityQueue<>((one, other) -> order.compare(other.position(), one.position()));
    }

    @Override
    public void see(Findable task) {
        if (!finding.filter().takes(task, now) || !fits.test(task)) {
            return;
        }
        total++;
        if (behind != null && order.compare(task.position(), behind) <= 0) {
            return;
        }
        if (isOver(first.size(), size)
                && order.compare(task.position(), first.element().position()) > 0) {
            return;
        }
        first.add(task);
        size += task.size();
        while (isOver(first.size() - 1, size - first.element().size())) {
            size -= first.remove().size();
        }
    }

    private boolean isOver(int tasks, int characters) {
        return tasks > finding.limit() || tasks > 1 && characters > LARGEST;
    }

    public Page page() {
        boolean more = isOver(first.size(), size);
        if (more) {
            size -= first.remove().size();
        }
        List<Findable> page = first.stream()
                .sorted(Comparator.comparing(Findable::position, order))
                .toList();
        return new Page(
                page.stream().map(Findable::task).toList(),
                total,
                more ? finding.next(page.get(page.size() - 1).position()) : null);
    }
}
