package dev.sandglass.task.domain.finding;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sandglass.events.Priority;
import dev.sandglass.events.Task;
import dev.sandglass.support.domain.Rejection;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * The end of a page: the position of its last task. The next page begins behind it, even if that task is gone.
 *
 * @param position its title may be cut: a cursor has 1,000 characters at most
 * @param cut true if the title is cut
 */
record Cursor(Position position, boolean cut) {
    private static final int SEAL_BYTES = 12;
    /** In chars, up to three bytes each in modified UTF-8: with an id of 100 and the rest under 700 bytes, 940 characters. */
    private static final int MOST_TITLE = 160;

    static Cursor after(Position last) {
        boolean cut = last.title().length() > MOST_TITLE;
        return new Cursor(cut ? titled(last, last.title().substring(0, MOST_TITLE)) : last, cut);
    }

    /**
     * The position to go on behind. A cut title is completed from the task itself; where that is gone or has another
     * title by now, a page may repeat tasks whose titles begin with the same 160 characters, but misses none.
     */
    Position within(Optional<Task> last) {
        return last.map(task -> Folding.fold(task.title()))
                .filter(title -> cut && title.startsWith(position.title()))
                .map(title -> titled(position, title))
                .orElse(position);
    }

    /** @param query the query that the cursor belongs to */
    String text(String query) {
        try {
            var bytes = new ByteArrayOutputStream();
            var data = new DataOutputStream(bytes);
            data.writeLong(position.due());
            data.writeUTF(position.priority().name());
            data.writeUTF(position.title());
            data.writeLong(position.created());
            data.writeLong(position.updated());
            data.writeUTF(position.id());
            data.writeBoolean(cut);
            byte[] payload = bytes.toByteArray();
            byte[] sealed = Arrays.copyOf(seal(query, payload), SEAL_BYTES + payload.length);
            System.arraycopy(payload, 0, sealed, SEAL_BYTES, payload.length);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IllegalArgumentException with a sentence for a person, where it is not the text of a cursor of this query */
    static Cursor parse(String text, String query) {
        try {
            byte[] sealed = Base64.getUrlDecoder().decode(text);
            byte[] payload = Arrays.copyOfRange(sealed, Math.min(SEAL_BYTES, sealed.length), sealed.length);
            if (!MessageDigest.isEqual(seal(query, payload), Arrays.copyOf(sealed, SEAL_BYTES))) {
                throw new IllegalArgumentException("not of this query");
            }
            var data = new DataInputStream(new ByteArrayInputStream(payload));
            return new Cursor(
                    new Position(
                            data.readLong(),
                            Priority.valueOf(data.readUTF()),
                            data.readUTF(),
                            data.readLong(),
                            data.readLong(),
                            data.readUTF()),
                    data.readBoolean());
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(Rejection.WRONG_CURSOR, e);
        }
    }

    /** Tells another query and damage apart from a cursor, not a forger: there is nothing to gain by forging one. */
    private static byte[] seal(String query, byte[] payload) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(query.getBytes(UTF_8));
            digest.update((byte) 0);
            return Arrays.copyOf(digest.digest(payload), SEAL_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Position titled(Position position, String title) {
        return new Position(
                position.due(), position.priority(), title, position.created(), position.updated(), position.id());
    }
}
