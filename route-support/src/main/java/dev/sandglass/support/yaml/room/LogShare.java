package dev.sandglass.support.yaml.room;

import dev.sandglass.support.domain.OneLine;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.LogDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.spi.CamelLogger;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.spi.LogListener;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Limits what one file may write to the service's log, by its steps, by what they call, and by failing where nobody waits: so many lines a
 * second, beside those of all other files, of a bounded length, none that looks like another's.
 */
public final class LogShare implements InterceptStrategy, LogListener, ExceptionHandler {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");
    private static final int LINES_A_SECOND = 100;
    /** The share of all files together. */
    private static final int ALL_LINES_A_SECOND = 300;

    private static final Object LOCK = new Object();
    private static long secondOfAll;
    private static int linesOfAll;

    private final String file;
    private long second;
    private int lines;
    private int left;

    LogShare(String file) {
        this.file = file;
    }

    /** Tells if something may be logged for an exchange: in a room, if there is some of its share left; elsewhere always. */
    public static boolean mayWrite(Exchange exchange) {
        LogShare share = exchange.getContext().getCamelContextExtension().getContextPlugin(LogShare.class);
        return share == null || share.mayWrite(System.nanoTime());
    }

    @Override
    public Processor wrapProcessorInInterceptors(CamelContext camel, NamedNode step, Processor target, Processor next) {
        boolean logs = step instanceof LogDefinition
                || step instanceof ToDefinition to && to.getEndpointUri().startsWith("log:");
        return !logs
                ? target
                : new DelegateAsyncProcessor(target) {
                    @Override
                    public boolean process(Exchange exchange, AsyncCallback done) {
                        if (mayWrite(System.nanoTime())) {
                            return super.process(exchange, done);
                        }
                        done.done(true);
                        return true;
                    }
                };
    }

    /** @param now by the monotonic clock, nanoseconds */
    boolean mayWrite(long now) {
        synchronized (LOCK) {
            long current = TimeUnit.NANOSECONDS.toSeconds(now);
            if (current != secondOfAll) {
                secondOfAll = current;
                linesOfAll = 0;
            }
            if (current != second) {
                second = current;
                lines = 0;
                if (left > 0 && takes()) {
                    LOG.warnf(
                            "%d lines of %s are not logged: a file writes at most %d a second, all files %d",
                            left, file, LINES_A_SECOND, ALL_LINES_A_SECOND);
                    left = 0;
                }
            }
            boolean takes = takes();
            left += takes ? 0 : 1;
            return takes;
        }
    }

    private boolean takes() {
        boolean room = lines < LINES_A_SECOND && linesOfAll < ALL_LINES_A_SECOND;
        if (room) {
            lines++;
            linesOfAll++;
        }
        return room;
    }

    @Override
    public String onLog(Exchange exchange, CamelLogger logger, String message) {
        return OneLine.of(message);
    }

    @Override
    public void handleException(Throwable failure) {
        handleException("it failed", failure);
    }

    @Override
    public void handleException(String message, Throwable failure) {
        handleException(message, null, failure);
    }

    @Override
    public void handleException(String message, @Nullable Exchange exchange, Throwable failure) {
        if (mayWrite(System.nanoTime())) {
            LOG.warnf(
                    "%s of %s: %s",
                    exchange == null ? "a message" : "a message of route " + exchange.getFromRouteId(),
                    file,
                    OneLine.of(message + ": " + failure.getMessage()));
        }
    }
}
