package dev.sandglass.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sandglass.local.Part.State;
import dev.sandglass.local.Part.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The parent process of all parts of a stack. It takes commands over HTTP on loopback, with a token that only the stack's owner
 * can read.
 */
final class Supervisor {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The parts that every service needs; they are stopped last. */
    private static final List<String> GROUND = List.of("kafka", "postgres", "scheduler");

    private final Path data;
    private final Blueprint blueprint;
    private final Map<String, Keeper> keepers = new LinkedHashMap<>();
    private final String token = StackSecrets.hex(16);
    private final CountDownLatch over = new CountDownLatch(1);

    private Supervisor(Path data, Blueprint blueprint) {
        this.data = data;
        this.blueprint = blueprint;
    }

    /**
     * Runs a stack until it is stopped.
     *
     * @param all true if it starts everything; if not, it starts the parts that a command names
     * @param master the process (a foreground {@code ./run}) that ends the stack when it ends, or null
     */
    static void run(Path data, Blueprint blueprint, boolean all, @Nullable ProcessHandle master)
            throws IOException, InterruptedException {
        // The lock allows one supervisor per data folder, even if several start at once; it ends with the process.
        try (FileChannel file = FileChannel.open(
                        data.resolve("supervisor.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.tryLock()) {
            if (lock == null) {
                return;
            }
            new Supervisor(data, blueprint).serve(all, master);
        }
    }

    private void serve(boolean all, @Nullable ProcessHandle master) throws IOException, InterruptedException {
        Path logs = Files.createDirectories(data.resolve("logs"));
        blueprint.parts().forEach(part -> add(part, logs));

        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        Thread hook = new Thread(this::stopAll, "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        if (master != null) {
            master.onExit().thenRun(over::countDown);
        }
        ObjectNode known = JSON.createObjectNode();
        known.put("pid", ProcessHandle.current().pid());
        known.put("started", Orphans.started(ProcessHandle.current()));
        known.put("port", server.getAddress().getPort());
        known.put("token", token);
        StackSecrets.writePrivately(data.resolve("supervisor.json"), known.toString());

        if (all) {
            start(all(), true);
        }
        over.await();
        stopAll();
        Files.deleteIfExists(data.resolve("supervisor.json"));
        server.stop(1);
        threads.shutdownNow();
        Runtime.getRuntime().removeShutdownHook(hook);
    }

    private void add(Part part, Path logs) {
        synchronized (keepers) {
            keepers.put(part.name(), new Keeper(part, logs, this::stateOf, this::remember));
        }
    }

    private @Nullable State stateOf(String name) {
        Keeper keeper;
        synchronized (keepers) {
            keeper = keepers.get(name);
        }
        return keeper == null ? null : keeper.state();
    }

    private List<Keeper> all() {
        synchronized (keepers) {
            return List.copyOf(keepers.values());
        }
    }

    /** The parts of a whole stack: the usual ones, and replicas that were not stopped again. */
    private List<Keeper> expected() {
        return all().stream()
                .filter(keeper ->
                        keeper.state() != State.STOPPED || !keeper.part().name().matches(".*-\\d+(-sidecar)?"))
                .toList();
    }

    /** Writes down our processes, for the next supervisor if this one is killed. */
    private synchronized void remember() {
        ArrayNode processes = JSON.createArrayNode();
        for (Keeper keeper : all()) {
            ProcessHandle process = keeper.handle();
            if (process != null) {
                processes
                        .addObject()
                        .put("name", keeper.part().name())
                        .put("pid", process.pid())
                        .put("started", Orphans.started(process))
                        .put("gentle", keeper.part().gentle());
            }
        }
        try {
            StackSecrets.writePrivately(data.resolve(Orphans.FILE), processes.toString());
        } catch (IOException e) {
            System.err.println("parts cannot be written down: " + e);
        }
    }

    private void answer(HttpExchange call) throws IOException {
        try (call) {
            Reply reply;
            try {
                reply = ("Bearer " + token).equals(call.getRequestHeaders().getFirst("Authorization"))
                        ? command(call.getRequestURI().getPath(), parameters(call, "part"))
                        : new Reply(401, "who is this?");
            } catch (CannotRun e) {
                reply = new Reply(409, String.valueOf(e.getMessage()));
            } catch (RuntimeException e) {
                e.printStackTrace();
                reply = new Reply(500, e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                reply = new Reply(500, "interrupted");
            }
            byte[] bytes = reply.body.getBytes(StandardCharsets.UTF_8);
            call.sendResponseHeaders(reply.status, bytes.length);
            call.getResponseBody().write(bytes);
        }
    }

    private record Reply(int status, String body) {}

    private Reply command(String path, List<String> names) throws InterruptedException {
        switch (path) {
            case "/ps":
                return new Reply(200, statuses());
            case "/part":
                return new Reply(200, description(find(names, false).get(0)));
            case "/start":
                List<Keeper> started = names.isEmpty() ? expected() : find(names, true);
                List<Keeper> needed = unaskedNeeds(started);
                start(needed, true);
                start(started, names.isEmpty() || !needed.isEmpty());
                return new Reply(200, names(started));
            case "/stop":
                List<Keeper> stopped = names.isEmpty() ? List.of() : find(names, false);
                if (names.isEmpty()) {
                    stopAll();
                    over.countDown();
                } else {
                    // The service asks its sidecar to leave: one whose service is gone would still hand calls on.
                    stopped.forEach(Keeper::release);
                    stop(stopped.stream()
                            .filter(keeper -> !keeper.part().name().endsWith("-sidecar"))
                            .toList());
                    stop(stopped);
                }
                return new Reply(200, names(stopped));
            case "/kill":
                // Kills the service alone, of a replica too: a real crash is like this.
                find(names, false).get(0).kill();
                return new Reply(200, "killed");
            default:
                return new Reply(404, "no such command");
        }
    }

    private List<Keeper> find(List<String> names, boolean mayAdd) {
        List<Keeper> found = new ArrayList<>();
        for (String name : names) {
            synchronized (keepers) {
                if (!keepers.containsKey(name) && mayAdd) {
                    blueprint.replica(name).forEach(part -> add(part, data.resolve("logs")));
                }
                Keeper keeper = keepers.get(name);
                if (keeper == null) {
                    throw new CannotRun(
                            name.equals("scheduler")
                                    ? "There is no scheduler on this machine; reminders go by the sweep"
                                    : "There is no part \"" + name + "\". Parts: "
                                            + String.join(" ", keepers.keySet()));
                }
                found.add(keeper);
                Keeper sidecar = keepers.get(name + "-sidecar");
                // A replica goes with its sidecar; in the usual stack, a service and its sidecar are two parts.
                if (sidecar != null && name.matches(".*-\\d+")) {
                    found.add(sidecar);
                }
            }
        }
        return found;
    }

    /** The parts that these need directly or through others, without those that a command has started or stopped. */
    private List<Keeper> unaskedNeeds(Collection<Keeper> meant) {
        Set<Keeper> needed = new LinkedHashSet<>();
        Deque<Keeper> toSee = new ArrayDeque<>(meant);
        while (!toSee.isEmpty()) {
            for (String name : toSee.remove().part().needs()) {
                Keeper keeper;
                synchronized (keepers) {
                    keeper = keepers.get(name);
                }
                if (keeper != null && keeper.unasked() && needed.add(keeper)) {
                    toSee.add(keeper);
                }
            }
        }
        return List.copyOf(needed);
    }

    private static void start(Collection<Keeper> meant, boolean inOrder) {
        meant.forEach(keeper -> keeper.start(inOrder));
    }

    private void stopAll() {
        List<Keeper> all = all();
        try {
            stop(all.stream()
                    .filter(keeper -> !GROUND.contains(keeper.part().name()))
                    .toList());
            stop(all);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void stop(Collection<Keeper> meant) throws InterruptedException {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<?>> stopping = new ArrayList<>();
            for (Keeper keeper : meant) {
                stopping.add(threads.submit(() -> {
                    keeper.stop();
                    return null;
                }));
            }
            for (Future<?> one : stopping) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private String statuses() {
        ArrayNode list = JSON.createArrayNode();
        for (Keeper keeper : all()) {
            Status status = keeper.status();
            ObjectNode part = list.addObject()
                    .put("name", status.name())
                    .put("pid", status.pid())
                    .put("state", status.state().word())
                    .put("port", status.port())
                    .put("log", status.log())
                    .put("whole", status.whole())
                    .put("deaths", status.deaths())
                    .put("note", status.note());
            keeper.part().needs().forEach(part.putArray("needs")::add);
        }
        return list.toString();
    }

    private static String description(Keeper keeper) {
        ObjectNode described = JSON.createObjectNode();
        keeper.part().ports().forEach(described.putObject("ports")::put);
        keeper.part().start().environment().forEach(described.putObject("environment")::put);
        return described.toString();
    }

    private static String names(List<Keeper> meant) {
        ArrayNode names = JSON.createArrayNode();
        meant.forEach(keeper -> names.add(keeper.part().name()));
        return names.toString();
    }

    private static List<String> parameters(HttpExchange call, String name) {
        String query = call.getRequestURI().getRawQuery();
        if (query == null) {
            return List.of();
        }
        return List.of(query.split("&")).stream()
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8))
                .toList();
    }
}
