package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Programs that were not written for this server speak CalDAV with it: python's caldav, and vdirsyncer with a folder of files. */
@ExtendWith(Stack.class)
@Tag("FR-013")
@Tag(Stack.BESIDE_ANOTHER)
class CalDavIT {
    private static final String PACKAGES = "pip install caldav vdirsyncer";

    private static final long MINUTES = 3;

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
        Path script = Path.of(getClass().getResource("/caldav_client.py").toURI());
        String said = run("python3", script.toString(), Stack.PAGE, alice.name(), token, list);
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
    void vdirsyncerHasAFolderAndAListSayTheSame() throws Exception {
        ForeignProgram.isNeeded(getClass(), PACKAGES, "vdirsyncer", "--version");
        Path files = folder.resolve("files");
        Path config = folder.resolve("config");
        Files.writeString(config, """
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
        Files.createDirectories(files.resolve(list));
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
