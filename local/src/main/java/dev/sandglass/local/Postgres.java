package dev.sandglass.local;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The real database server, from the binaries that come as a jar. */
final class Postgres {
    static final String USER = "sandglass";
    static final String DATABASE = "sandglass";
    /** Names the unpacked copy in the cache: raise it with {@code postgres.version} in the pom. */
    private static final String VERSION = "17.5.0";

    private Postgres() {}

    static Part part(Path data, Ports ports, StackSecrets secrets) throws IOException {
        int port = ports.of("postgres");
        Path binaries = Host.cache().resolve("postgres-" + VERSION + "-" + Host.architecture());
        Path cluster = data.resolve("postgres");
        List<String> command = new ArrayList<>(asNobody());
        command.addAll(List.of(binaries.resolve("bin/postgres").toString(), "-D", cluster.toString()));
        // The two writers wake five times a second by default. A commit waits for neither: it writes and flushes its
        // log itself.
        Map<String, String> settings = Map.of(
                "port", Integer.toString(port),
                "listen_addresses", "127.0.0.1",
                "unix_socket_directories", "",
                "max_connections", "100",
                "shared_buffers", "64MB",
                "password_encryption", "scram-sha-256",
                "bgwriter_delay", "2s",
                "wal_writer_delay", "2s");
        settings.forEach((key, value) -> command.addAll(List.of("-c", key + "=" + value)));
        Probe probe = Probe.postgres(port, USER, DATABASE);
        return new Part(
                "postgres",
                port,
                Map.of("postgres", port),
                new Part.Start(command, Map.of(), data),
                say -> prepare(binaries, cluster, secrets.get("postgres-password"), say),
                probe,
                probe,
                List.of(),
                List.of(),
                // SIGINT is a "fast" stop: SIGTERM would wait for the sidecars to close their connections.
                "INT");
    }

    private static void prepare(Path binaries, Path cluster, String password, Consumer<String> say) throws IOException {
        if (!Files.exists(binaries)) {
            say.accept("unpacks PostgreSQL " + VERSION);
            unpack(binaries);
        }
        if (Files.exists(cluster.resolve("PG_VERSION"))) {
            return;
        }
        say.accept("makes a database");
        // It is made beside its place and then moved, so that an interrupted start leaves no half-made cluster.
        Path making = cluster.resolveSibling("postgres.new");
        Host.delete(making);
        Path passwordFile = making.resolveSibling("postgres.password");
        StackSecrets.writePrivately(passwordFile, password + "\n");
        try {
            List<String> initdb = new ArrayList<>(asNobody());
            initdb.addAll(List.of(
                    binaries.resolve("bin/initdb").toString(),
                    "-D",
                    making.toString(),
                    "--username=" + USER,
                    "--pwfile=" + passwordFile,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--no-locale",
                    "--no-instructions"));
            Host.must(initdb, null);
        } finally {
            Files.deleteIfExists(passwordFile);
        }
        createDatabase(binaries, making);
        Files.move(making, cluster, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void createDatabase(Path binaries, Path cluster) throws IOException {
        List<String> single = new ArrayList<>(asNobody());
        single.addAll(
                List.of(binaries.resolve("bin/postgres").toString(), "--single", "-D", cluster.toString(), "postgres"));
        Process process = new ProcessBuilder(single)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var in = process.outputWriter()) {
            in.write("CREATE DATABASE " + DATABASE + "\n");
        }
        try {
            if (process.waitFor() != 0) {
                throw new IOException("the database \"" + DATABASE + "\" could not be made");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** PostgreSQL refuses to run as root; in a user namespace of its own it is not root, and still owns its files. */
    private static List<String> asNobody() {
        if (!Host.root()) {
            return List.of();
        }
        if (Host.MAC) {
            throw new CannotRun("PostgreSQL does not run as root: start ./run as an ordinary user");
        }
        return List.of("unshare", "-U");
    }

    private static void unpack(Path target) throws IOException {
        String archive = "/postgres-" + (Host.MAC ? "darwin" : "linux") + "-"
                + (Host.architecture().equals("arm64") ? "arm_64" : "x86_64") + ".txz";
        Path making = Files.createTempDirectory(target.getParent(), "postgres.");
        try (InputStream jar = Postgres.class.getResourceAsStream(archive)) {
            if (jar == null) {
                throw new IOException(
                        "no PostgreSQL binaries for this machine (" + archive + " is in none of the jars)");
            }
            TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(jar)));
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path file = making.resolve(entry.getName()).normalize();
                if (!file.startsWith(making)) {
                    throw new IOException(archive + " reaches out of its folder: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                    continue;
                }
                Files.createDirectories(file.resolve("..").normalize());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, file);
                    if (!file.toFile().setExecutable((entry.getMode() & 0100) != 0, false)) {
                        throw new IOException(file + " cannot be made executable");
                    }
                }
            }
        }
        if (!making.toFile().setExecutable(true, false) || !making.toFile().setReadable(true, false)) {
            throw new IOException(making + " cannot be opened to others");
        }
        try {
            Files.move(making, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            // Another stack has made it already.
            Host.delete(making);
        }
    }
}
