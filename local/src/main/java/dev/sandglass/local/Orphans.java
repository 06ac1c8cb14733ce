package dev.sandglass.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parts that a killed supervisor left. A process is known by id and start time, since ids are used again; never by its name, which
 * others may have too. */
final class Orphans {
    static final String FILE = "processes.json";
    /** The tolerance of start times: they count from the boot time, which two JVMs round differently. */
    private static final long TOLERANCE_MILLIS = 2_000;

    private Orphans() {}

    /** The start time of a process, in milliseconds since 1970; 0 if the system does not tell. */
    static long started(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    /** Tells if a recorded process is still the same one. */
    static boolean lives(long pid, long started) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> started != 0 && Math.abs(started(process) - started) <= TOLERANCE_MILLIS)
                .isPresent();
    }

    /** Process ids of parts that still run, by part. */
    static Map<String, Long> of(Path data) throws IOException {
        Map<String, Long> found = new LinkedHashMap<>();
        for (JsonNode entry : written(data)) {
            found.put(entry.path("name").asText(), entry.path("pid").asLong());
        }
        return found;
    }

    /** Ends them all; returns when they are gone. */
    static void end(Path data) throws IOException, InterruptedException {
        List<Thread> ending = written(data).stream()
                .map(entry ->
                        new Thread(() -> ProcessHandle.of(entry.path("pid").asLong())
                                .ifPresent(process -> {
                                    try {
                                        Keeper.end(process, entry.path("gentle").asText("TERM"));
                                    } catch (InterruptedException e) {
                                        Thread.currentThread().interrupt();
                                    }
                                })))
                .toList();
        ending.forEach(Thread::start);
        for (Thread thread : ending) {
            thread.join();
        }
        Files.deleteIfExists(data.resolve(FILE));
    }

    private static List<JsonNode> written(Path data) throws IOException {
        Path file = data.resolve(FILE);
        if (!Files.exists(file)) {
            return List.of();
        }
        List<JsonNode> living = new ArrayList<>();
        for (JsonNode entry : new ObjectMapper().readTree(file.toFile())) {
            if (lives(entry.path("pid").asLong(), entry.path("started").asLong())) {
                living.add(entry);
            }
        }
        return living;
    }
}
