package dev.sandglass.reminder.domain;

import dev.sandglass.reminder.domain.Plans.Read;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * Lets what waits for the end of a user's quiet hours be looked at now: these hours may be others. If it is still quiet, it waits on, for
 * <em>task</em> is asked before it is told. The answer is when the mailbox is to be looked at.
 */
public record WakeUser(String user, Instant now) implements Decision<Read<List<Alarm>>> {
    @Override
    public Set<String> keys() {
        return Set.of(ReminderKeys.postsOf(user));
    }

    @Override
    public Accepted<Read<List<Alarm>>> on(Documents documents) {
        Plans plans = new Plans();
        Mailboxes mailboxes = new Mailboxes(documents, plans);
        mailboxes.change(ReminderKeys.postsOf(user), user, mailbox -> mailbox.woken(now));
        List<Alarm> alarms = mailboxes.alarms();
        SortedMap<String, SortedSet<String>> pages = CalendarPage.of(alarms, now);
        documents.all(pages.keySet());
        Transaction transaction = new Transaction();
        CalendarPage.noteAll(transaction, documents, pages);
        return plans.accepted(transaction.addAll(mailboxes.transaction()), alarms);
    }
}
