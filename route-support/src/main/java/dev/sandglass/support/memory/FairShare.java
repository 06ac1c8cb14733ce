package dev.sandglass.support.memory;

import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Shares the machine between callers. It limits the work under way, in all and for each caller. While others are there, a caller with
 * more work waiting gets one piece at a time; one whose work took more time than went by has no more under way than all others. Work
 * that waits holds no thread, and callers take turns. A caller whose waiting work reaches the limit is refused at once.
 */
public final class FairShare {
    /** Nanoseconds for which a caller counts as there after the last work asked for. */
    private static final long THERE = TimeUnit.SECONDS.toNanos(1);
    /** Nanoseconds that a caller's work may take beyond the time that went by: a page asks for several things at once. */
    private static final long CREDIT = TimeUnit.SECONDS.toNanos(2);

    private final LongSupplier clock;
    private final int inAll;
    private final int each;
    private final int waitingEach;
    private final Map<String, Line> lines = new HashMap<>();
    /** Lines with work that could begin if the limit for all were not reached, in turn. */
    private final Deque<Line> turn = new ArrayDeque<>();

    private int running;
    private String lastCaller = "";
    private long lastAt;
    /** The time when a caller other than {@code lastCaller} asked last. */
    private long otherAt;

    private long sweptAt;

    public FairShare(int inAll, int each, int waitingEach) {
        this(inAll, each, waitingEach, System::nanoTime);
    }

    /**
     * @param clock monotonic, nanoseconds
     * @param inAll the most work under way at once
     * @param each the most work of one caller
     * @param waitingEach the most work of one caller that may wait
     */
    FairShare(int inAll, int each, int waitingEach, LongSupplier clock) {
        this.clock = clock;
        lastAt = clock.getAsLong() - THERE;
        otherAt = lastAt;
        sweptAt = lastAt;
        this.inAll = inAll;
        this.each = each;
        this.waitingEach = waitingEach;
    }

    private static final class Line {
        private final String caller;
        private final Set<Turn> waiting = new LinkedHashSet<>();
        private int running;
        /** The time at which as much went by as the work took. */
        private long paidAt;

        Line(String caller, long now) {
            this.caller = caller;
            paidAt = now;
        }
    }

    /** A piece of work, from the request to its end. */
    public final class Turn {
        private final Line line;
        private final Consumer<Turn> begin;
        private boolean began;
        private long beganAt;
        private boolean over;

        private Turn(Line line, Consumer<Turn> begin) {
            this.line = line;
            this.begin = begin;
        }

        /** Ends it, done or given up; only the first time counts. */
        public void end() {
            List<Turn> next;
            synchronized (FairShare.this) {
                if (over) {
                    return;
                }
                over = true;
                if (began) {
                    line.running--;
                    running--;
                } else {
                    line.waiting.remove(this);
                }
                forget(line);
                next = next(line);
            }
            run(next);
        }

        /**
         * Done, and to be ended after a pause: as long as this took, if the caller has more waiting or took too much while others are
         * there.
         *
         * @return milliseconds
         */
        public long rest() {
            synchronized (FairShare.this) {
                if (!began) {
                    return 0;
                }
                long took = clock.getAsLong() - beganAt;
                line.paidAt = Math.max(line.paidAt, beganAt) + took;
                return crowds(line, 0) ? TimeUnit.NANOSECONDS.toMillis(took) : 0;
            }
        }

        public boolean waits() {
            synchronized (FairShare.this) {
                return !began && !over;
            }
        }

        /** Gives it up unless it has begun. @return true if it was given up */
        public boolean giveUp() {
            synchronized (FairShare.this) {
                if (began || over) {
                    return false;
                }
                over = true;
                line.waiting.remove(this);
                forget(line);
                return true;
            }
        }
    }

    /**
     * Begins the work now, or at the caller's turn on the thread that made room.
     *
     * @param begin starts the work and does not wait for it; gets the turn, to end it
     * @throws Rejection TOO_MANY when the caller has too much waiting
     */
    public Turn enter(String caller, Consumer<Turn> begin) {
        Turn turnOfIts;
        List<Turn> next;
        synchronized (this) {
            note(caller);
            Line line = lines.computeIfAbsent(caller, it -> new Line(it, lastAt));
            if (line.waiting.size() >= waitingEach && (line.running >= each || running >= inAll)) {
                forget(line);
                throw tooMuch();
            }
            turnOfIts = new Turn(line, begin);
            line.waiting.add(turnOfIts);
            next = next(line);
        }
        run(next);
        return turnOfIts;
    }

    public static Rejection tooMuch() {
        return new Rejection(
                Reason.TOO_MANY,
                "You have too much under way at once; nothing was changed, try again when some of it is answered");
    }

    public synchronized int running() {
        return running;
    }

    /** The work that can begin after a line changed. */
    private List<Turn> next(Line changed) {
        List<Turn> next = new ArrayList<>();
        if (mayBegin(changed) && !turn.contains(changed)) {
            turn.add(changed);
        }
        while (running < inAll && !turn.isEmpty()) {
            Line line = turn.poll();
            if (mayBegin(line)) {
                Turn first = line.waiting.iterator().next();
                line.waiting.remove(first);
                first.began = true;
                first.beganAt = clock.getAsLong();
                line.running++;
                running++;
                next.add(first);
                turn.add(line);
            }
        }
        return next;
    }

    private boolean mayBegin(Line line) {
        return line.running < (crowds(line, 1) ? 1 : each) && !line.waiting.isEmpty();
    }

    /** @param waiting more of a caller's work that waits is too much beside others */
    private boolean crowds(Line line, int waiting) {
        // Where all calls are slow, each caller's take long: only the one with the most under way is the cause.
        boolean most = line.running >= running - line.running && line.paidAt - clock.getAsLong() > CREDIT;
        return (line.waiting.size() > waiting || most) && othersAreThere(line.caller);
    }

    private void note(String caller) {
        if (!caller.equals(lastCaller)) {
            otherAt = lastAt;
            lastCaller = caller;
        }
        lastAt = clock.getAsLong();
        if (lastAt - sweptAt > THERE) {
            sweptAt = lastAt;
            List.copyOf(lines.values()).forEach(this::forget);
        }
    }

    private boolean othersAreThere(String caller) {
        return clock.getAsLong() - (caller.equals(lastCaller) ? otherAt : lastAt) < THERE;
    }

    private void forget(Line line) {
        if (line.running == 0 && line.waiting.isEmpty() && line.paidAt - clock.getAsLong() <= 0) {
            lines.remove(line.caller, line);
        }
    }

    private static void run(List<Turn> next) {
        next.forEach(one -> one.begin.accept(one));
    }
}
