package dev.sandglass.reminder.domain;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.sandglass.reminder.domain.Plans.Read;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Writes down the ends of firings that are still ours, and plans those again whose tasks nag. It notes what rings later in the calendar,
 * and posts what members of lists may be told beside the feed, whatever became of it on the feed.
 */
public final class RecordOutcomes implements Decision<Read<RecordOutcomes.Recorded>> {
    private final List<Firing> ended;
    private final SortedMap<String, List<Firing>> byTask;
    private final SortedMap<String, SortedSet<String>> notes;
    private final Instant now;

    public RecordOutcomes(List<Firing> ended, Instant now) {
        this.ended = ended;
        this.now = now;
        byTask = ended.stream()
                .collect(groupingBy(
                        firing -> ReminderKeys.reminders(firing.task().id()), TreeMap::new, toList()));
        notes = CalendarPage.of(
                ended.stream()
                        .filter(Firing::isUnfinished)
                        .map(Firing::alarm)
                        .filter(alarm -> alarm.at().isAfter(now))
                        .toList(),
                now);
    }

    /**
     * @param nags reminders that come again
     * @param posts when the mailboxes are to be looked at that were put something in
     */
    public record Recorded(List<Firing> ended, List<Alarm> nags, List<Alarm> posts) {}

    @Override
    public Set<String> keys() {
        Set<String> keys = new TreeSet<>(byTask.keySet());
        keys.addAll(notes.keySet());
        return keys;
    }

    @Override
    public Accepted<Read<Recorded>> on(Documents documents) {
        Plans plans = new Plans();
        Transaction changed = new Transaction();
        List<Firing> posted = new ArrayList<>();
        List<Alarm> nags = new ArrayList<>();
        byTask.forEach((key, firings) -> plans.of(documents.get(key)).ifPresent(before -> {
            TaskReminders after = before;
            for (Firing firing : firings) {
                // While the broker is away it is recorded again and again, and a mailbox remembers only so many.
                Reminder reminder = firing.posted() ? firing.reminder().asPosted() : firing.reminder();
                boolean ours = before.find(reminder.id(), reminder.version())
                        .filter(claimed -> claimed.claimedBy(firing.claim()))
                        .isPresent();
                after = ours ? after.with(reminder).nagging(reminder, firing.task(), now) : after;
                // If the answer to a write was lost, it is ours no more, and nobody has armed what comes again or
                // looked at the mailbox.
                if (ours || documents.again()) {
                    nags.addAll(firing.isOver() ? after.alarms(reminder.id()) : List.of());
                    if (firing.posted()) {
                        posted.add(firing);
                    }
                }
            }
            if (!after.equals(before)) {
                changed.replace(documents.get(key), after);
            }
        }));
        documents.all(posted.stream().map(RecordOutcomes::mailbox).toList());
        Mailboxes mailboxes = new Mailboxes(documents, plans);
        posted.forEach(firing -> mailboxes.change(
                mailbox(firing),
                firing.task().list(),
                mailbox -> mailbox.with(Mailbox.MEMBERS, firing.post(now), now)));
        List<Alarm> alarms = mailboxes.alarms();
        SortedMap<String, SortedSet<String>> pages =
                CalendarPage.of(Stream.concat(alarms.stream(), nags.stream()).toList(), now);
        notes.forEach((key, tasks) ->
                pages.computeIfAbsent(key, page -> new TreeSet<>()).addAll(tasks));
        documents.all(pages.keySet());
        Transaction transaction = new Transaction();
        CalendarPage.noteAll(transaction, documents, pages);
        transaction.addAll(mailboxes.transaction());
        return plans.accepted(transaction.addAll(changed), new Recorded(ended, nags, alarms));
    }

    private static String mailbox(Firing firing) {
        return ReminderKeys.postsOfList(firing.task().list());
    }
}
