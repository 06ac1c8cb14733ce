package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.events.Role;
import dev.sandglass.events.Task;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Portions;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.StoredChange.Before;
import dev.sandglass.task.domain.StoredChange.Span;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/undo}: the last thing a user did to tasks, or to what a list says of itself, of what stands, is taken back by changes of
 * its own. It is looked for in the ledger, so that it costs other writes nothing. What was written in several transactions is taken back in
 * as many, the last first, once nothing stands against any of it.
 */
public final class Undo {
    private static final String MAY_NOT_WRITE = "You may not write any more in a list of the last thing you did";
    /** Tasks that an answer tells. */
    private static final int MOST_TOLD = 500;

    private static final String TOO_OLD = "The last thing you did is too old: not all that it changed is kept";

    private final Request request;
    private final BiFunction<Change, Answer, Answer> inWords;
    private final LookBack back;
    /** The acts that are left to be taken back. */
    private final List<List<Span>> acts = new ArrayList<>();
    /** By list, the last change that was looked at. */
    private final Map<String, Long> looked = new HashMap<>();
    /** By task, the user who changed it since. */
    private Map<String, String> since = Map.of();
    /** Tasks that were changed after this looked. */
    private final Set<String> meanwhile = new HashSet<>();
    /** The first tasks that are here after the acts that were taken back, as they are then. */
    private final Map<String, LedgerTask> restored = new LinkedHashMap<>();

    private @Nullable TakenBack written;
    /** After the acts that were taken back. */
    private @Nullable Answer answered;

    /** The result of an act once the draft is written. */
    private record TakenBack(
            Map<String, Long> seqs, Map<String, LedgerTask> tasks, Set<String> meanwhile, Answer answer) {}

    private Undo(Request request, BiFunction<Change, Answer, Answer> inWords) {
        this.request = request;
        this.inWords = inWords;
        this.back = new LookBack(request);
    }

    private record Latest(String list, Instant at) {}

    /** The lists of a user that it may be in: those that changed last. */
    public static Decision<List<String>> lists(Request request, User user) {
        Portions<Latest> latest = Head.portions(
                documents -> user.lists(),
                head -> concerns(head, request) ? Optional.of(new Latest(head.id(), head.at())) : Optional.empty());
        return documents -> Accepted.unchanged(latest.in(documents).stream()
                .sorted(Comparator.comparing(Latest::at).reversed())
                .limit(Head.AT_ONCE)
                .map(Latest::list)
                .toList());
    }

    /** A list that is gone concerns who deleted it: nothing older is undone in place of that. */
    static boolean concerns(Head head, Request asked) {
        return head.role(asked) != null || head.wasDeletedBy(asked);
    }

    /** @throws Rejection CONFLICT where there is nothing to take back, or it cannot be taken back (any more) */
    public static OnTask last(Request request, List<String> lists) {
        return last(request, lists, (first, answer) -> answer);
    }

    /** @param inWords what the answer becomes, for those who asked in other words; with the first change that is taken back */
    static OnTask last(Request request, List<String> lists, BiFunction<Change, Answer, Answer> inWords) {
        Undo undo = new Undo(request, inWords);
        return new OnTask(
                request, documents -> Accepted.unchanged(undo.find(documents, lists)), () -> undo.acts.size() > 1);
    }

    /** A change of a task, and what it takes to go back behind it. */
    private record Done(int number, Change change, @Nullable Before before) {
        Task task() {
            return Objects.requireNonNull(change.task());
        }

        String id() {
            return task().id();
        }

        String title() {
            return "“" + task().title() + "”";
        }

        Before was() {
            return Objects.requireNonNull(before);
        }

        /** Told by a list that a task came from, or went to, another. */
        boolean moves() {
            List<JsonNode> lists = change.changed().get("list");
            return lists != null && !lists.get(0).isNull();
        }

        /** The fields of the task before. */
        TaskFields fields(LedgerTask now) {
            if (change.event() == ChangeType.TASK_DELETED) {
                return LedgerTask.fields(task());
            }
            ObjectNode fields = Json.tree(now.fields());
            change.changed().forEach((field, values) -> fields.replace(field, values.get(0)));
            return Json.read(fields, TaskFields.class);
        }
    }

    private Write<Answer> find(Documents documents, List<String> lists) {
        TakenBack last = written;
        if (last != null) {
            looked.putAll(last.seqs);
            last.tasks.forEach(this::tell);
            meanwhile.addAll(last.meanwhile);
            answered = last.answer;
            acts.remove(0);
            written = null;
        }
        return isBegun() ? takeBack(documents, acts.get(0)) : look(documents, lists);
    }

    private void tell(String id, LedgerTask task) {
        if (!task.here()) {
            restored.remove(id);
        } else if (restored.size() < MOST_TOLD || restored.containsKey(id)) {
            restored.put(id, task);
        }
    }

    private boolean isBegun() {
        return !acts.isEmpty() && acts.size() < back.acts().size();
    }

    private Write<Answer> look(Documents documents, List<String> lists) {
        acts.clear();
        meanwhile.clear();
        List<String> keys = lists.stream().map(Keys::head).toList();
        documents.all(Stream.concat(keys.stream(), Stream.of(Keys.user(request.user())))
                .toList());
        Map<String, Head> heads = keys.stream()
                .map(documents::get)
                .filter(stored -> !stored.absent())
                .map(stored -> stored.as(Head.class))
                .filter(head -> concerns(head, request))
                .collect(Collectors.toMap(Head::id, head -> head));
        Optional<LookBack.Told> last = back.last(documents, heads);
        Instant snoozed = User.of(documents, request.user()).map(User::snoozed).orElse(null);
        if (snoozed != null && last.filter(one -> one.at().isAfter(snoozed)).isEmpty()) {
            return refused("The last thing you did: a reminder was put off."
                    + " When it comes cannot be undone: put it off to another time instead");
        }
        if (last.isEmpty()) {
            return refused(
                    "Nothing is left that you could undo, of the last " + LookBack.MOST + " changes of your lists");
        }
        if (last.get().task().isEmpty()) {
            ChangeType event = last.get().event();
            boolean alone = last.get().act().stream().mapToLong(Span::size).sum() == 1;
            boolean updated = event == ChangeType.LIST_UPDATED;
            // An import makes lists, with their holidays and reminders, at once.
            String was = updated ? "created" : event.toString().substring("list.".length());
            return updated && alone
                    ? takeBackOfList(documents, last.get())
                    : refused("The last thing you did: the list “"
                            + Objects.requireNonNull(heads.get(last.get().list()))
                                    .name() + "” was " + was
                            + ". Whether there is a list, and for whom, cannot be undone");
        }
        return takeBackAll(documents);
    }

    /** All that may stand against an act but the first to be taken back is looked at here. */
    private Write<Answer> takeBackAll(Documents documents) {
        for (Span span : back.spans().toList()) {
            Optional<Head> head = back.head(span.list());
            if (!writes(head)) {
                return refused(MAY_NOT_WRITE);
            }
            if (span.from() < head.get().first()) {
                return refused(TOO_OLD);
            }
            looked.put(span.list(), head.get().seq());
        }
        since = back.since();
        if (back.acts().size() > 1) {
            Answer before = Once.answered(request).on(documents).answer();
            if (before != null) {
                return Write.alone(Set.of(), draft -> before);
            }
            Optional<LookBack.Told> against = back.to(since.keySet());
            if (against.isPresent()) {
                return refused(since.get(against.get().task()) + " has changed “"
                        + against.get().title() + "” since");
            }
        }
        acts.addAll(back.acts());
        return takeBack(documents, acts.get(0));
    }

    private static Write<Answer> refused(String why) {
        return OnTask.refused(conflict(why));
    }

    private static Rejection conflict(String why) {
        return new Rejection(Reason.CONFLICT, why + "; nothing was changed");
    }

    /** Takes back a change of the list itself: its name or its holidays become again what they were. */
    private Write<Answer> takeBackOfList(Documents documents, LookBack.Told last) {
        String list = last.list();
        String key = Keys.change(list, last.seq());
        documents.all(List.of(key, Keys.head(list), Keys.calendar(list)));
        Change done = Json.read(documents.get(key).as(StoredChange.class).data(), Change.class);
        if (!stands(done, Head.of(documents, list).orElseThrow(), DaysOff.of(documents, list))) {
            return refused("The list “" + Objects.requireNonNull(done.of()).name() + "” was changed since");
        }
        return Write.<Answer>alone(Set.of(list), draft -> {
                    checkRights(draft, list);
                    Head head = draft.head(list).orElseThrow();
                    if (!stands(done, head, draft.daysOff(list))) {
                        throw new OnTask.Elsewhere(null);
                    }
                    draft.undo(last.act());
                    SortedMap<String, List<JsonNode>> told = new TreeMap<>();
                    done.changed().forEach((field, values) -> {
                        JsonNode was = values.get(0);
                        told.put(field, List.of(values.get(1), was));
                        switch (field) {
                            case "calendar" -> draft.put(list, DaysOff.of(days(was)));
                            case "name" ->
                                draft.put(draft.head(list).orElseThrow().named(was.asText()));
                            default -> draft.put(draft.head(list).orElseThrow().reminding(texts(was)));
                        }
                    });
                    draft.record(list, ChangeType.LIST_UPDATED, request.user(), told);
                    return inWords.apply(done, answer(last.act(), List.of()));
                })
                .lookingAt(Keys.calendar(list));
    }

    /** Tells if a list still says what a change made it say. */
    private static boolean stands(Change done, Head head, DaysOff days) {
        return done.changed().entrySet().stream()
                .allMatch(field -> field.getValue()
                        .get(1)
                        .equals(
                                switch (field.getKey()) {
                                    case "calendar" -> Json.<JsonNode>tree(days.days());
                                    case "name" -> Json.<JsonNode>tree(head.name());
                                    default -> Json.<JsonNode>tree(head.reminders());
                                }));
    }

    private static List<LocalDate> days(JsonNode days) {
        return days.valueStream().map(day -> LocalDate.parse(day.asText())).toList();
    }

    private static List<String> texts(JsonNode texts) {
        return texts.valueStream().map(JsonNode::asText).toList();
    }

    private static Answer answer(List<Span> act, List<Task> tasks) {
        ObjectNode answer = Json.object();
        answer.putObject("undone")
                .put("list", act.get(0).list())
                .put("seq", act.get(0).from());
        return Answer.ok(answer.set("tasks", Json.tree(tasks)));
    }

    private Write<Answer> takeBack(Documents documents, List<Span> act) {
        List<String> keys = act.stream()
                .flatMap(span ->
                        LongStream.rangeClosed(span.from(), span.to()).mapToObj(seq -> Keys.change(span.list(), seq)))
                .toList();
        Map<String, Stored> read = documents.all(keys);
        List<Done> changes = new ArrayList<>();
        for (String key : keys) {
            Stored kept = Objects.requireNonNull(read.get(key));
            if (kept.absent()) {
                return isBegun() ? passOver() : refused(TOO_OLD);
            }
            StoredChange stored = kept.as(StoredChange.class);
            Change change = Json.read(stored.data(), Change.class);
            if (stored.before() == null && change.event() != ChangeType.TASK_CREATED) {
                return isBegun() ? passOver() : refused("The last thing you did was done before there was undo");
            }
            changes.add(new Done(stored.number(), change, stored.before()));
        }
        Write<Answer> write = Write.alone(
                act.stream().map(Span::list).collect(Collectors.toSet()), draft -> takeBack(draft, act, changes));
        for (Done one : changes) {
            write = write.lookingAt(Keys.task(one.change.list(), one.number));
        }
        return write;
    }

    /** Once some is taken back, there is no more no: what cannot be taken back stays, and the answer is the one before. */
    private Write<Answer> passOver() {
        Answer before = Objects.requireNonNull(answered);
        return Write.alone(Set.of(), draft -> {
            written = new TakenBack(Map.of(), Map.of(), Set.of(), before);
            return before;
        });
    }

    /** All that may stand against it is looked at before the first change. Once some is taken back, what somebody changes meanwhile stays. */
    private Answer takeBack(Draft draft, List<Span> act, List<Done> changes) {
        written = null;
        Set<String> touched = touched(draft, act);
        if (!isBegun()) {
            check(draft, act, changes, touched);
        }
        List<Done> standing = changes.stream()
                .filter(one -> !isBegun() || writes(draft.head(one.change.list())) && !touched.contains(one.id()))
                .toList();
        draft.undo(act);
        Map<String, LedgerTask> back = new LinkedHashMap<>();
        for (int last = standing.size() - 1; last >= 0; last--) {
            Done one = standing.get(last);
            if (one.change.event() != ChangeType.TASK_DELETED || !one.moves()) {
                back.put(one.id(), takeBack(draft, one, standing));
            }
        }
        Map<String, Long> seqs = new HashMap<>();
        act.forEach(span ->
                seqs.put(span.list(), draft.head(span.list()).map(Head::seq).orElse(0L)));
        List<Task> tasks = Stream.concat(restored.values().stream(), back.values().stream())
                .filter(LedgerTask::here)
                .limit(MOST_TOLD)
                .map(task -> task.seen(task.task().updatedAt()))
                .toList();
        Answer answer = inWords.apply(changes.get(0).change, answer(act, tasks));
        written = new TakenBack(seqs, back, touched, answer);
        return answer;
    }

    private void check(Draft draft, List<Span> act, List<Done> changes, Set<String> touched) {
        act.forEach(span -> checkRights(draft, span.list()));
        for (Done one : changes) {
            LedgerTask now = found(draft, one).task();
            check(one.title(), now, touched);
            if (one.change.event() == ChangeType.TASK_COMPLETED) {
                follower(draft, one, now)
                        .filter(next -> next.task().state() != LedgerTask.State.PROMISED)
                        .ifPresent(next -> check("the one after " + one.title(), next.task(), touched));
            } else {
                withdrawn(draft, one).ifPresent(list -> {
                    OnTask.alsoIn(draft, list);
                    checkRights(draft, list);
                });
            }
        }
    }

    private void checkRights(Draft draft, String list) {
        if (!writes(draft.head(list))) {
            throw conflict(MAY_NOT_WRITE);
        }
    }

    private boolean writes(Optional<Head> list) {
        return list.map(head -> head.role(request)).filter(Role::writes).isPresent();
    }

    /** Where it was changed while this looked, it looks again. */
    private void check(String what, LedgerTask now, Set<String> touched) {
        String id = now.task().id();
        if (since.containsKey(id)) {
            throw conflict(since.get(id) + " has changed " + what + " since");
        }
        if (touched.contains(id)) {
            throw new OnTask.Elsewhere(null);
        }
    }

    /** The tasks that were changed since this looked. */
    private Set<String> touched(Draft draft, List<Span> act) {
        List<String> keys = act.stream()
                .map(Span::list)
                .distinct()
                .flatMap(list -> LongStream.rangeClosed(
                                looked.getOrDefault(list, 0L) + 1,
                                draft.head(list).map(Head::seq).orElse(0L))
                        .mapToObj(seq -> Keys.change(list, seq)))
                .toList();
        Set<String> touched = new HashSet<>(meanwhile);
        draft.read().all(keys).values().stream()
                .filter(stored -> !stored.absent())
                .map(stored -> Json.read(stored.as(StoredChange.class).data(), Change.class)
                        .task())
                .filter(Objects::nonNull)
                .forEach(task -> touched.add(task.id()));
        return touched;
    }

    /** The task where it is now: it may have been taken to another list and back. */
    private static Whereabouts.Found found(Draft draft, Done one) {
        return Whereabouts.follow(draft, new TaskId(one.change.list(), one.number))
                .orElseThrow();
    }

    /** The occurrence that a completion promised. */
    private static Optional<Successor> follower(Draft draft, Done one, LedgerTask now) {
        return Objects.equals(now.successor(), one.was().successor()) ? Optional.empty() : Successor.of(draft, now);
    }

    private LedgerTask takeBack(Draft draft, Done one, List<Done> all) {
        Whereabouts.Found found = found(draft, one);
        LedgerTask now = found.task();
        String list = found.place().list();
        Instant at = draft.at(list);
        return switch (one.change.event()) {
            case TASK_CREATED ->
                one.moves()
                        ? carryBack(draft, found, one, all)
                        : record(draft, list, ChangeType.TASK_DELETED, now, now.deleted(at));
            case TASK_DELETED ->
                record(
                        draft,
                        list,
                        ChangeType.TASK_CREATED,
                        now,
                        Todos.named(draft, now.as(one.fields(now), one.was(), at)));
            case TASK_COMPLETED -> {
                Optional<Successor> next = follower(draft, one, now).filter(Successor::isThere);
                LedgerTask open =
                        record(draft, list, ChangeType.TASK_REOPENED, now, now.as(now.fields(), one.was(), at));
                next.ifPresent(withdrawn -> ReopenTask.withdraw(draft, request.user(), withdrawn));
                yield open;
            }
            case TASK_REOPENED -> {
                withdrawn(draft, one).ifPresent(where -> await(draft, where, one, list));
                yield record(draft, list, ChangeType.TASK_COMPLETED, now, now.as(now.fields(), one.was(), at));
            }
            default -> record(draft, list, ChangeType.TASK_UPDATED, now, now.as(one.fields(now), one.was(), at));
        };
    }

    /** The list of an occurrence that was withdrawn before it came. */
    private static Optional<String> withdrawn(Draft draft, Done one) {
        return Optional.ofNullable(one.before)
                .filter(was -> was.awaited() != null && one.change.event() == ChangeType.TASK_REOPENED)
                .flatMap(was -> TaskId.parse(String.valueOf(was.successor())))
                .map(TaskId::list)
                .filter(list -> draft.look(list).filter(head -> !head.deleted()).isPresent());
    }

    /** It is awaited again, of the completion that is told now; in another list of the one that was told there. */
    private static void await(Draft draft, String where, Done one, String list) {
        Head head = draft.head(where).orElseThrow();
        long completion = where.equals(list)
                ? head.seq() + 1
                : Objects.requireNonNull(one.was().awaited());
        Head awaits = head.awaiting(Objects.requireNonNull(one.was().successor()), completion);
        draft.put(awaits);
        if (!where.equals(list)) {
            // Nothing is told there: where it fell quiet, nobody would look at it.
            String quiet = Keys.awaiting(Keys.shard(where));
            Awaiting before = draft.own(quiet, Awaiting.class).orElseGet(Awaiting::none);
            draft.putOwn(quiet, before.with(awaits));
        }
    }

    private LedgerTask carryBack(Draft draft, Whereabouts.Found found, Done one, List<Done> all) {
        Done left = all.stream()
                .filter(other -> other.id().equals(one.id()) && other.change.event() == ChangeType.TASK_DELETED)
                .findFirst()
                .orElseThrow();
        LedgerTask now = found.task();
        LedgerTask back = now.as(left.fields(now), left.was(), draft.at(left.change.list()));
        return ChangeTask.carry(draft, request.user(), found.place(), now, back);
    }

    private LedgerTask record(Draft draft, String list, ChangeType type, LedgerTask before, LedgerTask after) {
        if (type == ChangeType.TASK_DELETED) {
            draft.record(list, type, request.user(), new TreeMap<>(), after);
        } else {
            draft.change(list, type, request.user(), type == ChangeType.TASK_CREATED ? null : before, after);
        }
        return after;
    }
}
