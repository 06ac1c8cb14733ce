package dev.sandglass.support.yaml.room;

import static dev.sandglass.support.yaml.room.WriteShare.Sink.BROKER;
import static dev.sandglass.support.yaml.room.WriteShare.Sink.STORE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The bounds of what a file of routes writes. */
@Tag("FR-012")
class WriteShareTest {
    private static long written(WriteShare share, int writes, int characters, long hour) {
        return IntStream.range(0, writes)
                .filter(i -> share.takes(STORE, characters, TimeUnit.HOURS.toNanos(hour)))
                .count();
    }

    @Test
    void aFloodEndsAndTheNextHourIsFree() {
        WriteShare share = new WriteShare("a.camel.yaml");
        assertEquals(100, written(share, 1_000, 500_000, 100));
        assertEquals(0, written(share, 1, 1, 100));
        assertEquals(100, written(share, 1_000, 500_000, 101));
    }

    @Test
    void smallOnesEndToo() {
        WriteShare share = new WriteShare("a.camel.yaml");
        assertEquals(360_000, written(share, 400_000, 1, 110));
        assertEquals(3, written(share, 3, 1, 111));
    }

    @Test
    void whatGoesToOnePlaceTakesNothingFromAnother() {
        WriteShare share = new WriteShare("a.camel.yaml");
        assertEquals(100, written(share, 200, 500_000, 115));
        assertTrue(share.takes(BROKER, 500_000, TimeUnit.HOURS.toNanos(115)));
    }

    /** A file that is exchanged each minute has a new share each time. */
    @Test
    void fiftyFilesWriteNoMoreThanFour() {
        List<WriteShare> files = IntStream.range(0, 50)
                .mapToObj(i -> new WriteShare(i + ".camel.yaml"))
                .toList();
        for (long hour = 120; hour < 122; hour++) {
            long of = hour;
            assertEquals(
                    400,
                    files.stream()
                            .mapToLong(file -> written(file, 200, 500_000, of))
                            .sum());
        }
    }
}
