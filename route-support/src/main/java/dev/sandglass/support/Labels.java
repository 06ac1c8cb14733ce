package dev.sandglass.support;

import io.micrometer.core.instrument.config.MeterFilter;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * The labels of a call in {@code http.server.requests}. With the paths and methods of the requests, a client could make any number of
 * time series, and after a hundred paths Quarkus counts no others.
 */
public final class Labels {
    /** The key under which Quarkus looks for the path with the names of its parameters. */
    private static final String TEMPLATE = "UrlPathTemplate";

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private Labels() {}

    /** @param template a path of a description, as {@code /api/tasks/{id}}, or a word for all others */
    public static void as(HttpServerRequest call, String template) {
        ((HttpServerRequestInternal) call).context().putLocal(TEMPLATE, template);
    }

    @Produces
    @Singleton
    static MeterFilter methods() {
        return MeterFilter.replaceTagValues("method", method -> METHODS.contains(method) ? method : "OTHER");
    }
}
