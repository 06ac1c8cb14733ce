package dev.sandglass.support.yaml.room;

import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.jboss.logging.Logger;

/**
 * Limits what one file writes to the state store: so many characters and so many times an hour, beside what all other files write. What it
 * removes is not counted: it was written once.
 */
public final class StoreShare {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");
    private static final long CHARACTERS = 50_000_000;
    /** A hundred a second. */
    private static final long WRITES = 360_000;
    /** The share of all files together, in those of one: a file that is exchanged has a new one. */
    private static final int FILES = 4;

    private static final String BOUND = "a file writes at most " + CHARACTERS + " characters and " + WRITES
            + " times an hour to the state store, all files " + FILES + " times that";

    private static final Object LOCK = new Object();
    private static final Hour ALL = new Hour(FILES);

    private final String file;
    private final Hour here = new Hour(1);

    StoreShare(String file) {
        this.file = file;
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
    public static void take(Exchange exchange, int characters) {
        StoreShare share = exchange.getContext().getCamelContextExtension().getContextPlugin(StoreShare.class);
        if (share != null && !share.takes(characters, System.nanoTime())) {
            throw new IllegalStateException(BOUND);
        }
    }

    /** @param now by the monotonic clock, nanoseconds */
    boolean takes(int characters, long now) {
        synchronized (LOCK) {
            long hour = TimeUnit.NANOSECONDS.toHours(now);
            boolean takes = here.has(hour, characters) & ALL.has(hour, characters);
            if (takes) {
                here.add(characters);
                ALL.add(characters);
            } else if (++here.refused == here.told) {
                here.told *= 10;
                LOG.warnf("%s writes no more to the store, %d calls refused this hour: %s", file, here.refused, BOUND);
            }
            return takes;
        }
    }
}
