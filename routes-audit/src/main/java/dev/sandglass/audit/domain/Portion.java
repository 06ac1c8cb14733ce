package dev.sandglass.audit.domain;

import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Documents;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The number of documents to read at once, by the largest so far: a change can be a few bytes or 300 kB, and memory has to hold the
 * sidecar's answer several times over.
 */
public final class Portion {
    /** Characters: about 500 kB in memory, and read in the time for which a small question may wait. */
    private static final int TEXT = 250_000;

    private static final int MOST = 32;
    /** As large as they can be, they are 3 MB. */
    private static final int FIRST = 8;

    private int largest = TEXT / FIRST;
    private boolean begun;

    public int size() {
        return Math.max(1, Math.min(MOST, TEXT / Math.max(1, largest)));
    }

    /** Documents whose size tells that of the next. */
    Map<String, Stored> of(Documents documents, List<String> keys) {
        Map<String, Stored> there = taken(documents, keys);
        saw(there.values());
        return there;
    }

    /** Documents that are held no longer: who takes them keeps what is needed. */
    static Map<String, Stored> taken(Documents documents, List<String> keys) {
        Map<String, Stored> there = documents.all(keys);
        documents.forget(keys);
        return there;
    }

    /** @return characters of all of them */
    public int saw(Collection<Stored> read) {
        int[] sizes = read.stream()
                .map(Stored::json)
                .mapToInt(json -> json == null ? 0 : json.length())
                .toArray();
        largest = Math.max(begun ? largest : 0, IntStream.of(sizes).max().orElse(0));
        begun = true;
        return IntStream.of(sizes).sum();
    }
}
