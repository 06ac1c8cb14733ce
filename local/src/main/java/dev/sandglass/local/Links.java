package dev.sandglass.local;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder of hard links to what a build made, which goes on holding what a later build removes. */
final class Links {
    private Links() {}

    /** Makes {@code links} hold what {@code built} holds now; without {@code built} (a build is under way) it stays as it is. */
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
            // Another file system, or one without links.
            Files.copy(from, to);
        }
    }
}
