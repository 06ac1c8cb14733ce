package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Erased;
import dev.sandglass.events.Json;
import dev.sandglass.events.Role;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.QueueCursor;
import dev.sandglass.task.domain.Erasures.At;
import dev.sandglass.task.domain.Erasures.Phase;
import dev.sandglass.task.domain.Erasures.Running;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A person being erased, one list after the other, and at last they themselves. Each step may be done twice, and how far it is is kept
 * after each phase: where a replica dies another goes on. It holds the documents of one step.
 */
public final class Erasing {
    /** Tasks of a step: each may be 100 kB, of which a list of others gets three copies. */
    private static final int TASKS_AT_ONCE = 32;
    /** Characters of tasks that a step writes: a sidecar takes 4 MiB. */
    private static final int TEXT_AT_ONCE = 500_000;
    /** Longer than webhooks are tried, so that what ends the wait is a post, or a webhook that has stopped and says why. */
    private static final Duration WAITS_FOR_OTHERS = Duration.ofDays(1);

    /** As it is kept. */
    private Running running;

    private boolean open = true;
    /** Within a phase: the last task, or entry, that was seen to. */
    private long after;

    private long counted;
    private long seq;
    private int tasks;
    private boolean trimming = true;

    private Erasing(Running running) {
        this.running = running;
    }

    /** All that are to be gone on with. */
    public static Decision<List<Erasing>> all() {
        return documents -> Accepted.unchanged(
                Erasures.of(documents).running().stream().map(Erasing::new).toList());
    }

    public boolean isOpen() {
        return open;
    }

    /** The next thing to do: the name of a phase, {@code NEXT} for another list, {@code FINISH} after the last. */
    public String step() {
        At list = running.list();
        return list == null ? "NEXT" : list.phase().name();
    }

    private At list() {
        return Objects.requireNonNull(running.list());
    }

    public String user() {
        return running.user();
    }

    // ---------------------------------------------------------------- How far it is

    /**
     * Keeps how far it is, unless another replica was first: then it is that one's.
     *
     * @param next null: the list at hand is done
     */
    private Decision<Boolean> keep(@Nullable At next) {
        Running before = running;
        Running after = before.with(next);
        return documents -> {
            Stored stored = documents.get(Keys.ERASURES);
            Erasures all = Erasures.of(stored);
            if (!all.running().contains(before)) {
                return Accepted.unchanged(all.running().contains(after));
            }
            Transaction transaction = new Transaction();
            if (next == null) {
                Stored user = documents.get(Keys.user(user()));
                // Somebody who shared it with them meanwhile has written their document.
                boolean again = Head.of(documents, list().list())
                        .filter(head -> head.members().containsKey(user()))
                        .isPresent();
                if (!user.absent() && !again) {
                    transaction.replace(user, user.as(User.class).without(list().list()));
                }
            }
            return new Accepted<>(transaction.replace(stored, all.with(after)), true);
        };
    }

    /** Keeps it with a change of the list: it is made once. False where another replica was first. */
    private boolean keep(Draft draft, At next) {
        Erasures all = Erasures.of(draft.read());
        if (!all.running().contains(running)) {
            return false;
        }
        draft.putOwn(Keys.ERASURES, all.with(running.with(next)));
        return true;
    }

    private void goOn(@Nullable At next) {
        running = running.with(next);
        after = 0;
        counted = 0;
        trimming = true;
    }

    /** The phase at hand is over. */
    public static Decision<Boolean> over(Erasing on) {
        return on.keep(on.next());
    }

    private @Nullable At next() {
        At at = list();
        return switch (at.phase()) {
            case AWAIT_ALL -> at.on(Phase.REMINDERS);
            case REMINDERS -> at.on(at.all() ? Phase.TASKS : Phase.COUNT);
            case TASKS -> at.on(at.all() ? Phase.TRIM : Phase.AWAIT_TASKS);
            case AWAIT_TASKS -> at.upTo(seq).on(Phase.REMINDERS);
            case COUNT -> counted == 0 ? null : at.naming(counted).on(Phase.ANNOUNCE);
            case AWAIT -> at.on(Phase.TRIM);
            case TRIM -> at.on(Phase.ENTRIES);
            case ENTRIES -> null;
            case LEAVE, ANNOUNCE ->
                throw new IllegalStateException(at.phase() + " is over with the change that it makes");
        };
    }

    /** @param kept false: another replica goes on with it */
    public static void kept(Erasing on, boolean kept) {
        on.open = kept;
        on.goOn(on.next());
    }

    // ---------------------------------------------------------------- One list after the other

    /** The next list, or, where there is none left, the end: then their own document goes, and what they made meanwhile. */
    public static Decision<Optional<String>> nextList(Erasing on) {
        return documents -> Accepted.unchanged(User.of(documents, on.user())
                .flatMap(user -> user.lists().stream().findFirst()));
    }

    public static Decision<Boolean> begin(Erasing on, Optional<String> list) {
        return on.keep(At.begin(list.orElseThrow()));
    }

    public static void begun(Erasing on, Optional<String> list, boolean kept) {
        on.open = kept;
        on.goOn(At.begin(list.orElseThrow()));
    }

    /** For <em>reminder</em> and <em>sync</em>. */
    public String question() {
        return Json.object()
                .put("user", user())
                .put("at", running.at().toString())
                .toString();
    }

    /** The end, unless a list has come meanwhile. */
    public static Decision<Boolean> finish(Erasing on, Instant now) {
        Running before = on.running;
        return documents -> {
            Stored stored = documents.get(Keys.ERASURES);
            Erasures all = Erasures.of(stored);
            if (!all.running().contains(before)) {
                return Accepted.unchanged(true);
            }
            Stored user = documents.get(Keys.user(on.user()));
            if (!user.absent() && !user.as(User.class).lists().isEmpty()) {
                return Accepted.unchanged(false);
            }
            Transaction alone = EraseUser.alone(documents, on.user());
            return new Accepted<>(
                    new Transaction()
                            .delete(user)
                            .replace(stored, all.over(before, now))
                            .addAll(alone),
                    true);
        };
    }

    /** @param over false: there is a list to go on with */
    public static void finished(Erasing on, boolean over) {
        on.open = !over;
    }

    /** It waits for something, and is gone on with later. */
    public static void waits(Erasing on) {
        on.open = false;
    }

    // ---------------------------------------------------------------- A list

    /** The person leaves the list of another; one of their own goes, and the last that is told of it is that all of it goes. */
    public static Write<Optional<At>> leave(Erasing on) {
        String list = on.list().list();
        return Write.alone(Set.of(list), draft -> {
                    Head head = draft.head(list).orElseThrow();
                    boolean theirs = head.owner().equals(on.user());
                    // One that was erased before, with another person: all of it went, and that was told last.
                    boolean all = theirs || head.owner().equals(Erased.NAME);
                    long told = theirs ? head.seq() + 1 : head.seq();
                    At next = all
                            ? new At(list, Phase.AWAIT_ALL, true, told, told - 1, 0)
                            : on.list().on(Phase.TASKS);
                    if (!on.keep(draft, next)) {
                        return Optional.<At>empty();
                    }
                    if (theirs) {
                        draft.put(head.erased());
                        on.tell(draft, list, ChangeType.LIST_DELETED, head.seq());
                    } else if (head.members().containsKey(on.user())) {
                        on.unshare(draft, head);
                    }
                    return Optional.of(next);
                })
                .lookingAt(Keys.ERASURES);
    }

    private void unshare(Draft draft, Head head) {
        draft.put(head.without(user()));
        if (!head.deleted()) {
            Role role = head.members().get(user());
            draft.record(
                    head.id(),
                    ChangeType.LIST_UNSHARED,
                    Erased.NAME,
                    new TreeMap<>(Map.of("members/" + Erased.NAME, List.of(Json.tree(role), Json.tree(null)))));
        }
    }

    /** @param next empty: another replica goes on with it */
    public static void moved(Erasing on, Optional<At> next) {
        on.open = next.isPresent();
        next.ifPresent(on::goOn);
    }

    private void tell(Draft draft, String list, ChangeType type, long entries) {
        draft.record(
                list,
                type,
                Erased.NAME,
                new TreeMap<>(Map.of(Erased.TOLD, Erased.telling(entries, running.askedBy()))));
    }

    /** {@code {"lists":["…"]}} for those who follow the ledger. */
    public String lists() {
        return Json.object().set("lists", Json.array().add(list().list())).toString();
    }

    /** Reads how far the list is. */
    public static Decision<Optional<Head>> head(Erasing on) {
        return documents -> Accepted.unchanged(Head.of(documents, on.list().list()));
    }

    public static void saw(Erasing on, Optional<Head> head) {
        on.seq = head.map(Head::seq).orElse(0L);
        on.tasks = head.map(Head::tasks).orElse(0);
    }

    /** Tells if both followers have it all, by their answers {@code {"<list>":seq}}. */
    public static boolean isFollowed(Erasing on, String audit, String reminder) {
        At at = on.list();
        long wanted = at.by() > 0 ? at.by() : on.seq;
        return Math.min(followed(audit, at), followed(reminder, at)) >= wanted;
    }

    private static long followed(String answer, At at) {
        return Json.read(answer, JsonNode.class).path(at.list()).asLong();
    }

    // ---------------------------------------------------------------- Its tasks

    /** Tells if there are tasks of it left in this phase. */
    public boolean isAmongTasks() {
        return after < tasks;
    }

    private List<String> taskKeys() {
        return IntStream.rangeClosed((int) after + 1, (int) Math.min(tasks, after + TASKS_AT_ONCE))
                .mapToObj(number -> Keys.task(list().list(), number))
                .toList();
    }

    /** Reads the ids of the next tasks, for <em>reminder</em>. */
    public static Decision<List<String>> ids(Erasing on) {
        List<String> keys = on.taskKeys();
        return documents -> Accepted.unchanged(documents.all(keys).values().stream()
                .flatMap(stored -> LedgerTask.of(stored).stream())
                .filter(task -> task.state() != LedgerTask.State.MOVED)
                .map(task -> task.task().id())
                .toList());
    }

    /** For <em>reminder</em>. */
    public static String reminders(Erasing on, List<String> tasks) {
        return on.order().set("tasks", Json.tree(tasks)).toString();
    }

    /** For <em>reminder</em>, after all tasks: what it knows of the list itself. */
    public String remindersOfList() {
        return order().toString();
    }

    private ObjectNode order() {
        return Json.object()
                .put("user", user())
                .put("list", list().list())
                .put("all", list().all())
                .put("at", running.at().toString());
    }

    public static void passed(Erasing on) {
        on.after = Math.min(on.tasks, on.after + TASKS_AT_ONCE);
    }

    /** The next tasks lose the person; of a list of their own nothing is left but where tasks went. */
    public static Write<Integer> tasks(Erasing on) {
        At at = on.list();
        List<String> keys = on.taskKeys();
        Write<Integer> write = Write.<Integer>alone(
                        Set.of(at.list()), draft -> on.tasks(draft, at, (int) on.after, keys))
                .lookingAt(Keys.user(on.user()))
                .lookingAt(Keys.links(at.list()));
        for (String key : keys) {
            write = write.lookingAt(key);
        }
        return write;
    }

    private int tasks(Draft draft, At at, int from, List<String> keys) {
        if (from == 0) {
            links(draft, at);
        }
        int number = from;
        int text = 0;
        for (String key : keys) {
            Optional<LedgerTask> there = draft.task(at.list(), number + 1);
            text += Optional.ofNullable(draft.read().get(key).json())
                    .map(String::length)
                    .orElse(0);
            if (number > from && text > TEXT_AT_ONCE) {
                break;
            }
            number++;
            there.ifPresent(task -> erase(draft, at, task));
        }
        return number;
    }

    private void erase(Draft draft, At at, LedgerTask task) {
        TaskId elsewhere = task.whereabouts();
        if (elsewhere != null && task.task().createdBy().equals(user())) {
            // It has their name there.
            draft.user(user()).ifPresent(user -> draft.put(user.with(elsewhere.list())));
        }
        Head head = draft.head(at.list()).orElseThrow();
        LedgerTask left = task.without(user());
        if (at.all()) {
            if (elsewhere != null) {
                draft.put(at.list(), task.trace());
                draft.put(head);
            } else {
                draft.forget(Keys.task(at.list(), task.number()));
            }
            forget(draft, at.list(), task);
        } else if (!left.equals(task)) {
            if (task.here() && !head.deleted()) {
                draft.change(
                        at.list(),
                        ChangeType.TASK_UPDATED,
                        Erased.NAME,
                        task,
                        task.touched(draft.at(at.list())).without(user()));
            } else {
                // The head guards its tasks.
                draft.put(at.list(), left);
                draft.put(head);
            }
        }
    }

    private static void forget(Draft draft, String list, LedgerTask task) {
        if (task.href() != null) {
            draft.forget(Todos.byName(list, task.href()));
        }
        if (task.uid() != null) {
            draft.forget(Todos.byUid(list, task.uid()));
        }
    }

    private void links(Draft draft, At at) {
        SavedLinks links = SavedLinks.of(draft.read(), at.list());
        SavedLinks left = links;
        for (Link link : links.links()) {
            if (at.all() || link.user().equals(user())) {
                draft.forget(Keys.link(link.hash()));
                left = left.without(link);
            }
        }
        if (!left.equals(links)) {
            draft.putOwn(Keys.links(at.list()), left);
        }
        if (at.all()) {
            draft.forget(Keys.calendar(at.list()));
        }
    }

    public static void reached(Erasing on, int number) {
        on.after = number;
    }

    // ---------------------------------------------------------------- Its past

    /** For <em>audit</em>. */
    public static String entries(Erasing on) {
        At at = on.list();
        return on.order()
                .put("upTo", at.upTo())
                .put("by", at.phase() == Phase.COUNT ? 0 : at.by())
                .put("after", on.after)
                .toString();
    }

    /** Tells if there are entries left in this phase. */
    public boolean isAmongEntries() {
        return after < list().upTo();
    }

    /** @param answer of <em>audit</em>: {@code {"after","entries"}} */
    public static void sawEntries(Erasing on, String answer) {
        JsonNode done = Json.read(answer, JsonNode.class);
        on.after = done.path("after").asLong();
        on.counted += done.path("entries").asLong();
    }

    /** The list tells how many of its entries are emptied. */
    public static Write<Optional<At>> announce(Erasing on) {
        At at = on.list();
        return Write.alone(Set.of(at.list()), draft -> {
                    Head head = draft.head(at.list()).orElseThrow();
                    At next = at.on(Phase.AWAIT).by(head.seq() + 1);
                    if (!on.keep(draft, next)) {
                        return Optional.<At>empty();
                    }
                    on.tell(
                            draft,
                            at.list(),
                            head.deleted() ? ChangeType.LIST_DELETED : ChangeType.LIST_UPDATED,
                            at.entries());
                    return Optional.of(next);
                })
                .lookingAt(Keys.ERASURES);
    }

    public boolean isTrimming() {
        return trimming;
    }

    private long trimmedTo() {
        return list().all() ? list().by() : list().by() - 1;
    }

    /** Its oldest changes go from the ledger; who asks for them takes the list anew. */
    public static Write<Optional<Trimming.Followed>> trim(Erasing on, Instant now) {
        Trimming all = new Trimming(0, Duration.ZERO);
        String list = on.list().list();
        return Write.to(list, draft -> {
            boolean came = on.isLate(now) && on.come(draft, list);
            Trimming.Followed followed =
                    new Trimming.Followed(list, Math.min(on.trimmedTo(), on.posted(draft, list, now)));
            return all.trim(draft, followed, now) || came ? Optional.of(followed) : Optional.empty();
        });
    }

    private boolean isLate(Instant now) {
        return now.isAfter(running.at().plus(WAITS_FOR_OTHERS));
    }

    /** An occurrence that <em>recurrence</em> has not brought by then comes on its date: the completion that promised it goes. */
    private boolean come(Draft draft, String list) {
        Optional<TaskId> next = draft.head(list).orElseThrow().awaiting().entrySet().stream()
                .filter(awaited -> awaited.getValue() <= trimmedTo())
                .min(Map.Entry.comparingByValue())
                .flatMap(awaited -> TaskId.parse(awaited.getKey()));
        next.ifPresent(place -> CreateOccurrence.come(draft, place));
        return next.isPresent();
    }

    /** Changes that wait for a webhook of another lie in the ledger alone. */
    private long posted(Draft draft, String list, Instant now) {
        if (isLate(now)) {
            return Long.MAX_VALUE;
        }
        Head head = draft.head(list).orElseThrow();
        return SavedWebhooks.of(draft.read(), head.owner()).webhooks().stream()
                .filter(webhook -> webhook.list().equals(list) && webhook.stopped() == null)
                .map(webhook -> draft.read().get(Keys.webhookCursor(webhook.id())))
                .mapToLong(cursor -> QueueCursor.of(cursor).lowest() - 1)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    public static void trimmed(Erasing on, Optional<Trimming.Followed> more) {
        on.trimming = more.isPresent();
    }

    /** Tells if they are gone: some may still have to be published or posted, or an occurrence may wait for one, for a day at most. */
    public static boolean isTrimmed(Erasing on, Optional<Head> head) {
        return head.isEmpty() || head.get().first() > on.trimmedTo();
    }
}
