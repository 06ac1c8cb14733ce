package dev.sandglass.reminder.ledger;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.sandglass.reminder.domain.Alarm;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What is due soon, in memory, to the millisecond: each alarm rings once, however often it was armed, and those that rang wait in
 * one queue. Losing them costs nothing, the sweep arms them again.
 */
@Singleton
@Named("alarms")
public class Alarms {
    /** An alarm that is put back rings after this again. */
    private static final Duration AGAIN = Duration.ofSeconds(1);
    /** How often the wall's clock is looked at while one waits: it may be put forward or back meanwhile. */
    private static final Duration LOOK = Duration.ofSeconds(1);
    /** Further ones wait for a later sweep. */
    private static final int MOST = 20_000;

    private final Clock clock;
    private final Duration window;
    /** Armed, ringing or being fired. */
    private final Set<Alarm> held = ConcurrentHashMap.newKeySet();

    private final BlockingQueue<Alarm> rung = new LinkedBlockingQueue<>();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "reminder-alarms");
        thread.setDaemon(true);
        return thread;
    });

    Alarms(@ConfigProperty(name = "sandglass.reminder.window") Duration window, Clock clock) {
        this.window = window;
        this.clock = clock;
    }

    /** Up to when alarms are armed, seen from now. */
    Instant horizon(Instant now) {
        return now.plus(window);
    }

    /** Arms those that are due within the window; what is past rings at once. */
    public void arm(Collection<Alarm> alarms) {
        arm(alarms, horizon(clock.instant()));
    }

    /** Arms those that are due by then. */
    void arm(Collection<Alarm> alarms, Instant until) {
        for (Alarm alarm : alarms) {
            if (!alarm.at().isAfter(until) && held.size() < MOST && held.add(alarm)) {
                await(alarm);
            }
        }
    }

    private void await(Alarm alarm) {
        long millis = Duration.between(clock.instant(), alarm.at()).toMillis();
        if (millis <= 0) {
            rung.add(alarm);
        } else {
            timer.schedule(() -> await(alarm), Math.min(millis, LOOK.toMillis()), MILLISECONDS);
        }
    }

    /** Takes some of those that rang: waits for the first, then takes what is there. */
    List<Alarm> take(int most) throws InterruptedException {
        List<Alarm> some = new ArrayList<>();
        some.add(rung.take());
        rung.drainTo(some, most - 1);
        return some;
    }

    /** Forgets those that are done with, or for the sweep to find again. */
    void release(Collection<Alarm> alarms) {
        alarms.forEach(held::remove);
    }

    /** Has some ring again in a moment. */
    void putBack(Collection<Alarm> alarms) {
        for (Alarm alarm : alarms) {
            held.add(alarm);
            timer.schedule(() -> await(alarm), AGAIN.toMillis(), MILLISECONDS);
        }
    }

    void stop(@Observes ShutdownEvent stopping) {
        timer.shutdownNow();
    }
}
