package dev.sandglass.audit.domain;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sandglass.events.Chain;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Rejection;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A search for entries of the audit.
 *
 * @param user who asks; null from a task before this version
 * @param lists the lists that the user may see; or the one that was asked for
 * @param list the one that was asked for; null: all, or from a task before this version
 * @param from at or after
 * @param to before
 * @param limit 1 to 500; 50 if null
 * @param cursor the cursor that the page before gave out; null for the first page
 */
public record EntryQuery(
        @Nullable String user,
        List<String> lists,
        @Nullable String list,
        @Nullable String task,
        @Nullable String actor,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable Integer limit,
        @Nullable String cursor) {

    static final int MOST = 500;
    private static final int IF_NOT_GIVEN = 50;
    private static final int MARK_LENGTH = 8;

    /**
     * The end of a page: of a question about a task the number of its mentions up to there, of any other an entry.
     *
     * @param of the question that the cursor belongs to
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Cursor(@Nullable Instant at, @Nullable String list, long seq, String of) {}

    public EntryQuery {
        lists = List.copyOf(new TreeSet<>(lists));
    }

    /** @throws IllegalArgumentException for a limit that is not 1 to 500 */
    int atMost() {
        if (limit != null && (limit < 1 || limit > MOST)) {
            throw new IllegalArgumentException("limit is 1 to " + MOST);
        }
        return limit == null ? IF_NOT_GIVEN : limit;
    }

    /**
     * The end of the page before; null for the first page.
     *
     * @throws Rejection INVALID when the text is no cursor, or belongs to another question
     */
    @Nullable
    EntryPosition after() {
        Cursor end = end();
        return end == null || end.at == null || end.list == null ? null : new EntryPosition(end.at, end.list, end.seq);
    }

    /**
     * The number of the task's mentions that the pages before looked at.
     *
     * @throws Rejection INVALID as {@link #after}
     */
    long mentionsPassed() {
        Cursor end = end();
        return end == null ? 0 : end.seq;
    }

    private @Nullable Cursor end() {
        if (cursor == null) {
            return null;
        }
        try {
            Cursor read = Json.read(new String(Base64.getUrlDecoder().decode(cursor), UTF_8), Cursor.class);
            if (mark().equals(read.of)) {
                return read;
            }
            throw Rejection.wrongCursor();
        } catch (IllegalArgumentException e) {
            throw Rejection.wrongCursor();
        }
    }

    /** The cursor of a page that ends at a position: base64url, without padding. */
    String cursorAfter(EntryPosition last) {
        return text(new Cursor(last.at(), last.list(), last.seq(), mark()));
    }

    /** The cursor of a page of a task that ends at a mention. */
    String cursorAfter(long mentions) {
        return text(new Cursor(null, null, mentions, mark()));
    }

    private static String text(Cursor end) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Json.text(end).getBytes(UTF_8));
    }

    boolean asksFor(Entry entry) {
        return (task == null || task.equals(entry.task())) && (actor == null || actor.equals(entry.actor()));
    }

    /** Tells if an entry is too late for the question; then all entries after it are. */
    boolean over(Entry entry) {
        return to != null && !entry.at().isBefore(to);
    }

    /** Tells if an entry is too early for the question. */
    boolean early(Entry entry) {
        return from != null && entry.at().isBefore(from);
    }

    /** The mark of this question. It leaves out the user's lists: one shared meanwhile does not make the cursor invalid. */
    private String mark() {
        String asked = (list == null ? "" : list + "\n") + task + "\n" + actor + "\n" + from + "\n" + to;
        return Chain.sha256(asked).substring(0, MARK_LENGTH);
    }
}
