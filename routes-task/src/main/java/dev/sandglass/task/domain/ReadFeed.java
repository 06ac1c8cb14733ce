package dev.sandglass.task.domain;

import dev.sandglass.events.Task;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.finding.Finding;
import dev.sandglass.task.domain.finding.Page;
import dev.sandglass.task.domain.finding.Search;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /feeds/{secret}.ics}: a list as iCalendar for who knows its link. The open tasks, those due first, in pages as they are found;
 * then those completed last.
 */
public final class ReadFeed {
    /** Tasks of a list that calendars are shown. */
    static final int MOST_OPEN = 5_000;

    static final int MOST_COMPLETED = 100;

    private final Extent list;
    private final String name;
    private final boolean events;
    private final Instant now;
    private final boolean known;
    private final List<Task> tasks = new ArrayList<>();
    /** The next thing that is searched for; null: all was found. */
    private @Nullable Map<String, String> query = Map.of("status", "open", "sort", "due", "limit", "" + Finding.MOST);

    private ReadFeed(Head head, boolean events, Instant now, @Nullable String ifNoneMatch) {
        this.list = head.extent();
        this.name = head.name();
        this.events = events;
        this.now = now;
        this.known = Request.isKnown(ifNoneMatch, etag());
    }

    /**
     * @param file {@code <secret>.ics}
     * @param events whether its tasks are told as events
     * @param ifNoneMatch what the client has
     * @return a decision that refuses with NOT_FOUND where the link leads nowhere, or no more
     */
    public static Decision<ReadFeed> begin(String file, boolean events, @Nullable String ifNoneMatch, Instant now) {
        String hash = KeepTokens.hash(file.replaceFirst("\\.ics$", ""));
        return documents -> Accepted.unchanged(Link.of(documents, hash)
                .flatMap(link -> Head.of(documents, link.list()).filter(head -> head.roleOf(link.user()) != null))
                .map(head -> new ReadFeed(head, events, now, ifNoneMatch))
                .orElseThrow(() -> new Rejection(Reason.NOT_FOUND, "There is nothing here")));
    }

    /** True where the client has it as it is. */
    public boolean isKnown() {
        return known;
    }

    /** It says the same as long as the list does, and until zones are described further. */
    public String etag() {
        return "\"" + list.seq() + (events ? "e" : "t")
                + now.atZone(ZoneOffset.UTC).getYear() + "\"";
    }

    public boolean isOpen() {
        return query != null;
    }

    public List<Extent> lists() {
        return List.of(list);
    }

    public Search search() {
        return Finding.parse(Objects.requireNonNull(query), ZoneOffset.UTC).search(now, last(), Map.of());
    }

    private Optional<Task> last() {
        return tasks.isEmpty() ? Optional.empty() : Optional.of(tasks.get(tasks.size() - 1));
    }

    public static void found(ReadFeed feed, Search search) {
        Page page = search.page();
        Map<String, String> asked = Objects.requireNonNull(feed.query);
        feed.tasks.addAll(page.tasks());
        boolean open = "open".equals(asked.get("status"));
        if (open && page.next() != null && feed.tasks.size() < MOST_OPEN) {
            Map<String, String> further = new HashMap<>(asked);
            further.put("cursor", page.next());
            feed.query = further;
        } else if (open && !feed.events) {
            feed.query = Map.of("status", "completed", "sort", "-updated", "limit", "" + MOST_COMPLETED);
        } else {
            feed.query = null;
        }
    }

    /** Reads what the ledger alone knows of the tasks that come again, and writes all down. */
    public static Decision<String> text(ReadFeed feed) {
        return documents ->
                Accepted.unchanged(ICalendar.of(feed.name, entries(documents, feed.tasks), feed.events, feed.now));
    }

    /** Tasks with what the ledger alone knows of those that come again. */
    static List<ICalendar.Entry> entries(Documents documents, List<Task> tasks) {
        Map<String, LedgerTask> kept = Whereabouts.here(
                        documents,
                        tasks.stream()
                                .filter(task -> task.open() && task.recurrence() != null)
                                .map(Task::id)
                                .toList())
                .stream()
                .collect(Collectors.toMap(task -> task.task().id(), task -> task));
        return tasks.stream()
                .map(task -> new ICalendar.Entry(
                        task,
                        Optional.ofNullable(kept.get(task.id()))
                                .filter(its -> its.task().list().equals(task.list())
                                        && its.task().version() == task.version())
                                .map(Todos::rule)
                                .orElse(List.of())))
                .toList();
    }
}
