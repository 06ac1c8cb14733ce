package dev.sandglass.sync.routes;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** The bodies of a split, as a list. */
final class InOrder implements AggregationStrategy {
    @Override
    public Exchange aggregate(@Nullable Exchange before, Exchange next) {
        List<Object> bodies = before == null ? new ArrayList<>() : gathered(before);
        bodies.add(next.getMessage().getBody());
        next.getMessage().setBody(bodies);
        return next;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> gathered(Exchange before) {
        return (List<Object>) before.getMessage().getBody();
    }
}
