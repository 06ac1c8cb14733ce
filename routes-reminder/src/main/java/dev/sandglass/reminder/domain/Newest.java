package dev.sandglass.reminder.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.reminder.domain.Shown.Fired;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The newest fired reminders, as many as fit into so many characters. */
final class Newest {
    private static final Comparator<Sized> OLDEST_FIRST = Comparator.comparing(sized -> sized.fired.at());

    private final int most;
    private final PriorityQueue<Sized> kept = new PriorityQueue<>(OLDEST_FIRST);
    private int size;

    private record Sized(Fired fired, int size) {}

    /** @param most characters; one is kept in any case */
    Newest(int most) {
        this.most = most;
    }

    void add(Fired fired) {
        Sized one = new Sized(fired, fired.frame().toString().length());
        kept.add(one);
        size += one.size;
        while (size > most && kept.size() > 1) {
            size -= kept.remove().size;
        }
    }

    /** Oldest first. */
    List<JsonNode> frames() {
        return kept.stream()
                .sorted(OLDEST_FIRST)
                .map(sized -> sized.fired.frame())
                .toList();
    }
}
