package dev.sandglass.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.bench.Product.Person;
import dev.sandglass.events.Json;
import dev.sandglass.task.domain.BulkLoad;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.WebSocket;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The same work done by what else people use, on this machine, in the same run, by the same generator, in turns. */
final class Peers {
    private static final String DATABASE = "bench_vikunja";
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int FEW = 16;
    private static final int TASKS = 1_000;

    /** The calls that each peer answers. */
    interface Peer {
        String name();

        Future<?> create(String title);

        /** Fifty tasks of a list. */
        Future<?> list();

        /** Tasks with a word. */
        Future<?> search(String word);

        /** A change by one client; done when a second client has it. */
        Future<?> seen(String title);
    }

    private Peers() {}

    static List<Row> peers(Site site) throws Exception {
        List<Peer> peers = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        Person alice = site.product().person();
        WebSocket device = LoadGenerator.await(site.live().device(alice), SOON);
        peers.add(new Own(site, alice));
        List<Vikunja> others = new ArrayList<>();
        Path program = onPath("vikunja");
        if (program == null) {
            notes.add(
                    "Vikunja is left out: there is no vikunja on the path, and it is no Go module that can be had here."
                            + " A binary of a release will do.");
        } else {
            others.add(new Vikunja(site, program, "SQLite"));
            others.add(new Vikunja(site, program, "PostgreSQL"));
        }
        peers.addAll(others);
        try {
            for (Peer peer : peers) {
                Bench.say("peers: loads " + peer.name());
                // One after the other: with several at once Vikunja on SQLite answers some with 500.
                site.load().each(TASKS, 1, n -> peer.create(BulkLoad.WORDS.get(n % BulkLoad.WORDS.size()) + " " + n));
            }
            Duration own = site.seconds(4, 1);
            List<Row> rows = new ArrayList<>();
            rows.add(row(
                    "peers create",
                    "one client, one task after another",
                    peers,
                    notes,
                    peer -> site.load().closed(1, own, n -> peer.create("t" + n))));
            rows.add(row(
                    "peers creates",
                    FEW + " clients in one list, each asks again once it is answered",
                    peers,
                    List.of(),
                    peer -> site.load().closed(FEW, own, n -> peer.create("t" + n))));
            rows.add(row(
                    "peers list",
                    "fifty tasks of a list, one client",
                    peers,
                    List.of(),
                    peer -> site.load().closed(1, own, n -> peer.list())));
            rows.add(row(
                    "peers search",
                    "a word, in all there is by now, one client",
                    peers,
                    List.of(),
                    peer -> site.load()
                            .closed(1, own, n -> peer.search(BulkLoad.WORDS.get(n % BulkLoad.WORDS.size())))));
            rows.add(row(
                    "peers seen",
                    "a change until a second client has it",
                    peers,
                    others.isEmpty()
                            ? List.of()
                            : List.of(
                                    "Vikunja tells nobody of a task: its second client asks for the list again as soon"
                                            + " as it is answered, which nobody could afford all day"),
                    peer -> site.load().closed(1, own, n -> peer.seen("s" + n))));
            return rows;
        } finally {
            LoadGenerator.await(device.close(), SOON);
            for (Vikunja other : others) {
                other.close();
            }
        }
    }

    private interface Round {
        Samples of(Peer peer);
    }

    private static Row row(String name, String about, List<Peer> peers, List<String> notes, Round round) {
        List<Map<String, Stat>> rounds = new ArrayList<>();
        for (int i = 0; i < Site.ROUNDS; i++) {
            Map<String, Stat> each = new LinkedHashMap<>();
            for (Peer peer : peers) {
                each.put(peer.name(), round.of(peer).stat());
            }
            rounds.add(each);
        }
        return new Row(name, about, rounds, List.of(), List.of(), notes, List.of());
    }

    private static @Nullable Path onPath(String program) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            Path file = Path.of(folder, program);
            if (Files.isExecutable(file) && !Files.isDirectory(file)) {
                return file;
            }
        }
        return null;
    }

    private record Own(Site site, Person alice) implements Peer {
        @Override
        public String name() {
            return Row.PRODUCT;
        }

        @Override
        public Future<?> create(String title) {
            return site.product().create(alice, title);
        }

        @Override
        public Future<?> list() {
            return some(site.product()
                    .get(alice, "/api/tasks?limit=50&list=" + alice.list())
                    .map(found -> found.path("tasks")));
        }

        @Override
        public Future<?> search(String word) {
            return some(site.product().get(alice, "/api/tasks?q=" + word).map(found -> found.path("tasks")));
        }

        @Override
        public Future<?> seen(String title) {
            Future<Void> heard = site.live().heard("task.created", title);
            return create(title).compose(created -> heard);
        }
    }

    private static Future<?> some(Future<JsonNode> tasks) {
        return tasks.compose(found ->
                found.size() > 0 ? Future.succeededFuture(found) : Future.failedFuture("nothing found: " + found));
    }

    /** Vikunja with a database of its own, gone when it is closed. */
    private static final class Vikunja implements Peer {
        private final Site site;
        private final String database;
        private final String name;
        private final int port;
        private final Process process;
        private final String[] auth;
        private final int project;

        Vikunja(Site site, Path program, String database) throws IOException, InterruptedException, SQLException {
            this.site = site;
            this.database = database;
            this.port = Floor.free();
            Path folder = site.stack().root().resolve("bench/target/vikunja-" + database);
            if (Files.exists(folder)) {
                try (var old = Files.walk(folder)) {
                    old.sorted(java.util.Comparator.reverseOrder())
                            .map(Path::toFile)
                            .forEach(File::delete);
                }
            }
            Files.createDirectories(folder);
            Map<String, String> settings = new LinkedHashMap<>();
            settings.put("SERVICE_ROOTPATH", folder.toString());
            settings.put("SERVICE_INTERFACE", "127.0.0.1:" + port);
            settings.put("SERVICE_PUBLICURL", "http://127.0.0.1:" + port + "/");
            settings.put("SERVICE_SECRET", UUID.randomUUID().toString());
            settings.put("RATELIMIT_ENABLED", "false");
            settings.put("MAILER_ENABLED", "false");
            settings.put("FILES_BASEPATH", folder.resolve("files").toString());
            settings.put("LOG_HTTP", "off");
            settings.put("LOG_LEVEL", "ERROR");
            if (database.equals("SQLite")) {
                settings.put("DATABASE_TYPE", "sqlite");
                settings.put("DATABASE_PATH", folder.resolve("vikunja.db").toString());
            } else {
                sql("DROP DATABASE IF EXISTS " + DATABASE, "CREATE DATABASE " + DATABASE);
                settings.put("DATABASE_TYPE", "postgres");
                settings.put(
                        "DATABASE_HOST",
                        "127.0.0.1:" + site.stack().part("postgres").port());
                settings.put("DATABASE_USER", "sandglass");
                settings.put("DATABASE_PASSWORD", site.stack().secret("postgres-password"));
                settings.put("DATABASE_DATABASE", DATABASE);
            }
            ProcessBuilder builder = new ProcessBuilder(program.toString(), "web")
                    .directory(folder.toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile());
            settings.forEach((setting, value) -> builder.environment().put("VIKUNJA_" + setting, value));
            process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
            name = version() + " on " + database;
            String user =
                    Json.text(Map.of("username", "bench", "email", "bench@example.com", "password", "bench-bench-1"));
            LoadGenerator.await(
                    site.http().call(HttpMethod.POST, port, "/api/v1/register", new String[0], user, 200), SOON);
            auth = new String[] {
                "Authorization",
                "Bearer "
                        + LoadGenerator.await(
                                        site.http()
                                                .call(HttpMethod.POST, port, "/api/v1/login", new String[0], user, 200),
                                        SOON)
                                .toJsonObject()
                                .getString("token")
            };
            project = LoadGenerator.await(call(HttpMethod.PUT, "/projects", Map.of("title", "bench"), 201), SOON)
                    .path("id")
                    .asInt();
        }

        private String version() throws InterruptedException {
            long end = System.nanoTime() + SOON.toNanos();
            while (true) {
                try {
                    return "Vikunja "
                            + LoadGenerator.await(
                                            site.http()
                                                    .call(
                                                            HttpMethod.GET,
                                                            port,
                                                            "/api/v1/info",
                                                            new String[0],
                                                            null,
                                                            200),
                                            SOON)
                                    .toJsonObject()
                                    .getString("version");
                } catch (IllegalStateException e) {
                    if (!process.isAlive() || System.nanoTime() > end) {
                        throw new CannotMeasure("Vikunja on " + database + " does not start (bench/target/vikunja-"
                                + database + "/log)");
                    }
                    Thread.sleep(200);
                }
            }
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Future<?> create(String title) {
            return call(HttpMethod.PUT, "/projects/" + project + "/tasks", Map.of("title", title), 201)
                    .compose(task -> task.path("title").asText().equals(title)
                            ? Future.succeededFuture(task)
                            : Future.failedFuture("another task than was asked for: " + task));
        }

        @Override
        public Future<?> list() {
            return some(call(HttpMethod.GET, "/projects/" + project + "/tasks?per_page=50", null, 200));
        }

        @Override
        public Future<?> search(String word) {
            return some(call(HttpMethod.GET, "/tasks?per_page=50&s=" + word, null, 200));
        }

        @Override
        public Future<?> seen(String title) {
            return create(title).compose(created -> look(title));
        }

        private Future<Void> look(String title) {
            return call(
                            HttpMethod.GET,
                            "/projects/" + project + "/tasks?per_page=50&sort_by=id&order_by=desc",
                            null,
                            200)
                    .compose(tasks -> {
                        for (JsonNode task : tasks) {
                            if (task.path("title").asText().equals(title)) {
                                return Future.succeededFuture();
                            }
                        }
                        return look(title);
                    });
        }

        private Future<JsonNode> call(HttpMethod method, String path, @Nullable Object body, int wanted) {
            return site.http()
                    .call(method, port, "/api/v1" + path, auth, body == null ? null : Json.text(body), wanted)
                    .map(Http::json);
        }

        void close() throws IOException, InterruptedException, SQLException {
            process.destroy();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            if (!database.equals("SQLite")) {
                sql("DROP DATABASE IF EXISTS " + DATABASE);
            }
        }

        private void sql(String... statements) throws IOException, SQLException {
            String url = "jdbc:postgresql://127.0.0.1:"
                    + site.stack().part("postgres").port() + "/sandglass";
            try (Connection connection = DriverManager.getConnection(
                            url, "sandglass", site.stack().secret("postgres-password"));
                    Statement statement = connection.createStatement()) {
                for (String one : statements) {
                    statement.execute(one);
                }
            }
        }
    }
}
