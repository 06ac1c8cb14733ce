package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs that were not written for this server speak CalDAV with it: python's caldav and a tester of its authors, tsdav, Thunderbird, and
 * vdirsyncer with a folder of files that todoman works on.
 */
@ExtendWith(Stack.class)
@Tag("FR-013")
@Tag(Stack.BESIDE_ANOTHER)
class CalDavIT {
    private static final String PACKAGES = "pip install caldav vdirsyncer todoman caldav-server-tester vobject";

    /** How long the programs and the page change one list at once. */
    private static final int SECONDS = Integer.getInteger("sandglass.test.crowd-seconds", 60);

    private static final long SEED = Long.getLong("sandglass.test.crowd-seed", System.nanoTime());

    /** What the tester does not find as it looks for it; docs/caldav.md says why. */
    private static final Set<String> OTHERWISE = Set.of(
            "freebusy-query",
            "principal-search",
            "save-load.event.recurrences.exception",
            "save-load.event.recurrences.exception.cancelled",
            "save-load.event.recurrences.exception.reschedule",
            "save-load.journal",
            "save.etag",
            "scheduling",
            "search.recurrences.expanded",
            "search.recurrences.includes-implicit.infinite-scope",
            "search.text.comp-type-optional",
            "search.time-range.alarm",
            "search.time-range.comp-type-optional",
            "sync-token.limit",
            "url.encode-at.identity",
            "url.encode-at.literal.principal",
            "well-known");

    private static final long MINUTES = 10;

    @TempDir
    Path folder;

    private Person alice;
    private String list;
    private String token;

    @BeforeEach
    void connect() throws Exception {
        alice = Person.like("alice");
        list = alice.list("owner");
        token = alice.api()
                .post("/api/tokens", Map.of("name", "phone", "scopes", List.of("read", "write")))
                .with(201)
                .path("token")
                .asText();
    }

    @Test
    void caldavForPythonFindsMakesCompletesAndKeepsUp() throws Exception {
        ForeignProgram.isNeeded(getClass(), PACKAGES, "python3", "-c", "import caldav");
        String said = run("python3", script("caldav_client.py"), Stack.PAGE, alice.name(), token, list);
        assertTrue(said.endsWith("all is well\n"), said);
        JsonNode tasks = alice.api().get("/api/tasks?list=" + list).with(200).path("tasks");
        assertEquals(
                List.of("completed", "completed"),
                tasks.valueStream()
                        .map(task -> task.path("status").asText())
                        .sorted()
                        .limit(2)
                        .toList(),
                tasks::toString);
    }

    @Test
    void tsdavFindsChangesAndKeepsUp() throws Exception {
        ForeignProgram.isNeeded(getClass(), "tsdav, by npm, in NODE_PATH", "node", "-e", "require('tsdav')");
        String said = run("node", script("caldav_client.cjs"), Stack.PAGE, alice.name(), token, list);
        assertTrue(said.endsWith("all is well\n"), said);
    }

    @Test
    void aTesterOfServersFindsWhatTasksNeed() throws Exception {
        ForeignProgram.isNeeded(getClass(), PACKAGES, "python3", "-c", "import caldav_server_tester, vobject");
        String said = run("python3", script("caldav_tester.py"), Stack.PAGE, alice.name(), token);
        JsonNode found = Api.JSON.readTree(said.substring(said.lastIndexOf("\n{") + 1));
        assertTrue(found.path("ended").isEmpty(), found::toPrettyString);
        Set<String> otherwise = new TreeSet<>();
        found.path("features").properties().stream()
                .filter(feature -> !feature.getValue().path("support").asText().equals("full"))
                .forEach(feature -> otherwise.add(feature.getKey()));
        assertEquals(new TreeSet<>(OTHERWISE), otherwise, found::toPrettyString);
    }

    /** By the functions behind its menus and check boxes; for a while without network, and with answers that are lost on their way. */
    @Test
    void thunderbirdHoldsWhatTheServerSaysWhateverItsUserDoes() throws Exception {
        ForeignProgram.isNeeded(getClass(), "apt install thunderbird", "thunderbird", "--version");
        String said = run(
                "python3",
                "-B",
                script("caldav_thunderbird.py"),
                Stack.PAGE,
                alice.name(),
                token,
                "thunderbird",
                alice.api().token());
        assertTrue(said.endsWith("all is well\n"), said);
    }

    /** Each marks what it did; all three end with the same tasks, every mark, and each date of a series done once. */
    @Test
    void twoProgramsAndThePageChangeOneListAtOnceAndLoseNothing() throws Exception {
        ForeignProgram.isNeeded(getClass(), PACKAGES, "python3", "-c", "import caldav");
        String other = alice.list("owner");
        String said = run(
                "python3",
                "-B",
                script("caldav_crowd.py"),
                Stack.PAGE,
                alice.name(),
                token,
                alice.api().token(),
                list,
                other,
                Integer.toString(SECONDS),
                Long.toString(SEED));
        System.out.println(said.strip());
        assertTrue(said.endsWith("all is well\n"), said);
        Stack.await(
                "the audit has all of it", Duration.ofMinutes(1), () -> alice.verified(list) && alice.verified(other));
    }

    /** todoman knows nothing of servers: it works on the files that vdirsyncer carries both ways. */
    @Test
    void todomanSeesMakesCompletesAndDeletes() throws Exception {
        ForeignProgram.isNeeded(getClass(), PACKAGES, "todo", "--version");
        ForeignProgram.isNeeded(getClass(), PACKAGES, "vdirsyncer", "--version");
        Path config = pair();
        Path todoman = Files.writeString(folder.resolve("todoman.py"), """
                path = "%1$s/files/*"
                cache_path = "%1$s/cache.sqlite3"
                date_format = "%%Y-%%m-%%d"
                time_format = "%%H:%%M"
                default_list = "%2$s"
                """.formatted(folder, list));
        alice.task(list, "pay", "due", "2040-01-31T09:00:00", "timeZone", "UTC", "priority", "urgent");
        alice.task(list, "walk", "due", "2040-01-01T09:00:00", "timeZone", "UTC", "recurrence", "FREQ=DAILY");
        JsonNode gone = alice.task(list, "gone");
        run("vdirsyncer", "-c", config.toString(), "discover");
        run("vdirsyncer", "-c", config.toString(), "sync");
        Map<String, JsonNode> seen = todos(todoman);
        assertEquals(Set.of("pay", "walk", "gone"), seen.keySet());
        assertEquals(1, seen.get("pay").path("priority").asInt());
        assertEquals(2211613200L, seen.get("pay").path("due").asLong());

        todo(
                todoman,
                "new",
                "--list",
                list,
                "--due",
                "2040-02-01 10:00",
                "--priority",
                "low",
                "made by todoman, ünd; more");
        todo(todoman, "done", seen.get("pay").path("id").asText());
        todo(todoman, "done", seen.get("walk").path("id").asText());
        alice.api().delete("/api/tasks/" + gone.path("id").asText()).with(204);
        run("vdirsyncer", "-c", config.toString(), "sync");
        Stack.await("the next walk is there, once", Duration.ofSeconds(20), () -> {
            run("vdirsyncer", "-c", config.toString(), "sync");
            return tasks().equals(List.of(
                    "made by todoman, ünd; more open low",
                    "pay completed urgent",
                    "walk completed medium",
                    "walk open medium"));
        });
        Map<String, JsonNode> after = todos(todoman);
        assertEquals(Set.of("made by todoman, ünd; more", "walk"), after.keySet());
        assertEquals(2209107600L, after.get("walk").path("due").asLong(), "a day later");

        JsonNode made =
                alice.api().get("/api/tasks?q=todoman&list=" + list).with(200).at("/tasks/0");
        alice.api()
                .patch("/api/tasks/" + made.path("id").asText(), Map.of("priority", "urgent"))
                .with(200);
        run("vdirsyncer", "-c", config.toString(), "sync");
        JsonNode changed = todos(todoman).get("made by todoman, ünd; more");
        assertEquals(1, changed.path("priority").asInt());
        todo(todoman, "delete", "--yes", changed.path("id").asText());
        run("vdirsyncer", "-c", config.toString(), "sync");
        alice.api().get("/api/tasks/" + made.path("id").asText()).with(404);
    }

    private List<String> tasks() throws Exception {
        return alice.api()
                .get("/api/tasks?list=" + list)
                .with(200)
                .path("tasks")
                .valueStream()
                .map(task ->
                        task.path("title").asText() + " " + task.path("status").asText() + " "
                                + task.path("priority").asText())
                .sorted()
                .toList();
    }

    private String todo(Path config, String... command) throws Exception {
        return run(Stream.concat(Stream.of("todo", "--config", config.toString()), Stream.of(command))
                .toArray(String[]::new));
    }

    /** What todoman shows as still to be done, by title. */
    private Map<String, JsonNode> todos(Path config) throws Exception {
        String said = todo(config, "--porcelain", "list");
        return Api.JSON
                .readTree(said)
                .valueStream()
                .collect(Collectors.toMap(one -> one.path("summary").asText(), one -> one));
    }

    @Test
    void vdirsyncerHasAFolderAndAListSayTheSame() throws Exception {
        ForeignProgram.isNeeded(getClass(), PACKAGES, "vdirsyncer", "--version");
        Path files = folder.resolve("files");
        Path config = pair();
        alice.task(list, "from the server", "due", "2040-01-01T09:00:00", "timeZone", "Europe/Warsaw");
        run("vdirsyncer", "-c", config.toString(), "discover");
        run("vdirsyncer", "-c", config.toString(), "sync");
        assertEquals(List.of("SUMMARY:from the server"), summaries(files));
        Files.writeString(
                files.resolve(list).resolve("own.ics"),
                "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VTODO\r\nUID:own\r\nDTSTAMP:20300101T000000Z\r\n"
                        + "SUMMARY:from the folder\r\nX-OWN:kept\r\nEND:VTODO\r\nEND:VCALENDAR\r\n");
        run("vdirsyncer", "-c", config.toString(), "sync");
        JsonNode task =
                alice.api().get("/api/tasks?q=folder&list=" + list).with(200).at("/tasks/0");
        assertEquals("from the folder", task.path("title").asText());
        alice.api()
                .patch("/api/tasks/" + task.path("id").asText(), Map.of("title", "changed there"))
                .with(200);
        run("vdirsyncer", "-c", config.toString(), "sync");
        run("vdirsyncer", "-c", config.toString(), "sync");
        assertEquals(List.of("SUMMARY:changed there", "SUMMARY:from the server"), summaries(files));
        try (Stream<Path> all = Files.list(files.resolve(list))) {
            for (Path file : all.toList()) {
                if (Files.readString(file).contains("changed there")) {
                    assertTrue(Files.readString(file).contains("X-OWN:kept"));
                    Files.delete(file);
                }
            }
        }
        run("vdirsyncer", "-c", config.toString(), "sync");
        alice.api().get("/api/tasks/" + task.path("id").asText()).with(404);
    }

    /** A folder of files that is to be the same as the list. */
    private Path pair() throws IOException {
        Files.createDirectories(folder.resolve("files").resolve(list));
        return Files.writeString(
                folder.resolve("config"), """
                [general]
                status_path = "%1$s/status/"
                [pair tasks]
                a = "here"
                b = "there"
                collections = ["%4$s"]
                conflict_resolution = "b wins"
                [storage here]
                type = "filesystem"
                path = "%1$s/files/"
                fileext = ".ics"
                [storage there]
                type = "caldav"
                url = "%2$s/dav/"
                username = "%3$s"
                password = "%5$s"
                item_types = ["VTODO"]
                """.formatted(folder, Stack.PAGE, alice.name(), list, token));
    }

    private String script(String name) throws Exception {
        return Path.of(getClass().getResource("/" + name).toURI()).toString();
    }

    private List<String> summaries(Path files) throws IOException {
        try (Stream<Path> all = Files.list(files.resolve(list))) {
            return all.flatMap(file -> {
                        try {
                            return Files.readAllLines(file).stream();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .filter(line -> line.startsWith("SUMMARY"))
                    .sorted()
                    .toList();
        }
    }

    private String run(String... command) throws Exception {
        Path said = folder.resolve("said.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(yes().toFile()))
                .redirectOutput(said.toFile())
                .start();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        assertEquals(0, process.waitFor(), Files.readString(said));
        return Files.readString(said);
    }

    /** The answer to all that a program asks. */
    private Path yes() throws IOException {
        return Files.writeString(folder.resolve("yes"), "y\n".repeat(20));
    }
}
