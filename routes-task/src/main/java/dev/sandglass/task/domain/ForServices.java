package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Portions;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The other services ask the ledger: {@code /internal/…}. */
public final class ForServices {
    private ForServices() {}

    /** An event that came normally has been answered long before. */
    private static final Duration OVERDUE_OCCURRENCE = Duration.ofSeconds(2);

    /** Users that are read together: each may have a thousand lists. */
    private static final int USERS_AT_ONCE = 100;

    /**
     * An answer without lists that cannot be read.
     *
     * @param unreadable their documents, each with the reason
     */
    public record Legible(ObjectNode answer, SortedMap<String, String> unreadable) {}

    /**
     * {@code {"at","heads":{"<list>":seq},"next"?,"partial"?}}: the lists that moved since then, or where that is not known a page of all
     * there ever were; {@code partial} is true where lists may be missing, since what tells of them cannot be read. Of very many that move
     * now, some are told as far as they are published.
     *
     * @param since seconds of the epoch; {@code at} of an answer, or 0 for all
     * @param first the shard with which the page begins; {@code next} of an answer, or 0
     */
    public static Decision<Legible> howFar(long since, int first, Instant now) {
        SortedMap<String, String> unreadable = new TreeMap<>();
        Instant from = Instant.ofEpochSecond(since);
        boolean known = Lately.reaches(from, now);
        Portions<Extent> heads = Head.portions(
                documents -> known
                        ? Lately.pending(documents, unreadable).keySet().stream()
                                .limit(AllLists.AT_ONCE)
                                .toList()
                        : AllLists.from(documents, first, unreadable).ids(),
                head -> Optional.of(head.extent()),
                unreadable);
        return documents -> {
            SortedMap<String, Long> numbers = new TreeMap<>();
            heads.in(documents).forEach(list -> numbers.put(list.list(), list.seq()));
            ObjectNode answer = Json.object().put("at", now.getEpochSecond());
            if (known) {
                Lately.pending(documents, unreadable).forEach(numbers::putIfAbsent);
                Lately.quiet(documents, from, now, unreadable)
                        .forEach((list, seq) -> numbers.merge(list, seq, Math::max));
            } else {
                Integer next = AllLists.from(documents, first, unreadable).next();
                if (next != null) {
                    answer.put("next", next);
                }
            }
            Set<String> missing = new TreeSet<>(unreadable.keySet());
            // It moves, and is told again when it is whole and falls quiet.
            numbers.keySet().forEach(list -> missing.remove(Keys.head(list)));
            if (!missing.isEmpty()) {
                answer.put("partial", true);
            }
            return Accepted.unchanged(new Legible(answer.set("heads", Json.tree(numbers)), unreadable));
        };
    }

    /** {@code {"lists":[…],"unreadable"?:[…]}} those of the given that exist; the ids of others, of which nobody knows. */
    public static Decision<Legible> heads(String wanted) {
        SortedMap<String, String> unreadable = new TreeMap<>();
        List<String> lists = texts(wanted, "lists");
        Portions<RawValue> there = Head.portions(
                documents -> lists,
                head -> Optional.of(head)
                        .filter(list -> !list.deleted())
                        .map(list -> new RawValue(Json.text(list.asList()))),
                unreadable);
        return documents -> {
            ObjectNode answer = lists(there.in(documents));
            List<String> unknown = lists.stream()
                    .filter(list -> unreadable.containsKey(Keys.head(list)))
                    .toList();
            if (!unknown.isEmpty()) {
                answer.set("unreadable", Json.tree(unknown));
            }
            return Accepted.unchanged(new Legible(answer, unreadable));
        };
    }

    /** @param strangers those of the users who have no Inbox: once they have, it is asked for again */
    public record ListsOf(ObjectNode answer, List<String> strangers) {}

    /**
     * {@code {"lists":[…]}} of which one of the given users is a member now.
     *
     * @return a decision that refuses with INVALID where they are too many for one answer, as of one user they hardly are
     */
    public static Decision<ListsOf> listsOf(String wanted) {
        List<String> names = texts(wanted, "users");
        List<String> strangers = new ArrayList<>();
        Function<Head, RawValue> text = FindLists.texts("the lists of these users are too many for one answer");
        Portions<RawValue> theirs = Head.portions(
                documents -> lists(documents, names, strangers),
                head -> Optional.of(head)
                        .filter(list -> names.stream().anyMatch(name -> list.roleOf(name) != null))
                        .map(text));
        return documents -> Accepted.unchanged(new ListsOf(lists(theirs.in(documents)), strangers));
    }

    /** The lists that may be theirs, none where there are strangers among them. */
    private static Set<String> lists(Documents documents, List<String> users, List<String> strangers) {
        documents.all(users.stream().map(Keys::user).toList());
        SortedSet<String> theirs = new TreeSet<>();
        for (String name : users) {
            User.of(documents, name)
                    .filter(user -> user.inbox() != null)
                    .ifPresentOrElse(user -> theirs.addAll(user.lists()), () -> strangers.add(name));
        }
        return strangers.isEmpty() ? theirs : Set.of();
    }

    /** {@code {"muted":{"<user>":["<list>",…]}}} of those of the given users who muted some. */
    public static Decision<ObjectNode> mutedBy(String wanted) {
        List<String> keys = texts(wanted, "users").stream().map(Keys::user).toList();
        Portions<User> theirs = new Portions<>(
                USERS_AT_ONCE,
                documents -> keys,
                stored -> stored.absent()
                        ? Optional.empty()
                        : Optional.of(stored.as(User.class))
                                .filter(user -> !user.muted().isEmpty()));
        return documents -> {
            ObjectNode muted = Json.object();
            theirs.in(documents).forEach(user -> muted.set(user.user(), Json.tree(user.muted())));
            return Accepted.unchanged(Json.object().set("muted", muted));
        };
    }

    /**
     * Tells which of the given personal tokens, by their hashes, are good now.
     *
     * @param wanted {@code {"tokens":[…],"lists"?}}, the last true to be told the lists that they are for
     * @return {@code {"tokens":[…],"lists"?:{hash:[…]}}}, there those that are for some lists alone
     */
    public static Decision<ObjectNode> goodTokens(String wanted, Instant now) {
        List<String> hashes = texts(wanted, "tokens");
        boolean withLists = Json.read(wanted, JsonNode.class).path("lists").asBoolean();
        return documents -> {
            List<Grant> good = documents.all(hashes.stream().map(Keys::token).toList()).values().stream()
                    .filter(stored -> !stored.absent())
                    .map(stored -> stored.as(Grant.class))
                    .filter(grant -> grant.expires().isAfter(now))
                    .toList();
            ObjectNode answer = Json.object()
                    .set("tokens", Json.tree(good.stream().map(Grant::hash).toList()));
            if (withLists) {
                ObjectNode lists = answer.putObject("lists");
                good.stream()
                        .filter(grant -> grant.lists() != null)
                        .forEach(grant -> lists.set(grant.hash(), Json.tree(grant.lists())));
            }
            return Accepted.unchanged(answer);
        };
    }

    /**
     * {@code {"tasks":[…],"told":[…]}} those of the given that exist now, and those of their lists of which a member may have channels
     * beside the feed.
     */
    public static Decision<ObjectNode> tasks(String wanted, Instant now) {
        List<String> ids = texts(wanted, "ids");
        return documents -> {
            ArrayNode tasks = Json.array();
            List<LedgerTask> present = present(documents, ids);
            present.forEach(task -> tasks.add(Json.<JsonNode>tree(task.seen(now))));
            ObjectNode answer = Json.object().set("tasks", tasks);
            return Accepted.unchanged(answer.set("told", Json.tree(told(documents, present))));
        };
    }

    /** Nobody of very many members is looked up: a reminder waits for the answer, and a list that is named without need costs a question. */
    private static SortedSet<String> told(Documents documents, List<LedgerTask> present) {
        Map<String, Set<String>> members = new TreeMap<>();
        present.forEach(task -> Head.of(documents, task.task().list())
                .ifPresent(head -> members.put(head.id(), head.members().keySet())));
        Set<String> users = members.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        if (users.size() > USERS_AT_ONCE) {
            return new TreeSet<>(members.keySet());
        }
        documents.all(users.stream().map(Keys::channels).toList());
        users.removeIf(user -> !Channels.of(documents, user).isConfirmed());
        return members.entrySet().stream()
                .filter(list -> !Collections.disjoint(list.getValue(), users))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * {@code {"task":…,"list":…,"members":n,"users":[…]}}: a task as it is now, null where it is not there, or the name of a list; and its
     * members who have channels and have not muted it.
     *
     * @param wanted {@code {"task"}} or {@code {"list"}}, and {@code "user"} where it is about this one alone
     */
    public static Decision<ObjectNode> recipients(String wanted, Instant now) {
        JsonNode question = Json.read(wanted, JsonNode.class);
        String only = question.path("user").asText(null);
        return documents -> {
            ObjectNode answer = Json.object();
            ArrayNode users = Json.array();
            Optional<LedgerTask> task = present(
                            documents, List.of(question.path("task").asText()))
                    .stream()
                    .findFirst();
            answer.set(
                    "task",
                    task.<JsonNode>map(found -> Json.tree(found.seen(now))).orElse(null));
            String asked = question.path("list").asText(null);
            String list = task.map(found -> found.task().list()).orElse(asked);
            Optional<Head> there = list == null ? Optional.empty() : Head.of(documents, list);
            there.filter(head -> !head.deleted()).ifPresent(head -> {
                answer.put("members", head.members().size());
                if (asked != null) {
                    answer.putObject("list").put("id", head.id()).put("name", head.name());
                }
                List<String> members = head.members().keySet().stream()
                        .filter(member -> only == null || member.equals(only))
                        .toList();
                documents.all(members.stream().map(Keys::channels).toList());
                List<String> confirmed = members.stream()
                        .filter(member -> Channels.of(documents, member).isConfirmed())
                        .toList();
                documents.all(confirmed.stream().map(Keys::user).toList());
                confirmed.forEach(member -> User.of(documents, member)
                        .filter(user -> !user.muted().contains(head.id()))
                        .ifPresent(user -> users.add(recipient(user, Channels.of(documents, member)))));
            });
            return Accepted.unchanged(answer.set("users", users));
        };
    }

    private static ObjectNode recipient(User user, Channels channels) {
        ObjectNode recipient = Json.object()
                .put("user", user.user())
                .put("timeZone", user.timeZone().getId());
        recipient.set("quiet", Json.tree(channels.quiet()));
        return recipient.set("channels", channels.confirmed());
    }

    /**
     * {@code {"changes":[…]}}: completions whose next occurrence has not come for two seconds, as they were published. Of very many some:
     * they are asked for again, and begin elsewhere then, for some may stay.
     */
    public static Decision<Legible> awaiting(Instant now) {
        SortedMap<String, String> unreadable = new TreeMap<>();
        Instant late = now.minus(OVERDUE_OCCURRENCE);
        Portions<List<String>> completions = Head.portions(
                documents -> mayAwait(documents, now, unreadable),
                head -> head.awaiting().isEmpty()
                        ? Optional.empty()
                        : Optional.of(head.awaiting().values().stream()
                                .map(seq -> Keys.change(head.id(), seq))
                                .toList()),
                unreadable);
        return documents -> {
            List<String> keys = new ArrayList<>();
            completions.in(documents).forEach(keys::addAll);
            Collections.rotate(keys, (int) (now.getEpochSecond() * Changes.READ_AT_ONCE % Math.max(1, keys.size())));
            ObjectNode answer = changes(Changes.under(documents, keys, unreadable)
                    .map(change -> Json.read(change, JsonNode.class))
                    .filter(change ->
                            late.isAfter(Instant.parse(change.path("at").asText()))));
            return Accepted.unchanged(new Legible(answer, unreadable));
        };
    }

    /** All quiet lists that await something, and some of those that move now. */
    private static Set<String> mayAwait(Documents documents, Instant now, Map<String, String> unreadable) {
        List<String> pending =
                new ArrayList<>(Lately.pending(documents, unreadable).keySet());
        Collections.rotate(pending, (int) (now.getEpochSecond() * AllLists.AT_ONCE % Math.max(1, pending.size())));
        Set<String> lists = new TreeSet<>(pending.subList(0, Math.min(pending.size(), AllLists.AT_ONCE)));
        lists.addAll(Lately.awaiting(documents, unreadable));
        return lists;
    }

    /** {@code {"changes":[…]}}: the completion that promised an occurrence, as it was published, while that has not come. */
    public static Decision<ObjectNode> awaited(String id) {
        return documents -> Accepted.unchanged(changes(TaskId.parse(id)
                .flatMap(place -> Head.of(documents, place.list()))
                .flatMap(head -> Optional.ofNullable(head.awaiting().get(id)).map(seq -> Keys.change(head.id(), seq)))
                .stream()
                .flatMap(key -> Changes.under(documents, List.of(key)))
                .map(change -> Json.read(change, JsonNode.class))));
    }

    /** An event goes again on the topics of the ledger, and on no other. */
    public static void noSuchTopic() {
        throw new Rejection(Reason.NOT_FOUND, "The ledger has no such topic");
    }

    private static ObjectNode changes(Stream<JsonNode> published) {
        ArrayNode changes = Json.array();
        published.forEach(changes::add);
        return Json.object().set("changes", changes);
    }

    private static List<LedgerTask> present(Documents documents, List<String> ids) {
        List<LedgerTask> here = Whereabouts.here(documents, ids);
        Set<String> lists = here.stream().map(task -> task.task().list()).collect(Collectors.toSet());
        documents.all(lists.stream().map(Keys::head).toList());
        Set<String> there = lists.stream()
                .flatMap(list -> Head.of(documents, list).stream())
                .filter(head -> !head.deleted())
                .map(Head::id)
                .collect(Collectors.toSet());
        return here.stream().filter(task -> there.contains(task.task().list())).toList();
    }

    private static ObjectNode lists(List<RawValue> shown) {
        ArrayNode lists = Json.array();
        shown.forEach(lists::addRawValue);
        return Json.object().set("lists", lists);
    }

    private static List<String> texts(String question, String field) {
        return Json.read(question, JsonNode.class)
                .path(field)
                .valueStream()
                .map(JsonNode::asText)
                .toList();
    }
}
