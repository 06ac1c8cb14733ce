package dev.sandglass.task.usecase;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.Problem;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.ledger.Answer;
import dev.sandglass.task.ledger.TestLedger;
import dev.sandglass.time.Due;
import dev.sandglass.time.Recurrence;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One replica of task over a store in memory: what people do to recurring tasks, and recurrence, which hears when it is told to. */
final class World {
    static final String ALICE = "alice";
    static final String BOB = "bob";

    final TestLedger ledger;
    private final CreateList createList;
    private final ShareList share;
    private final DeleteList deleteList;
    private final CreateTask create;
    private final CompleteTask complete;
    private final ReopenTask reopen;
    private final ChangeTask change;
    private final DeleteTask delete;
    private final GetTask get;
    private final FindTasks find;
    private final FindLists lists;
    private final ListChanges listChanges;
    private final Ask ask;
    private final CreateOccurrence occurrence;

    World(MemoryDapr dapr) {
        this(new TestLedger(dapr));
    }

    World(TestLedger ledger) {
        this.ledger = ledger;
        DecideOnTask decide = new DecideOnTask(ledger.ledger, ledger.places);
        createList = new CreateList(ledger.ledger, ledger.users);
        share = new ShareList(ledger.ledger, ledger.users);
        deleteList = new DeleteList(ledger.ledger);
        create = new CreateTask(ledger.ledger, ledger.users);
        complete = new CompleteTask(decide);
        reopen = new ReopenTask(decide);
        change = new ChangeTask(decide, ledger.ledger, ledger.users);
        delete = new DeleteTask(decide);
        get = new GetTask(ledger.places);
        find = new FindTasks(ledger.users, ledger.views);
        lists = new FindLists(ledger.users, ledger.views);
        listChanges = new ListChanges(lists, ledger.views, ledger.changes);
        ask = new Ask(ledger.users, lists, ledger.places, ledger.views);
        occurrence = new CreateOccurrence(ledger.ledger);
    }

    static Request by(String user, @Nullable String ifMatch) {
        return new Request(user, Set.of(), null, ifMatch);
    }

    private static Request by(String user) {
        return by(user, null);
    }

    /** A new list of alice's. */
    String list(String name) {
        Answer made = createList.create(by(ALICE), Json.object().put("name", name));
        return made.body().path("id").asText();
    }

    void share(String list, String user) {
        share.share(by(ALICE), list, user, Json.object().put("role", "editor"));
    }

    void deleteList(String list) {
        deleteList.delete(by(ALICE), list);
    }

    /** A new daily task of alice's, due in 2040: whatever is done to it now, its dates are still to come. */
    String create(String list) {
        return create(Json.object()
                        .put("list", list)
                        .put("title", "water plants")
                        .put("due", "2040-01-01T09:00:00")
                        .put("recurrence", "daily"))
                .path("id")
                .asText();
    }

    /** A new task of alice's. */
    JsonNode create(JsonNode wanted) {
        return create.create(by(ALICE), wanted).body();
    }

    JsonNode complete(Request request, String id) {
        return complete.complete(request, id).body();
    }

    /** @return what the answer promises, as JSON */
    JsonNode complete(String user, String id) {
        return complete(by(user), id).path("next");
    }

    JsonNode reopen(Request request, String id) {
        return reopen.reopen(request, id).body();
    }

    void reopen(String user, String id) {
        reopen(by(user), id);
    }

    void patch(String user, String id, ObjectNode patch) {
        change.change(by(user), id, patch);
    }

    void delete(String user, String id) {
        delete.delete(by(user), id);
    }

    JsonNode get(String user, String id) {
        return get.get(by(user), id).body();
    }

    void history(String user, String id) {
        ask.history(by(user), id);
    }

    void getList(String user, String list) {
        lists.one(by(user), list);
    }

    void changes(String user, String list) {
        listChanges.frames(by(user), list, Map.of());
    }

    String inbox(String user) {
        return String.valueOf(ledger.users.of(user).inbox());
    }

    /** The tasks of alice's lists. */
    JsonNode tasks() {
        return find.find(by(ALICE), Map.of("limit", "500")).body().path("tasks");
    }

    JsonNode theOpenOne() {
        JsonNode open = find.find(by(ALICE), Map.of("status", "open")).body().path("tasks");
        assertEquals(1, open.size(), open::toString);
        return open.get(0);
    }

    List<Head> heads() {
        return ledger.users.lists(ledger.users.of(ALICE));
    }

    /** The changes of alice's lists, each in its order. */
    List<Change> changes() {
        return heads().stream()
                .flatMap(head -> ledger.changes.after(head, 0).stream())
                .map(text -> Json.read(text, Change.class))
                .toList();
    }

    /** All completions there are, to recurrence, once more where it had heard of them. */
    void deliver() {
        changes().stream().filter(heard -> heard.rule() != null).forEach(this::follow);
    }

    /** As recurrence does it. */
    void follow(Change heard) {
        Recurrence.Series series = new Recurrence.Series(
                heard.rule().anchor(),
                heard.rule().slot(),
                heard.task().timeZone(),
                heard.task().occurrence());
        Due due = Recurrence.parse(heard.task().recurrence())
                .next(series, heard.task().recurFrom(), heard.task().completedAt())
                .orElseThrow();
        try {
            occurrence.create(heard.rule().successor(), Json.object().put("due", due.toString()));
        } catch (Problem e) {
            assertEquals(409, e.status());
        }
    }
}
