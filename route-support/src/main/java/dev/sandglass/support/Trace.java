package dev.sandglass.support;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The trace of a thread's work, to hand on where the libraries do not do it. It does nothing while no traces are made. */
public final class Trace {
    private static final String PARENT = "traceparent";

    private Trace() {}

    /** The current trace as W3C Trace Context; null where there is none. */
    public static @Nullable String current() {
        if (!Span.current().getSpanContext().isValid()) {
            return null;
        }
        Map<String, String> carrier = new HashMap<>();
        W3CTraceContextPropagator.getInstance().inject(Context.current(), carrier, Map::put);
        return carrier.get(PARENT);
    }

    /** The call as a part of a trace: dapr-sdk hands the trace to the sidecar, which hands it to the called service. */
    static <T> Mono<T> within(@Nullable String trace, Mono<T> call) {
        return trace == null ? call : call.contextWrite(context -> context.put(PARENT, trace));
    }
}
