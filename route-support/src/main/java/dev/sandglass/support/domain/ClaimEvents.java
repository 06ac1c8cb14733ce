package dev.sandglass.support.domain;

import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.QueueCursor.Failed;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Claims the events of a queue that are due, so that of several replicas one works on it.
 *
 * @param worker the replica
 * @param silent the beat of another replica that was not heard of for too long; 0 for none
 * @param now epoch milliseconds
 */
public record ClaimEvents(String route, String worker, long silent, long now) implements Decision<ClaimEvents.Claim> {
    private static final int EVENTS_AT_ONCE = 16;
    private static final int FAILED_AT_MOST = 1_000;

    /**
     * A look at a queue.
     *
     * @param cursor the position, as the claim writes it
     * @param waiting the number of events that wait
     * @param due the claimed events; none where nothing is due or another replica works
     */
    public record Claim(String route, QueueCursor cursor, long waiting, List<Failed> due) {
        /**
         * Writes down the outcome. If another replica took over meanwhile, the events are its own, and are tried once more.
         *
         * @param failed those of the claimed events that must be tried again
         */
        public Decision<Boolean> outcome(Collection<Failed> failed) {
            return documents -> {
                Stored stored = documents.get(RouteQueue.out(route));
                QueueCursor now = QueueCursor.of(stored);
                if (!now.isAsClaimed(cursor)) {
                    return Accepted.unchanged(false);
                }
                Transaction transaction = new Transaction().replace(stored, now.after(due, failed));
                due.stream()
                        .filter(event -> failed.stream().noneMatch(other -> other.n() == event.n()))
                        .forEach(event -> transaction.delete(RouteQueue.event(route, event.n())));
                return new Accepted<>(transaction, true);
            };
        }

        /** Shows other replicas that the work goes on. */
        public Decision<Boolean> beat() {
            return documents -> {
                Stored stored = documents.get(RouteQueue.out(route));
                QueueCursor now = QueueCursor.of(stored);
                return now.isAsClaimed(cursor)
                        ? new Accepted<>(new Transaction().replace(stored, now.workedBy(cursor.worker())), true)
                        : Accepted.unchanged(false);
            };
        }
    }

    @Override
    public Set<String> keys() {
        return Set.of(RouteQueue.in(route), RouteQueue.out(route));
    }

    @Override
    public Accepted<Claim> on(Documents documents) {
        Stored in = documents.get(RouteQueue.in(route));
        Stored out = documents.get(RouteQueue.out(route));
        QueueCursor cursor = QueueCursor.of(out);
        long next = in.absent() ? cursor.first() : in.as(RouteQueue.class).next();
        long waiting = next - cursor.first() + cursor.again().size();
        List<Failed> due = in.absent() ? List.of() : cursor.due(next, now, EVENTS_AT_ONCE, FAILED_AT_MOST);
        if (due.isEmpty() || !(cursor.isFreeFor(worker) || cursor.beat() == silent)) {
            return Accepted.unchanged(new Claim(route, cursor, waiting, List.of()));
        }
        QueueCursor mine = cursor.workedBy(worker);
        return new Accepted<>(new Transaction().replace(out, mine), new Claim(route, mine, waiting, due));
    }
}
