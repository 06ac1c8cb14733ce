package dev.sandglass.support;

import dev.sandglass.support.memory.Backlog;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** The secrets of a service. A route reads each once from the Dapr secret store, when it is asked for. */
@Singleton
@Named("secrets")
public class Secrets implements Backlog {
    /** Longer than the call of the sidecar may take. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Map<String, CompletableFuture<String>> known = new ConcurrentHashMap<>();
    private final BlockingQueue<String> wanted = new LinkedBlockingQueue<>();

    /** @throws Unavailable while the secret store is away, or has no such secret */
    public String get(String name) {
        CompletableFuture<String> secret = known.computeIfAbsent(name, any -> {
            wanted.add(name);
            return new CompletableFuture<>();
        });
        try {
            return secret.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            known.remove(name, secret);
            throw new Unavailable("the secret " + name + " of the secret store", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("the secret " + name + " of the secret store", e);
        }
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

    /** The name of a secret to be read. */
    @Override
    public @Nullable String take(Duration longest) throws InterruptedException {
        return wanted.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
    }

    public void learn(@ExchangeProperty("wanted") String name, @ExchangeProperty("secretValue") String value) {
        known.computeIfAbsent(name, any -> new CompletableFuture<>()).complete(value);
    }

    /** The secret was not read. */
    public void miss(@ExchangeProperty("wanted") String name, Exception why) {
        known.computeIfAbsent(name, any -> new CompletableFuture<>()).completeExceptionally(why);
    }
}
