package dev.sandglass.support.domain;

import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.EventQueue.Tried;
import dev.sandglass.support.domain.QueueCursor.Failed;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Claims the events of a queue that are due, so that of several replicas one works on it.
 *
 * @param worker the replica
 * @param silent the beat of another replica that was not heard of for too long; 0 for none
 * @param now epoch milliseconds
 */
public record ClaimEvents(EventQueue queue, String worker, long silent, long now)
        implements Decision<ClaimEvents.Claim> {
    private static final int EVENTS_AT_ONCE = 16;
    private static final int FAILED_AT_MOST = 1_000;

    /**
     * A look at a queue.
     *
     * @param cursor the position, as the claim writes it
     * @param waiting the number of events that wait
     * @param due the claimed events; none where nothing is due or another replica works
     */
    public record Claim(EventQueue queue, QueueCursor cursor, long waiting, List<Failed> due) {
        /**
         * Writes down the outcome. If another replica took over meanwhile, the events are its own, and are tried once more.
         *
         * @param failed those of the claimed events that must be tried again
         * @param tried how it went
         */
        public Decision<Boolean> outcome(Collection<Failed> failed, List<Tried> tried) {
            return documents -> {
                documents.all(withCursor(queue, queue.kept()));
                Stored stored = documents.get(queue.cursor());
                QueueCursor now = QueueCursor.of(stored);
                if (!now.isAsClaimed(cursor)) {
                    return Accepted.unchanged(false);
                }
                Transaction transaction = new Transaction().replace(stored, now.after(due, failed));
                List<Long> gone = due.stream()
                        .map(Failed::n)
                        .filter(n -> failed.stream().noneMatch(other -> other.n() == n))
                        .toList();
                queue.write(transaction, documents, gone, tried);
                return new Accepted<>(transaction, true);
            };
        }

        /** Shows other replicas that the work goes on. */
        public Decision<Boolean> beat() {
            return documents -> {
                Stored stored = documents.get(queue.cursor());
                QueueCursor now = QueueCursor.of(stored);
                return now.isAsClaimed(cursor)
                        ? new Accepted<>(new Transaction().replace(stored, now.workedBy(cursor.worker())), true)
                        : Accepted.unchanged(false);
            };
        }
    }

    @Override
    public Set<String> keys() {
        return withCursor(queue, queue.keys());
    }

    private static Set<String> withCursor(EventQueue queue, Set<String> keys) {
        return Stream.concat(keys.stream(), Stream.of(queue.cursor())).collect(Collectors.toSet());
    }

    @Override
    public Accepted<Claim> on(Documents documents) {
        Stored out = documents.get(queue.cursor());
        QueueCursor cursor = QueueCursor.of(out);
        OptionalLong last = queue.next(documents);
        if (last.isEmpty()) {
            return Accepted.unchanged(new Claim(queue, cursor, 0, List.of()));
        }
        long next = last.getAsLong();
        long waiting = next - cursor.first() + cursor.again().size();
        List<Failed> due = queue.isInOrder()
                ? cursor.dueInOrder(next, now, EVENTS_AT_ONCE)
                : cursor.due(next, now, EVENTS_AT_ONCE, FAILED_AT_MOST);
        if (due.isEmpty() || !(cursor.isFreeFor(worker) || cursor.beat() == silent)) {
            return Accepted.unchanged(new Claim(queue, cursor, waiting, List.of()));
        }
        QueueCursor mine = cursor.workedBy(worker);
        return new Accepted<>(new Transaction().replace(out, mine), new Claim(queue, mine, waiting, due));
    }
}
