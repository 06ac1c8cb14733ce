package dev.sandglass.task.domain;

import dev.sandglass.events.Chain;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Documents;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A part of the record of what a user has taken in, and as which task, under {@code imported/<user>/<bucket>}: a file that comes again
 * makes nothing twice.
 *
 * @param v schema version of the stored value
 * @param tasks by what they are known by in their own program, as a hash
 */
public record Imported(int v, SortedMap<String, Known> tasks) {
    /** One for each import would be long, one for each task many. */
    private static final int BUCKETS = 64;

    private static final int HASH = 32;
    private static final int HEXADECIMAL = 16;

    /** @param content what it said, as a hash */
    public record Known(String task, String content) {}

    public Imported {
        tasks = Collections.unmodifiableSortedMap(new TreeMap<>(tasks));
    }

    static Imported of(Documents documents, String user, int bucket) {
        Stored stored = documents.get(Keys.imported(user, bucket));
        return stored.absent() ? new Imported(1, new TreeMap<>()) : stored.as(Imported.class);
    }

    /** All that may be there of a user. */
    static Stream<String> keys(String user) {
        return IntStream.range(0, BUCKETS).mapToObj(bucket -> Keys.imported(user, bucket));
    }

    static String hash(String text) {
        return Chain.sha256(text).substring(0, HASH);
    }

    static int bucket(String source) {
        return Integer.parseInt(source.substring(0, 2), HEXADECIMAL) % BUCKETS;
    }
}
