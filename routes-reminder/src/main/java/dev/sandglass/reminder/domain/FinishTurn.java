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
import java.util.TreeSet;

/** Writes down how an errand went, which ends it or says when it is tried again, and leads on to the next of its queue. */
public record FinishTurn(Errand errand, NextStep step, Instant now) implements Decision<Read<List<Alarm>>> {
    private static final long FIRST_WAIT = Duration.ofSeconds(30).toSeconds();
    /** The first wait of the question who is to be told: task is soon back. */
    private static final long FIRST_WAIT_FOR_TASK = 2;

    private static final long LONGEST_WAIT = Duration.ofHours(1).toSeconds();

    @Override
    public Set<String> keys() {
        Set<String> keys = new TreeSet<>(Set.of(errand.mailbox()));
        if (step instanceof NextStep.Spread spread) {
            spread.recipients().forEach(recipient -> keys.add(ReminderKeys.postsOf(recipient.user())));
        }
        return keys;
    }

    @Override
    public Accepted<Read<List<Alarm>>> on(Documents documents) {
        Plans plans = new Plans();
        Mailboxes mailboxes = new Mailboxes(documents, plans);
        mailboxes.change(errand.mailbox(), errand.of(), this::after);
        if (step instanceof NextStep.Spread spread) {
            spread.recipients()
                    .forEach(recipient -> mailboxes.change(
                            ReminderKeys.postsOf(recipient.user()),
                            recipient.user(),
                            mailbox -> told(mailbox, recipient)));
        }
        List<Alarm> alarms = mailboxes.alarms();
        SortedMap<String, SortedSet<String>> pages = CalendarPage.of(alarms, now);
        documents.all(pages.keySet());
        Transaction transaction = new Transaction();
        if (CalendarPage.note(transaction, documents, pages)) {
            // Quiet hours of many members end at many times: those noted now are there when it is tried again.
            Mailboxes again = new Mailboxes(documents, plans);
            again.change(
                    errand.mailbox(),
                    errand.of(),
                    mailbox -> mailbox.tried(errand.channel(), errand.tries(), now, null));
            return plans.accepted(transaction.addAll(again.transaction()), again.alarms());
        }
        return plans.accepted(transaction.addAll(mailboxes.transaction()), alarms);
    }

    private Mailbox told(Mailbox mailbox, Recipient recipient) {
        Instant awake = recipient.awake(now);
        Mailbox all = mailbox;
        for (var channel : recipient.channels().entrySet()) {
            if (channel.getValue().wants(errand.post())) {
                all = all.with(channel.getKey(), errand.post().from(awake), awake);
            }
        }
        return all;
    }

    private Mailbox after(Mailbox mailbox) {
        if (step instanceof NextStep.Wait wait) {
            return mailbox.tried(errand.channel(), 0, wait.until(), null);
        }
        if (step instanceof NextStep.Again again) {
            return mailbox.tried(errand.channel(), errand.tries(), now.plusSeconds(pause()), again.why());
        }
        Stage status = step instanceof NextStep.Over over ? over.status() : Stage.DELIVERED;
        Mailbox done = mailbox.over(errand.post(), errand.channel(), status, step.reason(), now)
                .tried(errand.channel(), 0, now, null);
        // Where something waits, the list may have been shared meanwhile.
        return step instanceof NextStep.Spread spread
                        && spread.alone()
                        && done.queues().isEmpty()
                ? done.alone(true)
                : done;
    }

    /** Half a minute, two, eight, half an hour, then each hour. */
    private long pause() {
        long first = errand.isForMembers() ? FIRST_WAIT_FOR_TASK : FIRST_WAIT;
        return Math.min(LONGEST_WAIT, first << Math.min(10, 2 * (errand.tries() - 1)));
    }
}
