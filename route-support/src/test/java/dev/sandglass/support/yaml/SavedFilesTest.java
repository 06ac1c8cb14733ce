package dev.sandglass.support.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A turn is a quarter of a second, half of one at rest, and here no longer than two writes of a file need for two dates. */
class SavedFilesTest {
    private static final int REST = 12;
    private static final Duration TURN = Duration.ofMillis(10);

    @TempDir
    Path dslYaml;

    private Path folder;
    private SavedFiles saved;

    @BeforeEach
    void begin() throws Exception {
        folder = Files.createDirectories(dslYaml.resolve("routes/task"));
        Files.writeString(folder.resolve("a.camel.yaml"), "# a");
        saved = new SavedFiles(dslYaml, "task");
        looks(REST);
    }

    @Test
    void atRestItIsLookedAtEachFiveSeconds() throws Exception {
        assertEquals(1, looks(10));
    }

    @Test
    void aFileWrittenInPlaceIsSeenAlsoWhereItsSizeAndDateStay() throws Exception {
        Path file = folder.resolve("a.camel.yaml");
        FileTime date = Files.getLastModifiedTime(file);
        Files.writeString(file, "# b");
        Files.setLastModifiedTime(file, date);
        isSeen("written in place");
    }

    @Test
    void whateverIsSavedIsLookedAtAtOnceAndForTwoSeconds() throws Exception {
        Path file = folder.resolve("a.camel.yaml");
        FileTime date = Files.getLastModifiedTime(file);
        Files.writeString(file, "# b");
        isSeen("written anew, with the same size");
        Path other = Files.writeString(dslYaml.resolve("other"), "# c");
        Files.setLastModifiedTime(file, date);
        isSeen("another date");
        Files.setLastModifiedTime(other, date);
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        isSeen("exchanged, with the same size and date");
        Files.delete(file);
        isSeen("gone");
    }

    @Test
    void aLinkThatLeadsNowhereHidesNoFileBesideIt() throws Exception {
        Path target = dslYaml.resolve("target");
        Files.createSymbolicLink(folder.resolve("m.camel.yaml"), target);
        isSeen("the link");
        for (String file : List.of("a.camel.yaml", "z.camel.yaml")) {
            Files.writeString(folder.resolve(file), "# another size: " + file);
            isSeen(file);
        }
        Files.writeString(target, "# m");
        isSeen("where the link leads now");
    }

    /** At rest one of ten turns is a look. */
    private void isSeen(String change) throws Exception {
        assertEquals(8, looks(8), change);
    }

    private int looks(int turns) throws Exception {
        int looks = 0;
        for (int i = 0; i < turns; i++) {
            looks += saved.take(TURN) == null ? 0 : 1;
        }
        return looks;
    }
}
