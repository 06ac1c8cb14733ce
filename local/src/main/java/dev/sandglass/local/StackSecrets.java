package dev.sandglass.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The secrets of a stack: drawn at its first start; Dapr's secret store reads them from the data folder. */
final class StackSecrets {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rw-------");

    private final Map<String, String> values;

    private StackSecrets(Map<String, String> values) {
        this.values = values;
    }

    /** Reads {@code secrets.json} of a data folder, and draws the missing secrets. */
    static StackSecrets of(Path data, int postgresPort) throws IOException {
        Path file = data.resolve("secrets.json");
        Map<String, String> values = new TreeMap<>();
        if (Files.exists(file)) {
            JSON.readTree(file.toFile())
                    .properties()
                    .forEach(
                            entry -> values.put(entry.getKey(), entry.getValue().asText()));
        }
        Map<String, String> before = Map.copyOf(values);
        values.computeIfAbsent("postgres-password", name -> hex(16));
        values.computeIfAbsent("token-key", name -> base64url(32));
        values.computeIfAbsent("ticket-key", name -> base64url(32));
        // A key for integrators to sign with, and to try it out.
        values.computeIfAbsent("webhook-key", name -> hex(24));
        values.computeIfAbsent("log-key", name -> base64url(32));
        values.computeIfAbsent("app-token", name -> hex(24));
        values.computeIfAbsent("dapr-api-token", name -> hex(24));
        values.put(
                "postgres-connection-string",
                "host=127.0.0.1 port=%d user=%s password=%s dbname=%s connect_timeout=2"
                        .formatted(postgresPort, Postgres.USER, values.get("postgres-password"), Postgres.DATABASE));
        if (!values.equals(before)) {
            writePrivately(file, JSON.writeValueAsString(values));
        }
        return new StackSecrets(values);
    }

    /** A secret that every stack has. */
    String get(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no secret \"" + name + "\"");
        }
        return value;
    }

    static String hex(int bytes) {
        return HexFormat.of().formatHex(random(bytes));
    }

    /** Opens a new file that only its owner can read. */
    static OutputStream newPrivately(Path file) throws IOException {
        Files.deleteIfExists(file);
        return Files.newOutputStream(
                Files.createFile(file, PosixFilePermissions.asFileAttribute(OWN)), StandardOpenOption.WRITE);
    }

    /** Replaces a file by one that only its owner can read. */
    static void writePrivately(Path file, String content) throws IOException {
        Path fresh = Files.createTempFile(
                file.toAbsolutePath().getParent(),
                file.getFileName().toString(),
                ".new",
                PosixFilePermissions.asFileAttribute(OWN));
        Files.writeString(fresh, content);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    static String base64url(int bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random(bytes));
    }

    private static byte[] random(int bytes) {
        byte[] drawn = new byte[bytes];
        new SecureRandom().nextBytes(drawn);
        return drawn;
    }
}
