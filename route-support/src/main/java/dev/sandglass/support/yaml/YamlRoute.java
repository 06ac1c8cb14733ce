package dev.sandglass.support.yaml;

import dev.sandglass.support.domain.EventSelector;
import org.jspecify.annotations.Nullable;

/**
 * One route of a file.
 *
 * @param at where it stands in the file, RFC 6901
 * @param line where it begins
 * @param direct the name of {@code from: direct:<name>}; null where it is from something else
 * @param wanted the events it has; null where it has none
 * @param entrance the {@code direct:} name it is sent to by from outside; null where something else feeds it
 * @param claim a name that its source has for itself; null: none
 * @param silent whether all it does is to log at level DEBUG or below under its own id
 */
record YamlRoute(
        String id,
        String at,
        int line,
        @Nullable String direct,
        @Nullable EventSelector wanted,
        @Nullable String entrance,
        @Nullable String claim,
        boolean silent) {}
