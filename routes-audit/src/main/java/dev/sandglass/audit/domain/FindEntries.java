package dev.sandglass.audit.domain;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Follow.Cursor;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** Finds the entries of a task, or the entries of several lists that answer a question. It reads as few as it can, and writes nothing. */
public final class FindEntries {
    /** The entries read so far: a later look must not read them again. */
    private final Map<String, Optional<Entry>> read = new HashMap<>();

    private FindEntries() {}

    /** The entries of a task, oldest first. */
    public record History(@JsonProperty List<Entry> entries) {}

    /** @param request {@code {"task"}} */
    public static Decision<History> history(String request) {
        String task = Json.read(request, Asked.class).task;
        return documents -> Accepted.unchanged(new History(new FindEntries().ofTask(documents, task)));
    }

    /**
     * @param request a {@link Question}
     * @throws Rejection INVALID for an invalid limit or cursor
     */
    public static Decision<EntryPage> page(String request) {
        Question question = Json.read(request, Question.class);
        FindEntries find = new FindEntries();
        return new Decision<>() {
            @Override
            public Set<String> keys() {
                Set<String> keys = new HashSet<>();
                question.lists().forEach(list -> keys.add(Cursor.key(list)));
                return keys;
            }

            @Override
            public Accepted<EntryPage> on(Documents documents) {
                return Accepted.unchanged(find.page(documents, question));
            }
        };
    }

    private record Asked(String task) {}

    private EntryPage page(Documents documents, Question question) {
        try {
            return EntryPage.of(
                    question, question.task() == null ? ofLists(documents, question) : ofTask(documents, question));
        } catch (IllegalArgumentException e) {
            throw new Rejection(Reason.INVALID, Objects.requireNonNullElse(e.getMessage(), "cannot be asked"));
        }
    }

    private Iterator<Entry> ofLists(Documents documents, Question question) {
        Map<String, Long> followed = new TreeMap<>();
        question.lists().forEach(list -> followed.put(list, Cursor.of(documents.get(Cursor.key(list)))));
        return new MergedEntries(places -> entries(documents, places), question, followed);
    }

    /** The entries of a task: they are few, and its history names them. */
    private Iterator<Entry> ofTask(Documents documents, Question question) {
        Set<String> lists = new HashSet<>(question.lists());
        return ofTask(documents, Objects.requireNonNull(question.task())).stream()
                .filter(entry -> lists.contains(entry.list()) && !question.seen(entry))
                .sorted(Comparator.comparing(Entry::position))
                .iterator();
    }

    private List<Entry> ofTask(Documents documents, String task) {
        String key = KeepChanges.History.key(task);
        long n = KeepChanges.History.of(documents.get(key));
        List<Place> places =
                documents
                        .all(LongStream.rangeClosed(1, n)
                                .mapToObj(i -> key + "/" + i)
                                .toList())
                        .values()
                        .stream()
                        .filter(stored -> !stored.absent())
                        .map(stored -> stored.as(Mention.class))
                        .sorted(Mention.OLDEST_FIRST)
                        .map(mention -> new Place(mention.list(), mention.seq()))
                        .toList();
        Map<Place, Entry> entries = entries(documents, places);
        return places.stream().map(entries::get).filter(Objects::nonNull).toList();
    }

    /** The entries at these places that are there and can be read. */
    private Map<Place, Entry> entries(Documents documents, Collection<Place> places) {
        Map<String, Stored> unread = documents.all(places.stream()
                .map(Place::key)
                .filter(key -> !read.containsKey(key))
                .toList());
        unread.forEach((key, stored) -> read.put(key, entry(stored)));
        Map<Place, Entry> entries = new HashMap<>();
        for (Place place : places) {
            read.getOrDefault(place.key(), Optional.empty()).ifPresent(entry -> entries.put(place, entry));
        }
        return entries;
    }

    private static Optional<Entry> entry(Stored stored) {
        try {
            return stored.absent()
                    ? Optional.empty()
                    : Optional.of(stored.as(Kept.class).entry());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
