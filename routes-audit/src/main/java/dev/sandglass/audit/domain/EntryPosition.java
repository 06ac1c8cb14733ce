package dev.sandglass.audit.domain;

import java.time.Instant;
import java.util.Comparator;

/** The position of an entry among the entries of all lists: by time, then list, then number. */
public record EntryPosition(Instant at, String list, long seq) implements Comparable<EntryPosition> {
    private static final Comparator<EntryPosition> ORDER = Comparator.comparing(EntryPosition::at)
            .thenComparing(EntryPosition::list)
            .thenComparingLong(EntryPosition::seq);

    @Override
    public int compareTo(EntryPosition other) {
        return ORDER.compare(this, other);
    }
}
