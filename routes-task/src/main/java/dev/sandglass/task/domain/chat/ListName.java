package dev.sandglass.task.domain.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list of the user, as a sentence may name it.
 *
 * @param owner null: not known
 */
public record ListName(String id, String name, @Nullable String owner) {
    ListName(String id, String name) {
        this(id, name, null);
    }

    /** Its name among others, by which they can be told apart: with its owner, or else with its id. */
    String among(List<ListName> others) {
        boolean alone = others.stream().filter(it -> it.name.equals(name)).count() < 2;
        boolean owned = owner != null
                && others.stream().filter(it -> owner.equals(it.owner)).count() < 2;
        return alone ? name : name + " (" + (owned ? owner : id) + ")";
    }
}
