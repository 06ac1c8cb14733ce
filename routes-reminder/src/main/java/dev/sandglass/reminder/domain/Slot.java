package dev.sandglass.reminder.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The place of a calendar page: a minute and a bucket of tasks. The page is a hint that may name too many tasks, never too few.
 *
 * @param minute since 1970, UTC
 * @param bucket 0 to 15, so that a busy minute has several pages
 */
public record Slot(long minute, int bucket) {
    private static final int BUCKETS = 16;
    private static final int SECONDS = 60;

    /** The slot that notes a reminder. A past reminder goes to the present minute, since no sweep has passed it. */
    public static Slot of(String task, Instant at, Instant now) {
        return new Slot(minute(at.isBefore(now) ? now : at), Math.floorMod(task.hashCode(), BUCKETS));
    }

    /** All pages of the minutes from one to another, both included. */
    public static List<Slot> of(long from, long to) {
        List<Slot> slots = new ArrayList<>();
        for (long minute = from; minute <= to; minute++) {
            for (int bucket = 0; bucket < BUCKETS; bucket++) {
                slots.add(new Slot(minute, bucket));
            }
        }
        return slots;
    }

    public static long minute(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), SECONDS);
    }

    public Instant end() {
        return Instant.ofEpochSecond((minute + 1) * SECONDS);
    }

    public String key() {
        return "due/" + minute + "/" + bucket;
    }
}
