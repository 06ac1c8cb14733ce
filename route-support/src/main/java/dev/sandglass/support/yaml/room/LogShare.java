package dev.sandglass.support.yaml.room;

import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.LogDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.spi.CamelLogger;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.spi.LogListener;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jboss.logging.Logger;

/** What one file may write to the service's log: so many lines a second, of a bounded length, none that looks like another's. */
final class LogShare implements InterceptStrategy, LogListener {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");
    private static final int LINES_A_SECOND = 100;
    /** Of characters. */
    private static final int LONGEST = 4_000;

    private final String file;
    private long second;
    private int lines;

    LogShare(String file) {
        this.file = file;
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
    synchronized boolean mayWrite(long now) {
        long current = TimeUnit.NANOSECONDS.toSeconds(now);
        if (current != second) {
            if (lines > LINES_A_SECOND) {
                LOG.warnf(
                        "%d lines of %s are not logged: a file writes at most %d a second",
                        lines - LINES_A_SECOND, file, LINES_A_SECOND);
            }
            second = current;
            lines = 0;
        }
        return ++lines <= LINES_A_SECOND;
    }

    /** Further lines of a text stand indented, as no line of a service's own does. */
    @Override
    public String onLog(Exchange exchange, CamelLogger logger, String message) {
        String text = message.length() > LONGEST ? message.substring(0, LONGEST) + "…" : message;
        return text.replaceAll("\\R", "\n    ").replaceAll("[\\p{Cntrl}&&[^\n\t]]", "?");
    }
}
