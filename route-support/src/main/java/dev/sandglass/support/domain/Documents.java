package dev.sandglass.support.domain;

import dev.sandglass.support.Stored;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The documents of the state store that a decision sees, each as it was when it was read. A decision that asks for a document that was
 * not read yet runs again after it was read.
 */
public final class Documents {
    private final Map<String, Stored> seen = new HashMap<>();
    private final boolean again;

    /** Ends a decision that cannot go on: these keys must be read first, or once more where what they say does not fit together. */
    public static final class Unseen extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Set<String> keys;

        public Unseen(Set<String> keys) {
            super("not read yet: " + keys, null, false, false);
            this.keys = keys;
        }

        public Set<String> keys() {
            return keys;
        }
    }

    /** @param again true if an earlier try was not written */
    Documents(boolean again) {
        this.again = again;
    }

    /** Documents for a first try. */
    public static Documents of(Map<String, Stored> seen) {
        Documents documents = new Documents(false);
        documents.add(seen);
        return documents;
    }

    /** The document under a key; {@link Stored#absent()} where there is none. */
    public Stored get(String key) {
        Stored stored = seen.get(key);
        if (stored == null) {
            throw new Unseen(Set.of(key));
        }
        return stored;
    }

    /** Tells if the document under a key was read. */
    public boolean has(String key) {
        return seen.containsKey(key);
    }

    /** The documents under several keys, asked for together. */
    public Map<String, Stored> all(Collection<String> keys) {
        Set<String> unseen = new TreeSet<>(keys);
        unseen.removeAll(seen.keySet());
        if (!unseen.isEmpty()) {
            throw new Unseen(unseen);
        }
        Map<String, Stored> all = new HashMap<>();
        keys.forEach(key -> all.put(key, get(key)));
        return all;
    }

    /**
     * The documents that are there under several keys, asked for together, each as a value.
     *
     * @param unreadable gets those that cannot be read, see {@link Stored#as(Class, Map)}
     */
    public <T> Stream<T> all(Collection<String> keys, Class<T> type, Map<String, String> unreadable) {
        return all(keys).values().stream()
                .filter(stored -> !stored.absent())
                .flatMap(stored -> stored.as(type, unreadable).stream());
    }

    /**
     * Looks at each of several things; the documents that any of them lack are asked for together.
     *
     * @throws Unseen where there are such
     */
    public static <T> void together(Collection<T> things, Consumer<T> look) {
        Set<String> unseen = new HashSet<>();
        for (T thing : things) {
            try {
                look.accept(thing);
            } catch (Unseen more) {
                unseen.addAll(more.keys);
            }
        }
        if (!unseen.isEmpty()) {
            throw new Unseen(unseen);
        }
    }

    /**
     * Takes documents that are to be made now for absent, unread. Where an earlier try was not written, it may be that one was there: then
     * they are read.
     */
    public void presumeAbsent(Collection<String> keys) {
        if (!again) {
            keys.forEach(key -> seen.putIfAbsent(key, new Stored(key, null, null)));
        }
    }

    /** Lets go of documents that a decision has taken what it needs from, and does not write. */
    public void forget(Collection<String> keys) {
        seen.keySet().removeAll(Set.copyOf(keys));
    }

    /** All that was read so far. */
    public Map<String, Stored> seen() {
        return Map.copyOf(seen);
    }

    /** True if they were read because an earlier try was not written. */
    public boolean again() {
        return again;
    }

    void add(Map<String, Stored> more) {
        seen.putAll(more);
    }
}
