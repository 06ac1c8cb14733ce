package dev.sandglass.support.domain;

import dev.sandglass.support.Stored;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The parts that a decision takes of many documents that it does not write. It reads a portion of them at a time and holds none. When the
 * decision runs again it goes on where it was, so each decision has one of its own.
 *
 * @param <T> what it takes from a document
 */
public final class Portions<T> {
    private final int atOnce;
    private final Function<Documents, ? extends Collection<String>> wanted;
    private final Function<Stored, Optional<T>> part;
    private final List<T> taken = new ArrayList<>();
    private List<String> keys = List.of();
    private int next;
    private @Nullable Documents of;

    /**
     * @param atOnce how many documents memory holds
     * @param wanted the keys, asked for once
     * @param part what is taken from a document, which may be absent
     */
    public Portions(
            int atOnce, Function<Documents, ? extends Collection<String>> wanted, Function<Stored, Optional<T>> part) {
        this.atOnce = atOnce;
        this.wanted = wanted;
        this.part = part;
    }

    /** The parts of all documents, in the order of their keys. */
    public List<T> in(Documents documents) {
        if (documents != of) {
            // The first run, or the first after a write was lost to another.
            keys = List.copyOf(wanted.apply(documents));
            taken.clear();
            next = 0;
            of = documents;
        }
        while (next < keys.size()) {
            List<String> some = keys.subList(next, Math.min(keys.size(), next + atOnce));
            Map<String, Stored> read = documents.all(some);
            some.forEach(
                    key -> part.apply(Objects.requireNonNull(read.get(key))).ifPresent(taken::add));
            documents.forget(some);
            next += some.size();
        }
        return List.copyOf(taken);
    }
}
