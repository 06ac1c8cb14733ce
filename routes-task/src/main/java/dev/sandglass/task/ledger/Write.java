package dev.sandglass.task.ledger;

import java.util.Set;

/** A decision about one list or more, made on what the store holds; it may be made again when somebody else was first. */
public interface Write<T> {

    /** Keys it will look at beside the heads, where they are known beforehand: they are read together. */
    default Set<String> keys() {
        return Set.of();
    }

    /**
     * Decides. The draft of a decision that refuses is thrown away.
     *
     * @throws dev.sandglass.support.Problem to refuse; nothing of this decision is written then
     */
    T apply(Draft draft);
}
