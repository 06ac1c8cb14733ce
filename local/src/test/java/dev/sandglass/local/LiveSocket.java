package dev.sandglass.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.WebSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A client of the live feed that keeps every frame with the time it came. */
final class LiveSocket implements AutoCloseable {
    /** A frame and when it was here. */
    record Frame(JsonNode json, Instant at) {
        String type() {
            return json.path("type").asText();
        }
    }

    private final List<Frame> frames = new ArrayList<>();
    private WebSocket socket;
    private int closed = -1;

    private LiveSocket() {}

    /** @param url as a ticket gives it */
    static LiveSocket connect(String url) throws Exception {
        LiveSocket live = new LiveSocket();
        live.socket = Api.CLIENT
                .newWebSocketBuilder()
                .connectTimeout(Duration.ofSeconds(5))
                .buildAsync(URI.create(url), live.new Ear())
                .get(10, TimeUnit.SECONDS);
        return live;
    }

    /** The first frame, past or to come, for which this holds. */
    Frame await(String what, Duration patience, Predicate<JsonNode> wanted) throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        synchronized (frames) {
            while (true) {
                for (Frame frame : frames) {
                    if (wanted.test(frame.json)) {
                        return frame;
                    }
                }
                long left = until - System.nanoTime();
                if (left <= 0) {
                    throw new AssertionError(what + ": not within " + patience.toSeconds() + " s (closed: " + closed
                            + "); came so far: " + frames);
                }
                frames.wait(Math.max(1, left / 1_000_000));
            }
        }
    }

    /** All that came so far. */
    List<Frame> frames() {
        synchronized (frames) {
            return List.copyOf(frames);
        }
    }

    /** The first reminder of a task. */
    Frame reminder(String task, Duration patience) throws InterruptedException {
        return await("the reminder of " + task, patience, frame -> isReminder(frame, task));
    }

    /** All reminders of a task that came so far. */
    List<Frame> reminders(String task) {
        return frames().stream().filter(frame -> isReminder(frame.json, task)).toList();
    }

    private static boolean isReminder(JsonNode frame, String task) {
        return frame.path("type").asText().equals("reminder")
                && frame.at("/task/id").asText().equals(task);
    }

    /** The numbers of a list's changes in the order they came. */
    List<Long> seqs(String list) {
        return frames().stream()
                .filter(frame -> frame.type().equals("change")
                        && frame.json.path("list").asText().equals(list))
                .map(frame -> frame.json.path("seq").asLong())
                .toList();
    }

    void send(Object message) throws IOException {
        socket.sendText(Api.JSON.writeValueAsString(message), true).join();
    }

    /** The code the server closed with, -1 while it is open. */
    int closed() {
        synchronized (frames) {
            return closed;
        }
    }

    @Override
    public void close() {
        // Where the server closed it, there is nobody to tell.
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "")
                .exceptionally(closed -> socket)
                .join();
    }

    private final class Ear implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                Instant now = Instant.now();
                synchronized (frames) {
                    try {
                        frames.add(new Frame(Api.JSON.readTree(text.toString()), now));
                    } catch (IOException e) {
                        throw new IllegalStateException("not JSON: " + text, e);
                    } finally {
                        text.setLength(0);
                        frames.notifyAll();
                    }
                }
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            synchronized (frames) {
                closed = code;
                frames.notifyAll();
            }
            return null;
        }
    }
}
