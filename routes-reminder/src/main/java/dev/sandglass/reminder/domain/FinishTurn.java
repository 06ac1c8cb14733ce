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

/** Writes down how a letter went, which ends it or says when it is tried again, and leads on to the next of its queue. */
public record FinishTurn(Letter letter, Verdict verdict, Instant now) implements Decision<Read<List<Alarm>>> {
    private static final long FIRST_WAIT = Duration.ofSeconds(30).toSeconds();
    /** Of the question who is to be told: task is soon back. */
    private static final long FIRST_WAIT_FOR_TASK = 2;

    private static final long LONGEST_WAIT = Duration.ofHours(1).toSeconds();

    @Override
    public Set<String> keys() {
        Set<String> keys = new TreeSet<>(Set.of(letter.mailbox()));
        if (verdict instanceof Verdict.Spread spread) {
            spread.recipients().forEach(recipient -> keys.add(ReminderKeys.postsOf(recipient.user())));
        }
        return keys;
    }

    @Override
    public Accepted<Read<List<Alarm>>> on(Documents documents) {
        Plans plans = new Plans();
        Mailboxes mailboxes = new Mailboxes(documents, plans);
        mailboxes.change(letter.mailbox(), letter.of(), this::after);
        if (verdict instanceof Verdict.Spread spread) {
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
            // A list has two hundred members at most, and notes of one minute are on sixteen pages.
            throw new IllegalStateException("too many pages for one transaction");
        }
        return plans.accepted(transaction.addAll(mailboxes.transaction()), alarms);
    }

    private Mailbox told(Mailbox mailbox, Recipient recipient) {
        Instant awake = recipient.awake(now);
        Mailbox all = mailbox;
        for (var channel : recipient.channels().entrySet()) {
            if (channel.getValue().wants(letter.post())) {
                all = all.with(channel.getKey(), letter.post().from(awake), awake);
            }
        }
        return all;
    }

    private Mailbox after(Mailbox mailbox) {
        if (verdict instanceof Verdict.Wait wait) {
            return mailbox.tried(letter.channel(), 0, wait.until(), null);
        }
        if (verdict instanceof Verdict.Again again) {
            return mailbox.tried(letter.channel(), letter.tries(), now.plusSeconds(pause()), again.why());
        }
        Stage status = verdict instanceof Verdict.Over over ? over.status() : Stage.DELIVERED;
        return mailbox.over(letter.post(), letter.channel(), status, verdict.reason(), now)
                .tried(letter.channel(), 0, now, null);
    }

    /** Half a minute, two, eight, half an hour, then each hour. */
    private long pause() {
        long first = letter.isForMembers() ? FIRST_WAIT_FOR_TASK : FIRST_WAIT;
        return Math.min(LONGEST_WAIT, first << Math.min(10, 2 * (letter.tries() - 1)));
    }
}
