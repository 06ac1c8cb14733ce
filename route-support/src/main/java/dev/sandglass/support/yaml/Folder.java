package dev.sandglass.support.yaml;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is in a folder of routes now, by content: a ConfigMap's files are links whose target is swapped, so that neither their names
 * nor their dates tell.
 */
final class Folder {
    private Folder() {}

    /** @throws IOException when the folder, or a file in it, cannot be read now */
    static SortedMap<String, String> read(Path folder) throws IOException {
        SortedMap<String, String> files = new TreeMap<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "[!.]*.camel.yaml")) {
            for (Path file : found) {
                files.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return files;
    }
}
