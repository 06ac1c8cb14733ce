package dev.sandglass.helm;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.WebSocket;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Users who work for a while, each with a list and a socket of their own, and then look whether everything that was answered is
 * there: tasks, successors, changes on the socket (each once, none left out), the audit. What fails is tried again with the same
 * {@code Idempotency-Key}, as a good client does, and counted. Exit 1 where something is lost or doubled, or where a request failed
 * and none was to.
 */
public final class Load {
    private static final int SETTLE_SECONDS = 90;

    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Long> millis = new ConcurrentLinkedQueue<>();
    private final AtomicInteger resumed = new AtomicInteger();
    private final AtomicInteger changes = new AtomicInteger();
    private final String origin;
    private final String live;
    private final long end;

    private Load(String origin, String live, long seconds) {
        this.origin = origin;
        this.live = live;
        this.end = System.nanoTime() + seconds * 1_000_000_000L;
    }

    /** @param args the API's origin, the live feed's, how many users, for how many seconds, {@code strict} if no request may fail */
    public static void main(String[] args) throws Exception {
        Load load = new Load(args[0], args[1], Long.parseLong(args[3]));
        boolean strict = args.length > 4 && args[4].equals("strict");
        ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
        List<Thread> users = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(args[2]); i++) {
            users.add(new Thread(() -> {
                try {
                    wrong.addAll(load.new User().work());
                } catch (Exception e) {
                    wrong.add("a user gave up: " + e);
                }
            }));
        }
        users.forEach(Thread::start);
        for (Thread user : users) {
            user.join();
        }
        List<Long> sorted = load.millis.stream().sorted().toList();
        System.out.printf(
                "%d requests, %d failed; p50 %d ms, p99 %d ms, longest %d ms; %d changes on sockets, %d sockets resumed; %d lost or doubled%n",
                sorted.size(),
                load.failures.size(),
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() * 99 / 100),
                sorted.get(sorted.size() - 1),
                load.changes.get(),
                load.resumed.get(),
                wrong.size());
        load.failures.stream().limit(20).forEach(failure -> System.out.println("  failed: " + failure));
        wrong.stream().limit(20).forEach(it -> System.out.println("  WRONG: " + it));
        System.exit(wrong.isEmpty() && (!strict || load.failures.isEmpty()) ? 0 : 1);
    }

    private final class User {
        private final Set<Long> seen = new HashSet<>();
        private final List<String> wrong = new ArrayList<>();
        private Client client = new Client(origin, live, "");
        private String list = "";
        private volatile boolean over;
        private volatile long reached;

        List<String> work() throws Exception {
            String name = "load-" + UUID.randomUUID().toString().substring(0, 8);
            client = new Client(
                    origin,
                    live,
                    call("POST", "/api/dev/token", Map.of("user", name))
                            .path("token")
                            .asText());
            list = call("POST", "/api/lists", Map.of("name", "Load")).path("id").asText();
            Thread ear = new Thread(this::listen);
            ear.start();

            List<String> made = new ArrayList<>();
            Set<String> completed = new HashSet<>();
            while (System.nanoTime() < end) {
                String id = call(
                                "POST",
                                "/api/tasks",
                                Map.of(
                                        "list",
                                        list,
                                        "title",
                                        "Task " + made.size(),
                                        "due",
                                        LocalDate.now().plusDays(1).toString(),
                                        "recurrence",
                                        "daily"))
                        .path("id")
                        .asText();
                made.add(id);
                call("PATCH", "/api/tasks/" + id, Map.of("priority", "high"));
                if (made.size() % 3 == 0) {
                    call("POST", "/api/tasks/" + id + "/complete", Map.of());
                    completed.add(id);
                }
                call("GET", "/api/tasks?q=task&limit=5", null);
                call("GET", "/api/tasks/" + id + "/history", null);
                Thread.sleep(ThreadLocalRandom.current().nextInt(200, 600));
            }
            check(made, completed);
            over = true;
            ear.interrupt();
            return wrong;
        }

        /** Everything that was answered, after some time for what follows by event. */
        private void check(List<String> made, Set<String> completed) throws Exception {
            for (String id : made) {
                JsonNode task = call("GET", "/api/tasks/" + id, null);
                if (!task.path("priority").asText().equals("high")
                        || task.path("status").asText().equals("completed") != completed.contains(id)) {
                    wrong.add("task " + id + " is not as it was answered: " + task);
                }
            }
            long until = System.nanoTime() + SETTLE_SECONDS * 1_000_000_000L;
            int expected = made.size() + completed.size();
            String left = "";
            do {
                Thread.sleep(500);
                long seq = call("GET", "/api/lists/" + list, null).path("seq").asLong();
                int tasks = call("GET", "/api/tasks?list=" + list + "&limit=1", null)
                        .path("total")
                        .asInt();
                JsonNode audit = call("GET", "/api/audit/verify?list=" + list, null);
                left = tasks != expected
                        ? tasks + " tasks of " + expected
                        : reached < seq
                                ? "the socket is at " + reached + " of " + seq
                                : audit.path("complete").asBoolean() ? "" : "the audit says " + audit;
            } while (!left.isEmpty() && System.nanoTime() < until);
            if (!left.isEmpty()) {
                wrong.add("list " + list + ": " + left);
            }
            synchronized (seen) {
                changes.addAndGet(seen.size());
            }
        }

        private JsonNode call(String method, String path, @Nullable Object body) throws Exception {
            String key = method.equals("GET") ? null : UUID.randomUUID().toString();
            for (int tries = 0; ; tries++) {
                long from = System.nanoTime();
                String failure;
                try {
                    Client.Answer answer = client.send(method, path, body, key);
                    if (answer.status() < 300) {
                        millis.add((System.nanoTime() - from) / 1_000_000);
                        return answer.body();
                    }
                    failure = answer.status() + " " + answer.body();
                } catch (java.io.IOException e) {
                    failure = e.toString();
                }
                millis.add((System.nanoTime() - from) / 1_000_000);
                failures.add(
                        now() + " " + method + " " + path.replaceAll("[0-9a-zA-Z._~-]{16,}", "…") + ": " + failure);
                if (tries == 200) {
                    throw new IllegalStateException(failure);
                }
                Thread.sleep(300);
            }
        }

        /** Keeps a socket open, resumes where the last one ended. */
        private void listen() {
            for (int tries = 0; !over; tries++) {
                Object closed = new Object();
                boolean[] open = {true};
                try {
                    WebSocket socket = client.connect(new Ear(this::hear, why -> {
                        synchronized (closed) {
                            open[0] = false;
                            closed.notifyAll();
                        }
                    }));
                    socket.sendText(
                                    Client.JSON.writeValueAsString(
                                            Map.of("type", "resume", "lists", Map.of(list, reached))),
                                    true)
                            .join();
                    if (tries > 0) {
                        resumed.incrementAndGet();
                    }
                    synchronized (closed) {
                        while (open[0]) {
                            closed.wait();
                        }
                    }
                    Thread.sleep(ThreadLocalRandom.current().nextInt(100, 500));
                } catch (InterruptedException e) {
                    return;
                } catch (Exception e) {
                    try {
                        Thread.sleep(500);
                    } catch (InterruptedException stop) {
                        return;
                    }
                }
            }
        }

        private void hear(JsonNode frame) {
            if (!frame.path("type").asText().equals("change")
                    || !frame.path("list").asText().equals(list)) {
                return;
            }
            long seq = frame.path("seq").asLong();
            synchronized (seen) {
                if (!seen.add(seq)) {
                    wrong.add("change " + seq + " of " + list + " came twice on the socket");
                } else if (reached != 0 && seq != reached + 1) {
                    wrong.add("change " + seq + " of " + list + " came after " + reached);
                }
                reached = Math.max(reached, seq);
            }
        }
    }

    private static String now() {
        return LocalTime.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
