package dev.sandglass.task.domain;

import dev.sandglass.events.Change;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.task.domain.StoredChange.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The changes of some lists, read from the newest back until the last is found that a user made and that stands. It goes on where it was
 * when the decision that asks runs again.
 */
final class LookBack {
    /** Changes of all lists together, beside the act that is found, and those that were taken back. */
    static final int MOST = 512;
    /** With these; an undo is passed over as a whole, with what it took back. */
    private static final int MOST_READ = 8 * MOST;

    /**
     * The part of a change that is kept once it was read.
     *
     * @param task its id; empty for a change of the list itself
     * @param comes whether nobody did it to a task or a list: an occurrence that follows a completion comes in the name of who
     *     completed, what is told of a token or a link in that of its user
     * @param after see {@link StoredChange}
     */
    record Told(
            String list,
            long seq,
            Instant at,
            String actor,
            ChangeType event,
            String task,
            String title,
            boolean comes,
            List<Span> act,
            @Nullable Span after,
            List<Span> undoes) {
        private static final Comparator<Told> ORDER =
                Comparator.comparing(Told::at).thenComparing(Told::list).thenComparing(Told::seq);

        private static Told of(Stored stored) {
            StoredChange kept = stored.as(StoredChange.class);
            Change change = Json.read(kept.data(), Change.class);
            Task task = change.task();
            return new Told(
                    change.list(),
                    change.seq(),
                    change.at(),
                    change.actor(),
                    change.event(),
                    task == null ? "" : task.id(),
                    task == null ? "" : task.title(),
                    change.event() == ChangeType.TASK_CREATED
                                    && task != null
                                    && task.occurrence() > 1
                                    && task.version() == 1
                                    // One of an archive comes by itself neither as the first of a series here nor as
                                    // one more.
                                    && !task.series().equals(task.id())
                                    && kept.act() == null
                            || KeepTokens.tells(change),
                    kept.act() == null ? List.of(new Span(change.list(), change.seq(), change.seq())) : kept.act(),
                    kept.after(),
                    kept.undoes() == null ? List.of() : kept.undoes());
        }

        /** The same, where one list of changes serves all that name the same: each change of an act names them all. */
        private Told sharing(Map<List<Span>, List<Span>> spans) {
            return new Told(
                    list,
                    seq,
                    at,
                    actor,
                    event,
                    task,
                    title,
                    comes,
                    spans.computeIfAbsent(act, same -> same),
                    after,
                    spans.computeIfAbsent(undoes, same -> same));
        }
    }

    private final Request asked;
    private final List<Told> told = new ArrayList<>();
    private final Map<List<Span>, List<Span>> spans = new HashMap<>();
    /** By list, changes that were taken back, and those that take them back. */
    private final Map<String, Set<Span>> over = new HashMap<>();
    /** By list, the first change that was read. */
    private final Map<String, Long> first = new HashMap<>();
    /** By list, when the last change that was not read may have been. */
    private final Map<String, Instant> before = new HashMap<>();

    private final Map<String, Head> heads = new HashMap<>();
    private List<List<Span>> acts = List.of();
    private @Nullable Documents of;

    LookBack(Request asked) {
        this.asked = asked;
    }

    /** @return empty where there is none, or only further back */
    Optional<Told> last(Documents documents, Map<String, Head> lists) {
        if (documents != of) {
            of = documents;
            heads.clear();
            told.clear();
            over.clear();
            first.clear();
            before.clear();
            lists.values().forEach(this::begin);
        }
        while (true) {
            Optional<Told> last = told.stream()
                    .filter(one -> one.actor.equals(asked.user()) && !isInbox(one) && stands(one))
                    .max(Told.ORDER);
            acts = last.isEmpty() ? List.of() : acts(documents, last.get());
            Optional<String> further = elsewhere().or(() -> newest(last));
            if (further.isEmpty()) {
                return last;
            }
            if (isFar()) {
                return Optional.empty();
            }
            read(documents, further.get());
        }
    }

    private void begin(Head head) {
        heads.put(head.id(), head);
        reached(head.id(), head.seq() + 1, head.at());
    }

    /** All acts of the request that did the last, and the lists they are in. */
    private List<List<Span>> acts(Documents documents, Told last) {
        List<List<Span>> all = new ArrayList<>(List.of(last.act));
        Span after = last.after;
        // One that was cut off may have been taken back before it went on.
        while (after != null && over(after.list(), after.to()).isEmpty()) {
            Stored stored = documents.get(Keys.change(after.list(), after.to()));
            Told one = stored.absent() ? null : Told.of(stored);
            all.add(one == null ? List.of(after) : one.act);
            after = one == null ? null : one.after;
        }
        all.stream()
                .flatMap(List::stream)
                .map(Span::list)
                .filter(list -> !heads.containsKey(list))
                .forEach(list -> Head.of(documents, list)
                        .filter(head -> Undo.concerns(head, asked))
                        .ifPresent(this::begin));
        return all;
    }

    private boolean isFar() {
        long act = spans().mapToLong(Span::size).sum();
        return told.size() >= MOST_READ + act
                || told.size() >= MOST
                        && told.stream().filter(one -> !isOver(one)).count() >= MOST + act;
    }

    /** The acts of the request that was found, the last first: what is written in several transactions is an act of each. */
    List<List<Span>> acts() {
        return acts;
    }

    /** All of their changes. */
    Stream<Span> spans() {
        return acts.stream().flatMap(List::stream);
    }

    /** A list that was looked at, as it was then. */
    Optional<Head> head(String list) {
        return Optional.ofNullable(heads.get(list));
    }

    /** By task, the user who changed it since that request; a change that was taken back does not count. */
    Map<String, String> since() {
        Map<String, String> since = new HashMap<>();
        told.stream()
                .filter(one ->
                        spans().anyMatch(span -> span.isBefore(one.list, one.seq)) && !isOfTheActs(one) && stands(one))
                .forEach(one -> since.put(one.task, one.actor));
        return since;
    }

    /** A change of that request to one of these tasks. */
    Optional<Told> to(Set<String> tasks) {
        return told.stream()
                .filter(one -> tasks.contains(one.task) && isOfTheActs(one))
                .findFirst();
    }

    private boolean isOfTheActs(Told one) {
        return spans().anyMatch(span -> span.holds(one.list, one.seq));
    }

    /** Tells if somebody did it, and it was not taken back. */
    private boolean stands(Told one) {
        return !one.comes && !isOver(one);
    }

    private boolean isOver(Told one) {
        return over(one.list, one.seq).isPresent();
    }

    private Optional<Span> over(String list, long seq) {
        return over.getOrDefault(list, Set.of()).stream()
                .filter(span -> span.holds(list, seq))
                .findFirst();
    }

    /** Nobody asks for their Inbox. */
    private boolean isInbox(Told one) {
        return one.event == ChangeType.LIST_CREATED
                && Objects.requireNonNull(heads.get(one.list)).inbox();
    }

    /** A list that the acts are in, and that was not read that far. */
    private Optional<String> elsewhere() {
        return spans().filter(
                        span -> first.getOrDefault(span.list(), 0L) > span.from() && before.containsKey(span.list()))
                .map(Span::list)
                .findFirst();
    }

    /** The list whose next change is the newest, where that may be newer than what was found. */
    private Optional<String> newest(Optional<Told> found) {
        return before.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .filter(next -> found.isEmpty() || next.getValue().isAfter(found.get().at))
                .map(Map.Entry::getKey);
    }

    private void read(Documents documents, String list) {
        long to = Objects.requireNonNull(first.get(list)) - 1;
        for (Optional<Span> past = over(list, to); past.isPresent(); past = over(list, to)) {
            to = past.get().from() - 1;
        }
        long from = Math.max(Objects.requireNonNull(heads.get(list)).first(), to - Changes.READ_AT_ONCE + 1);
        List<String> keys = LongStream.rangeClosed(from, to)
                .filter(seq -> over(list, seq).isEmpty())
                .mapToObj(seq -> Keys.change(list, seq))
                .toList();
        List<Told> page = documents.all(keys).values().stream()
                .filter(stored -> !stored.absent())
                .map(stored -> Told.of(stored).sharing(spans))
                .toList();
        documents.forget(keys);
        told.addAll(page);
        page.stream()
                .filter(one -> !one.undoes.isEmpty())
                .flatMap(one -> Stream.concat(one.undoes.stream(), one.act.stream()))
                .forEach(span -> over.computeIfAbsent(span.list(), none -> new HashSet<>())
                        .add(span));
        reached(
                list,
                from,
                page.stream().map(Told::at).min(Comparator.naturalOrder()).orElse(Instant.MIN));
    }

    private void reached(String list, long seq, Instant at) {
        first.put(list, seq);
        if (seq > Objects.requireNonNull(heads.get(list)).first()) {
            before.put(list, at);
        } else {
            before.remove(list);
        }
    }
}
