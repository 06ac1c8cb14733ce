package dev.sandglass.reminder.ledger;

import static java.util.stream.Collectors.toMap;

import dev.sandglass.reminder.domain.Alarm;
import dev.sandglass.reminder.domain.Slot;
import dev.sandglass.reminder.domain.TaskReminders;
import dev.sandglass.support.Dapr;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.Unavailable;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.Header;
import org.jboss.logging.Logger;

/**
 * Reads the calendar and arms what it finds. It stands at a minute before which nothing is left to be done, and never moves past
 * what is still on its way, nor close to the clock: a writer may just be noting something there.
 */
@Singleton
@Named("sweep")
public class Sweep {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");
    /** How long a page may still be written to after its minute is over. */
    private static final Duration TRAIL = Duration.ofMinutes(1);

    private static final long MINUTES_AT_ONCE = 60;
    /** Where it begins that never swept: what is noted before its first turn is at most this old. */
    private static final long MINUTES_BEFORE_THE_FIRST = 60;

    private static final String JOB = "due-";

    private final Dapr dapr;
    private final Alarms alarms;
    private final Plans plans;
    private final Clock clock;
    private final ReentrantLock turn = new ReentrantLock();

    Sweep(Dapr dapr, Alarms alarms, Plans plans, Clock clock) {
        this.dapr = dapr;
        this.alarms = alarms;
        this.plans = plans;
        this.clock = clock;
    }

    /** Where the sweep stands: every minute before is done. */
    record Position(int v, long minute) {}

    /** @throws Unavailable while the state store is away */
    public void sweep() {
        // One that takes longer than the time between two is not joined by the next.
        if (turn.tryLock()) {
            try {
                Instant now = clock.instant();
                Stored stored = dapr.read(Keys.SWEEP);
                long stands = stored.absent()
                        ? Slot.minute(now) - MINUTES_BEFORE_THE_FIRST
                        : stored.as(Position.class).minute;
                long done = sweep(stands, Slot.minute(alarms.horizon(now)));
                if (stored.absent() || done > stands) {
                    move(stored, done);
                }
            } finally {
                turn.unlock();
            }
        }
    }

    /** @return the first minute in which something is left to be done, or soon may be */
    private long sweep(long from, long to) {
        long done = from;
        for (long start = from; start <= to; start += MINUTES_AT_ONCE) {
            List<Slot> slots = Slot.of(start, Math.min(to, start + MINUTES_AT_ONCE - 1));
            long left = look(slots);
            if (done == start) {
                done = left;
            }
        }
        return done;
    }

    private void move(Stored stored, long minute) {
        try {
            dapr.commit(new Transaction().replace(stored, new Position(1, minute)));
        } catch (Unavailable e) {
            // Another replica moved it, or the next sweep will.
            LOG.debugf("the sweep stays where it stood: %s", e.getMessage());
        }
    }

    /**
     * Arms what a job was scheduled for.
     *
     * @param job its name, {@code due-<epoch second>}; others are ignored
     * @throws Unavailable while the state store is away
     */
    public void wake(@Header("job") String job) {
        if (job.startsWith(JOB)) {
            Instant second = Instant.ofEpochSecond(Long.parseLong(job.substring(JOB.length())));
            long minute = Slot.minute(second);
            arm(pages(Slot.of(minute, minute)), second.plusSeconds(1));
        }
    }

    /**
     * Arms what is noted at consecutive slots, and removes the pages that are past.
     *
     * @return the first minute that is not past, or one more than the last
     */
    private long look(List<Slot> slots) {
        SortedMap<Slot, Stored> pages = pages(slots);
        Map<String, TaskReminders> found = arm(pages, alarms.horizon(clock.instant()));
        Instant past = clock.instant().minus(TRAIL);
        long left = slots.get(slots.size() - 1).minute() + 1;
        Transaction over = new Transaction();
        for (Slot slot : slots) {
            Stored page = pages.get(slot);
            boolean waits = slot.end().isAfter(past) || (page != null && pending(Calendar.tasks(page), slot, found));
            if (waits) {
                left = Math.min(left, slot.minute());
            } else if (page != null) {
                over.delete(page);
            }
        }
        if (!over.isEmpty()) {
            try {
                dapr.commit(over);
            } catch (Unavailable e) {
                // Perhaps something was just noted there.
                return slots.get(0).minute();
            }
        }
        return left;
    }

    private static boolean pending(Set<String> tasks, Slot slot, Map<String, TaskReminders> found) {
        return tasks.stream()
                .map(found::get)
                .anyMatch(kept -> kept != null
                        && kept.alarms().stream().anyMatch(alarm -> alarm.at().isBefore(slot.end())));
    }

    /** The pages that are there. */
    private SortedMap<Slot, Stored> pages(List<Slot> slots) {
        Map<String, Slot> keys = slots.stream().collect(toMap(Slot::key, slot -> slot));
        SortedMap<Slot, Stored> pages = new TreeMap<>();
        dapr.read(keys.keySet()).forEach((key, stored) -> {
            Slot slot = keys.get(key);
            if (slot != null && !stored.absent()) {
                pages.put(slot, stored);
            }
        });
        return pages;
    }

    private Map<String, TaskReminders> arm(SortedMap<Slot, Stored> pages, Instant until) {
        SortedSet<String> tasks = new TreeSet<>();
        pages.values().forEach(page -> tasks.addAll(Calendar.tasks(page)));
        Map<String, TaskReminders> found = new HashMap<>();
        if (!tasks.isEmpty()) {
            dapr.read(tasks.stream().map(Keys::reminders).toList()).values().stream()
                    .flatMap(stored -> plans.read(stored).stream())
                    .forEach(kept -> found.put(kept.task().id(), kept));
        }
        Collection<Alarm> waiting =
                found.values().stream().flatMap(kept -> kept.alarms().stream()).toList();
        alarms.arm(waiting, until);
        return found;
    }
}
