package dev.sandglass.audit.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sandglass.events.Erased;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Verifies that the entries of a list are complete. It takes them one by one from 1 to the list's number: each must exist, fit its
 * hash, and lead to the next; the last must lead to the ledger's own hash. It holds two of them at most.
 *
 * <p>Where two neighbours do not fit, the next entry tells which of them is wrong: an entry is right if its successor (for the last
 * one, the ledger) leads back to it.
 */
public final class Verification {
    private static final String NOT_YET = "not yet";

    private final String list;

    private long entries;
    private @Nullable Deviation first;
    private @Nullable Link before;
    /** An entry that does not fit the one before it, until its successor tells which of them is right. */
    private @Nullable Link doubted;

    /** How many entries say that the change of a number tells of their emptying; and the first of them. */
    private final Map<Long, Claim> claimed = new TreeMap<>();
    /** How many entries a change says were emptied. */
    private final Map<Long, Long> told = new HashMap<>();
    /** Entries of which something was taken out. */
    private long erased;

    private record Claim(long first, long entries) {}

    /** An entry's number and its own hash. */
    private record Link(long seq, String hash) {}

    /** @param why {@code missing}, {@code altered} or {@code not yet} */
    public record Deviation(long seq, String why) {}

    /**
     * The answer of {@code /api/audit/verify}.
     *
     * @param entries the count of the numbers 1 to {@code seq} that have an entry
     * @param seq the list's number
     * @param hash the ledger's hash of the last change
     * @param first the first deviation; null where the list is complete
     * @param erased the count of entries out of which a person was taken: their hash alone is verified
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Verdict(
            boolean complete,
            long entries,
            long seq,
            String hash,
            @Nullable Deviation first,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long erased) {}

    public Verification(String list) {
        this.list = list;
    }

    /**
     * Takes the next entry.
     *
     * @param kept null where there is none
     * @param followed the number up to which the list was followed: an entry above it may just not have come yet
     */
    public void next(long number, @Nullable Kept kept, long followed) {
        entries += kept == null ? 0 : 1;
        if (first != null) {
            return;
        }
        Kept.Opened opened = kept == null ? null : sealed(kept);
        if (kept != null && opened != null) {
            count(number, kept, opened.entry());
        }
        if (doubted != null) {
            settle(opened != null && opened.prev().equals(doubted.hash));
        } else if (kept == null) {
            first = new Deviation(number, number <= followed ? "missing" : NOT_YET);
        } else if (opened == null || opened.entry().seq() > number) {
            altered(number);
        } else if (opened.prev().equals(before == null ? "" : before.hash)) {
            before = new Link(number, opened.entry().hash());
            if (opened.entry().seq() != number) {
                altered(number);
            }
        } else if (number == 1) {
            altered(number);
        } else {
            doubted = new Link(number, opened.entry().hash());
        }
    }

    private void count(long number, Kept kept, Entry entry) {
        erased += kept.erased().isEmpty() ? 0 : 1;
        kept.erased()
                .forEach(by -> claimed.merge(
                        by, new Claim(number, 1), (one, more) -> new Claim(one.first, one.entries + more.entries)));
        long entries = kept.erased().isEmpty() ? Erased.told(entry.changed()) : 0;
        if (entries > 0) {
            told.put(number, entries);
        }
    }

    /** An entry may be emptied only where a change after it tells so, and no more of them than that says. */
    private Optional<Long> untold() {
        return claimed.entrySet().stream()
                .filter(by -> by.getValue().first >= by.getKey()
                        || by.getValue().entries > told.getOrDefault(by.getKey(), 0L))
                .map(by -> by.getValue().first)
                .min(Long::compare);
    }

    /** Tells if nothing deviates so far. */
    public boolean isRight() {
        return first == null;
    }

    /** The answer where the time is over before the last entry: what deviates so far, or that nothing does and the walk goes on. */
    public Verdict soFar(long seq, String hash) {
        return new Verdict(false, entries, seq, hash, first, erased);
    }

    /**
     * The result, after the last entry.
     *
     * @param seq the list's number by the ledger
     * @param hash the ledger's hash of the change of that number; empty for 0
     */
    public Verdict verdict(long seq, String hash) {
        if (first == null && doubted != null) {
            settle(doubted.hash.equals(hash));
        }
        if (first == null && !(before == null ? "" : before.hash).equals(hash)) {
            altered(seq);
        }
        if (first == null) {
            untold().ifPresent(this::altered);
        }
        return new Verdict(first == null, entries, seq, hash, first, erased);
    }

    private void settle(boolean theDoubtedIsTrue) {
        Link doubt = Objects.requireNonNull(doubted);
        altered(theDoubtedIsTrue ? doubt.seq - 1 : doubt.seq);
    }

    private void altered(long number) {
        first = new Deviation(number, "altered");
    }

    /** The entry, if it belongs to this list and its hashes fit its content. */
    private Kept.@Nullable Opened sealed(Kept kept) {
        try {
            Kept.Opened opened = kept.opened();
            return opened.sealed() && opened.entry().list().equals(list) ? opened : null;
        } catch (IllegalArgumentException | UncheckedIOException e) {
            // The second by what makes the canonical form, of a number that has none.
            return null;
        }
    }
}
