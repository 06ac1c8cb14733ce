package dev.sandglass.support.yaml.room;

import java.time.Duration;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.component.timer.TimerEndpoint;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/** Ends what takes too long, before its next step: loops and splits within each other have no end of their own. */
public final class Deadline implements InterceptStrategy {
    private static final String UNTIL = "room.until";
    private static final String OVER = "its time is over";
    /** For what nobody waits for: a timer's work, as a hundred posts of ten seconds each. */
    private static final Duration LONGEST = Duration.ofMinutes(20);
    /** The longest wait of a client that posts. */
    public static final Duration POSTED = Duration.ofSeconds(30);

    /** True once its file is gone. */
    private volatile boolean leaving;

    /** @param limit after which no step begins */
    public static void set(Exchange exchange, Duration limit) {
        exchange.setProperty(UNTIL, System.nanoTime() + limit.toNanos());
    }

    /** From now on what has worked for long ends before its next step. */
    void leave() {
        leaving = true;
    }

    /** @throws IllegalStateException once its time is over: for an expression or a Kamelet, which can be many a step's work */
    public static void check(Exchange exchange) {
        if (over(exchange)) {
            throw new IllegalStateException(OVER);
        }
    }

    private static boolean over(Exchange exchange) {
        Long until = exchange.getProperty(UNTIL, Long.class);
        if (until == null) {
            Endpoint from = exchange.getFromEndpoint();
            boolean posted = from != null && from.getEndpointUri().startsWith("platform-http");
            set(exchange, posted ? POSTED : LONGEST);
            if (posted || from instanceof TimerEndpoint) {
                WorkShare.begin(exchange);
            }
            return false;
        }
        WorkShare work = WorkShare.of(exchange);
        if (work != null) {
            work.rest();
        }
        return System.nanoTime() - until > 0 || Thread.currentThread().isInterrupted();
    }

    private static boolean isLong(Exchange exchange) {
        WorkShare work = WorkShare.of(exchange);
        return work != null && work.isLong();
    }

    @Override
    public Processor wrapProcessorInInterceptors(CamelContext camel, NamedNode step, Processor target, Processor next) {
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback done) {
                if (over(exchange) || leaving && isLong(exchange)) {
                    exchange.setException(new IllegalStateException(OVER));
                    done.done(true);
                    return true;
                }
                return super.process(exchange, done);
            }
        };
    }
}
