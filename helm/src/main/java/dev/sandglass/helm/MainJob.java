package dev.sandglass.helm;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.WebSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/**
 * The main job on a deployment, each step with its time: a recurring task with a reminder is made, seen on the live feed, reminded
 * of, found, completed and followed by its next occurrence; all of it is in the audit. Exit 1 with a sentence where it is not so.
 */
public final class MainJob {
    private static final Duration SETTLING = Duration.ofSeconds(120);

    private final long start = System.nanoTime();
    private final List<JsonNode> frames = new ArrayList<>();
    private final Client client;

    private MainJob(Client client) {
        this.client = client;
    }

    /**
     * @param args the API's origin and the live feed's, as {@code http://sandglass-task ws://sandglass-sync}. The environment's TOKEN signs in; without
     *     one a demo user does, which only a trial has
     */
    public static void main(String[] args) throws Exception {
        String token = System.getenv("TOKEN");
        long start = System.nanoTime();
        while (true) {
            try {
                Client client = token == null ? demoUser(args[0], args[1]) : new Client(args[0], args[1], token);
                new MainJob(client).run();
                System.exit(0);
            } catch (IllegalStateException e) {
                System.out.println("The main job is NOT done: " + e.getMessage());
                if (System.nanoTime() - start > SETTLING.toNanos()) {
                    System.exit(1);
                }
                System.out.println(
                        "Once more: where Kafka was away when a sidecar started, it is taken up within a minute");
            }
        }
    }

    /** The names of Services may not be known to a new pod's DNS for a moment. */
    private static Client demoUser(String origin, String live) throws InterruptedException, IOException {
        for (int tries = 0; ; tries++) {
            try {
                return Client.named(
                        origin, live, "main-job-" + UUID.randomUUID().toString().substring(0, 8));
            } catch (ConnectException e) {
                if (tries == 30) {
                    throw new IllegalStateException(origin + " cannot be reached: " + e, e);
                }
                Thread.sleep(1000);
            }
        }
    }

    private void run() throws Exception {
        WebSocket socket = client.connect(new Ear(this::hear, why -> say("the socket is " + why)));
        say("signed in, live feed open");
        frame("ready", it -> it.path("type").asText().equals("ready"));

        String list = client.post("/api/lists", Map.of("name", "Main job"), 201)
                .path("id")
                .asText();
        // The feed says "reload" first of a new list; all after that comes by itself.
        frame(
                "the new list",
                it -> it.path("type").asText().equals("reload")
                        && it.path("list").asText().equals(list));
        Instant soon = Instant.now().plusSeconds(3).truncatedTo(ChronoUnit.MILLIS);
        JsonNode task = client.post(
                "/api/tasks",
                Map.of(
                        "list",
                        list,
                        "title",
                        "Water the plants",
                        "due",
                        LocalDate.now().plusDays(1) + "T09:00:00",
                        "timeZone",
                        "UTC",
                        "recurrence",
                        "daily",
                        "reminders",
                        List.of(soon.toString())),
                201);
        String id = task.path("id").asText();
        say("a recurring task with a reminder is made");
        frame("task.created", it -> change(it, "task.created", id));
        say("it is on the live feed");

        JsonNode reminder = frame(
                "the reminder",
                it -> it.path("type").asText().equals("reminder")
                        && it.path("task").path("id").asText().equals(id));
        say("the reminder came, %d ms after its time"
                .formatted(Duration.between(soon, Instant.now()).toMillis()));
        if (reminder.path("late").asBoolean()) {
            throw new IllegalStateException("the reminder is marked late");
        }

        if (client.get("/api/tasks?q=plants&list=" + list).path("total").asInt() != 1) {
            throw new IllegalStateException("the search does not find the task");
        }
        long completed = System.nanoTime();
        client.post("/api/tasks/" + id + "/complete", Map.of(), 200);
        frame(
                "the next occurrence",
                it -> it.path("event").asText().equals("task.created")
                        && it.path("task").path("occurrence").asInt() == 2);
        say("completed; the next occurrence was there after %d ms"
                .formatted((System.nanoTime() - completed) / 1_000_000));

        until("the audit is not complete", () -> {
            JsonNode audit = client.get("/api/audit/verify?list=" + list);
            return audit.path("complete").asBoolean() && audit.path("entries").asInt() >= 4;
        });
        say("the audit has all of it, in an unbroken chain");
        until(
                "the reminder's outcome is not written down",
                () -> client.get("/api/reminders?task=" + id)
                        .path("reminders")
                        .path(0)
                        .path("status")
                        .asText()
                        .equals("delivered"));
        client.send("DELETE", "/api/lists/" + list, null, null).with(204);
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "");
        say("the main job is done");
    }

    private static boolean change(JsonNode frame, String event, String task) {
        return frame.path("event").asText().equals(event)
                && frame.path("task").path("id").asText().equals(task);
    }

    private void hear(JsonNode frame) {
        synchronized (frames) {
            frames.add(frame);
            frames.notifyAll();
        }
    }

    private JsonNode frame(String what, Predicate<JsonNode> wanted) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        synchronized (frames) {
            while (true) {
                for (JsonNode frame : frames) {
                    if (wanted.test(frame)) {
                        return frame;
                    }
                }
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new IllegalStateException(what + " did not come within 15 s; came: " + frames);
                }
                frames.wait(left);
            }
        }
    }

    private static void until(String otherwise, Callable<Boolean> done) throws Exception {
        for (int tries = 0; !done.call(); tries++) {
            if (tries == 150) {
                throw new IllegalStateException(otherwise + ", after 30 s");
            }
            Thread.sleep(200);
        }
    }

    private void say(String what) {
        System.out.printf("%6d ms  %s%n", (System.nanoTime() - start) / 1_000_000, what);
    }
}
