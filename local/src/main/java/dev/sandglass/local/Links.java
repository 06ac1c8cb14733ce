package dev.sandglass.local;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder of hard links to the files of a build; it keeps them after a later build removes them. */
final class Links {
    private Links() {}

    /** Makes {@code links} hold the files that {@code built} has now; without {@code built} (during a build) it stays as it is. */
    static void renew(Path built, Path links) throws IOException {
        if (!Files.isDirectory(built)) {
            if (Files.isDirectory(links)) {
                return;
            }
            throw new IOException(built + " is not built");
        }
        Host.delete(links);
        try (var found = Files.walk(built)) {
            for (Path from : found.toList()) {
                Path to = links.resolve(built.relativize(from));
                if (Files.isDirectory(from)) {
                    Files.createDirectories(to);
                } else {
                    link(from, to);
                }
            }
        }
    }

    private static void link(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (FileSystemException | UnsupportedOperationException e) {
            // It is another file system, or one without links.
            Files.copy(from, to);
        }
    }
}
