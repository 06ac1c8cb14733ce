package dev.sandglass.audit.domain;

import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Follow.Cursor;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the entries of several lists that answer a question. It writes nothing, and goes on where it was when it lacked documents: it
 * asks for a few at a time, takes from them what it needs, and needs none a second time.
 */
public final class FindEntries implements Decision<EntryPage> {
    private final Question question;
    private final int atMost;
    private final @Nullable EntryPosition after;
    private final Map<String, Long> followed = new TreeMap<>();
    private final Portion portion = new Portion();
    /** Entries of a reading that is not done, without what they changed. */
    private final Map<Place, Optional<Entry>> read = new HashMap<>();

    private final List<Entry> found = new ArrayList<>();
    private final List<Entry> whole = new ArrayList<>();
    private @Nullable MergedEntries entries;
    private @Nullable EntryPosition last;
    private int seen;
    private int through;
    private int size;
    private boolean looked;
    private @Nullable String next;
    private int taken;

    /** @throws IllegalArgumentException for an invalid limit or cursor */
    private FindEntries(Question question) {
        this.question = question;
        this.atMost = question.atMost();
        this.after = question.after();
    }

    /**
     * @param request a {@link Question}
     * @throws Rejection INVALID for a question that cannot be read, and for an invalid limit or cursor
     */
    public static Decision<EntryPage> page(String request) {
        try {
            Question question = Json.read(request, Question.class);
            return question.task() == null ? new FindEntries(question) : new FindTaskEntries(question);
        } catch (IllegalArgumentException e) {
            throw new Rejection(Reason.INVALID, Objects.requireNonNullElse(e.getMessage(), "cannot be asked"));
        }
    }

    @Override
    public Accepted<EntryPage> on(Documents documents) {
        follow(documents);
        if (entries == null) {
            entries = new MergedEntries(question, after, followed);
        }
        look(entries, places -> brief(documents, places));
        take(documents);
        return Accepted.unchanged(new EntryPage(whole, next));
    }

    private void follow(Documents documents) {
        List<String> unknown = question.lists().stream()
                .filter(list -> !followed.containsKey(list))
                .toList();
        Portion.taken(documents, unknown.stream().map(Cursor::key).toList())
                .forEach((key, stored) ->
                        followed.put(key.substring(Cursor.key("").length()), Cursor.of(stored)));
    }

    /** Finds the entries of the page, without what they changed. */
    private void look(MergedEntries all, MergedEntries.Source source) {
        while (!looked && all.hasNext(source)) {
            if (last != null
                    && (seen == EntryPage.LOOKED_AT || through > EntryPage.LOOKED_THROUGH || size > EntryPage.LARGE)) {
                next = question.cursorAfter(last);
                break;
            }
            Entry entry = all.next(source);
            if (question.over(entry)) {
                break;
            }
            if (question.asksFor(entry) && !question.early(entry)) {
                if (last != null && found.size() == atMost) {
                    next = question.cursorAfter(last);
                    break;
                }
                found.add(entry);
                size += entry.size();
            }
            last = entry.position();
            seen++;
            through += entry.size();
        }
        looked = true;
    }

    /** Takes the entries of the page with what they changed. */
    private void take(Documents documents) {
        while (taken < found.size()) {
            List<Entry> few = found.subList(taken, Math.min(found.size(), taken + portion.size()));
            Map<String, Stored> there = portion.of(
                    documents, few.stream().map(entry -> entry.place().key()).toList());
            few.forEach(entry -> entry(there.get(entry.place().key())).ifPresent(whole::add));
            taken += few.size();
        }
    }

    /** The entries at these places that are there and can be read, without what they changed. */
    private Map<Place, Entry> brief(Documents documents, Collection<Place> places) {
        List<Place> unread =
                places.stream().filter(place -> !read.containsKey(place)).toList();
        if (!unread.isEmpty()) {
            List<Place> few = unread.subList(0, Math.min(unread.size(), portion.size()));
            Map<String, Stored> there =
                    portion.of(documents, few.stream().map(Place::key).toList());
            few.forEach(place -> read.put(place, entry(there.get(place.key())).map(Entry::brief)));
            return brief(documents, places);
        }
        Map<Place, Entry> there = new HashMap<>();
        places.forEach(place -> read.getOrDefault(place, Optional.empty()).ifPresent(it -> there.put(place, it)));
        read.clear();
        return there;
    }

    /** @return empty where there is none that can be read */
    static Optional<Entry> entry(@Nullable Stored stored) {
        try {
            return stored == null || stored.absent()
                    ? Optional.empty()
                    : Optional.of(stored.as(Kept.class).entry());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
