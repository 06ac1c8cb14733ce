package dev.sandglass.audit.domain;

import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Follow.Cursor;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.support.domain.UserQuestion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Finds the entries of several lists that answer a question. It writes nothing, and goes on where it was when it lacked documents: it
 * asks for a few at a time, takes from them what it needs, and needs none a second time.
 */
public final class FindEntries implements UserQuestion<EntryPage> {
    private final EntryQuery question;
    private final int atMost;
    private final @Nullable EntryPosition after;
    private final Map<String, Long> followed = new TreeMap<>();
    private final Portion portion = new Portion();
    /** Entries of a reading that is not done. */
    private final Map<EntryId, Optional<Entry>> read = new HashMap<>();

    private final List<Entry> found = new ArrayList<>();
    private final List<Entry> whole = new ArrayList<>();
    private @Nullable MergedEntries entries;
    private @Nullable EntryPosition last;
    private int seen;
    private int through;
    private int size;
    /** Characters of entries that were read with what they changed, and not looked at yet. */
    private int held;

    private boolean looked;
    private @Nullable String next;
    private int taken;

    /** @throws IllegalArgumentException for an invalid limit */
    private FindEntries(EntryQuery question) {
        this.question = question;
        this.atMost = question.atMost();
        this.after = question.after();
    }

    /**
     * @param request a {@link EntryQuery}
     * @throws Rejection INVALID for a question that cannot be read, and for an invalid limit or cursor
     */
    public static UserQuestion<EntryPage> page(String request) {
        try {
            EntryQuery question = Json.read(request, EntryQuery.class);
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
        entries.begin(ids -> at(documents, ids, Entry::brief));
        look(entries, ids -> at(documents, ids, this::held));
        take(documents);
        return Accepted.unchanged(new EntryPage(whole, next));
    }

    @Override
    public String user() {
        return Objects.requireNonNullElse(question.user(), "");
    }

    @Override
    public Optional<EntryPage> soFar() {
        List<Entry> first = new ArrayList<>(whole);
        int n = taken;
        while (n < found.size() && !found.get(n).isBrief()) {
            first.add(found.get(n++));
        }
        EntryPosition end = n == found.size() ? last : n > 0 ? found.get(n - 1).position() : null;
        return Optional.ofNullable(end).map(it -> new EntryPage(first, question.cursorAfter(it)));
    }

    private void follow(Documents documents) {
        List<String> unknown = question.lists().stream()
                .filter(list -> !followed.containsKey(list))
                .toList();
        Portion.taken(documents, unknown.stream().map(Cursor::key).toList())
                .forEach((key, stored) ->
                        followed.put(key.substring(Cursor.key("").length()), Cursor.of(stored)));
    }

    /** Finds the entries of the page, large ones without what they changed. */
    private void look(MergedEntries all, MergedEntries.Source source) {
        while (!looked) {
            if (last != null
                    && (seen == EntryPage.LOOKED_AT || through > EntryPage.LOOKED_THROUGH || size > EntryPage.LARGE)) {
                next = all.isOver() ? null : question.cursorAfter(last);
                break;
            }
            if (!all.hasNext(source, ahead())) {
                break;
            }
            Entry entry = all.next();
            int its = entry.size();
            held -= entry.isBrief() ? 0 : its;
            if (question.over(entry)) {
                break;
            }
            if (question.asksFor(entry) && !question.early(entry)) {
                if (last != null && found.size() == atMost) {
                    next = question.cursorAfter(last);
                    break;
                }
                found.add(entry);
                size += its;
            }
            last = entry.position();
            seen++;
            through += its;
        }
        looked = true;
    }

    /** How many entries to read at once: no more than fill the page, if they are as large as those before. */
    private int ahead() {
        int average = Math.max(1, through / Math.max(1, seen));
        return Math.min(portion.size(), 1 + Math.max(0, EntryPage.LARGE - size) / average);
    }

    /** Reads the entries of the page whose changes were left out. */
    private void take(Documents documents) {
        while (taken < found.size()) {
            List<Entry> few = found.subList(taken, Math.min(found.size(), taken + portion.size()));
            Map<String, Stored> there = portion.of(
                    documents,
                    few.stream()
                            .filter(Entry::isBrief)
                            .map(entry -> entry.id().key())
                            .toList());
            few.forEach(entry -> Optional.of(entry)
                    .filter(it -> !it.isBrief())
                    .or(() -> entry(there.get(entry.id().key())))
                    .ifPresent(whole::add));
            taken += few.size();
        }
    }

    /** As much of an entry as there is room for. */
    private Entry held(Entry entry) {
        int its = entry.size();
        if (held + its > EntryPage.LARGE) {
            return entry.brief();
        }
        held += its;
        return entry;
    }

    /** The entries of these ids that are there and can be read. */
    private Map<EntryId, Entry> at(Documents documents, Collection<EntryId> ids, UnaryOperator<Entry> form) {
        List<EntryId> unread = ids.stream().filter(id -> !read.containsKey(id)).toList();
        if (!unread.isEmpty()) {
            List<EntryId> few = unread.subList(0, Math.min(unread.size(), portion.size()));
            Map<String, Stored> there =
                    portion.of(documents, few.stream().map(EntryId::key).toList());
            few.forEach(id -> read.put(id, entry(there.get(id.key())).map(form)));
            return at(documents, ids, form);
        }
        Map<EntryId, Entry> there = new HashMap<>();
        ids.forEach(id -> read.getOrDefault(id, Optional.empty()).ifPresent(it -> there.put(id, it)));
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
