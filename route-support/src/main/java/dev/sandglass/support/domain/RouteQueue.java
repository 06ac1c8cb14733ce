package dev.sandglass.support.domain;

import dev.sandglass.support.Stored;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code hooks/<route>/in}: the events that wait for an integrators' route; it exists while the route is known.
 *
 * @param next the number the next event gets
 */
public record RouteQueue(int v, long next) {
    public static String in(String route) {
        return Registry.KEY + "/" + route + "/in";
    }

    public static String out(String route) {
        return Registry.KEY + "/" + route + "/out";
    }

    public static String event(String route, long n) {
        return Registry.KEY + "/" + route + "/" + n;
    }

    /** {@code hooks}: the routes that get events, by id. */
    public record Registry(int v, SortedMap<String, EventSelector> routes) {
        static final String KEY = "hooks";

        static Registry of(Stored stored) {
            return stored.absent() ? new Registry(1, new TreeMap<>()) : stored.as(Registry.class);
        }

        public static Decision<Registry> read() {
            return documents -> Accepted.unchanged(of(documents.get(KEY)));
        }
    }
}
