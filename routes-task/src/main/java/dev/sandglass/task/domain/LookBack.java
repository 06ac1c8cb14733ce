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
import org.jspecify.annotations.Nullable;

/**
 * The changes of some lists, read from the newest back until the last is found that a user made and that stands. It goes on where it was
 * when the decision that asks runs again.
 */
final class LookBack {
    /** Changes of all lists together, beside the act that is found, and those that were taken back. */
    static final int MOST = 512;
    /** With these. */
    private static final int MOST_READ = 8 * MOST;

    /** Where a change is. */
    private record Place(String list, long seq) {}

    /**
     * The part of a change that is kept once it was read.
     *
     * @param task its id; empty for a change of the list itself
     * @param comes whether nobody did it to a task or a list: an occurrence that follows a completion comes in the name of who
     *     completed, what is told of a token or a link in that of its user
     */
    record Told(
            String list,
            long seq,
            Instant at,
            String actor,
            ChangeType event,
            String task,
            int version,
            boolean comes,
            List<Span> act,
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
                    kept.version() != null ? kept.version() : task == null ? 0 : task.version(),
                    change.event() == ChangeType.TASK_CREATED
                                    && task != null
                                    && task.occurrence() > 1
                                    && task.version() == 1
                            || KeepTokens.tells(change),
                    kept.act() == null ? List.of(new Span(change.list(), change.seq(), change.seq())) : kept.act(),
                    kept.undoes() == null ? List.of() : kept.undoes());
        }

        private boolean isIn(List<Span> act) {
            return act.stream().anyMatch(span -> span.holds(list, seq));
        }

        private boolean isSince(List<Span> act) {
            return act.stream().anyMatch(span -> span.isBefore(list, seq));
        }
    }

    private final String user;
    private final List<Told> told = new ArrayList<>();
    /** Changes that those in {@code told} take back. */
    private final Set<Place> undone = new HashSet<>();
    /** By list, the first change that was read. */
    private final Map<String, Long> first = new HashMap<>();
    /** By list, when the last change that was not read may have been. */
    private final Map<String, Instant> before = new HashMap<>();

    private Map<String, Head> heads = Map.of();
    private @Nullable Documents of;

    LookBack(String user) {
        this.user = user;
    }

    /** @return empty where there is none, or only further back */
    Optional<Told> last(Documents documents, Map<String, Head> lists) {
        if (documents != of) {
            of = documents;
            heads = lists;
            told.clear();
            undone.clear();
            before.clear();
            heads.forEach((list, head) -> reached(list, head.seq() + 1, head.at()));
        }
        while (true) {
            Optional<Told> last = told.stream()
                    .filter(one -> one.actor.equals(user) && !isInbox(one) && stands(one))
                    .max(Told.ORDER);
            Optional<String> further = last.flatMap(this::elsewhere).or(() -> newest(last));
            if (further.isEmpty()) {
                return last;
            }
            if (isFar(last)) {
                return Optional.empty();
            }
            read(documents, further.get());
        }
    }

    private boolean isFar(Optional<Told> found) {
        long act = found.stream()
                .flatMap(one -> one.act.stream())
                .mapToLong(span -> span.to() - span.from() + 1)
                .sum();
        return told.size() >= MOST_READ
                || told.size() >= MOST
                        && told.stream()
                                        .filter(one -> one.undoes.isEmpty() && !isUndone(one))
                                        .count()
                                >= MOST + act;
    }

    /** By task, the user who changed it since an act; a change that was taken back does not count. */
    Map<String, String> since(List<Span> act) {
        Map<String, String> since = new HashMap<>();
        told.stream().filter(one -> one.isSince(act) && stands(one)).forEach(one -> since.put(one.task, one.actor));
        return since;
    }

    /** The version each task has by an act and all that was done since. */
    Map<String, Integer> versions(List<Span> act) {
        Map<String, Integer> versions = new HashMap<>();
        told.stream()
                .filter(one -> one.isIn(act) || one.isSince(act))
                .forEach(one -> versions.merge(one.task, one.version, Math::max));
        return versions;
    }

    /** Tells if somebody did it, and it was not taken back. */
    private boolean stands(Told one) {
        return one.undoes.isEmpty() && !one.comes && !isUndone(one);
    }

    private boolean isUndone(Told one) {
        return undone.contains(new Place(one.list, one.seq));
    }

    /** Nobody asks for their Inbox. */
    private boolean isInbox(Told one) {
        return one.event == ChangeType.LIST_CREATED
                && Objects.requireNonNull(heads.get(one.list)).inbox();
    }

    /** Another list that the act is in, and that was not read that far. */
    private Optional<String> elsewhere(Told last) {
        return last.act.stream()
                .filter(span -> first.getOrDefault(span.list(), 0L) > span.from() && before.containsKey(span.list()))
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
        long from = Math.max(Objects.requireNonNull(heads.get(list)).first(), to - Changes.READ_AT_ONCE + 1);
        List<String> keys = LongStream.rangeClosed(from, to)
                .mapToObj(seq -> Keys.change(list, seq))
                .toList();
        List<Told> page = documents.all(keys).values().stream()
                .filter(stored -> !stored.absent())
                .map(Told::of)
                .toList();
        documents.forget(keys);
        told.addAll(page);
        page.stream()
                .flatMap(one -> one.undoes.stream())
                .distinct()
                .forEach(span -> LongStream.rangeClosed(span.from(), span.to())
                        .forEach(seq -> undone.add(new Place(span.list(), seq))));
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
