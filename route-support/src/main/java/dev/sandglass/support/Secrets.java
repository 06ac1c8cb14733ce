package dev.sandglass.support;

import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The secrets of a service, each read once from the Dapr secret store. */
@Singleton
public class Secrets {
    private final Dapr dapr;
    private final Map<String, String> known = new ConcurrentHashMap<>();

    public Secrets(Dapr dapr) {
        this.dapr = dapr;
    }

    /** @throws Unavailable while the secret store is away, or has no such secret */
    public String get(String name) {
        return known.computeIfAbsent(name, this::ask);
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

    private String ask(String name) {
        try {
            return dapr.secret(name);
        } catch (Unavailable | IllegalStateException e) {
            throw new Unavailable("the secret " + name + " of the secret store", e);
        }
    }
}
