package dev.sandglass.local;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The machine under the stack. */
final class Host {
    static final boolean MAC =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac");

    private Host() {}

    /** {@code amd64} or {@code arm64}. */
    static String architecture() {
        String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return arch.equals("aarch64") || arch.equals("arm64") ? "arm64" : "amd64";
    }

    static Path home() {
        return Path.of(System.getProperty("user.home", "."));
    }

    /** The folder that keeps programs between stacks: fetched or built once per version. */
    static Path cache() throws IOException {
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path caches = MAC
                ? home().resolve("Library/Caches")
                : xdg == null || xdg.isBlank() ? home().resolve(".cache") : Path.of(xdg);
        return Files.createDirectories(caches.resolve("sandglass"));
    }

    /** The Java that runs this. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    static boolean root() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** A program of this name on the path. */
    static @Nullable Path onPath(String program) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
            Path candidate = Path.of(folder.isEmpty() ? "." : folder, program);
            if (Files.isExecutable(candidate) && !Files.isDirectory(candidate)) {
                return candidate;
            }
        }
        return null;
    }

    /**
     * Runs a program to its end.
     *
     * @param line takes each line it writes
     * @return its exit code
     */
    static int run(List<String> command, @Nullable Path directory, Consumer<String> line) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(directory == null ? null : directory.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .start();
        try (var out = process.inputReader()) {
            out.lines().forEach(line);
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            if (process.isAlive() && !exits(process)) {
                process.destroyForcibly();
            }
        }
    }

    /**
     * Runs a program that has to succeed.
     *
     * @throws IOException with the end of what it wrote if it does not
     */
    static void must(List<String> command, @Nullable Path directory) throws IOException {
        StringBuilder written = new StringBuilder();
        int code = run(command, directory, line -> written.append(line).append('\n'));
        if (code != 0) {
            String end = written.substring(Math.max(0, written.length() - 2_000));
            throw new IOException(Path.of(command.get(0)).getFileName() + " ended with exit code " + code + "\n" + end);
        }
    }

    /** Makes a folder that only its owner can use, also if it existed before. */
    static void ownFolder(Path folder) throws IOException {
        Files.setPosixFilePermissions(Files.createDirectories(folder), PosixFilePermissions.fromString("rwx------"));
    }

    /** Removes a folder with all its files; a missing folder counts as removed. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (var found = Files.walk(folder)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private static boolean exits(Process process) {
        try {
            return process.waitFor(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
