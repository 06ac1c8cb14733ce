package dev.sandglass.task.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Documents;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a user's programs call their lists and show them, under {@code dav/<user>}.
 *
 * @param v schema version of the stored value
 * @param lists by their ids
 */
public record SavedCalendars(int v, SortedMap<String, Look> lists) {
    /**
     * @param name in the path, where a program chose it; null: the id of the list
     * @param color as a program wrote it; null: none did
     * @param order likewise
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Look(
            @Nullable String name,
            @Nullable String color,
            @Nullable String order) {
        static final Look PLAIN = new Look(null, null, null);
    }

    private static final Pattern LIST = Pattern.compile("[0-9A-Za-z]{1,64}");
    /** An id that no list has: a name that cannot be an id of ours leads here. */
    private static final String NOWHERE = "-";

    public SavedCalendars {
        lists = Collections.unmodifiableSortedMap(new TreeMap<>(lists));
    }

    static SavedCalendars none() {
        return new SavedCalendars(1, new TreeMap<>());
    }

    static SavedCalendars of(Documents documents, String user) {
        Stored stored = documents.get(Keys.calendars(user));
        return stored.absent() ? none() : stored.as(SavedCalendars.class);
    }

    /** The list that a path names. */
    String list(String segment) {
        return lists.entrySet().stream()
                .filter(list -> segment.equals(list.getValue().name()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(LIST.matcher(segment).matches() ? segment : NOWHERE);
    }

    Look look(String list) {
        return lists.getOrDefault(list, Look.PLAIN);
    }

    String segment(String list) {
        String name = look(list).name();
        return name == null ? list : name;
    }

    SavedCalendars with(String list, Look look) {
        SortedMap<String, Look> more = new TreeMap<>(lists);
        if (look.equals(Look.PLAIN)) {
            more.remove(list);
        } else {
            more.put(list, look);
        }
        return new SavedCalendars(v, more);
    }

    /** Without lists that are theirs no more. */
    SavedCalendars only(Set<String> theirs) {
        SortedMap<String, Look> fewer = new TreeMap<>(lists);
        fewer.keySet().retainAll(theirs);
        return new SavedCalendars(v, fewer);
    }
}
