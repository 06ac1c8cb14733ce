package dev.sandglass.support.yaml;

import dev.sandglass.support.memory.Backlog;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Says when to look at the integrators' folder: four times a second while something is saved, else once. To look reads all files and
 * takes a route; at rest it was half of what a service did.
 */
@Singleton
@Named("savedFiles")
public class SavedFiles implements Backlog {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");

    private static final long PERIOD = 250;
    /** Turns in which looks follow each other after a change: what two of them find alike is taken. */
    private static final int AFTER_A_CHANGE = 8;
    /** Turns. Two writes of one file may have the same size and date, so it is looked at also where nothing tells of one. */
    private static final int AT_REST = 4;

    private final Path folder;
    private Set<Stamp> before = Set.of();
    /** Turns since the last change. */
    private int quiet;

    /**
     * A file as it is now.
     *
     * @param size -1 of a link that leads nowhere
     * @param key of the file behind a link, where the file system has one: a ConfigMap exchanges that, and dates may stay
     */
    private record Stamp(
            Path name,
            long size,
            FileTime modified,
            @Nullable Object key) {}

    @Inject
    SavedFiles(
            @ConfigProperty(name = "sandglass.dsl-yaml") Path dslYaml,
            @ConfigProperty(name = "quarkus.application.name") String service) {
        this.folder = dslYaml.resolve("routes").resolve(service);
    }

    /** @return something when it is time to look */
    @Override
    public @Nullable Object take(Duration longest) throws InterruptedException {
        Thread.sleep(Math.min(PERIOD, longest.toMillis()));
        Set<Stamp> now = stamps();
        quiet = now.equals(before) ? quiet + 1 : 0;
        before = now;
        return quiet < AFTER_A_CHANGE || quiet % AT_REST == 0 ? now : null;
    }

    private Set<Stamp> stamps() {
        Set<Stamp> stamps = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "[!.]*.camel.yaml")) {
            for (Path file : files) {
                stamps.add(stamp(file));
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.debugf("%s: %s; to look says what is the matter", folder, e);
        }
        return stamps;
    }

    private static Stamp stamp(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(file.getFileName(), now.size(), now.lastModifiedTime(), now.fileKey());
        } catch (IOException e) {
            return new Stamp(file.getFileName(), -1, FileTime.fromMillis(0), null);
        }
    }
}
