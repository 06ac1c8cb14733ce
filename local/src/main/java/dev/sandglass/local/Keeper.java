package dev.sandglass.local;

import dev.sandglass.local.Part.State;
import dev.sandglass.local.Part.Status;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Keeps one part running or stopped, as it is wanted: starts it, watches it, and starts it again when it dies. */
final class Keeper {
    private static final Duration LOOK_STARTING = Duration.ofMillis(150);
    private static final Duration LOOK_RUNNING = Duration.ofSeconds(5);
    private static final Duration GRACE = Duration.ofSeconds(12);
    private static final Duration DEPENDENCY = Duration.ofSeconds(90);
    private static final long LOG_BOUND = 10L << 20;

    private final Part part;
    private final Path log;
    private final Function<String, @Nullable State> others;
    private final Runnable spawned;
    private final Backoff backoff = new Backoff();

    private boolean wanted;
    private boolean asked;
    private boolean waitForOthers;
    private boolean lookNow;
    private boolean startNow;
    private State state = State.STOPPED;
    private boolean whole;
    private int deaths;
    private String note = "";
    private @Nullable Process process;

    /**
     * @param others the state of another part, null if there is none of the name
     * @param spawned called when there is a new process to remember
     */
    Keeper(Part part, Path logs, Function<String, @Nullable State> others, Runnable spawned) {
        this.part = part;
        this.log = logs.resolve(part.name() + ".log");
        this.others = others;
        this.spawned = spawned;
        Thread thread = new Thread(this::keep, part.name());
        thread.setDaemon(true);
        thread.start();
    }

    Part part() {
        return part;
    }

    synchronized State state() {
        return state;
    }

    /** Tells if no command has started or stopped it yet. */
    synchronized boolean unasked() {
        return !asked;
    }

    synchronized Status status() {
        Process now = process;
        return new Status(
                part.name(), now == null ? null : now.pid(), state, part.port(), log.toString(), whole, deaths, note);
    }

    synchronized @Nullable ProcessHandle handle() {
        return process == null ? null : process.toHandle();
    }

    /**
     * Wants it to run from now on. Returns at once; a part that waits for its next try is tried now.
     *
     * @param waitForOthers true if it waits for the parts it comes {@code after}
     */
    synchronized void start(boolean waitForOthers) {
        asked = true;
        if (!wanted) {
            wanted = true;
            this.waitForOthers = waitForOthers;
            state = State.STARTING;
            note = "";
        }
        deaths = 0;
        backoff.reset();
        startNow = true;
        // A look up to five seconds ago does not tell if it is healthy now.
        lookNow = true;
        whole = false;
        if (state == State.RUNNING) {
            state = State.STARTING;
        }
        notifyAll();
    }

    /** Lets it run until it ends by itself or is stopped, and starts it no more then. */
    synchronized void release() {
        asked = true;
        wanted = false;
        notifyAll();
    }

    /** Stops it, and returns when it is gone. */
    void stop() throws InterruptedException {
        release();
        ProcessHandle running = handle();
        if (running != null) {
            end(running, part.gentle());
        }
        synchronized (this) {
            while (state != State.STOPPED) {
                wait(100);
                // This process came up at the moment of the stop.
                if (process != null && process.isAlive() && !process.toHandle().equals(running)) {
                    process.destroyForcibly();
                }
            }
        }
    }

    /** Sends SIGKILL to it and its children, as when a container dies. Returns when they are gone. */
    void kill() throws InterruptedException {
        Process victim;
        synchronized (this) {
            victim = process;
        }
        if (victim != null) {
            List<ProcessHandle> children = victim.descendants().toList();
            victim.destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
            victim.waitFor();
        }
    }

    /** Asks a process to end, and ends it (children too) when it does not. Returns when it is gone. */
    static void end(ProcessHandle process, String signal) throws InterruptedException {
        List<ProcessHandle> children = process.descendants().toList();
        try {
            // Java only knows SIGTERM, by which PostgreSQL would wait for its clients to leave.
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            process.destroy();
        }
        long until = System.nanoTime() + GRACE.toNanos();
        while (process.isAlive() && System.nanoTime() < until) {
            Thread.sleep(20);
        }
        if (process.isAlive()) {
            process.destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
            while (process.isAlive()) {
                Thread.sleep(20);
            }
        }
    }

    private void keep() {
        try {
            while (true) {
                awaitWanted();
                long born = System.nanoTime();
                String why = live();
                if (!becameUnwanted()) {
                    rest(why, backoff.after(Duration.ofNanos(System.nanoTime() - born)));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void awaitWanted() throws InterruptedException {
        while (!wanted) {
            wait();
        }
        state = State.STARTING;
        startNow = false;
    }

    private synchronized boolean becameUnwanted() {
        if (wanted) {
            return false;
        }
        state = State.STOPPED;
        whole = false;
        note = "";
        notifyAll();
        return true;
    }

    private synchronized void rest(String why, Duration pause) throws InterruptedException {
        state = State.FAILED;
        whole = false;
        deaths++;
        note = why;
        long until = System.nanoTime() + pause.toNanos();
        while (wanted && !startNow && System.nanoTime() < until) {
            wait(Math.max(1, (until - System.nanoTime()) / 1_000_000));
        }
        becameUnwanted();
    }

    /** One life, from its preparation to its end; says how it ended. */
    private String live() throws InterruptedException {
        awaitOthers();
        Process born;
        try {
            part.prepare().run(this::say);
            synchronized (this) {
                if (!wanted) {
                    return "";
                }
                born = spawn();
                process = born;
                say("");
            }
        } catch (IOException | RuntimeException e) {
            return e instanceof IOException || e instanceof CannotRun ? String.valueOf(e.getMessage()) : e.toString();
        }
        spawned.run();
        born.onExit().thenRun(() -> {
            synchronized (this) {
                notifyAll();
            }
        });
        String lacks = "";
        long since = 0;
        boolean given = false;
        while (born.isAlive()) {
            Probe.Answer up = part.up().answer();
            Probe.Answer all =
                    up.yes() && part.whole() != part.up() ? part.whole().answer() : up;
            if (!all.lacks().equals(lacks)) {
                lacks = all.lacks();
                since = System.nanoTime();
            }
            if (all.borne() != null && System.nanoTime() - since > all.borne().toNanos()) {
                given = true;
                end(born.toHandle(), part.gentle());
                break;
            }
            synchronized (this) {
                if (born.isAlive() && !lookNow) {
                    whole = all.yes();
                    note = lacks;
                    if (up.yes() && state == State.STARTING) {
                        state = State.RUNNING;
                        deaths = 0;
                    }
                    wait((whole ? LOOK_RUNNING : LOOK_STARTING).toMillis());
                }
                lookNow = false;
            }
        }
        int code = born.waitFor();
        synchronized (this) {
            process = null;
            whole = false;
        }
        if (given) {
            return lacks;
        }
        return code > 128 ? "ended by signal " + (code - 128) : "ended with exit code " + code;
    }

    private void awaitOthers() throws InterruptedException {
        long until = System.nanoTime() + DEPENDENCY.toNanos();
        while (System.nanoTime() < until) {
            synchronized (this) {
                if (!waitForOthers || !wanted) {
                    return;
                }
            }
            List<String> missing = part.after().stream()
                    .filter(other -> {
                        State its = others.apply(other);
                        return its == State.STARTING || its == State.FAILED;
                    })
                    .toList();
            if (missing.isEmpty()) {
                break;
            }
            say("waits for " + String.join(", ", missing));
            Thread.sleep(50);
        }
        synchronized (this) {
            waitForOthers = false;
        }
    }

    private Process spawn() throws IOException {
        if (Files.exists(log) && Files.size(log) > LOG_BOUND) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        ProcessBuilder builder = new ProcessBuilder(part.start().command())
                .directory(part.start().directory().toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(part.start().environment());
        return builder.start();
    }

    private synchronized void say(String word) {
        note = word;
    }
}
