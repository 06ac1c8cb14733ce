package dev.sandglass.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/**
 * A client of the live feed as a good one is: connects again whenever it is cut off, resumes by the numbers it has, and finds fault
 * with whatever comes twice, out of order or not at all.
 */
final class Device implements AutoCloseable {
    private static final Duration SILENCE = Duration.ofSeconds(20);

    private final Person owner;
    private final UnaryOperator<String> address;
    private final Thread thread;
    private final Map<String, Long> numbers = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> reminders = new ConcurrentHashMap<>();
    private final List<String> wrong = new CopyOnWriteArrayList<>();
    private volatile boolean over;
    private volatile boolean greeted;
    private volatile int connections;
    private volatile long changes;

    /** @param address what becomes of a ticket's address: another replica's, or the same */
    Device(Person owner, UnaryOperator<String> address) {
        this.owner = owner;
        this.address = address;
        thread = new Thread(this::live, "device of " + owner.name());
        thread.setDaemon(true);
        thread.start();
    }

    /** The number of the last change of a list that came; 0 where none did. */
    long number(String list) {
        return numbers.getOrDefault(list, 0L);
    }

    /** The ids of the reminders that came for a task. */
    Set<String> reminders(String task) {
        return reminders.getOrDefault(task, Set.of());
    }

    /** The broken promises. */
    List<String> wrong() {
        return wrong;
    }

    boolean connected() {
        return greeted;
    }

    int connections() {
        return connections;
    }

    long changes() {
        return changes;
    }

    @Override
    public void close() throws InterruptedException {
        over = true;
        thread.interrupt();
        thread.join();
    }

    private void live() {
        try {
            while (!over) {
                try {
                    connection();
                } catch (IOException | RuntimeException | ExecutionException | TimeoutException e) {
                    // A part is away: again.
                    if (e.getCause() instanceof WebSocketHandshakeException refused
                            && refused.getResponse().statusCode() == 500) {
                        wrong.add(owner.name() + " was refused with 500: " + refused.getResponse());
                    }
                }
                greeted = false;
                Thread.sleep(50 + ThreadLocalRandom.current().nextInt(400));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void connection() throws IOException, InterruptedException, ExecutionException, TimeoutException {
        Api.Answer ticket = owner.api().post("/api/live/ticket", null);
        if (ticket.status() == 503 || ticket.status() == 429) {
            return;
        }
        Ear ear = new Ear();
        WebSocket socket = Api.CLIENT
                .newWebSocketBuilder()
                .connectTimeout(Duration.ofSeconds(5))
                .buildAsync(
                        URI.create(address.apply(ticket.with(200).path("url").asText())), ear)
                .get(10, TimeUnit.SECONDS);
        connections++;
        try {
            while (!over && !ear.closed.isDone()) {
                Thread.sleep(100);
                if (System.nanoTime() - ear.heard > SILENCE.toNanos()) {
                    // Not even a ping.
                    return;
                }
            }
        } finally {
            ear.deaf = true;
            socket.abort();
        }
    }

    private final class Ear implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();
        private final CompletableFuture<Void> closed = new CompletableFuture<>();
        private volatile long heard = System.nanoTime();
        private volatile boolean deaf;

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            heard = System.nanoTime();
            text.append(data);
            if (last && !deaf) {
                try {
                    hear(from, Api.JSON.readTree(text.toString()));
                } catch (IOException | RuntimeException e) {
                    wrong.add("cannot be read: " + text + ": " + e);
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
            heard = System.nanoTime();
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            if (code == 1008) {
                wrong.add(owner.name() + " was closed for what was said: " + reason);
            }
            closed.complete(null);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            closed.complete(null);
        }

        private void hear(WebSocket from, JsonNode frame) {
            switch (frame.path("type").asText()) {
                case "ready" -> ready(from, frame.path("lists"));
                case "change" ->
                    change(frame.path("list").asText(), frame.path("seq").asLong());
                case "reminder" ->
                    reminders
                            .computeIfAbsent(frame.at("/task/id").asText(), task -> ConcurrentHashMap.newKeySet())
                            .add(frame.path("id").asText());
                default -> wrong.add(owner.name() + " was told " + frame);
            }
        }

        private void ready(WebSocket from, JsonNode lists) {
            lists.fields().forEachRemaining(list -> {
                long now = list.getValue().asLong();
                Long before = numbers.putIfAbsent(list.getKey(), now);
                if (before != null && before > now) {
                    wrong.add("ready names " + now + " of " + list.getKey() + " after " + before + " was sent");
                }
            });
            from.sendText(
                    Api.JSON
                            .valueToTree(Map.of("type", "resume", "lists", numbers))
                            .toString(),
                    true);
            greeted = true;
        }

        private void change(String list, long seq) {
            changes++;
            Long before = numbers.put(list, seq);
            if (before == null || seq != before + 1) {
                wrong.add(owner.name() + " was sent change " + seq + " of " + list + " after " + before);
            }
        }
    }
}
