package dev.sandglass.support;

import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** The secrets of a service, each read once from the Dapr secret store. */
@Singleton
public class Secrets {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");
    private static final int MILLIS_BETWEEN = 200;
    private static final int TRIES_BETWEEN_WORDS = 50;

    private final Dapr dapr;
    private final Map<String, String> known = new ConcurrentHashMap<>();

    public Secrets(Dapr dapr) {
        this.dapr = dapr;
    }

    /** Waits as long as the secret store is away: nobody can be let in without the secret, and nothing be decided by a default. */
    public String get(String name) {
        return known.computeIfAbsent(name, this::await);
    }

    /**
     * The values of a secret that is being exchanged, separated by commas: the first is in use, all are accepted.
     *
     * @throws IllegalStateException when there is none
     */
    public List<String> all(String name) {
        List<String> values = Arrays.stream(get(name).split(","))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
        if (values.isEmpty()) {
            throw new IllegalStateException("the secret " + name + " is empty");
        }
        return values;
    }

    private String await(String name) {
        for (int tries = 0; ; tries++) {
            try {
                return dapr.secret(name);
            } catch (Unavailable e) {
                if (tries % TRIES_BETWEEN_WORDS == TRIES_BETWEEN_WORDS / 2) {
                    LOG.warnf("Waiting for the secret store, for %s: %s", name, e.getMessage());
                }
                try {
                    Thread.sleep(MILLIS_BETWEEN);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw e;
                }
            }
        }
    }
}
