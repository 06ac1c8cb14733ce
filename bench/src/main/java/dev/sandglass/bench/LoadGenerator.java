package dev.sandglass.bench;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Sends calls and takes their times, all on one event loop. */
final class LoadGenerator {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** A call that was due; its future fails unless the answer was what it should be. */
    interface Call {
        /** @param n counts all calls of this run, so that no two need be alike */
        Future<?> send(int n);
    }

    private final Vertx vertx;
    private final Context loop;
    private final AtomicInteger number = new AtomicInteger();
    private final Samples late = new Samples();

    LoadGenerator(Vertx vertx) {
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
    }

    Vertx vertx() {
        return vertx;
    }

    /** The time by which the generator itself was late with calls that were due, all open loops together. */
    Stat lateness() {
        return late.stat();
    }

    /** So many clients, each of which asks again as soon as it is answered. */
    Samples closed(int clients, Duration during, Call call) {
        Samples samples = new Samples();
        long start = System.nanoTime();
        long end = start + during.toNanos();
        Promise<Void> over = Promise.promise();
        AtomicInteger left = new AtomicInteger(clients);
        loop.runOnContext(go -> {
            for (int client = 0; client < clients; client++) {
                next(end, call, samples, left, over);
            }
        });
        await(over.future(), during.plus(PATIENCE));
        return samples.over(System.nanoTime() - start);
    }

    private void next(long end, Call call, Samples samples, AtomicInteger left, Promise<Void> over) {
        long start = System.nanoTime();
        if (start > end) {
            if (left.decrementAndGet() == 0) {
                over.complete();
            }
            return;
        }
        call.send(number.incrementAndGet()).onComplete(answer -> {
            if (answer.succeeded()) {
                samples.took(System.nanoTime() - start);
            } else {
                samples.failed(answer.cause());
            }
            // Not from within the answer: one that is there at once would deepen the stack.
            loop.runOnContext(go -> next(end, call, samples, left, over));
        });
    }

    /**
     * So many calls a second, each sent when it is due, whatever became of those before it, and timed from when it was due: a stall
     * is seen by all that were due in it.
     */
    Samples open(double perSecond, Duration during, Call call) {
        Samples samples = new Samples();
        double between = TimeUnit.SECONDS.toNanos(1) / perSecond;
        int calls = Math.max(1, (int) (during.toNanos() / between));
        Promise<Void> over = Promise.promise();
        AtomicInteger left = new AtomicInteger(calls);
        long start = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            long due = start + (long) (i * between);
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            loop.runOnContext(go -> {
                late.took(System.nanoTime() - due);
                call.send(number.incrementAndGet()).onComplete(answer -> {
                    if (answer.succeeded()) {
                        samples.took(System.nanoTime() - due);
                    } else {
                        samples.failed(answer.cause());
                    }
                    if (left.decrementAndGet() == 0) {
                        over.complete();
                    }
                });
            });
        }
        try {
            await(over.future(), PATIENCE);
        } catch (IllegalStateException e) {
            for (int unanswered = left.get(); unanswered > 0; unanswered--) {
                samples.failed(new TimeoutException("no answer in " + PATIENCE.toSeconds() + " s"));
            }
        }
        return samples.over(System.nanoTime() - start);
    }

    /** The start is one of the monotonic clock. */
    static double secondsSince(long start) {
        return (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    /** All of these, so many under way at once; the first that fails ends it. */
    void each(int count, int atOnce, Call call) {
        AtomicInteger next = new AtomicInteger();
        AtomicInteger left = new AtomicInteger(count);
        Promise<Void> over = Promise.promise();
        if (count > 0) {
            loop.runOnContext(go -> {
                for (int i = 0; i < Math.min(atOnce, count); i++) {
                    another(next, left, count, call, over);
                }
            });
            await(over.future(), Duration.ofMinutes(10));
        }
    }

    private void another(AtomicInteger next, AtomicInteger left, int count, Call call, Promise<Void> over) {
        int n = next.getAndIncrement();
        if (n >= count) {
            return;
        }
        call.send(n).onComplete(answer -> {
            if (answer.failed()) {
                over.tryFail(answer.cause());
            } else if (left.decrementAndGet() == 0) {
                over.tryComplete();
            } else {
                loop.runOnContext(go -> another(next, left, count, call, over));
            }
        });
    }

    /** @throws IllegalStateException if it failed or took longer */
    static <T> T await(Future<T> future, Duration patience) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("no answer in " + patience.toSeconds() + " s", e);
        } catch (java.util.concurrent.ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException(String.valueOf(cause.getMessage()), cause);
        }
    }
}
