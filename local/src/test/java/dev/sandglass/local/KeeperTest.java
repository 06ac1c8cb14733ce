package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.local.Part.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeeperTest {
    @TempDir
    Path folder;

    private final AtomicBoolean usable = new AtomicBoolean(true);
    private volatile Probe.Answer lacks = Probe.Answer.of(false);
    private Keeper keeper;

    @AfterEach
    void end() throws InterruptedException {
        keeper.stop();
    }

    @Test
    void runsOnceItsProbeSaysSo() {
        usable.set(false);
        keep("exec sleep 600");
        keeper.start(false);
        await(() -> keeper.handle() != null);
        assertEquals(State.STARTING, keeper.state());
        usable.set(true);
        await(() -> keeper.state() == State.RUNNING);
    }

    @Test
    void startsAgainWhatDied() throws Exception {
        keep("exec sleep 600");
        keeper.start(false);
        await(() -> keeper.state() == State.RUNNING);
        long before = keeper.handle().pid();
        keeper.kill();
        await(() -> keeper.state() == State.FAILED);
        assertEquals("ended by signal 9", keeper.status().note());
        await(() -> keeper.state() == State.RUNNING);
        assertNotEquals(before, keeper.handle().pid());
    }

    @Test
    void killsTheChildrenWithIt() throws Exception {
        keep("sleep 600 & wait");
        keeper.start(false);
        await(() ->
                keeper.handle() != null && keeper.handle().children().findAny().isPresent());
        ProcessHandle child = keeper.handle().children().findAny().orElseThrow();
        keeper.kill();
        await(() -> !child.isAlive());
    }

    @Test
    void stoppedStaysStopped() throws Exception {
        keep("exec sleep 600");
        keeper.start(false);
        await(() -> keeper.state() == State.RUNNING);
        ProcessHandle process = keeper.handle();
        keeper.stop();
        assertFalse(process.isAlive());
        assertEquals(State.STOPPED, keeper.state());
        assertNull(keeper.status().pid());
    }

    @Test
    void stopsWhatWaitsForItsNextTry() throws Exception {
        usable.set(false);
        keep("exit 3");
        keeper.start(false);
        await(() -> keeper.status().deaths() >= 2);
        assertEquals("ended with exit code 3", keeper.status().note());
        keeper.stop();
        assertEquals(State.STOPPED, keeper.state());
    }

    @Test
    void saysWhatItLacksAndStartsItAgainWhereThatLasts() {
        lacks = new Probe.Answer("its name", Duration.ofMillis(500));
        usable.set(false);
        keep("exec sleep 600");
        keeper.start(false);
        await(() -> keeper.status().note().equals("its name"));
        ProcessHandle first = keeper.handle();
        assertEquals(State.STARTING, keeper.state());
        await(() -> keeper.state() == State.FAILED);
        assertEquals("its name", keeper.status().note());
        assertFalse(first.isAlive());
        usable.set(true);
        await(() -> keeper.state() == State.RUNNING);
        assertEquals("", keeper.status().note());
    }

    @Test
    void whatItMayLackForEverItMay() throws Exception {
        lacks = Probe.Answer.no("waits for another");
        usable.set(false);
        keep("exec sleep 600");
        keeper.start(false);
        await(() -> keeper.status().note().equals("waits for another"));
        ProcessHandle first = keeper.handle();
        Thread.sleep(1_000);
        assertEquals(first, keeper.handle());
    }

    @Test
    void writesToItsLogAndBoundsItAtAStart() throws Exception {
        Path log = folder.resolve("part.log");
        Files.write(log, new byte[(10 << 20) + 1]);
        keep("echo hello; exec sleep 600");
        keeper.start(false);
        await(() -> Files.exists(folder.resolve("part.log.1")) && read(log).equals("hello\n"));
        assertTrue(Files.size(folder.resolve("part.log.1")) > 10 << 20);
    }

    private void keep(String script) {
        Probe probe = () -> usable.get() ? Probe.Answer.YES : lacks;
        Part part = new Part(
                "part",
                1,
                Map.of("part", 1),
                new Part.Start(List.of("sh", "-c", script), Map.of(), folder),
                Part.Preparation.NONE,
                probe,
                probe,
                List.of(),
                List.of(),
                "TERM");
        keeper = new Keeper(part, folder, name -> null, () -> {});
        assertNotNull(keeper.status());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    private static void await(BooleanSupplier condition) {
        long until = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < until, "did not happen within 15 s");
            Thread.onSpinWait();
        }
    }
}
