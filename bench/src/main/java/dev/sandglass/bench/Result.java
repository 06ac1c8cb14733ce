package dev.sandglass.bench;

import dev.sandglass.events.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * All that was measured in a run, and of what.
 *
 * @param commit the sources measured, with {@code +} where they were changed
 * @param date an instant
 * @param machine processor, cores, memory, system
 * @param jdk that of the services
 * @param flags of the services, by name
 * @param quick whether it was a short run, which loads less
 * @param load the machine's load average before: a figure of a busy machine is none
 * @param lateness how late the generator itself sent what was due
 * @param generator milliseconds of processor time a call costs the generator, and its own p50 against an empty answer
 * @param parts what each part has: megabytes of memory, seconds to start
 */
record Result(
        String commit,
        String date,
        String machine,
        String jdk,
        Map<String, String> flags,
        boolean quick,
        double load,
        Stat lateness,
        Generator generator,
        Map<String, Part> parts,
        List<Row> rows) {

    /**
     * @param cpuMillis of processor time a call
     * @param echo an empty answer from the generator's own process
     */
    record Generator(double cpuMillis, Stat echo) {}

    /**
     * @param megabytes its own memory (PSS)
     * @param start seconds, by its own log
     */
    record Part(double megabytes, double start) {}

    static Result read(Path file) throws IOException {
        try {
            return Json.read(Files.readString(file), Result.class);
        } catch (IllegalArgumentException e) {
            throw new CannotMeasure(file + " is no result of ./run bench: " + e.getMessage());
        }
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(this));
    }
}
