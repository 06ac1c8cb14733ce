package dev.sandglass.support.yaml;

import io.netty.util.concurrent.DefaultThreadFactory;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The files in force. A file is exchanged without a gap: the new routes are there before anybody is sent to them, and the former ones
 * end when nobody is inside any more.
 */
@Singleton
public class LiveFiles {
    private final SortedMap<String, Loaded> files = new TreeMap<>();
    /** By {@code direct:} name. */
    private final Map<String, Loaded> entrances = new ConcurrentHashMap<>();

    /** The most former files that are waited for; messages in any more have to come again. */
    private static final int LEAVING = 10;

    private final AtomicInteger leaving = new AtomicInteger();

    private final Executor closing = Executors.newCachedThreadPool(new DefaultThreadFactory("dsl-yaml-closing", true));

    private final ScheduledThreadPoolExecutor alarms =
            new ScheduledThreadPoolExecutor(1, new DefaultThreadFactory("dsl-yaml-alarms", true));

    /** The alarms of all who are inside, by the route they are in. */
    private final Map<Alarm, String> inside = new ConcurrentHashMap<>();

    LiveFiles() {
        alarms.setRemoveOnCancelPolicy(true);
    }

    synchronized SortedMap<String, Loaded> files() {
        return new TreeMap<>(files);
    }

    /** Puts files in force, in the place of former ones of their names. */
    synchronized void put(Map<String, Loaded> loaded) {
        loaded.forEach((name, file) -> {
            Loaded former = files.put(name, file);
            file.routes.forEach(route -> enter(route, file));
            end(former);
        });
    }

    synchronized void remove(String name) {
        end(files.remove(name));
    }

    private void enter(YamlRoute route, Loaded file) {
        String entrance = route.entrance();
        if (entrance != null) {
            entrances.put(entrance, file);
        }
    }

    private void end(@Nullable Loaded former) {
        if (former != null) {
            entrances.values().removeIf(former::equals);
            boolean many = leaving.incrementAndGet() > LEAVING;
            closing.execute(() -> {
                try {
                    if (many) {
                        former.stop();
                    } else {
                        former.close();
                    }
                } finally {
                    leaving.decrementAndGet();
                }
            });
        }
    }

    boolean has(String direct) {
        return entrances.containsKey(direct);
    }

    /** Tells if a message would come out of the route in force as it went in, and nobody would read of it: so the shipped ones are. */
    boolean isSilent(String direct) {
        Loaded file = entrances.get(direct);
        return file != null
                && file.routes.stream()
                        .anyMatch(route -> direct.equals(route.entrance())
                                && route.silent()
                                && !Logger.getLogger(route.id()).isDebugEnabled());
    }

    /**
     * Sends a message through the route in force, in the caller's own thread: no route takes one from another.
     *
     * @param limit how long the route may take
     * @return what the route made of the body; nothing where there is no such route
     * @throws TimeoutException where it took longer
     * @throws Exception what the route failed with
     */
    Optional<String> send(String direct, String body, Map<String, Object> headers, Duration limit) throws Exception {
        for (Loaded file = entrances.get(direct); file != null; file = entrances.get(direct)) {
            if (file.enter()) {
                long began = System.nanoTime();
                Alarm alarm = new Alarm(Thread.currentThread());
                inside.put(alarm, direct);
                Future<?> rings = alarms.schedule(alarm, limit.toNanos(), TimeUnit.NANOSECONDS);
                try {
                    return Optional.of(file.send(direct, body, headers, limit));
                } catch (Exception e) {
                    // Where much goes on, a step may see that the time is over before the alarm rings.
                    throw alarm.rang || System.nanoTime() - began > limit.toNanos() ? late(limit, e) : e;
                } finally {
                    rings.cancel(false);
                    inside.remove(alarm);
                    alarm.end();
                    file.leave();
                }
            }
            // It is being exchanged: another one is there in a moment.
            Thread.onSpinWait();
        }
        return Optional.empty();
    }

    private static TimeoutException late(Duration limit, Exception cause) {
        TimeoutException late = new TimeoutException("it took more than " + limit.toMillis() + " ms");
        late.initCause(cause);
        return late;
    }

    /** Wakes a thread whose time is over from whatever it waits for. */
    private static final class Alarm implements Runnable {
        private final Thread thread;
        private boolean ended;
        private volatile boolean rang;

        Alarm(Thread thread) {
            this.thread = thread;
        }

        @Override
        public synchronized void run() {
            if (!ended) {
                rang = true;
                thread.interrupt();
            }
        }

        /** In the thread: what comes after is not disturbed any more. */
        synchronized void end() {
            ended = true;
            if (rang) {
                Thread.interrupted();
            }
        }
    }

    /** Interrupts who is inside of these routes. */
    void interrupt(Set<String> directs) {
        inside.forEach((alarm, direct) -> {
            if (directs.contains(direct)) {
                alarm.run();
            }
        });
    }

    /** Ends all routes, whoever is inside. */
    synchronized void closeAll() {
        files.values().forEach(Loaded::stop);
        files.clear();
        entrances.clear();
        alarms.shutdown();
    }
}
