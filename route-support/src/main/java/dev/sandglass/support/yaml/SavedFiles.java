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
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Says when to look at the integrators' folder: four times a second while something is saved, else each five seconds. To look reads all
 * files and takes a route, so at rest only attributes are compared, twice a second: each time wakes a processor.
 */
@Singleton
@Named("savedFiles")
public class SavedFiles implements Backlog {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");

    private static final Duration SAVING = Duration.ofMillis(250);
    private static final Duration RESTING = Duration.ofMillis(500);
    /** Turns in which looks follow each other after a change: what two of them find alike is taken. */
    private static final int AFTER_A_CHANGE = 8;
    /** Turns between two looks at rest: a look that failed, or could not write down what it found, is made up for. */
    private static final int AT_REST = 10;
    /**
     * No write leaves all of these as they were: a date that is set back and an equal size leave the time of the last change of the inode,
     * a ConfigMap exchanges the file behind a link.
     */
    private static final String TELLING = "unix:ctime,lastModifiedTime,size,fileKey";

    private final Path folder;
    private Map<Path, Map<String, Object>> before = Map.of();
    /** Turns since the last change. */
    private int quiet;

    @Inject
    SavedFiles(
            @ConfigProperty(name = "sandglass.dsl-yaml") Path dslYaml,
            @ConfigProperty(name = "quarkus.application.name") String service) {
        this.folder = dslYaml.resolve("routes").resolve(service);
    }

    /** @return something when it is time to look */
    @Override
    public @Nullable Object take(Duration longest) throws InterruptedException {
        Duration turn = quiet < AFTER_A_CHANGE ? SAVING : RESTING;
        Thread.sleep(Math.min(turn.toMillis(), longest.toMillis()));
        Map<Path, Map<String, Object>> now = attributes();
        quiet = now.equals(before) ? quiet + 1 : 0;
        before = now;
        return quiet < AFTER_A_CHANGE || quiet % AT_REST == 0 ? now : null;
    }

    private Map<Path, Map<String, Object>> attributes() {
        Map<Path, Map<String, Object>> attributes = new HashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (file.toString().endsWith(".camel.yaml")) {
                    attributes.put(file, attributes(file));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.debugf("%s: %s; to look says what is the matter", folder, e);
        }
        return attributes;
    }

    /** None of a link that leads nowhere. */
    private static Map<String, Object> attributes(Path file) {
        try {
            return Files.readAttributes(file, TELLING);
        } catch (IOException e) {
            return Map.of();
        }
    }
}
