package dev.sandglass.task.domain;

import dev.sandglass.support.domain.Documents;
import java.util.Set;

/** Knows the ids of all lists there ever were. */
@FunctionalInterface
public interface AllLists {
    Set<String> lists(Documents documents);
}
