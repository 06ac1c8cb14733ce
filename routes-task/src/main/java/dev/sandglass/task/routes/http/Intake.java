package dev.sandglass.task.routes.http;

import dev.sandglass.support.Problem;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.memory.FairShare;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies into memory. What has come is counted, until its request is answered; what is only announced costs nothing. Each caller
 * has a share, and those without a token all together have one, so that nobody can take what others need.
 */
@Singleton
class Intake {
    /** Bytes of one body, unless its operation says otherwise. */
    static final int MOST = 1_000_000;
    /** Bytes of all bodies of one caller. */
    private static final long SHARE = 5_000_000;
    /** Bytes of all. */
    private static final long ALL = 32_000_000;
    /** Callers without a token have one of so many parts of it: addresses cost nothing. */
    private static final int STRANGERS = 4;

    /** Bytes from which a body is large: hardly a call that is done takes so many. Of each caller one such is read at a time. */
    private static final int LARGE = 65_536;

    private static final int LARGE_AT_ONCE = 64;
    /** Milliseconds; what comes later waits for another turn, so that who sends slowly, or no more, holds nobody up. */
    private static final int TURN = 5_000;

    private final Pool users;
    private final Pool strangers;
    private final AtomicLong all = new AtomicLong();
    private final Map<String, Long> shares = new ConcurrentHashMap<>();
    private final Counter refused;

    /** Room that some callers have for themselves. */
    private record Pool(long most, AtomicLong taken, FairShare large) {
        Pool(long most) {
            this(most, new AtomicLong(), new FairShare(LARGE_AT_ONCE, 1, LARGE_AT_ONCE));
        }
    }

    @Inject
    Intake(MeterRegistry metrics) {
        this(metrics, ALL);
    }

    /** @param most bytes of all bodies */
    Intake(MeterRegistry metrics, long most) {
        strangers = new Pool(most / STRANGERS);
        users = new Pool(most - strangers.most);
        metrics.gauge("sandglass.task.bodies.bytes", all);
        refused = Counter.builder("sandglass.task.bodies.refused")
                .description("Requests refused with 429, since their caller's or all bodies took too much memory")
                .register(metrics);
    }

    /**
     * Goes on with the call when its body is there, whole.
     *
     * @param caller whose share it takes
     * @param most bytes that it may have
     * @throws Problem 413
     */
    void read(RoutingContext call, String caller, int most) {
        HttpServerRequest request = call.request();
        if (request.response().closed()) {
            return;
        }
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (request.isEnded() || length == null && !request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
            done(call, Buffer.buffer());
            return;
        }
        if (length != null && Long.parseLong(length) > most) {
            throw Problems.tooLarge(most);
        }
        if (request.headers().contains(HttpHeaders.EXPECT) && request.version() != HttpVersion.HTTP_1_0) {
            request.headers().remove(HttpHeaders.EXPECT);
            request.response().writeContinue();
        }
        Held held = new Held(caller, call.user() == null ? strangers : users);
        Course.of(call).atEnd(() -> held.release(call.vertx()));
        request.handler(part -> {
                    if (!call.failed() && held.body.length() + part.length() > most) {
                        call.fail(Problems.tooLarge(most));
                    } else if (!call.failed() && !held.take(part)) {
                        refused.increment();
                        call.fail(new Problem(429, "Too much is on its way in at once; try again when it is answered"));
                    } else if (!call.failed() && held.body.length() > LARGE) {
                        awaitTurn(call, held);
                    }
                })
                .exceptionHandler(call::fail)
                .endHandler(end -> {
                    if (!call.failed()) {
                        done(call, held.body);
                    }
                });
    }

    private void awaitTurn(RoutingContext call, Held held) {
        if (held.hasTurn()) {
            return;
        }
        Context own = call.vertx().getOrCreateContext();
        call.request().pause();
        try {
            held.waitFor(held.pool.large.enter(
                    held.caller,
                    begun -> own.runOnContext(go -> {
                        call.request().resume();
                        held.begin(call.vertx());
                    })));
        } catch (Rejection e) {
            refused.increment();
            call.fail(e);
            call.request().resume();
        }
    }

    private static void done(RoutingContext call, Buffer body) {
        RoutingContextInternal inner = (RoutingContextInternal) call;
        // Camel has a handler of its own on each of its routes.
        inner.visitHandler(RoutingContextInternal.BODY_HANDLER);
        inner.setBody(body);
        call.next();
    }

    /** The memory of one body. */
    private final class Held {
        private final String caller;
        private final Pool pool;
        private final Buffer body = Buffer.buffer();
        private long bytes;
        private boolean over;
        private FairShare.@Nullable Turn turn;
        private long alarm = -1;

        Held(String caller, Pool pool) {
            this.caller = caller;
            this.pool = pool;
        }

        synchronized boolean take(Buffer part) {
            if (over) {
                return false;
            }
            long more = part.length();
            boolean room = pool.taken.addAndGet(more) <= pool.most & shares.merge(caller, more, Long::sum) <= SHARE;
            all.addAndGet(more);
            bytes += more;
            if (room) {
                body.appendBuffer(part);
            }
            return room;
        }

        synchronized boolean hasTurn() {
            return turn != null;
        }

        synchronized void waitFor(FairShare.Turn next) {
            turn = next;
            if (over) {
                next.end();
            }
        }

        synchronized void begin(Vertx vertx) {
            if (!over) {
                alarm = vertx.setTimer(TURN, late -> endTurn());
            }
        }

        private synchronized void endTurn() {
            if (turn != null) {
                turn.end();
                turn = null;
            }
        }

        synchronized void release(Vertx vertx) {
            over = true;
            all.addAndGet(-bytes);
            pool.taken.addAndGet(-bytes);
            vertx.cancelTimer(alarm);
            endTurn();
            shares.computeIfPresent(caller, (key, held) -> held == bytes ? null : held - bytes);
        }
    }
}
