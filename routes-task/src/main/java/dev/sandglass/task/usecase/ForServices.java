package dev.sandglass.task.usecase;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Dapr;
import dev.sandglass.support.Stored;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.LedgerTask;
import dev.sandglass.task.domain.TaskId;
import dev.sandglass.task.ledger.Answer;
import dev.sandglass.task.ledger.Changes;
import dev.sandglass.task.ledger.Places;
import dev.sandglass.task.ledger.Registry;
import dev.sandglass.task.ledger.Users;
import dev.sandglass.task.ledger.Views;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.Header;

/** What the other services ask of the ledger: {@code /internal/…}. */
@Singleton
@Named("forServices")
public class ForServices {
    /** An event that came normally has been answered long before. */
    private static final Duration OVERDUE_OCCURRENCE = Duration.ofSeconds(2);

    private final Dapr dapr;
    private final Registry registry;
    private final Users users;
    private final Views views;
    private final Changes changes;

    ForServices(Dapr dapr, Registry registry, Users users, Views views, Changes changes) {
        this.dapr = dapr;
        this.registry = registry;
        this.users = users;
        this.views = views;
        this.changes = changes;
    }

    /** {@code {"heads":{"<list>":seq}}} of all lists there ever were. */
    public Answer allHeads() {
        ObjectNode heads = Json.object();
        views.heads(registry.lists()).forEach(head -> heads.put(head.id(), head.seq()));
        return Answer.ok(Json.object().set("heads", heads));
    }

    /** {@code {"lists":[…]}} those of the given that exist. */
    public Answer heads(@Body JsonNode wanted) {
        return lists(views.heads(texts(wanted.path("lists"))).stream()
                .filter(head -> !head.deleted())
                .toList());
    }

    /** {@code {"lists":[…]}} of which one of the given users is a member now. */
    public Answer listsOf(@Body JsonNode wanted) {
        return lists(users.lists(texts(wanted.path("users"))));
    }

    /** {@code {"tasks":[…]}} those of the given that exist now. */
    public Answer tasks(@Body JsonNode wanted) {
        ArrayNode tasks = Json.array();
        Instant now = Instant.now();
        present(texts(wanted.path("ids"))).forEach(task -> tasks.add(Json.<JsonNode>tree(task.seen(now))));
        return Answer.ok(Json.object().set("tasks", tasks));
    }

    /** {@code {"changes":[…]}}: completions whose next occurrence has not come for two seconds, as they were published. */
    public Answer awaiting() {
        Instant late = Instant.now().minus(OVERDUE_OCCURRENCE);
        ArrayNode published = Json.array();
        for (Head head : views.heads(registry.lists())) {
            if (!head.awaiting().isEmpty()) {
                changes.of(head.id(), head.awaiting().values()).stream()
                        .map(change -> Json.read(change, JsonNode.class))
                        .filter(change ->
                                late.isAfter(Instant.parse(change.path("at").asText())))
                        .forEach(published::add);
            }
        }
        return Answer.ok(Json.object().set("changes", published));
    }

    /** {@code {"changes":[…]}}: the completion that promised an occurrence, as it was published, while that has not come. */
    public Answer awaited(@Header("id") String id) {
        ArrayNode published = Json.array();
        TaskId.parse(id)
                .flatMap(place -> views.head(place.list()))
                .map(head -> head.awaiting().get(id))
                .ifPresent(seq -> changes.of(TaskId.parse(id).orElseThrow().list(), List.of(seq))
                        .forEach(change -> published.add(Json.read(change, JsonNode.class))));
        return Answer.ok(Json.object().set("changes", published));
    }

    private List<LedgerTask> present(Iterable<String> ids) {
        List<TaskId> born = new ArrayList<>();
        ids.forEach(id -> TaskId.parse(id).ifPresent(born::add));
        List<LedgerTask> found = read(born);
        List<TaskId> moved = found.stream()
                .filter(task -> task.whereabouts() != null)
                .map(LedgerTask::whereabouts)
                .toList();
        List<LedgerTask> all = new ArrayList<>(found);
        all.addAll(read(moved));
        List<LedgerTask> here = all.stream().filter(LedgerTask::here).toList();
        Set<String> lists = here.stream().map(task -> task.task().list()).collect(Collectors.toSet());
        Map<String, Head> heads = views.heads(lists).stream()
                .filter(head -> !head.deleted())
                .collect(Collectors.toMap(Head::id, Function.identity()));
        return here.stream()
                .filter(task -> heads.containsKey(task.task().list()))
                .toList();
    }

    private List<LedgerTask> read(List<TaskId> tasks) {
        return dapr.read(tasks.stream().map(Places::key).toList()).values().stream()
                .filter(stored -> !stored.absent())
                .map(ForServices::task)
                .toList();
    }

    private static LedgerTask task(Stored stored) {
        return stored.as(LedgerTask.class);
    }

    private static Answer lists(List<Head> heads) {
        ArrayNode lists = Json.array();
        heads.forEach(head -> lists.add(Json.<JsonNode>tree(head.asList())));
        return Answer.ok(Json.object().set("lists", lists));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
