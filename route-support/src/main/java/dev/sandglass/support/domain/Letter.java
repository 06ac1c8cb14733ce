package dev.sandglass.support.domain;

import dev.sandglass.events.Chain;
import dev.sandglass.support.Stored;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter: one event that could not be handled, under {@code dead-letters/<n>}.
 *
 * @param v version of this shape
 * @param n its number in this service, counting up
 * @param source the topic it came from, or the id of the route that could not handle it
 * @param path the path on which this service takes it again, without a leading slash
 * @param event the CloudEvent as it came
 * @param id the event's id, null where it cannot be read; the same for {@code type}
 * @param why the reason it failed the last time
 * @param at the time it became a letter
 * @param last the time of the last failure
 * @param tries the number of failures
 */
public record Letter(
        int v,
        long n,
        String source,
        String path,
        String event,
        @Nullable String id,
        @Nullable String type,
        String why,
        Instant at,
        Instant last,
        int tries) {

    Letter failedAgain(String reason, Instant now, int more) {
        return new Letter(v, n, source, path, event, id, type, reason, at, now, tries + more);
    }

    /** For operators' logs. */
    public String line() {
        return "dead letter %d of %s, event %s: %s".formatted(n, source, id, why);
    }

    /** @param wanted a source; null for any */
    public boolean isOf(@Nullable String wanted) {
        return wanted == null || wanted.equals(source);
    }

    /** The key of the letter with a number. */
    public static String key(long n) {
        return Head.KEY + "/" + n;
    }

    /** The key that finds a letter's number by its event. */
    public static String index(String source, String event) {
        return Head.KEY + "/of/" + Chain.sha256(source + "\n" + event);
    }

    record Index(int v, long n) {}

    /**
     * All letters of a service.
     *
     * @param v version of this shape
     * @param first no letter has a lower number
     * @param next the number of the next letter
     * @param counts letters by source; a source without letters stays, with 0
     */
    public record Head(int v, long first, long next, Map<String, Long> counts) {
        public static final String KEY = "dead-letters";

        public static Head of(Stored stored) {
            return stored.absent() ? new Head(1, 1, 1, Map.of()) : stored.as(Head.class);
        }

        Head with(String source) {
            return new Head(v, first, next + 1, counted(source, 1));
        }

        Head without(Letter letter) {
            Map<String, Long> left = counted(letter.source, -1);
            boolean none = left.values().stream().allMatch(count -> count == 0);
            return new Head(v, none ? next : letter.n == first ? first + 1 : first, next, left);
        }

        private Map<String, Long> counted(String source, long more) {
            Map<String, Long> changed = new TreeMap<>(counts);
            changed.merge(source, more, Long::sum);
            return changed;
        }
    }
}
