package dev.sandglass.support;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes that are done together or not at all (Dapr State transaction). The order of the keys is the order of the database's locks:
 * use the same one everywhere.
 */
public final class Transaction {
    private final List<Write> writes = new ArrayList<>();

    /** How a write treats what is there. */
    enum Guard {
        /** It must be what was read: its ETag. */
        AS_READ,
        /** Nothing may be there. */
        ABSENT,
        /** It replaces anything that is there. */
        NONE
    }

    record Write(
            String key,
            @Nullable String json,
            Guard guard,
            @Nullable String etag,
            @Nullable Duration kept) {}

    /** Replaces what was read, or creates what was not there: fails the transaction when somebody else wrote meanwhile. */
    public Transaction replace(Stored read, Object value) {
        Guard guard = read.absent() ? Guard.ABSENT : Guard.AS_READ;
        return add(new Write(read.key(), Json.text(value), guard, read.etag(), null));
    }

    /** Replaces what was read, or creates what was not there, to be forgotten after a time. */
    public Transaction replace(Stored read, Object value, Duration kept) {
        Guard guard = read.absent() ? Guard.ABSENT : Guard.AS_READ;
        return add(new Write(read.key(), Json.text(value), guard, read.etag(), kept));
    }

    /** Writes a key that must not exist (first-write). */
    public Transaction create(String key, Object value) {
        return add(new Write(key, Json.text(value), Guard.ABSENT, null, null));
    }

    /** Writes a key that must not exist (first-write), to be forgotten after a time. */
    public Transaction create(String key, Object value, Duration kept) {
        return add(new Write(key, Json.text(value), Guard.ABSENT, null, kept));
    }

    /** Writes a key whatever is there (last-write). */
    public Transaction put(String key, Object value) {
        return add(new Write(key, Json.text(value), Guard.NONE, null, null));
    }

    /** Writes a key whatever is there (last-write), to be forgotten after a time. */
    public Transaction put(String key, Object value, Duration kept) {
        return add(new Write(key, Json.text(value), Guard.NONE, null, kept));
    }

    /** Takes away what was read, if anything was: fails the transaction when somebody else wrote meanwhile. */
    public Transaction delete(Stored read) {
        return read.absent() ? this : add(new Write(read.key(), null, Guard.AS_READ, read.etag(), null));
    }

    public Transaction delete(String key) {
        return add(new Write(key, null, Guard.NONE, null, null));
    }

    public Transaction addAll(Transaction others) {
        writes.addAll(others.writes);
        return this;
    }

    /** Shows every write: its key, and the value or null for a deletion. */
    public void each(BiConsumer<String, @Nullable String> look) {
        writes.forEach(write -> look.accept(write.key, write.json));
    }

    /**
     * The value that is written under a key.
     *
     * @throws IllegalArgumentException where nothing is
     */
    public JsonNode value(String key) {
        for (Write write : writes) {
            if (write.json != null && write.key.equals(key)) {
                return Json.read(write.json, JsonNode.class);
            }
        }
        throw new IllegalArgumentException(key + " is not written");
    }

    /** The keys that must be as they were read, or absent, for this to be written. */
    public Set<String> guarded() {
        return writes.stream()
                .filter(write -> write.guard != Guard.NONE)
                .map(Write::key)
                .collect(Collectors.toSet());
    }

    /**
     * Says whether this could be written on the documents found, which are those of the {@link #guarded()} keys. Once it could not be,
     * it never will be: an ETag does not come back.
     */
    public boolean fits(Map<String, Stored> found) {
        return writes.stream().allMatch(write -> {
            Stored stored = found.get(write.key);
            return switch (write.guard) {
                case NONE -> true;
                case ABSENT -> stored != null && stored.absent();
                case AS_READ -> stored != null && Objects.equals(stored.etag(), write.etag);
            };
        });
    }

    /** The number of its writes. */
    public int size() {
        return writes.size();
    }

    public boolean isEmpty() {
        return writes.isEmpty();
    }

    List<Write> writes() {
        return writes;
    }

    private Transaction add(Write write) {
        writes.add(write);
        return this;
    }
}
