package dev.sandglass.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/** Finds a Maven for dev mode: Quarkus builds with Maven 3.8, which distributions still have, but its dev mode needs 3.9. */
final class DevMaven {
    private static final String VERSION = "3.9.11";
    private static final Pattern SAID = Pattern.compile("Apache Maven (\\d+)\\.(\\d+)");

    private DevMaven() {}

    /**
     * A Maven that runs dev mode: the one on the path, or one fetched into the cache like any artifact.
     *
     * @param say takes a message about the progress
     * @throws CannotRun if there is no Maven at all
     */
    static Path find(Consumer<String> say) throws IOException {
        Path installed = Host.onPath("mvn");
        if (installed == null) {
            throw new CannotRun("./run dev needs Maven (mvn) on the path");
        }
        StringBuilder said = new StringBuilder();
        Host.run(List.of(installed.toString(), "--version"), null, said::append);
        if (suffices(said.toString())) {
            return installed;
        }
        Path home = Host.cache().resolve("apache-maven-" + VERSION);
        Path mvn = home.resolve("bin/mvn");
        if (!Files.isExecutable(mvn)) {
            say.accept("fetches Maven " + VERSION + " for the dev mode");
            fetch(installed, home);
        }
        return mvn;
    }

    /** @param said the output of {@code mvn --version} */
    static boolean suffices(String said) {
        Matcher version = SAID.matcher(said);
        if (!version.find()) {
            return false;
        }
        int major = Integer.parseInt(version.group(1));
        return major > 3 || major == 3 && Integer.parseInt(version.group(2)) >= 9;
    }

    private static void fetch(Path installed, Path home) throws IOException {
        Path making = Files.createTempDirectory(Host.cache(), "maven.");
        try {
            Host.must(
                    List.of(
                            installed.toString(),
                            "-q",
                            "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy",
                            "-Dartifact=org.apache.maven:apache-maven:" + VERSION + ":zip:bin",
                            "-DoutputDirectory=" + making),
                    making);
            unzip(making.resolve("apache-maven-" + VERSION + "-bin.zip"), making);
            Path unpacked = making.resolve("apache-maven-" + VERSION);
            if (!unpacked.resolve("bin/mvn").toFile().setExecutable(true, false)) {
                throw new IOException(unpacked + "/bin/mvn cannot be made executable");
            }
            Host.delete(home);
            Files.move(unpacked, home);
        } finally {
            Host.delete(making);
        }
    }

    private static void unzip(Path archive, Path folder) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
            for (@Nullable ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = folder.resolve(entry.getName()).normalize();
                if (!file.startsWith(folder)) {
                    throw new IOException(archive + " reaches out of its folder: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.copy(zip, file);
                }
            }
        }
    }
}
