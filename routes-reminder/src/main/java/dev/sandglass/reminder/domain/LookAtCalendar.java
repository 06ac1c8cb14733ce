package dev.sandglass.reminder.domain;

import dev.sandglass.reminder.domain.Plans.Read;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Portions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the calendar of some minutes. A minute is done once its alarms are done. A minute close to the present is not done yet: a
 * writer may still note a reminder there.
 */
public final class LookAtCalendar implements Decision<Read<LookAtCalendar.Found>> {
    /** The time in which a page may still be written after its minute is over. */
    private static final Duration TRAIL = Duration.ofMinutes(1);

    private static final String JOB = "due-";

    private final List<Slot> slots;
    private final Instant until;
    private final Instant past;
    private final Plans plans = new Plans();
    private final Portions<List<Alarm>> alarms;

    /**
     * The minutes that were looked at.
     *
     * @param alarms the alarms of the tasks noted there that are due by then, or before the last of the minutes is over
     * @param until the alarms due by then must be armed
     * @param over the transaction that removes the pages that are done
     * @param left the first minute that is not done, or one more than the last
     */
    public record Found(List<Alarm> alarms, Instant until, Transaction over, long left) {}

    private LookAtCalendar(List<Slot> slots, Instant until, Instant now) {
        this.slots = slots;
        this.until = until;
        this.past = now.minus(TRAIL);
        this.alarms = new Portions<>(
                Plans.AT_ONCE,
                this::noted,
                stored -> alarms(stored)
                        .map(found -> found.stream().filter(this::counts).toList()));
    }

    /** @param from the first minute, @param to the last */
    public static LookAtCalendar of(long from, long to, Instant until, Instant now) {
        return new LookAtCalendar(Slot.of(from, to), until, now);
    }

    /**
     * The minute of a second for which a job was scheduled.
     *
     * @param job {@code due-<epoch second>}
     */
    public static LookAtCalendar ofJob(String job) {
        Instant second = Instant.ofEpochSecond(Long.parseLong(job.substring(JOB.length())));
        long minute = Slot.minute(second);
        return of(minute, minute, second.plusSeconds(1), Instant.MIN.plus(TRAIL));
    }

    @Override
    public Set<String> keys() {
        Set<String> keys = new HashSet<>();
        slots.forEach(slot -> keys.add(slot.key()));
        return keys;
    }

    private Set<String> noted(Documents documents) {
        Set<String> keys = new HashSet<>();
        slots.forEach(slot ->
                CalendarPage.tasks(documents.get(slot.key())).forEach(name -> keys.add(ReminderKeys.named(name))));
        return keys;
    }

    private Optional<List<Alarm>> alarms(Stored stored) {
        return ReminderKeys.isPosts(stored.key())
                ? plans.of(stored, Mailbox.class).map(mailbox -> mailbox.alarms(stored.key()))
                : plans.of(stored).map(TaskReminders::alarms);
    }

    private boolean counts(Alarm alarm) {
        return !alarm.at().isAfter(until)
                || alarm.at().isBefore(slots.get(slots.size() - 1).end());
    }

    @Override
    public Accepted<Read<Found>> on(Documents documents) {
        List<Alarm> found = alarms.in(documents).stream().flatMap(List::stream).toList();
        Map<String, Instant> first = new HashMap<>();
        found.forEach(
                alarm -> first.merge(alarm.task(), alarm.at(), (one, other) -> one.isBefore(other) ? one : other));

        long left = slots.get(slots.size() - 1).minute() + 1;
        Transaction over = new Transaction();
        for (Slot slot : slots) {
            Stored page = documents.get(slot.key());
            if (slot.end().isAfter(past) || pending(CalendarPage.tasks(page), slot, first)) {
                left = Math.min(left, slot.minute());
            } else if (!page.absent()) {
                over.delete(page);
            }
        }
        return plans.accepted(new Transaction(), new Found(found, until, over, left));
    }

    private static boolean pending(Set<String> tasks, Slot slot, Map<String, Instant> first) {
        return tasks.stream().map(first::get).anyMatch(at -> at != null && at.isBefore(slot.end()));
    }
}
