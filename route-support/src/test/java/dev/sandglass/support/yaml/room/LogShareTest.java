package dev.sandglass.support.yaml.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.CamelLogger;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The share of the log that a file of routes has. */
@Tag("FR-012")
class LogShareTest {
    private final LogShare share = new LogShare("a.camel.yaml");

    private long written(int lines, long second) {
        return written(share, lines, second);
    }

    private static long written(LogShare share, int lines, long second) {
        return IntStream.range(0, lines)
                .filter(i -> share.mayWrite(TimeUnit.SECONDS.toNanos(second)))
                .count();
    }

    @Test
    void aFloodEndsAndTheNextSecondIsFree() {
        assertEquals(100, written(30_000, 1));
        assertEquals(3, written(3, 2));
    }

    @Test
    void fiftyFilesWriteNoMoreThanThree() {
        List<LogShare> files = IntStream.range(0, 50)
                .mapToObj(i -> new LogShare(i + ".camel.yaml"))
                .toList();
        for (long second = 3; second < 5; second++) {
            long of = second;
            long all = files.stream().mapToLong(file -> written(file, 200, of)).sum();
            assertTrue(all > 200 && all <= 300, all + " lines");
        }
    }

    @Test
    void noTextLooksLikeAnotherLineOrIsEndless() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            CamelLogger logger = new CamelLogger();
            String forged = "x\r\n2026-11-28 ERROR\u2028[relay]\u001b[2J\ty";
            assertEquals("x 2026-11-28 ERROR [relay] [2J y", share.onLog(new DefaultExchange(camel), logger, forged));
            assertEquals(
                    "a b c 31m d e ü 😀",
                    share.onLog(new DefaultExchange(camel), logger, "a\u0085b\u202ec\u009b31m\u2029d\ud83de ü 😀"));
            assertEquals(
                    2_001,
                    share.onLog(new DefaultExchange(camel), logger, "x".repeat(100_000))
                            .length());
        }
    }
}
