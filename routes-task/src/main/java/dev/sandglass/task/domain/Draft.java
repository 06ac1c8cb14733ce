package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.task.domain.StoredChange.Span;
import dev.sandglass.time.Due;
import dev.sandglass.time.Workdays;
import dev.sandglass.time.WorkingDays;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A transaction of the ledger in the making: what was read, and what is to be written on top of it. A list's head is written with
 * every change of it, on its ETag; that alone guards the list's tasks. Where it lacks a document it ends the decision by {@link
 * Documents.Unseen}, to be made again once that was read.
 */
public final class Draft {
    /**
     * A change that belongs to the draft, and the task it leaves behind.
     *
     * @param trace of the request that asked for it
     * @param request which of those that the draft is for, by its first change
     * @param after the last change that the request wrote before this draft
     * @param imported whether somebody made it, also where it is one more of a series
     */
    public record Recorded(
            Change change,
            @Nullable LedgerTask task,
            StoredChange.@Nullable Before before,
            @Nullable String trace,
            int request,
            @Nullable List<Span> undoes,
            @Nullable Span after,
            boolean imported) {}

    /** A document of a user's own; it is for good where it is not said for how long. */
    private record Own(Object value, @Nullable Duration kept) {}

    private static final Duration QUESTIONS_KEPT = Duration.ofHours(1);

    private final Documents read;
    private final Instant now;
    private final String commit;
    /** Heads by list, in the order of their ids: the order in which everybody locks them. */
    private final SortedMap<String, Head> heads = new TreeMap<>();

    /** Heads as they were read. */
    private final Map<String, Head> before;

    private final Map<String, Long> seqBefore = new HashMap<>();
    private final SortedMap<String, User> users = new TreeMap<>();
    private final SortedMap<String, Own> own = new TreeMap<>();
    private final Map<String, DaysOff> calendars = new LinkedHashMap<>();
    private final Map<String, LedgerTask> tasks = new LinkedHashMap<>();
    private final List<Recorded> changes = new ArrayList<>();
    private final List<String> registered = new ArrayList<>();
    private final SortedMap<String, IdempotencyRecord> kept = new TreeMap<>();
    private final SortedMap<String, Object> asked = new TreeMap<>();
    private final SortedMap<String, Stored> answered = new TreeMap<>();

    private final List<String> forgotten = new ArrayList<>();
    private @Nullable String trace;
    /** The first change of the request that it is tried for. */
    private int request;

    private @Nullable List<Span> undoes;
    private @Nullable Span goesOnFrom;
    private boolean imported;

    Draft(Documents read, Instant now, SortedSet<String> lists) {
        this.read = read;
        this.now = now;
        this.commit = UUID.randomUUID().toString();
        Documents.together(lists, list -> Head.of(read, list).ifPresent(head -> heads.put(list, head)));
        this.before = Map.copyOf(heads);
    }

    private Draft(Draft other) {
        read = other.read;
        now = other.now;
        commit = other.commit;
        before = other.before;
        heads.putAll(other.heads);
        seqBefore.putAll(other.seqBefore);
        users.putAll(other.users);
        own.putAll(other.own);
        calendars.putAll(other.calendars);
        tasks.putAll(other.tasks);
        changes.addAll(other.changes);
        registered.addAll(other.registered);
        kept.putAll(other.kept);
        asked.putAll(other.asked);
        answered.putAll(other.answered);
        forgotten.addAll(other.forgotten);
    }

    /**
     * The same draft, for a decision to be tried on: what it puts before it refuses is not to be written.
     *
     * @param current the trace of what is recorded from now on
     */
    Draft copy(@Nullable String current) {
        Draft copy = new Draft(this);
        copy.trace = current;
        copy.request = changes.size();
        return copy;
    }

    /** The head of a list that takes part, as it would be after this draft. */
    public Optional<Head> head(String list) {
        return Optional.ofNullable(heads.get(list));
    }

    /** Tells if the list may be written in this draft. */
    public boolean takesPart(String list) {
        return heads.containsKey(list);
    }

    /** The head of any list: of one that takes no part, as it was lately. */
    public Optional<Head> look(String list) {
        return takesPart(list) ? head(list) : Head.of(read, list);
    }

    /** The {@code at} of the next change of a list: time does not run back within a list. */
    public Instant at(String list) {
        Head head = heads.get(list);
        return head == null || now.isAfter(head.at()) ? now : head.at();
    }

    /** The task of that number in a list, as it would be after this draft; of a list that takes no part, as it was lately. */
    public Optional<LedgerTask> task(String list, int number) {
        String key = Keys.task(list, number);
        LedgerTask drafted = tasks.get(key);
        return drafted != null ? Optional.of(drafted) : LedgerTask.of(read.get(key));
    }

    /** The user, as they would be after this draft. */
    public Optional<User> user(String name) {
        User drafted = users.get(name);
        return drafted != null ? Optional.of(drafted) : User.of(read, name);
    }

    /** The documents as they were read. */
    public Documents read() {
        return read;
    }

    public void put(User user) {
        read.get(Keys.user(user.user()));
        users.put(user.user(), user);
    }

    /** Notes that a user puts a reminder off: no change of a list tells it, and {@link Undo} takes back nothing older in its place. */
    void snoozed(String name) {
        user(name).ifPresent(user -> put(user.snoozedAt(now)));
    }

    /** A document beside those of the ledger, as it would be after this draft; empty where there is none. */
    <T> Optional<T> own(String key, Class<T> type) {
        Own drafted = own.get(key);
        if (drafted != null) {
            return Optional.of(type.cast(drafted.value));
        }
        Stored stored = read.get(key);
        return stored.absent() ? Optional.empty() : Optional.of(stored.as(type));
    }

    /** Puts a document of a user's own; it is read before. */
    void putOwn(String key, Object value) {
        own.put(key, new Own(value, null));
    }

    /** Puts a document of a user's own, to be forgotten after a time. */
    void putOwn(String key, Object value, Duration keptFor) {
        own.put(key, new Own(value, keptFor));
    }

    /** Takes a document of a user's own away; a change goes with it. */
    void forget(String key) {
        forgotten.add(key);
    }

    /** The days off of a list, as they would be after this draft. */
    DaysOff daysOff(String list) {
        DaysOff drafted = calendars.get(list);
        return drafted != null ? drafted : DaysOff.of(read, list);
    }

    /** The days on which the dates of a task come; its list's calendar is read where it has a say in them. */
    WorkingDays workingDays(LedgerTask task) {
        return DaysOff.workingDays(task, this::daysOff);
    }

    /** Puts the days off of a list; a change of the list goes with them. */
    void put(String list, DaysOff days) {
        calendars.put(list, days);
    }

    /** Puts a head that differs in more than its number. */
    public void put(Head head) {
        heads.put(head.id(), head);
        seqBefore.putIfAbsent(head.id(), head.seq());
    }

    /** A list that was not there before: it will be found by number. */
    public void register(Head head) {
        put(head);
        registered.add(head.id());
    }

    /** Writes a task without a change of its own: what only the ledger knows of it is different. */
    public void put(String list, LedgerTask task) {
        tasks.put(Keys.task(list, task.number()), task);
    }

    /** Takes away the changes of a list from the first that is kept up to a number. */
    public void trim(String list, long upTo) {
        Head head = Objects.requireNonNull(heads.get(list), list);
        put(head.trimmed(upTo + 1));
        for (long seq = head.first(); seq <= upTo; seq++) {
            forgotten.add(Keys.change(list, seq));
        }
    }

    /** These changes are taken back by those recorded from now on. */
    void undo(List<Span> done) {
        undoes = done;
    }

    /** Has all that is recorded from now on belong to an import, with what it wrote before, up to this change. */
    void goOn(@Nullable Span last) {
        goesOnFrom = last;
        imported = true;
    }

    /** The last change that was recorded. */
    @Nullable
    Span last() {
        if (changes.isEmpty()) {
            return goesOnFrom;
        }
        Change last = changes.get(changes.size() - 1).change();
        return new Span(last.list(), last.seq(), last.seq());
    }

    /** Keeps the answer of a request; nothing may be kept under the key yet. */
    public void keep(String key, IdempotencyRecord answered) {
        kept.put(key, answered);
    }

    /** The answer that another decision of this draft keeps under the key. */
    public Optional<IdempotencyRecord> kept(String key) {
        return Optional.ofNullable(kept.get(key));
    }

    /** Has a conversation wait with a question. */
    public void ask(String key, Object question) {
        asked.put(key, question);
    }

    /**
     * Takes a question away, for it to be answered once.
     *
     * @return false: another answer was first
     */
    public boolean answer(Stored question) {
        return question.equals(read.get(question.key())) && answered.put(question.key(), question) == null;
    }

    /**
     * Writes a task with its change.
     *
     * @param list where it happens
     * @param changed field to [old, new]
     */
    public void record(
            String list, ChangeType type, String actor, SortedMap<String, List<JsonNode>> changed, LedgerTask task) {
        Optional<LedgerTask> was = type == ChangeType.TASK_CREATED ? Optional.empty() : task(list, task.number());
        StoredChange.Before before = was.map(there -> before(there, task)).orElse(null);
        put(list, task);
        seal(list, type, actor, changed, task, type == ChangeType.TASK_DELETED ? was.orElse(task) : task, before);
    }

    private StoredChange.Before before(LedgerTask task, LedgerTask after) {
        Long awaited = Optional.ofNullable(task.successor())
                .flatMap(TaskId::parse)
                .flatMap(id -> head(id.list()))
                .map(head -> head.awaiting().get(task.successor()))
                .orElse(null);
        boolean joined = !task.task().series().equals(after.task().series())
                || task.task().occurrence() != after.task().occurrence();
        return new StoredChange.Before(
                task.anchor(),
                task.slot(),
                task.placed(),
                task.begun(),
                task.successor(),
                task.task().completedAt(),
                awaited,
                task.rest().equals(after.rest()) ? null : task.rest(),
                joined ? task.task().series() : null,
                joined ? Integer.valueOf(task.task().occurrence()) : null);
    }

    /**
     * Writes a task with its change, which tells what differs.
     *
     * @param before null where it was not there
     */
    public void change(String list, ChangeType type, String actor, @Nullable LedgerTask before, LedgerTask after) {
        record(list, type, actor, after.differences(before), after);
    }

    /** Writes a change of the list itself; its head was put before. */
    public void record(String list, ChangeType type, String actor, SortedMap<String, List<JsonNode>> changed) {
        seal(list, type, actor, changed, null, null, null);
    }

    private void seal(
            String list,
            ChangeType type,
            String actor,
            SortedMap<String, List<JsonNode>> changed,
            @Nullable LedgerTask task,
            @Nullable LedgerTask told,
            StoredChange.@Nullable Before before) {
        Head head = Objects.requireNonNull(heads.get(list), list);
        seqBefore.putIfAbsent(list, head.seq());
        Instant at = at(list);
        Head after = head.moved(head.seq() + 1, head.hash(), at);
        // Only the completion that promised the next occurrence tells the rule.
        Change.@Nullable Rule rule = task != null
                        && type == ChangeType.TASK_COMPLETED
                        && task.successor() != null
                        && head.awaiting().containsKey(task.successor())
                ? rule(task, task.successor())
                : null;
        Change change = new Change(
                        type,
                        list,
                        after.seq(),
                        at,
                        actor,
                        changed,
                        told == null ? null : told.seen(at),
                        task == null ? after.asList() : null,
                        rule,
                        head.hash(),
                        "")
                .sealed();
        heads.put(list, after.moved(after.seq(), change.hash(), at));
        changes.add(new Recorded(change, task, before, trace, request, undoes, goesOnFrom, imported));
    }

    private Change.@Nullable Rule rule(LedgerTask task, String successor) {
        Change.Rule rule = task.rule();
        if (rule == null) {
            return null;
        }
        Due next = TaskId.parse(successor)
                .flatMap(promised -> task(promised.list(), promised.number()))
                .map(promised -> promised.task().due())
                .orElseThrow();
        // Whoever follows the completion knows the rule, and neither days off nor what a client says, nor where it
        // began.
        boolean plain = task.workdays() == Workdays.AS_IS
                && task.placed() == null
                && task.begun() == null
                && task.next(WorkingDays.ALL)
                        .filter(occurrence -> occurrence.due().equals(next))
                        .isPresent();
        return plain ? rule : new Change.Rule(rule.anchor(), rule.slot(), successor, next);
    }

    /** The change up to which a list was published for certain before this draft; -1 where only its mark can tell. */
    public long publishedBefore(String list) {
        Head head = before.get(list);
        return head != null && head.pending() ? -1 : seqBefore.getOrDefault(list, -1L);
    }

    public List<Recorded> changes() {
        return changes;
    }

    boolean isEmpty() {
        return changes.isEmpty()
                && tasks.isEmpty()
                && users.isEmpty()
                && own.isEmpty()
                && seqBefore.isEmpty()
                && kept.isEmpty()
                && asked.isEmpty()
                && answered.isEmpty()
                && forgotten.isEmpty();
    }

    /** A key that has this draft's commit if and only if the draft was written; null where a second writing would do no harm. */
    @Nullable
    String witness() {
        return changes.stream()
                .findFirst()
                .map(recorded ->
                        Keys.change(recorded.change().list(), recorded.change().seq()))
                // Deleted twice, a filter is not there the second time. They have no commit: whoever wrote them like
                // this, it is done.
                .or(() -> own.keySet().stream().findFirst())
                .orElse(null);
    }

    /** The lists that come to be among those with changes not yet published. */
    private Set<String> becomePending() {
        return seqBefore.keySet().stream()
                .filter(list -> {
                    Head head = Objects.requireNonNull(heads.get(list));
                    return !head.pending() && head.seq() > Objects.requireNonNull(seqBefore.get(list));
                })
                .collect(Collectors.toSet());
    }

    /** The shards whose documents it writes, in the order in which everybody waits for them. */
    public SortedSet<Integer> shards() {
        return Stream.concat(registered.stream(), becomePending().stream())
                .map(Keys::shard)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The keys of the documents of shards it writes. */
    public Set<String> shardKeys() {
        return Stream.concat(
                        registered.stream().map(list -> Keys.lists(Keys.shard(list))),
                        becomePending().stream().map(list -> Keys.pending(Keys.shard(list))))
                .collect(Collectors.toSet());
    }

    /** Everything in the one order: heads, users, shards, the list of all lists, then keys that are new. */
    Transaction transaction() {
        Transaction transaction = new Transaction();
        SortedMap<Integer, Pending> pending = new TreeMap<>();
        becomePending().forEach(list -> {
            int shard = Keys.shard(list);
            pending.put(shard, pending.computeIfAbsent(shard, this::pending).with(list, seqBefore.get(list)));
            heads.put(list, Objects.requireNonNull(heads.get(list)).withPending(true));
        });
        heads.forEach((list, head) -> {
            if (seqBefore.containsKey(list)) {
                transaction.replace(read.get(Keys.head(list)), head);
            }
        });
        users.forEach((name, user) -> transaction.replace(read.get(Keys.user(name)), user));
        own.forEach((key, one) -> {
            if (one.kept == null) {
                transaction.replace(read.get(key), one.value);
            } else {
                transaction.replace(read.get(key), one.value, one.kept);
            }
        });
        pending.forEach((shard, lists) -> transaction.replace(read.get(Keys.pending(shard)), lists));
        SortedMap<Integer, List<String>> byShard =
                registered.stream().collect(Collectors.groupingBy(Keys::shard, TreeMap::new, Collectors.toList()));
        byShard.forEach((shard, lists) -> {
            Stored count = read.get(Keys.lists(shard));
            int number = ListCount.of(count);
            transaction.replace(count, new ListCount(1, number + lists.size()));
            for (String list : lists) {
                transaction.create(Keys.lists(shard, ++number), list);
            }
        });
        calendars.forEach((list, days) -> transaction.put(Keys.calendar(list), days));
        tasks.forEach(transaction::put);
        Map<Integer, List<Span>> acts = acts();
        for (Recorded recorded : changes) {
            Change change = recorded.change();
            LedgerTask task = recorded.task();
            List<Span> act = Objects.requireNonNull(acts.get(recorded.request()));
            boolean alone = act.equals(List.of(new Span(change.list(), change.seq(), change.seq())));
            transaction.create(
                    Keys.change(change.list(), change.seq()),
                    new StoredChange(
                            1,
                            commit,
                            task == null ? 0 : task.number(),
                            Json.text(change),
                            recorded.before(),
                            alone && !recorded.imported() ? null : act,
                            recorded.undoes(),
                            recorded.after()));
        }
        kept.forEach((key, answered) -> transaction.create(key, answered, IdempotencyRecord.KEPT));
        answered.forEach((key, question) -> {
            if (!asked.containsKey(key)) {
                transaction.delete(question);
            }
        });
        asked.forEach((key, question) -> {
            if (answered.containsKey(key)) {
                transaction.replace(Objects.requireNonNull(answered.get(key)), question, QUESTIONS_KEPT);
            } else {
                transaction.put(key, question, QUESTIONS_KEPT);
            }
        });
        forgotten.forEach(transaction::delete);
        return transaction;
    }

    /** The changes of each request: in a list they follow each other. */
    private Map<Integer, List<Span>> acts() {
        Map<Integer, List<Span>> acts = new HashMap<>();
        for (Recorded recorded : changes) {
            String list = recorded.change().list();
            long seq = recorded.change().seq();
            List<Span> act = acts.computeIfAbsent(recorded.request(), request -> new ArrayList<>());
            act.stream()
                    .filter(span -> span.list().equals(list))
                    .findFirst()
                    .ifPresentOrElse(
                            span -> act.set(act.indexOf(span), new Span(list, span.from(), seq)),
                            () -> act.add(new Span(list, seq, seq)));
        }
        return acts;
    }

    private Pending pending(int shard) {
        Stored stored = read.get(Keys.pending(shard));
        return stored.absent() ? Pending.none() : stored.as(Pending.class);
    }
}
