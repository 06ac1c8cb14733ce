package dev.sandglass.reminder.domain;

import dev.sandglass.reminder.domain.Plans.Read;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Takes the first post of a channel's queue whose time has come. Until the lease is over nobody else tries it: a replica that dies meanwhile
 * has it tried once more. How it went is told by {@link FinishTurn}.
 */
public record TakeTurn(Alarm rung, Instant now) implements Decision<Read<TakeTurn.Taken>> {
    /** Longer than a question, a try and a write may take together. */
    static final Duration LEASE = Duration.ofMinutes(1);

    /**
     * @param errand null where its time has not come, or another took it
     * @param alarms when the mailbox is to be looked at next
     */
    public record Taken(@Nullable Errand errand, List<Alarm> alarms) {}

    @Override
    public Set<String> keys() {
        return Set.of(rung.task());
    }

    @Override
    public Accepted<Read<Taken>> on(Documents documents) {
        Plans plans = new Plans();
        Mailbox before = plans.of(documents.get(rung.task()), Mailbox.class).orElse(null);
        Mailbox.Queue queue = before == null ? null : before.queues().get(rung.reminder());
        Instant lease = now.plus(LEASE);
        if (before != null && queue != null && documents.again() && queue.next().equals(lease)) {
            // The answer to our own write was lost.
            Errand ours = new Errand(rung.task(), before.of(), rung.reminder(), queue.first(), queue.tries());
            return plans.accepted(new Transaction(), new Taken(ours, before.alarms(rung.task())));
        }
        if (before == null || queue == null || queue.next().isAfter(now)) {
            List<Alarm> later = before == null ? List.of() : before.alarms(rung.task());
            return plans.accepted(new Transaction(), new Taken(null, later));
        }
        Mailbox alive = before.expired(rung.reminder(), now);
        Mailbox.Queue left = alive.queues().get(rung.reminder());
        Mailbox after = left == null ? alive : alive.tried(rung.reminder(), left.tries() + 1, lease, left.why());
        Errand errand = left == null
                ? null
                : new Errand(rung.task(), before.of(), rung.reminder(), left.first(), left.tries() + 1);
        List<Alarm> alarms = after.alarms(rung.task());
        SortedMap<String, SortedSet<String>> pages = CalendarPage.of(alarms, now);
        documents.all(pages.keySet());
        Transaction transaction = new Transaction();
        CalendarPage.note(transaction, documents, pages);
        transaction.replace(documents.get(rung.task()), after, Mailbox.KEPT);
        return plans.accepted(transaction, new Taken(errand, alarms));
    }
}
