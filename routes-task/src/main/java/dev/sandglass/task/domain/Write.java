package dev.sandglass.task.domain;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A decision about lists that is to be written, by {@code direct:ledger.write}. It may be made again when somebody else was first; one that
 * refuses throws, and nothing of it is written.
 *
 * @param lists those that take part
 * @param alone whether it is written in a transaction of its own, while nobody else here writes the lists or looks at the keys
 * @param keys what it looks at beside the heads, where that is known beforehand: read together
 */
public record Write<T>(SortedSet<String> lists, boolean alone, Set<String> keys, Function<Draft, T> decision) {
    /** About one list that is there: written together with those about the same list that wait. */
    public static <T> Write<T> to(String list, Function<Draft, T> decision) {
        return new Write<>(new TreeSet<>(List.of(list)), false, Set.of(), decision);
    }

    /** About several lists, new ones, or none. */
    public static <T> Write<T> alone(Set<String> lists, Function<Draft, T> decision) {
        return new Write<>(new TreeSet<>(lists), true, Set.of(), decision);
    }

    public Write<T> lookingAt(String key) {
        Set<String> more = new HashSet<>(keys);
        more.add(key);
        return new Write<>(lists, alone, more, decision);
    }

    /** The same decision with a further list taking part. */
    public Write<T> alsoIn(String list) {
        SortedSet<String> more = new TreeSet<>(lists);
        more.add(list);
        return new Write<>(more, true, keys, decision);
    }

    /** The same decision within another. */
    public <R> Write<R> within(Function<Function<Draft, T>, Function<Draft, R>> around) {
        return new Write<>(lists, alone, keys, around.apply(decision));
    }
}
