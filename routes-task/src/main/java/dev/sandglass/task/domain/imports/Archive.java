package dev.sandglass.task.domain.imports;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sandglass.support.domain.Rejection;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The files of an archive, read within bounds, into memory and nowhere else: what it says of their sizes is not believed. */
final class Archive {
    private static final int MOST_FILES = 1_000;
    /** Bytes of all files. */
    private static final int MOST = 32_000_000;
    /** Bytes of those that may have tasks in them. */
    private static final int MOST_KEPT = 6_000_000;

    private static final int PORTION = 16_384;
    private static final Pattern WANTED = Pattern.compile("(?i).*\\.(csv|json|ics|txt)");
    /** Files to leave out: those that a Mac adds, and those of our own export that say the same a second time. */
    private static final Pattern BESIDE = Pattern.compile("(^|.*/)(__MACOSX/.*|\\._.*)|lists/.*\\.ics");

    /** The charset that a name has which does not say that it is UTF-8, by the specification; many programs write UTF-8 all the same. */
    private static final Charset OTHER_NAMES = Charset.forName("IBM437");

    private Archive() {}

    static boolean isOne(byte[] bytes) {
        return bytes.length > 3 && bytes[0] == 'P' && bytes[1] == 'K' && bytes[2] == 3 && bytes[3] == 4;
    }

    /**
     * The texts, by the names of their files.
     *
     * @throws Rejection INVALID where it is damaged, has too much in it, or a text in another charset
     */
    static Map<String, String> read(byte[] bytes) {
        try {
            return read(bytes, UTF_8);
        } catch (IOException | IllegalArgumentException nameOrDamage) {
            try {
                return read(bytes, OTHER_NAMES);
            } catch (IOException | IllegalArgumentException damage) {
                throw Rejection.wrong("", "the archive is damaged");
            }
        }
    }

    /** @param names that of names which do not say that they are UTF-8 */
    private static Map<String, String> read(byte[] bytes, Charset names) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        byte[] portion = new byte[PORTION];
        long all = 0;
        long kept = 0;
        int files = 0;
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes), names)) {
            for (ZipEntry file = zip.getNextEntry(); file != null; file = zip.getNextEntry()) {
                if (++files > MOST_FILES) {
                    throw Rejection.wrong("", "the archive has more than " + MOST_FILES + " files");
                }
                String name = file.getName();
                boolean wanted =
                        WANTED.matcher(name).matches() && !BESIDE.matcher(name).matches();
                ByteArrayOutputStream content = new ByteArrayOutputStream();
                for (int read = zip.read(portion); read >= 0; read = zip.read(portion)) {
                    all += read;
                    kept += wanted ? read : 0;
                    if (all > MOST || kept > MOST_KEPT) {
                        throw Rejection.wrong(
                                "",
                                "the archive unpacks to more than " + (all > MOST ? MOST : MOST_KEPT)
                                        + " bytes; send its files one by one");
                    }
                    if (wanted) {
                        content.write(portion, 0, read);
                    }
                }
                if (wanted) {
                    texts.put(name, text(content.toByteArray()));
                }
            }
        }
        if (files == 0) {
            throw Rejection.wrong("", "the archive is damaged");
        }
        return texts;
    }

    /**
     * A text, without its byte order mark.
     *
     * @throws Rejection INVALID where it is not UTF-8, or no text
     */
    static String text(byte[] bytes) {
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            if (text.indexOf('\0') >= 0) {
                throw Rejection.wrong("", "the file is no text, nor an archive that is known here");
            }
            return text.startsWith("\ufeff") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw Rejection.wrong("", "the file is not UTF-8; save it as that");
        }
    }
}
