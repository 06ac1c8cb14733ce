package dev.sandglass.audit.domain;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of entries, in order.
 *
 * @param next the cursor of the next page; null when this is the last. A short page may have a next one: a call looks at a
 *     bounded number of entries
 */
public record EntryPage(List<Entry> entries, @Nullable String next) {
    /** The most entries a page looks at: so a question that fits few of them is answered in time. */
    static final int LOOKED_AT = 5_000;
    /** The most characters of {@code changed} on a page: a sidecar passes on 4 MiB at once. */
    private static final int TEXT = 500_000;

    /**
     * Fills a page.
     *
     * @param entries the entries after the question's cursor, in order; no more of them are read than needed
     * @throws IllegalArgumentException for a limit that is not 1 to 500
     */
    public static EntryPage of(Question question, Iterator<Entry> entries) {
        int atMost = question.atMost();
        List<Entry> page = new ArrayList<>();
        EntryPosition last = null;
        int text = 0;
        for (int seen = 0; entries.hasNext(); seen++) {
            if (last != null && (seen == LOOKED_AT || text > TEXT)) {
                return new EntryPage(page, question.cursorAfter(last));
            }
            Entry entry = entries.next();
            if (question.over(entry)) {
                break;
            }
            if (question.asksFor(entry) && !question.early(entry)) {
                if (last != null && page.size() == atMost) {
                    return new EntryPage(page, question.cursorAfter(last));
                }
                page.add(entry);
                text += entry.changed().toString().length();
            }
            last = entry.position();
        }
        return new EntryPage(page, null);
    }
}
