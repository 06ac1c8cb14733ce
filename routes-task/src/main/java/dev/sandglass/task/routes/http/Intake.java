package dev.sandglass.task.routes.http;

import dev.sandglass.support.Problem;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.memory.FairShare;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies into memory. What has come is counted, until its request is answered; what is only announced costs nothing. Each caller
 * has a share, so that nobody can take what others need.
 */
@Singleton
class Intake {
    /** Bytes of one body. */
    static final int MOST = 1_000_000;
    /** Bytes of all bodies of one caller. */
    private static final long SHARE = 4_000_000;
    /** Bytes of all. */
    private static final long ALL = 32_000_000;

    /** Bytes from which a body is large: hardly a call that is done takes so many. Of each caller one such is read at a time. */
    private static final int LARGE = 65_536;

    private static final int LARGE_AT_ONCE = 64;

    private final FairShare large = new FairShare(LARGE_AT_ONCE, 1, LARGE_AT_ONCE);
    private final AtomicLong all = new AtomicLong();
    private final Map<String, Long> shares = new ConcurrentHashMap<>();
    private final Counter refused;

    Intake(MeterRegistry metrics) {
        metrics.gauge("sandglass.task.bodies.bytes", all);
        refused = Counter.builder("sandglass.task.bodies.refused")
                .description("Requests refused with 429, since their caller's or all bodies took too much memory")
                .register(metrics);
    }

    /**
     * Goes on with the call when its body is there, whole.
     *
     * @param caller whose share it takes
     * @throws Problem 413
     */
    void read(RoutingContext call, String caller) {
        HttpServerRequest request = call.request();
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (request.isEnded() || length == null && !request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
            done(call, Buffer.buffer());
            return;
        }
        if (length != null && Long.parseLong(length) > MOST) {
            throw Problems.tooLarge();
        }
        if (request.headers().contains(HttpHeaders.EXPECT) && request.version() != HttpVersion.HTTP_1_0) {
            request.headers().remove(HttpHeaders.EXPECT);
            request.response().writeContinue();
        }
        Held held = new Held(caller);
        Course.of(call).atEnd(held::release);
        request.handler(part -> {
                    if (!call.failed() && held.body.length() + part.length() > MOST) {
                        call.fail(Problems.tooLarge());
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
        if (held.turn != null) {
            return;
        }
        Context own = call.vertx().getOrCreateContext();
        call.request().pause();
        try {
            held.turn = large.enter(
                    held.caller, begun -> own.runOnContext(go -> call.request().resume()));
        } catch (Rejection e) {
            refused.increment();
            call.fail(Problem.of(e));
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
        private final Buffer body = Buffer.buffer();
        private long bytes;
        private boolean over;
        private FairShare.@Nullable Turn turn;

        Held(String caller) {
            this.caller = caller;
        }

        synchronized boolean take(Buffer part) {
            if (over) {
                return false;
            }
            long more = part.length();
            boolean room = all.addAndGet(more) <= ALL & shares.merge(caller, more, Long::sum) <= SHARE;
            bytes += more;
            if (room) {
                body.appendBuffer(part);
            }
            return room;
        }

        synchronized void release() {
            over = true;
            all.addAndGet(-bytes);
            if (turn != null) {
                turn.end();
            }
            shares.computeIfPresent(caller, (key, held) -> held == bytes ? null : held - bytes);
        }
    }
}
