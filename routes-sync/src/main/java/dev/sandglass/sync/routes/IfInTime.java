package dev.sandglass.sync.routes;

import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What a step made of a message, where it did so in time and without an error; else the message as it was. */
final class IfInTime implements AggregationStrategy {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");

    @Override
    public Exchange aggregate(@Nullable Exchange before, Exchange made) {
        throw new IllegalStateException("needs what went in");
    }

    @Override
    public Exchange aggregate(@Nullable Exchange before, Exchange made, Exchange given) {
        if (made.getException() == null) {
            return made;
        }
        LOG.warnf(
                "direct:visible-frame failed, the frame goes as it is: %s",
                made.getException().getMessage());
        return given;
    }

    @Override
    public void timeout(Exchange before, int index, int total, long millis) {
        LOG.warnf("direct:visible-frame took more than %d ms, the frame goes as it is", millis);
    }
}
