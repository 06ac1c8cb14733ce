package dev.sandglass.task.routes.http;

import dev.sandglass.support.Problem;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.memory.FairShare;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * How much of the API is under way at once, in all and of each caller. What is beyond it waits for a moment, callers in turn, and holds
 * no thread; what would wait long is refused (429). So what is taken is answered soon, however many there are, one caller's flood is
 * that caller's alone, and memory is bounded.
 */
@Singleton
class Admission {
    /** Milliseconds; then a client has more under way than it needs. */
    private static final int LONGEST_WAIT = 3_000;

    /** Bytes of answers that a caller's connections have not taken, above which no more are made. */
    private static final long MOST_UNREAD = 4_000_000;
    /** The unread answers of all callers have one byte for so many of the heap; above it only who has read theirs gets more. */
    private static final int SHARE = 8;

    private final Map<String, Long> unread = new ConcurrentHashMap<>();
    private final AtomicLong unreadOfAll = new AtomicLong();
    private final long mostUnreadOfAll;
    private final FairShare requests;
    private final Counter refused;

    @Inject
    Admission(
            MeterRegistry metrics,
            @ConfigProperty(name = "sandglass.task.requests-at-once") int inAll,
            @ConfigProperty(name = "sandglass.task.requests-of-user") int each,
            @ConfigProperty(name = "sandglass.task.waiting-of-user") int waiting) {
        this(metrics, inAll, each, waiting, Runtime.getRuntime().maxMemory() / SHARE);
    }

    /** @param mostUnreadOfAll bytes */
    Admission(MeterRegistry metrics, int inAll, int each, int waiting, long mostUnreadOfAll) {
        this.mostUnreadOfAll = mostUnreadOfAll;
        metrics.gauge("sandglass.task.answers.unread.bytes", unreadOfAll);
        requests = new FairShare(inAll, each, waiting);
        metrics.gauge("sandglass.task.requests", requests, FairShare::running);
        refused = Counter.builder("sandglass.task.requests.refused")
                .description("Requests refused with 429, since too many were under way")
                .register(metrics);
    }

    /**
     * Goes on with the call when it is its caller's turn.
     *
     * @throws Rejection TOO_MANY
     */
    void request(RoutingContext call, String caller) {
        Context own = call.vertx().getOrCreateContext();
        try {
            // Never at once: a call that ends before its end is listened to would be under way for ever.
            FairShare.Turn turn = requests.enter(
                    caller,
                    begun -> own.runOnContext(go -> {
                        if (!call.response().closed()) {
                            begin(call, caller);
                        }
                    }));
            Course.of(call).atEnd(() -> {
                long rest = turn.rest();
                if (rest > 0) {
                    call.vertx().setTimer(rest, over -> turn.end());
                } else {
                    turn.end();
                }
            });
            if (turn.waits()) {
                call.vertx().setTimer(LONGEST_WAIT, late -> {
                    if (turn.giveUp()) {
                        refused.increment();
                        call.fail(FairShare.tooMuch());
                    }
                });
            }
        } catch (Rejection e) {
            refused.increment();
            throw e;
        }
    }

    private void begin(RoutingContext call, String caller) {
        call.addBodyEndHandler(made -> countUnread(call, caller));
        long own = unread.getOrDefault(caller, 0L);
        if (own > MOST_UNREAD || own > 0 && unreadOfAll.get() > mostUnreadOfAll) {
            refused.increment();
            call.fail(new Problem(
                    429, "You have too many answers that you do not read; nothing was changed, read them first"));
            return;
        }
        Course.of(call).begin();
        call.next();
    }

    private void countUnread(RoutingContext call, String caller) {
        ConnectionBase wire = (ConnectionBase) call.request().connection();
        long bytes = call.response().bytesWritten();
        if (Wire.isRead(wire)) {
            return;
        }
        unread.merge(caller, bytes, Long::sum);
        unreadOfAll.addAndGet(bytes);
        Wire.whenRead(wire, call.vertx()).onComplete(read -> {
            unreadOfAll.addAndGet(-bytes);
            unread.computeIfPresent(caller, (key, others) -> others == bytes ? null : others - bytes);
        });
    }
}
