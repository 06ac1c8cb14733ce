package dev.sandglass.audit.domain;

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
    /** The most characters it looks through, as {@link Entry#size} counts, for the same reason. */
    static final int LOOKED_THROUGH = 5_000_000;
    /** Characters of an answer after which it takes no entry more: an integrators' route takes 500,000 to redact, and an entry has 200,000. */
    static final int LARGE = 250_000;
}
