package dev.sandglass.support.yaml.room;

import io.micrometer.core.instrument.Metrics;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.jboss.logging.Logger;

/**
 * Limits what one file writes where it is kept: so many characters and so many times an hour, beside what all other files write there. What
 * it removes is not counted: it was written once.
 */
public final class WriteShare {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");
    private static final long CHARACTERS = 50_000_000;
    /** A hundred a second. */
    private static final long WRITES = 360_000;
    /** The share of all files together, in those of one: a file that is exchanged has a new one. */
    private static final int FILES = 4;

    private static final Object LOCK = new Object();

    /** A file may write to three; each is counted for itself. */
    public enum Sink {
        STORE("the state store"),
        BROKER("the broker"),
        TASKS("tasks");

        private final String name;
        private final String bound;
        private final Hour all = new Hour(FILES);

        Sink(String name) {
            this.name = name;
            bound = "a file writes at most " + CHARACTERS + " characters and " + WRITES + " times an hour to " + name
                    + ", all files " + FILES + " times that";
        }
    }

    private final String file;
    private final Map<Sink, Hour> here = new EnumMap<>(Sink.class);

    WriteShare(String file) {
        this.file = file;
        for (Sink sink : Sink.values()) {
            here.put(sink, new Hour(1));
        }
    }

    /** The writes of an hour. */
    private static final class Hour {
        private final int shares;
        private long hour;
        private long characters;
        private long writes;
        private long refused;
        /** The line after this one says ten times as many. */
        private long told;

        Hour(int shares) {
            this.shares = shares;
        }

        boolean has(long now, int more) {
            if (now != hour) {
                hour = now;
                characters = 0;
                writes = 0;
                refused = 0;
                told = 1;
            }
            return characters + more <= shares * CHARACTERS && writes < shares * WRITES;
        }

        void add(int more) {
            characters += more;
            writes++;
        }
    }

    /**
     * Counts a write, in a room.
     *
     * @throws IllegalStateException when nothing is left of the share
     */
    public static void take(Exchange exchange, Sink sink, int characters) {
        WriteShare share = exchange.getContext().getCamelContextExtension().getContextPlugin(WriteShare.class);
        if (share == null) {
            return;
        }
        if (!share.takes(sink, characters, System.nanoTime())) {
            throw new IllegalStateException(sink.bound);
        }
        Metrics.counter(
                        "sandglass.yaml.written.characters",
                        "file",
                        share.file,
                        "to",
                        sink.name().toLowerCase(Locale.ROOT))
                .increment(characters);
    }

    /** @param now by the monotonic clock, nanoseconds */
    boolean takes(Sink sink, int characters, long now) {
        synchronized (LOCK) {
            long hour = TimeUnit.NANOSECONDS.toHours(now);
            Hour mine = Objects.requireNonNull(here.get(sink));
            boolean takes = mine.has(hour, characters) & sink.all.has(hour, characters);
            if (takes) {
                mine.add(characters);
                sink.all.add(characters);
            } else if (++mine.refused == mine.told) {
                mine.told *= 10;
                LOG.warnf(
                        "%s writes no more to %s, %d calls refused this hour: %s",
                        file, sink.name, mine.refused, sink.bound);
            }
            return takes;
        }
    }
}
