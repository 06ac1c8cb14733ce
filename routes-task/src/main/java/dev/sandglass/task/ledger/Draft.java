package dev.sandglass.task.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.support.Dapr;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.Keys;
import dev.sandglass.task.domain.LedgerTask;
import dev.sandglass.task.domain.Pending;
import dev.sandglass.task.domain.StoredChange;
import dev.sandglass.task.domain.User;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A transaction of the ledger in the making: what was read, and what is to be written on top of it. A list's head is written with
 * every change of it, on its ETag; that alone guards the list's tasks.
 */
public final class Draft {
    /** A change that belongs to the draft, the task it leaves behind, and the trace of the request that asked for it. */
    record Recorded(
            Change change,
            @Nullable LedgerTask task,
            @Nullable String trace) {}

    private final Dapr dapr;
    private final Instant now;
    private final String commit;
    private final Map<String, Stored> read;
    /** Heads by list, in the order of their ids: the order in which everybody locks them. */
    private final SortedMap<String, Head> heads = new TreeMap<>();

    private final Map<String, Long> seqBefore = new HashMap<>();
    private final SortedMap<String, User> users = new TreeMap<>();
    private final Map<String, LedgerTask> tasks = new LinkedHashMap<>();
    private final List<Recorded> changes = new ArrayList<>();
    private final List<String> registered = new ArrayList<>();
    private final Map<String, Once.Kept> kept = new LinkedHashMap<>();
    private final List<String> forgotten = new ArrayList<>();
    private @Nullable String trace;

    Draft(Dapr dapr, Instant now, SortedSet<String> lists, Map<String, Stored> read) {
        this.dapr = dapr;
        this.now = now;
        this.commit = UUID.randomUUID().toString();
        this.read = new HashMap<>(read);
        for (String list : lists) {
            Stored head = stored(Keys.head(list));
            if (!head.absent()) {
                heads.put(list, head.as(Head.class));
            }
        }
    }

    private Draft(Draft other) {
        dapr = other.dapr;
        now = other.now;
        commit = other.commit;
        // What was read is true for both.
        read = other.read;
        heads.putAll(other.heads);
        seqBefore.putAll(other.seqBefore);
        users.putAll(other.users);
        tasks.putAll(other.tasks);
        changes.addAll(other.changes);
        registered.addAll(other.registered);
        kept.putAll(other.kept);
        forgotten.addAll(other.forgotten);
    }

    /** The same draft, for a decision to be tried on: what it puts before it refuses is not to be written. */
    Draft copy() {
        return new Draft(this);
    }

    /** What is recorded from now on belongs to this trace. */
    void traced(@Nullable String current) {
        trace = current;
    }

    /** Identifies this attempt in everything it writes. */
    public String commit() {
        return commit;
    }

    /** The head of a list that takes part, as it would be after this draft. */
    public Optional<Head> head(String list) {
        return Optional.ofNullable(heads.get(list));
    }

    /** Whether the list may be written in this draft. */
    public boolean takesPart(String list) {
        return heads.containsKey(list);
    }

    /** The head of any list: of one that takes no part, as it was lately. */
    public Optional<Head> look(String list) {
        if (takesPart(list)) {
            return head(list);
        }
        Stored stored = stored(Keys.head(list));
        return stored.absent() ? Optional.empty() : Optional.of(stored.as(Head.class));
    }

    /** What {@code at} the next change of a list gets: time does not run back within a list. */
    public Instant at(String list) {
        Head head = heads.get(list);
        return head == null || now.isAfter(head.at()) ? now : head.at();
    }

    /** The task of that number in a list, as it would be after this draft; of a list that takes no part, as it was lately. */
    public Optional<LedgerTask> task(String list, int number) {
        String key = Keys.task(list, number);
        LedgerTask drafted = tasks.get(key);
        if (drafted != null) {
            return Optional.of(drafted);
        }
        Stored stored = stored(key);
        return stored.absent() ? Optional.empty() : Optional.of(stored.as(LedgerTask.class));
    }

    /** The user, as they would be after this draft. */
    public Optional<User> user(String name) {
        User drafted = users.get(name);
        if (drafted != null) {
            return Optional.of(drafted);
        }
        Stored stored = stored(Keys.user(name));
        return stored.absent() ? Optional.empty() : Optional.of(stored.as(User.class));
    }

    public Stored stored(String key) {
        return read.computeIfAbsent(key, dapr::read);
    }

    public void put(User user) {
        stored(Keys.user(user.user()));
        users.put(user.user(), user);
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
    void trim(String list, long upTo) {
        Head head = Objects.requireNonNull(heads.get(list), list);
        put(head.trimmed(upTo + 1));
        for (long seq = head.first(); seq <= upTo; seq++) {
            forgotten.add(Keys.change(list, seq));
        }
    }

    /** Keeps what a request is answered with; nothing may be kept under the key yet. */
    void keep(String key, Once.Kept answered) {
        kept.put(key, answered);
    }

    /** What another decision of this draft keeps under the key. */
    Optional<Once.Kept> kept(String key) {
        return Optional.ofNullable(kept.get(key));
    }

    /**
     * Writes a task with its change.
     *
     * @param list where it happens
     * @param changed field to [old, new]
     */
    public void record(
            String list, ChangeType type, String actor, SortedMap<String, List<JsonNode>> changed, LedgerTask task) {
        Task seen = task.seen(at(list));
        put(list, task);
        // Of the completion that promised what comes after it, and of no other.
        boolean promises = type == ChangeType.TASK_COMPLETED
                && task.successor() != null
                && Objects.requireNonNull(heads.get(list), list).awaiting().containsKey(task.successor());
        Change.@Nullable Rule rule = promises ? task.rule() : null;
        seal(list, type, actor, changed, seen, task, rule);
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
            @Nullable Task seen,
            @Nullable LedgerTask task,
            Change.@Nullable Rule rule) {
        Head head = Objects.requireNonNull(heads.get(list), list);
        seqBefore.putIfAbsent(list, head.seq());
        Instant at = at(list);
        Head after = head.moved(head.seq() + 1, head.hash(), at);
        Change change = new Change(
                        type,
                        list,
                        after.seq(),
                        at,
                        actor,
                        changed,
                        seen,
                        seen == null ? after.asList() : null,
                        rule,
                        head.hash(),
                        "")
                .sealed();
        heads.put(list, after.moved(after.seq(), change.hash(), at));
        changes.add(new Recorded(change, task, trace));
    }

    /** The change up to which a list was published for certain before this draft; -1 where only its mark can tell. */
    long publishedBefore(String list) {
        boolean wasPending =
                read.getOrDefault(Keys.head(list), new Stored("", null, null)).absent()
                        ? false
                        : stored(Keys.head(list)).as(Head.class).pending();
        return wasPending ? -1 : seqBefore.getOrDefault(list, -1L);
    }

    List<Recorded> changes() {
        return changes;
    }

    SortedMap<String, Head> heads() {
        return heads;
    }

    boolean isEmpty() {
        return changes.isEmpty() && tasks.isEmpty() && users.isEmpty() && seqBefore.isEmpty() && kept.isEmpty();
    }

    /**
     * A key that is there, with this draft's commit, if and only if the draft was written; none where a second writing would do no
     * harm.
     */
    Optional<String> witness() {
        return changes.stream()
                .findFirst()
                .map(recorded ->
                        Keys.change(recorded.change().list(), recorded.change().seq()));
    }

    /** Whether the heads are still those this draft was made on. */
    boolean headsUnmoved() {
        return seqBefore.keySet().stream()
                .map(Keys::head)
                .allMatch(
                        key -> Objects.equals(dapr.read(key).etag(), stored(key).etag()));
    }

    /** The shards whose documents it writes. */
    SortedSet<Integer> shards() {
        SortedSet<Integer> shards = new TreeSet<>();
        registered.forEach(list -> shards.add(Keys.shard(list)));
        seqBefore.forEach((list, seq) -> {
            Head head = Objects.requireNonNull(heads.get(list));
            if (!head.pending() && head.seq() > seq) {
                shards.add(Keys.shard(list));
            }
        });
        return shards;
    }

    /** Everything in the one order: heads, users, shards, registry, then keys that are new. */
    Transaction transaction() {
        Transaction transaction = new Transaction();
        SortedMap<Integer, Pending> pending = new TreeMap<>();
        seqBefore.forEach((list, seq) -> {
            Head head = Objects.requireNonNull(heads.get(list));
            if (!head.pending() && head.seq() > seq) {
                int shard = Keys.shard(list);
                pending.put(shard, pending.computeIfAbsent(shard, this::pending).with(list, seq));
                heads.put(list, head.withPending(true));
            }
        });
        heads.forEach((list, head) -> {
            if (seqBefore.containsKey(list)) {
                transaction.replace(stored(Keys.head(list)), head);
            }
        });
        users.forEach((name, user) -> transaction.replace(stored(Keys.user(name)), user));
        pending.forEach((shard, lists) -> transaction.replace(stored(Keys.pending(shard)), lists));
        for (String list : registered) {
            int shard = Keys.shard(list);
            Stored count = stored(Keys.lists(shard));
            int number = count.absent() ? 1 : count.as(Registry.Count.class).n() + 1;
            transaction.replace(count, new Registry.Count(1, number));
            transaction.create(Keys.lists(shard, number), list);
        }
        tasks.forEach(transaction::put);
        for (Recorded recorded : changes) {
            Change change = recorded.change();
            int number = recorded.task() == null ? 0 : recorded.task().number();
            transaction.create(
                    Keys.change(change.list(), change.seq()), new StoredChange(1, commit, number, Json.text(change)));
        }
        kept.forEach((key, answered) -> transaction.create(key, answered, Once.KEPT));
        forgotten.forEach(transaction::delete);
        return transaction;
    }

    private Pending pending(int shard) {
        Stored stored = stored(Keys.pending(shard));
        return stored.absent() ? Pending.none() : stored.as(Pending.class);
    }
}
