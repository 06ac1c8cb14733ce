package dev.sandglass.support;

import dev.sandglass.support.domain.Letter;
import java.util.Comparator;
import java.util.List;

/** The dead letters that lie in a sidecar in memory. */
public final class MemoryLetters {
    private MemoryLetters() {}

    /** Newest first. */
    public static List<Letter> in(MemoryDapr dapr) {
        return dapr.keys().stream()
                .filter(key -> key.matches("dead-letters/\\d+"))
                .map(key -> dapr.read(key).as(Letter.class))
                .sorted(Comparator.comparing(Letter::n).reversed())
                .toList();
    }
}
