package dev.sandglass.support.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A quarter of a second is a turn. */
class SavedFilesTest {
    private static final int REST = 12;

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
    void atRestItIsLookedAtOnceASecond() throws Exception {
        assertEquals(1, looks(4));
    }

    @Test
    void whateverIsSavedIsLookedAtAtOnceAndForTwoSeconds() throws Exception {
        Path file = folder.resolve("a.camel.yaml");
        FileTime date = Files.getLastModifiedTime(file);
        Files.writeString(file, "# b");
        assertTrue(isLook(), "written anew, with the same size");
        assertEquals(7, looks(7));
        looks(REST);
        Path other = Files.writeString(dslYaml.resolve("other"), "# c");
        Files.setLastModifiedTime(file, date);
        looks(REST);
        Files.setLastModifiedTime(other, date);
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        assertTrue(isLook(), "exchanged, with the same size and date");
        looks(REST);
        Files.delete(file);
        assertTrue(isLook(), "gone");
    }

    private int looks(int turns) throws Exception {
        int looks = 0;
        for (int i = 0; i < turns; i++) {
            looks += isLook() ? 1 : 0;
        }
        return looks;
    }

    private boolean isLook() throws Exception {
        return saved.take(Duration.ofSeconds(1)) != null;
    }
}
