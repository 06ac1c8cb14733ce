package dev.sandglass.audit.domain;

import java.time.Instant;
import java.util.Comparator;

/** Where an entry stands among those of all lists: by time, then list, then number. */
public record Position(Instant at, String list, long seq) implements Comparable<Position> {
    private static final Comparator<Position> ORDER =
            Comparator.comparing(Position::at).thenComparing(Position::list).thenComparingLong(Position::seq);

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }
}
