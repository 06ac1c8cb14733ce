package dev.sandglass.support.yaml;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sandglass.support.domain.OneLine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The files of a folder of routes, by content. Names and dates do not tell of a change: a ConfigMap's files are links, and their target
 * is swapped.
 *
 * @param wrong entries that are no files, or cannot be read
 */
record Folder(SortedMap<String, String> texts, List<Refusal> wrong) {
    private static final int FILES = 200;
    /** Bytes of a file; one of routes has a few thousand. */
    private static final int LARGEST = 256 * 1024;
    /** Files that somebody may take for one of routes. */
    private static final Pattern NOT_TAKEN = Pattern.compile("(?!.*\\.test\\.yaml$).*(?i)\\.ya?ml");
    /** Characters of all files: they are read again and again. */
    private static final int LARGEST_TOGETHER = 4 * 1024 * 1024;

    /** @throws IOException when the folder cannot be read now */
    static Folder read(Path folder) throws IOException {
        Folder read = new Folder(new TreeMap<>(), new ArrayList<>());
        Path real = folder.toRealPath();
        // The smallest first: however much the large ones have together, there is room for one more.
        SortedMap<Long, SortedSet<Path>> files = new TreeMap<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "[!.]*")) {
            for (Path file : found) {
                String name = file.getFileName().toString();
                if (name.endsWith(".camel.yaml")) {
                    files.computeIfAbsent(size(file), size -> new TreeSet<>()).add(file);
                } else if (NOT_TAKEN.matcher(name).matches() && !Files.isDirectory(file)) {
                    read.wrong.add(new Refusal(
                            OneLine.of(name), 1, "it is not taken: files of routes are named *.camel.yaml"));
                }
            }
        }
        int characters = 0;
        for (Path file : files.values().stream().flatMap(Set::stream).toList()) {
            String name = file.getFileName().toString();
            if (read.texts.size() == FILES || characters > LARGEST_TOGETHER) {
                read.wrong.add(new Refusal(
                        name,
                        1,
                        "a service has at most " + FILES + " files of routes, with " + LARGEST_TOGETHER
                                + " characters"));
            } else {
                read.add(file, real);
                characters += read.texts.getOrDefault(name, "").length();
            }
        }
        return read;
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            // It may be gone; reading it says what is the matter.
            return 0;
        }
    }

    /**
     * One file by itself.
     *
     * @throws NoSuchFileException where it is not there
     */
    static Folder of(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new NoSuchFileException(file.toString());
        }
        Folder read = new Folder(new TreeMap<>(), new ArrayList<>());
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a folder above");
        read.add(file, folder.toRealPath());
        return read;
    }

    private void add(Path file, Path folder) {
        String name = file.getFileName().toString();
        if (!name.equals(OneLine.of(name))) {
            wrong.add(new Refusal(OneLine.of(name), 1, "its name is no text for a log"));
            return;
        }
        try {
            texts.put(name, text(file, folder));
        } catch (NoSuchFileException e) {
            // Either it was taken away just now, or it is a link to nowhere.
            if (Files.isSymbolicLink(file)) {
                wrong.add(new Refusal(name, 1, "it is a link to nothing"));
            }
        } catch (CharacterCodingException e) {
            wrong.add(new Refusal(name, 1, "it is no text in UTF-8"));
        } catch (IOException e) {
            wrong.add(new Refusal(
                    name,
                    1,
                    e.getMessage() != null && e instanceof Unfit ? e.getMessage() : "it cannot be read: " + e));
        }
    }

    private static String text(Path file, Path folder) throws IOException {
        Path real = file.toRealPath();
        if (!real.startsWith(folder)) {
            throw new Unfit("it is a link that leads out of the folder");
        }
        if (!Files.isRegularFile(real)) {
            throw new Unfit("it is no file");
        }
        try (InputStream in = Files.newInputStream(real)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new Unfit("it has more than " + LARGEST + " bytes");
            }
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        }
    }

    private static final class Unfit extends IOException {
        private static final long serialVersionUID = 1L;

        Unfit(String reason) {
            super(reason);
        }
    }
}
