package dev.sandglass.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Dapr's programs in the pinned version: an installed one, else the cached one, else the official release, else (daprd only) built
 * from its Go module.
 */
final class DaprBinaries {
    private static final String RELEASES = "https://github.com/dapr/dapr/releases/download/v";
    /** The time in which a machine that could not reach the releases does not try again. */
    private static final Duration OUT_OF_REACH = Duration.ofHours(24);

    private final String version;
    private final Path cache;
    private final Consumer<String> say;

    /**
     * @param version without "v"
     * @param say takes a message about the progress
     */
    DaprBinaries(String version, Consumer<String> say) throws IOException {
        this.version = version;
        this.cache = Host.cache();
        this.say = say;
    }

    /** @throws IOException if it can neither be found nor fetched nor built */
    Path daprd() throws IOException {
        Path found = find("daprd");
        return found != null ? found : build();
    }

    /** The scheduler, or null where there is none: its Go module needs one that the module proxy does not have. */
    @Nullable
    Path scheduler() throws IOException {
        Path given = givenScheduler();
        return given != null ? given : find("scheduler");
    }

    /** Tells if a scheduler is on this machine already. */
    boolean hasScheduler() {
        return givenScheduler() != null || installed("scheduler") != null;
    }

    private static @Nullable Path givenScheduler() {
        String given = System.getenv("SANDGLASS_SCHEDULER");
        if (given != null && !given.isBlank()) {
            Path path = Path.of(given).toAbsolutePath();
            if (!Files.isExecutable(path)) {
                throw new CannotRun("SANDGLASS_SCHEDULER=" + given + " is no program that can be run");
            }
            return path;
        }
        return null;
    }

    private @Nullable Path find(String program) throws IOException {
        Path installed = installed(program);
        if (installed != null) {
            return installed;
        }
        Path cached = cache.resolve(program + "-" + version);
        return download(program, cached) ? cached : null;
    }

    private @Nullable Path installed(String program) {
        Path onPath = Host.onPath(program);
        for (Path installed :
                new Path[] {onPath, Host.home().resolve(".dapr/bin").resolve(program)}) {
            if (installed != null && Files.isExecutable(installed) && isPinned(installed)) {
                return installed;
            }
        }
        Path cached = cache.resolve(program + "-" + version);
        return Files.isExecutable(cached) ? cached : null;
    }

    private boolean isPinned(Path program) {
        StringBuilder said = new StringBuilder();
        try {
            return Host.run(List.of(program.toString(), "--version"), null, said::append) == 0
                    && said.toString().strip().equals(version);
        } catch (IOException e) {
            return false;
        }
    }

    private boolean download(String program, Path target) throws IOException {
        Path unreachable = cache.resolve("dapr-releases-out-of-reach");
        if (Files.exists(unreachable)
                && Files.getLastModifiedTime(unreachable)
                        .toInstant()
                        .isAfter(Instant.now().minus(OUT_OF_REACH))) {
            return false;
        }
        String archive = program + "_" + (Host.MAC ? "darwin" : "linux") + "_" + Host.architecture() + ".tar.gz";
        String address = RELEASES + version + "/" + archive;
        say.accept("downloads " + program + " " + version);
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(5))
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        Path making = Files.createTempFile(cache, program, ".tar.gz");
        try {
            HttpResponse<String> sum = client.send(get(address + ".sha256", 15), HttpResponse.BodyHandlers.ofString());
            HttpResponse<InputStream> body = client.send(get(address, 600), HttpResponse.BodyHandlers.ofInputStream());
            if (sum.statusCode() != 200 || body.statusCode() != 200) {
                body.body().close();
                throw new IOException("status " + body.statusCode());
            }
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(body.body(), sha256)) {
                Files.copy(in, making, StandardCopyOption.REPLACE_EXISTING);
            }
            String expected = sum.body().strip().split("\\s+")[0].toLowerCase(Locale.ROOT);
            if (!HexFormat.of().formatHex(sha256.digest()).equals(expected)) {
                throw new CannotRun(
                        address + " does not have the checksum it is published with; nothing of it was kept");
            }
            extract(making, program, target);
            return true;
        } catch (IOException e) {
            Files.writeString(
                    unreachable,
                    "The Dapr releases could not be reached (" + e
                            + "). ./run tries again a day after this file was written.\n");
            return false;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            Files.deleteIfExists(making);
        }
    }

    private static HttpRequest get(String address, int seconds) {
        return HttpRequest.newBuilder(URI.create(address))
                .timeout(Duration.ofSeconds(seconds))
                .build();
    }

    private static void extract(Path archive, String program, Path target) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(
                new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive))))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (!entry.isDirectory() && Path.of(entry.getName()).endsWith(program)) {
                    Path making = target.resolveSibling(target.getFileName() + ".new");
                    Files.copy(tar, making, StandardCopyOption.REPLACE_EXISTING);
                    finish(making, target);
                    return;
                }
            }
        }
        throw new IOException("the release holds no " + program);
    }

    private static void finish(Path making, Path target) throws IOException {
        if (!making.toFile().setExecutable(true, false)) {
            throw new IOException(making + " cannot be made executable");
        }
        Files.move(making, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private Path build() throws IOException {
        Path go = Host.onPath("go");
        if (go == null) {
            throw new CannotRun("There is no daprd " + version
                    + " on the path or in ~/.dapr/bin, its release cannot be downloaded,"
                    + " and there is no Go to build it with. Install Dapr " + version + " (dapr init --slim) or Go.");
        }
        say.accept("finds the source of daprd " + version);
        StringBuilder answer = new StringBuilder();
        // It runs in a folder without go.mod, so that no other module decides about the download.
        Path nowhere = Files.createTempDirectory(cache, "go.");
        String source;
        try {
            int code = Host.run(
                    List.of(go.toString(), "mod", "download", "-json", "github.com/dapr/dapr@v" + version),
                    nowhere,
                    line -> answer.append(line).append('\n'));
            int begin = answer.indexOf("{");
            source = code != 0 || begin < 0
                    ? ""
                    : new ObjectMapper()
                            .readTree(answer.substring(begin))
                            .path("Dir")
                            .asText();
        } finally {
            Host.delete(nowhere);
        }
        if (source.isEmpty()) {
            throw new IOException("go could not download daprd's source:\n" + answer);
        }
        Path target = cache.resolve("daprd-" + version);
        Path making = cache.resolve("daprd-" + version + ".new");
        say.accept("builds daprd " + version + " from source (once, about 3 minutes)");
        int[] modules = {0};
        StringBuilder wrong = new StringBuilder();
        int code = Host.run(
                List.of(
                        "env",
                        "CGO_ENABLED=0",
                        "GOFLAGS=-mod=mod",
                        go.toString(),
                        "build",
                        "-C",
                        source,
                        "-tags",
                        "allcomponents",
                        "-ldflags",
                        "-s -w -X github.com/dapr/dapr/pkg/buildinfo.version=" + version,
                        "-o",
                        making.toString(),
                        "./cmd/daprd"),
                null,
                line -> {
                    if (line.startsWith("go: downloading")) {
                        say.accept("builds daprd " + version + " from source (once, about 3 minutes), " + ++modules[0]
                                + " modules fetched");
                    } else {
                        wrong.append(line).append('\n');
                    }
                });
        if (code != 0) {
            throw new IOException("daprd " + version + " could not be built:\n" + wrong);
        }
        finish(making, target);
        return target;
    }
}
