package dev.sandglass.reminder.memory;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.stream.Collectors.partitioningBy;
import static java.util.stream.Collectors.toSet;

import dev.sandglass.reminder.domain.Alarm;
import dev.sandglass.reminder.domain.ClaimDue.Claimed;
import dev.sandglass.reminder.domain.Deliver;
import dev.sandglass.reminder.domain.Firing;
import dev.sandglass.reminder.domain.LookAtCalendar.Found;
import dev.sandglass.reminder.domain.RecordOutcomes.Recorded;
import dev.sandglass.support.memory.Backlog;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reminders due soon, to the millisecond. An alarm rings once, even if it was armed twice, and waits for its user's turn after it rang. A
 * replica may lose them, since the sweep arms them again. While a service that deliveries need is away, one alarm at a time tries it, and the
 * others wait at no cost.
 */
@Singleton
@Named("alarms")
public class Alarms implements Backlog {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");
    /** The time after which an alarm that was put back rings again. */
    private static final Duration AGAIN = Duration.ofSeconds(1);
    /** The time between two looks at the wall clock during a wait: the clock may be changed meanwhile. */
    private static final Duration LOOK = Duration.ofSeconds(1);
    /** The most armed alarms; others wait for a later sweep. */
    private static final int MOST = 20_000;
    /** The most of them for the tasks of one user, so that there is room for those of others. */
    private static final int MOST_OF_USER = 5_000;

    private static final int MOST_AT_ONCE = 100;
    private static final long MILLIS_BETWEEN_TRIES = 500;
    /** The last time of a job: the scheduler reads years of four digits. */
    private static final Instant LAST_JOB = Instant.parse("9999-12-31T23:59:59Z");

    private final Clock clock;
    private final Duration window;
    private final Posts posts;
    /** The alarms that are armed, ringing or being fired. */
    private final Set<Alarm> held = ConcurrentHashMap.newKeySet();
    /** How many of them each user has. */
    private final Map<String, Integer> ofUser = new ConcurrentHashMap<>();

    private final Rung rung = new Rung();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1,
            task -> {
                Thread thread = new Thread(task, "reminder-alarms");
                thread.setDaemon(true);
                return thread;
            },
            // A service that stops still plans what is due soon; another replica fires it.
            new ThreadPoolExecutor.DiscardPolicy());
    /** How many are taken together; fewer while their tasks are large. */
    private volatile int atOnce = MOST_AT_ONCE;

    private volatile boolean stumbling;
    private volatile boolean channelAway;

    Alarms(@ConfigProperty(name = "sandglass.reminder.window") Duration window, Clock clock, Posts posts) {
        this.posts = posts;
        this.window = window;
        this.clock = clock;
    }

    /** The instant up to which alarms are armed now. */
    Instant horizon(Instant now) {
        return now.plus(window);
    }

    // ---------------------------------------------------------------- Arming

    /**
     * Arms new alarms that are due within the window; alarms in the past ring at once. Mailboxes are looked at.
     *
     * @return the epoch seconds in which reminders are due
     */
    public Set<Long> planned(@Body List<List<Alarm>> planned) {
        Instant now = clock.instant();
        Map<Boolean, List<Alarm>> alarms =
                planned.stream().flatMap(List::stream).collect(partitioningBy(Alarm::isForPosts));
        posts.arm(alarms.getOrDefault(true, List.of()));
        List<Alarm> reminders = alarms.getOrDefault(false, List.of());
        arm(reminders, horizon(now));
        return reminders.stream()
                .map(Alarm::at)
                .filter(at -> now.isBefore(at) && at.isBefore(LAST_JOB))
                .map(Instant::getEpochSecond)
                .collect(toSet());
    }

    /** Arms alarms that the calendar led to. */
    public void found(@Body Found found) {
        Map<Boolean, List<Alarm>> alarms = found.alarms().stream().collect(partitioningBy(Alarm::isForPosts));
        arm(alarms.getOrDefault(false, List.of()), found.until());
        posts.arm(alarms.getOrDefault(true, List.of()));
    }

    private void arm(Collection<Alarm> alarms, Instant until) {
        for (Alarm alarm : alarms) {
            boolean room = held.size() < MOST && ofUser.getOrDefault(alarm.user(), 0) < MOST_OF_USER;
            if (!alarm.at().isAfter(until) && room && hold(alarm)) {
                await(alarm);
            }
        }
    }

    private boolean hold(Alarm alarm) {
        boolean more = held.add(alarm);
        if (more) {
            ofUser.merge(alarm.user(), 1, Integer::sum);
        }
        return more;
    }

    private void await(Alarm alarm) {
        long millis = Duration.between(clock.instant(), alarm.at()).toMillis();
        if (millis <= 0) {
            rung.add(alarm);
        } else {
            timer.schedule(() -> await(alarm), Math.min(millis, LOOK.toMillis()), MILLISECONDS);
        }
    }

    // ---------------------------------------------------------------- Ringing

    @Override
    public @Nullable List<Alarm> take(Duration longest) throws InterruptedException {
        boolean one = stumbling || channelAway;
        if (one) {
            Thread.sleep(MILLIS_BETWEEN_TRIES);
        }
        List<Alarm> some = rung.take(longest, one ? 1 : atOnce);
        return some.isEmpty() ? null : some;
    }

    /** Forgets alarms that are over. Those that were left are the next. An alarm that another replica claimed rings again until it is over: that replica may die. */
    public List<Firing> claimed(@ExchangeProperty("rung") List<Alarm> alarms, @Body Claimed claimed) {
        stumbling = false;
        Set<Alarm> over = new HashSet<>(alarms);
        claimed.ours().forEach(firing -> over.remove(firing.alarm()));
        over.removeAll(claimed.withOthers());
        claimed.left().forEach(over::remove);
        release(over);
        putBack(claimed.withOthers());
        atOnce = claimed.left().isEmpty()
                ? Math.min(MOST_AT_ONCE, 2 * atOnce)
                : Math.max(1, alarms.size() - claimed.left().size());
        rung.putBack(claimed.left());
        return claimed.ours();
    }

    /** Lets alarms ring again that could not be fired. */
    public void failed(
            @ExchangeProperty("rung") List<Alarm> alarms,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception reason) {
        stumbling = true;
        // It may be that they were too large to be claimed in time.
        atOnce = 1;
        LOG.warnf("%d due reminders have to wait: %s", alarms.size(), reason.getMessage());
        putBack(alarms);
    }

    /**
     * It is written down how they ended.
     *
     * @return those that come again, as they are to be armed; empty where none does
     */
    public List<List<Alarm>> recorded(@Body Recorded recorded) {
        ended(recorded.ended());
        posts.arm(recorded.posts());
        return recorded.nags().isEmpty() ? List.of() : List.of(recorded.nags());
    }

    /** Forgets alarms that are done; others ring again in a moment. */
    void ended(List<Firing> ended) {
        Map<Boolean, List<Firing>> again = ended.stream().collect(partitioningBy(Firing::isUnfinished));
        release(Deliver.alarms(again.getOrDefault(false, List.of())));
        putBack(Deliver.alarms(again.getOrDefault(true, List.of())));
    }

    /** @param away while a channel cannot be reached */
    void channelAway(boolean away) {
        channelAway = away;
    }

    /** Forgets alarms that are done, or that the sweep will find again. */
    void release(Collection<Alarm> alarms) {
        for (Alarm alarm : alarms) {
            if (held.remove(alarm)) {
                ofUser.computeIfPresent(alarm.user(), (user, many) -> many == 1 ? null : many - 1);
            }
        }
    }

    private void putBack(Collection<Alarm> alarms) {
        for (Alarm alarm : alarms) {
            hold(alarm);
            timer.schedule(() -> await(alarm), AGAIN.toMillis(), MILLISECONDS);
        }
    }

    void stop(@Observes ShutdownEvent stopping) {
        timer.shutdownNow();
    }
}
