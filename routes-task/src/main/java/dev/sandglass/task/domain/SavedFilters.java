package dev.sandglass.task.domain;

import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The filters that a user has saved, in their order, under {@code filters/<user>}.
 *
 * @param v schema version of the stored value
 */
public record SavedFilters(int v, List<Saved> filters) {
    static final int MOST = 100;
    /** Code points. */
    public static final int LONGEST_NAME = 100;

    /** Characters of all of them: they are read and written together. */
    private static final int LARGEST = 100_000;

    /**
     * @param filter as it was written
     * @param sort as in {@code GET /api/tasks}
     */
    public record Saved(String id, String name, String filter, String sort) {
        private int size() {
            return name.length() + filter.length() + sort.length();
        }
    }

    public SavedFilters {
        filters = List.copyOf(filters);
    }

    static SavedFilters of(Documents documents, String user) {
        Stored stored = documents.get(Keys.filters(user));
        return stored.absent() ? new SavedFilters(1, List.of()) : stored.as(SavedFilters.class);
    }

    Optional<Saved> find(String id) {
        return filters.stream().filter(saved -> saved.id().equals(id)).findFirst();
    }

    /**
     * With this one, in the place of the one with its id, or else last.
     *
     * @throws Rejection INVALID where they become too many or too large
     */
    SavedFilters with(Saved one) {
        List<Saved> more = new ArrayList<>(filters);
        find(one.id()).ifPresentOrElse(before -> more.set(more.indexOf(before), one), () -> more.add(one));
        if (more.size() > MOST) {
            throw new Rejection(Reason.INVALID, "You have " + MOST + " filters, and can have no more");
        }
        if (more.stream().mapToInt(Saved::size).sum() > LARGEST) {
            throw new Rejection(Reason.INVALID, "All filters together may have " + LARGEST + " characters, not more");
        }
        return new SavedFilters(v, more);
    }

    SavedFilters without(Saved one) {
        return new SavedFilters(
                v, filters.stream().filter(saved -> !saved.equals(one)).toList());
    }
}
