package dev.sandglass.task.domain.imports;

import java.util.HashMap;
import java.util.Map;

/** Entries of a program that gives them no id are known by their place: what is alike is told apart by its order. */
final class FileIds {
    private final Map<String, Integer> seen = new HashMap<>();

    String of(String... parts) {
        String place = String.join("\n", parts);
        return place + "\n" + seen.merge(place, 1, Integer::sum);
    }
}
