package dev.sandglass.support.yaml;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * The files in force. A file is exchanged without a gap: the new routes are there before anybody is sent to them, and the former ones
 * end when nobody is inside any more.
 */
@Singleton
public class LiveFiles {
    private final SortedMap<String, Loaded> files = new TreeMap<>();
    /** By {@code direct:} name. */
    private final Map<String, Loaded> entrances = new ConcurrentHashMap<>();

    private final Executor closing = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "dsl-yaml-closing");
        thread.setDaemon(true);
        return thread;
    });

    synchronized SortedMap<String, Loaded> files() {
        return new TreeMap<>(files);
    }

    /** Puts files in force, in the place of former ones of their names. */
    synchronized void put(Map<String, Loaded> loaded) {
        loaded.forEach((name, file) -> {
            Loaded former = files.put(name, file);
            file.routes().forEach(route -> enter(route, file));
            end(former);
        });
    }

    synchronized void remove(String name) {
        end(files.remove(name));
    }

    private void enter(YamlRoute route, Loaded file) {
        String entrance = route.entrance();
        if (entrance != null) {
            entrances.put(entrance, file);
        }
    }

    private void end(@org.jspecify.annotations.Nullable Loaded former) {
        if (former != null) {
            entrances.values().removeIf(former::equals);
            closing.execute(former::close);
        }
    }

    boolean has(String direct) {
        return entrances.containsKey(direct);
    }

    /**
     * Sends a message through the route in force.
     *
     * @return what the route made of the body; nothing where there is no such route
     * @throws Exception what the route failed with
     */
    Optional<String> send(String direct, String body, Map<String, Object> headers) throws Exception {
        for (Loaded file = entrances.get(direct); file != null; file = entrances.get(direct)) {
            if (file.enter()) {
                try {
                    return Optional.of(file.send(direct, body, headers));
                } finally {
                    file.leave();
                }
            }
            // It is being exchanged: another one is there in a moment.
            Thread.onSpinWait();
        }
        return Optional.empty();
    }

    synchronized void closeAll() {
        files.values().forEach(Loaded::stop);
        files.clear();
        entrances.clear();
    }
}
