package dev.sandglass.task.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Portions;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.finding.Search;
import dev.sandglass.time.Due;
import dev.sandglass.time.Recurrence;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One replica of task over a store in memory: what people do to recurring tasks, and recurrence, which hears when it is told to. */
final class World {
    static final String ALICE = "alice";
    static final String BOB = "bob";

    final TestLedger ledger;
    private final ChangeList lists;
    private final CreateTask create;

    World(MemoryDapr dapr) {
        this(new TestLedger(dapr));
    }

    World(TestLedger ledger) {
        this.ledger = ledger;
        lists = new ChangeList(ledger.users);
        create = new CreateTask(ledger.users);
    }

    static Request by(String user, @Nullable String ifMatch) {
        return new Request(user, Set.of(), null, ifMatch, Instant.now());
    }

    private static Request by(String user) {
        return by(user, null);
    }

    /** A new list of alice's. */
    String list(String name) {
        ledger.know(by(ALICE));
        Answer made = ledger.write(lists.create(by(ALICE), Json.object().put("name", name)));
        return made.body().path("id").asText();
    }

    void share(String list, String user) {
        share(list, user, "editor");
    }

    void share(String list, String user, String role) {
        ledger.write(lists.share(by(ALICE).about(list, user), Json.object().put("role", role)));
    }

    /** @param days as {@code 2027-01-06}, separated by spaces */
    void holidays(String list, String days) {
        String events = Stream.of(days.split(" "))
                .map(day -> "BEGIN:VEVENT\nDTSTART;VALUE=DATE:" + day.replace("-", "") + "\nEND:VEVENT\n")
                .collect(Collectors.joining());
        ledger.write(KeepCalendar.put(
                "BEGIN:VCALENDAR\n" + events + "END:VCALENDAR\n", by(ALICE).about(list)));
    }

    void patchList(String user, String list, ObjectNode patch) {
        ledger.write(lists.change(by(user).about(list), patch));
    }

    void deleteList(String list) {
        ledger.write(lists.delete(by(ALICE).about(list)));
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
        return ledger.write(create.create(by(ALICE), ledger.know(by(ALICE)).inbox(), wanted))
                .body();
    }

    JsonNode complete(Request request, String id) {
        return ledger.change(CompleteTask.complete(request.about(id))).body();
    }

    /** @return what the answer promises, as JSON */
    JsonNode complete(String user, String id) {
        return complete(by(user), id).path("next");
    }

    JsonNode reopen(Request request, String id) {
        return ledger.change(ReopenTask.reopen(request.about(id))).body();
    }

    void reopen(String user, String id) {
        reopen(by(user), id);
    }

    void patch(String user, String id, ObjectNode patch) {
        patch(user, id, patch, Map.of());
    }

    /** For this occurrence and all that follow. */
    void patchFollowing(String user, String id, ObjectNode patch) {
        patch(user, id, patch, Map.of("apply", "following"));
    }

    private void patch(String user, String id, ObjectNode patch, Map<String, String> query) {
        ledger.change(ChangeTask.change(by(user).about(id), ledger.know(by(user)), patch, query));
    }

    JsonNode undo(Request request) {
        List<String> lists = ledger.decide(Undo.lists(request, ledger.know(request)));
        return ledger.change(Undo.last(request, lists)).body();
    }

    JsonNode undo(String user) {
        return undo(by(user));
    }

    /** As task does it once reminder has answered. */
    void snooze(String user) {
        ledger.write(SnoozeReminder.snoozed(by(user), "{}"));
    }

    JsonNode skip(String user, String id) {
        return ledger.change(SkipTask.skip(by(user).about(id))).body();
    }

    JsonNode series(String user, String id, Instant now) {
        return series(user, id, now, 0, () -> {});
    }

    /** @param meanwhile it happens when this many reads were made after the search, at the end where there are no more */
    JsonNode series(String user, String id, Instant now, int reads, Runnable meanwhile) {
        Request request = new Request(user, Set.of(), null, null, now).about(id);
        Decision<Answer> answer = FindSeries.answer(request, ledger.find(request, FindSeries.query(request)));
        AtomicInteger runs = new AtomicInteger();
        Answer told = ledger.decide(documents -> {
            if (runs.getAndIncrement() == reads) {
                meanwhile.run();
            }
            return answer.on(documents);
        });
        if (runs.get() <= reads) {
            meanwhile.run();
        }
        return told.body();
    }

    void delete(String user, String id) {
        ledger.change(ChangeTask.delete(by(user).about(id)));
    }

    JsonNode get(String user, String id) {
        return ledger.decide(FindTasks.one(by(user).about(id))).body();
    }

    JsonNode preview(String user, byte[] file, Map<String, String> query) {
        Request request = by(user);
        User known = ledger.know(request);
        List<PreviewImport.Named> named = ledger.decide(PreviewImport.lists(request, known));
        PreviewImport read = PreviewImport.read(file, request, known, query, named);
        return ledger.write(PreviewImport.preview(read, ledger.decide(PreviewImport.here(read))))
                .body();
    }

    /** @param parts after which it ends, as where the program dies */
    JsonNode apply(String user, JsonNode preview, int parts) {
        ApplyImport on = ledger.decide(
                ApplyImport.begin(by(user).about(preview.path("id").asText())));
        ApplyImport.placed(on, ledger.write(ApplyImport.lists(on, "UTC")));
        for (int i = 0; i < parts && on.isOpen(); i++) {
            ImportPart part = ledger.decide(on.part());
            ApplyImport.made(on, ledger.write(ApplyImport.make(on, part, part.bodies())));
        }
        return ApplyImport.answer(on).body();
    }

    void history(String user, String id) {
        ledger.decide(Ask.history(by(user).about(id)));
    }

    void getList(String user, String list) {
        ledger.decide(FindLists.one(by(user).about(list)));
    }

    void changes(String user, String list) {
        ledger.decide(ListChanges.frames(by(user).about(list), Map.of()));
    }

    String inbox(String user) {
        return String.valueOf(ledger.know(by(user)).inbox());
    }

    /** The tasks of alice's lists. */
    JsonNode tasks() {
        return tasks(Map.of("limit", "500"));
    }

    private JsonNode tasks(Map<String, String> query) {
        Answer answer = FindTasks.answer(ledger.find(by(ALICE), query));
        return Json.read(answer.body().toString(), JsonNode.class).path("tasks");
    }

    JsonNode theOpenOne() {
        JsonNode open = tasks(Map.of("status", "open"));
        assertEquals(1, open.size(), open::toString);
        return open.get(0);
    }

    List<Head> heads() {
        Portions<Head> heads = ledger.know(by(ALICE)).heads(by(ALICE), head -> head);
        return ledger.decide(documents -> Accepted.unchanged(heads.in(documents)));
    }

    /** The changes of alice's lists, each in its order. */
    List<Change> changes() {
        return heads().stream()
                .flatMap(head -> ledger.decide(
                        documents -> Accepted.unchanged(Changes.after(documents, head, 0, Changes.LARGEST))))
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
        Due due = Optional.ofNullable(heard.rule().next())
                .orElseGet(() -> Recurrence.parse(heard.task().recurrence())
                        .next(series, heard.task().recurFrom(), heard.task().completedAt())
                        .orElseThrow());
        try {
            ledger.write(CreateOccurrence.create(
                    heard.rule().successor(),
                    Json.object().put("due", due.toString()).toString()));
        } catch (Rejection e) {
            assertEquals(Reason.CONFLICT, e.reason());
        }
    }

    /** What a private link of a list shows; as events, or as tasks. */
    String feed(String user, String list, boolean events) {
        String secret = Ids.secret();
        ledger.write(KeepLinks.make(by(user).about(list), secret));
        ReadFeed feed = ledger.decide(ReadFeed.begin(secret + ".ics", events, null, Instant.now()));
        while (feed.isOpen()) {
            Search search = feed.search();
            ledger.search(feed.lists(), search);
            ReadFeed.found(feed, search);
        }
        return ledger.decide(ReadFeed.text(feed));
    }
}
