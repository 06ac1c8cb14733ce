package dev.sandglass.task.domain;

import static dev.sandglass.task.domain.World.ALICE;
import static dev.sandglass.task.domain.World.BOB;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.UndoTest.Ticking;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file is shown as what it becomes, made once, made no second time, and taken back as one; and everything comes out and goes in again. */
class ImportTest {
    /** How often the store was asked for documents. */
    private final AtomicInteger reads = new AtomicInteger();

    private final World world = new World(new TestLedger(
            new MemoryDapr(1) {
                @Override
                public Map<String, Stored> read(Collection<String> keys) {
                    reads.incrementAndGet();
                    return super.read(keys);
                }
            },
            new Ticking(),
            ZoneId.of("UTC")));
    private final String home = world.list("Home");

    private JsonNode preview(String who, byte[] file, Map<String, String> query) {
        return world.preview(who, file, query);
    }

    private JsonNode preview(String text) {
        return preview(ALICE, text.getBytes(UTF_8), Map.of());
    }

    private JsonNode apply(String who, JsonNode preview) {
        return world.apply(who, preview, Integer.MAX_VALUE);
    }

    private JsonNode apply(JsonNode preview) {
        return apply(ALICE, preview);
    }

    private static JsonNode counts(int made, int updated, int skipped, int failed) {
        return Json.object()
                .put("made", made)
                .put("updated", updated)
                .put("skipped", skipped)
                .put("failed", failed);
    }

    private List<String> titles(String status) {
        return StreamSupport.stream(world.tasks().spliterator(), false)
                .filter(task -> task.path("status").asText().equals(status))
                .map(task -> task.path("title").asText())
                .sorted()
                .toList();
    }

    @Test
    void manyNewListsAreMadeTogetherWhicheverShardsTheyAreIn() {
        // More than half as many as there are shards: some share one.
        String file = IntStream.range(0, 150)
                .mapToObj(n ->
                        "{\"uuid\":\"00000000-0000-4000-8000-%012d\",\"description\":\"t\",\"project\":\"p%d\",\"status\":\"pending\"}"
                                .formatted(n, n))
                .collect(Collectors.joining(",", "[", "]"));
        assertEquals(counts(150, 0, 0, 0), apply(preview(file)));
        List<String> numbered = world.ledger.decide(documents ->
                Accepted.unchanged(AllLists.from(documents, 0, Map.of()).ids()));
        assertTrue(
                numbered.containsAll(world.heads().stream().map(Head::id).toList()),
                "each list has a number of its own");
        world.undo(ALICE);
        assertEquals(0, total(), "in more lists than are looked at together, and undone as one");
    }

    private int total() {
        return world.ledger.find(World.by(ALICE, null), Map.of()).total();
    }

    private static String tasks(int many) {
        return IntStream.range(0, many).mapToObj(i -> "t" + i).collect(Collectors.joining("\n"));
    }

    @Test
    void aPreviewChangesNothing() {
        int before = world.changes().size();
        JsonNode shown = preview("a +x\nx 2027-01-03 b\n");
        assertEquals("todo.txt", shown.path("format").asText());
        assertEquals(world.inbox(ALICE), shown.at("/entries/0/becomes/list").asText());
        assertEquals("2027-01-03T00:00:00Z", shown.at("/entries/1/completedAt").asText());
        assertEquals(before, world.changes().size());
        assertEquals(0, world.tasks().size());
    }

    @Test
    void aPreviewThatIsDecidedAgainShowsWhatTheListIsByThen() {
        String file = "{\"sandglass\":1,\"list\":{\"name\":\"Home\"},\"tasks\":["
                + ((ObjectNode) world.create(Json.object()
                                .put("title", "water")
                                .put("due", "2040-01-05")
                                .put("recurrence", "FREQ=DAILY;COUNT=2")
                                .put("workdays", "skip")))
                        .put("id", "gone.1")
                + "]}";
        Request request = World.by(ALICE, null);
        User user = world.ledger.know(request);
        List<PreviewImport.Named> lists = world.ledger.decide(PreviewImport.lists(request, user));
        Write<Answer> preview = PreviewImport.preview(
                PreviewImport.read(file.getBytes(UTF_8), request, user, Map.of("list", home), lists), Map.of());
        world.holidays(home, "2040-01-05");
        JsonNode friday = world.ledger.write(preview).body();
        assertEquals("2040-01-06", friday.at("/entries/0/becomes/due").asText());
        world.holidays(home, "2040-01-05 2040-01-06");
        JsonNode never = world.ledger.write(preview).body();
        assertEquals(
                "workdays no date of this rule is a working day",
                never.at("/entries/0/error").asText());
        assertEquals("2040-01-05", never.at("/entries/0/becomes/due").asText());
        world.holidays(home, "2040-02-01");
        assertFalse(world.ledger.write(preview).body().at("/entries/0").has("error"));
    }

    @Test
    void whatWasShownIsMadeAndAFileThatComesAgainMakesNothingTwice() {
        String file = "a +x\nx 2027-01-03 b\nb\n";
        JsonNode shown = preview(file);
        assertEquals(counts(3, 0, 0, 0), apply(shown));
        assertEquals(List.of("a", "b"), titles("open"));
        assertEquals(List.of("b"), titles("completed"));
        int changes = world.changes().size();
        assertEquals(counts(0, 0, 3, 0), apply(shown));
        assertEquals(counts(0, 0, 3, 0), apply(preview(file)));
        assertEquals(counts(1, 0, 3, 0), apply(preview(file + "b\n")), "one more of the same is one more");
        assertEquals(changes + 1, world.changes().size());
    }

    @Test
    void whatSaysSomethingElseNowIsChangedAndKeepsTheRest() {
        apply(preview("Pay rent due:2040-01-31\n"));
        String task = world.theOpenOne().path("id").asText();
        world.patch(ALICE, task, Json.object().put("description", "mine"));
        assertEquals(counts(0, 1, 0, 0), apply(preview("(A) Pay rent due:2040-02-01\n")));
        JsonNode now = world.get(ALICE, task);
        assertEquals("2040-02-01", now.path("due").asText());
        assertEquals("urgent", now.path("priority").asText());
        assertEquals("mine", now.path("description").asText());
        assertEquals(counts(0, 1, 0, 0), apply(preview("x 2027-01-03 Pay rent due:2040-02-01\n")));
        assertEquals("completed", world.get(ALICE, task).path("status").asText());
        world.undo(ALICE);
        assertEquals("open", world.get(ALICE, task).path("status").asText());
    }

    @Test
    void anImportIsUndoneAsOneAndCanBeMadeAnew() {
        world.create(home);
        String file = tasks(400);
        assertEquals(counts(400, 0, 0, 0), apply(preview(file)));
        assertEquals(401, world.tasks().size());
        world.undo(ALICE);
        assertEquals(1, world.tasks().size());
        assertEquals(counts(400, 0, 0, 0), apply(preview(file)));
        world.undo(ALICE);
        world.undo(ALICE);
        assertEquals(0, world.tasks().size(), "the task of before is the next thing to undo");
    }

    @Test
    void aLongOneIsUndoneAsOneTooAndThenWhatWasBefore() {
        world.create(home);
        assertEquals(counts(3_000, 0, 0, 0), apply(preview(tasks(3_000))));
        JsonNode undone = world.undo(ALICE);
        assertEquals(world.inbox(ALICE), undone.at("/undone/list").asText());
        assertEquals(1, total());
        world.undo(ALICE);
        assertEquals(0, total());
    }

    @Test
    void whatStandsAgainstOnePartStandsAgainstAllBeforeAnythingIsUndone() {
        world.share(home, BOB);
        apply(preview(ALICE, tasks(1_100).getBytes(UTF_8), Map.of("list", home)));
        String first = firstOf(home);
        world.patch(BOB, first, Json.object().put("title", "c"));
        Rejection why = assertThrows(Rejection.class, () -> world.undo(ALICE));
        assertEquals("bob has changed “t0” since; nothing was changed", why.getMessage());
        assertEquals(1_100, total());
        world.undo(BOB);
        world.undo(ALICE);
        assertEquals(0, total());
    }

    private static String firstOf(String list) {
        return new TaskId(list, 1).toString();
    }

    @Test
    void whatSomebodyChangesWhileItIsUndoneStays() {
        world.share(home, BOB);
        apply(preview(ALICE, tasks(1_100).getBytes(UTF_8), Map.of("list", home)));
        OnTask undo = Undo.last(World.by(ALICE, null), List.of(home));
        world.ledger.change(undo, Answer.done());
        assertEquals(1_000, total());
        world.patch(BOB, firstOf(home), Json.object().put("title", "c"));
        world.ledger.change(undo);
        assertEquals(1, total());
        assertEquals("c", world.get(ALICE, firstOf(home)).path("title").asText());
    }

    @Test
    void whatGoesOnAfterItWasCutOffIsOneThingToUndo() {
        JsonNode shown = preview(tasks(1_600));
        world.apply(ALICE, shown, 2);
        assertEquals(1_000, total());
        assertEquals(counts(600, 0, 1_000, 0), apply(shown));
        world.undo(ALICE);
        assertEquals(0, total());
        world.apply(ALICE, shown, 2);
        world.undo(ALICE);
        assertEquals(0, total(), "what was cut off and stays so is one thing, too");
        assertEquals(counts(1_600, 0, 0, 0), apply(shown));
        world.undo(ALICE);
        assertEquals(0, total(), "that is no part of what is made after it");
        assertEquals(counts(1_600, 0, 0, 0), apply(shown));
        world.delete(ALICE, world.tasks().get(0).path("id").asText());
        assertEquals(counts(1, 0, 1_599, 0), apply(shown));
        world.undo(ALICE);
        assertEquals(1_599, total(), "what was made by itself is one thing to undo");
    }

    @Test
    void whatIsNotKeptAnyMoreIsPassedOverOnceSomeIsTakenBack() {
        apply(preview(ALICE, tasks(1_100).getBytes(UTF_8), Map.of("list", home)));
        OnTask undo = Undo.last(World.by(ALICE, null), List.of(home));
        world.ledger.change(undo, Answer.done());
        world.ledger.write(Write.alone(Set.of(home), draft -> {
            draft.trim(home, 300);
            return true;
        }));
        JsonNode undone = world.ledger.change(undo).body();
        assertEquals(home, undone.at("/undone/list").asText());
        assertEquals(500, total());
    }

    @Test
    void anUndoTellsTheFirstFiveHundredTasks() {
        apply(preview(tasks(600)));
        assertEquals(counts(0, 600, 0, 0), apply(preview("(A) " + tasks(600).replace("\n", "\n(A) "))));
        JsonNode undone = world.undo(ALICE);
        assertEquals(500, undone.path("tasks").size());
        assertEquals(
                600,
                world.ledger
                        .find(World.by(ALICE, null), Map.of("priority", "medium"))
                        .total());
    }

    @Test
    void aRepeatedRequestUndoesALongOneOnce() {
        world.create(home);
        apply(preview(tasks(1_100)));
        apply(preview("[{\"uuid\":\"1\",\"description\":\"a\"}]"));
        world.undo(ALICE);
        Request request = new Request(ALICE, Set.of(), Once.of(ALICE, "/api/undo", "k", ""), null, Instant.now());
        JsonNode undone = world.undo(request);
        assertEquals(1, total());
        assertEquals(undone.toString(), world.undo(request).toString());
        assertEquals(1, total());
        apply(preview(tasks(1_100)));
        assertEquals(undone.toString(), world.undo(request).toString(), "also where another long one is there by now");
        assertEquals(1_101, total());
    }

    @Test
    void whatSomebodyElseChangedSinceIsNotTakenBack() {
        world.share(home, BOB);
        apply(preview(ALICE, "a\nb\n".getBytes(UTF_8), Map.of("list", home)));
        String one = world.tasks().get(0).path("id").asText();
        world.patch(BOB, one, Json.object().put("title", "c"));
        assertEquals(
                Reason.CONFLICT,
                assertThrows(Rejection.class, () -> world.undo(ALICE)).reason());
        assertEquals(2, world.tasks().size());
    }

    @Test
    void itGoesIntoTheListsThatTheFileNames() {
        String file = "[{\"uuid\":\"1\",\"description\":\"a\",\"project\":\"home\"},"
                + "{\"uuid\":\"2\",\"description\":\"b\",\"project\":\"Garden\"},"
                + "{\"uuid\":\"3\",\"description\":\"c\"}]";
        JsonNode shown = preview(file);
        assertEquals(home, shown.at("/entries/0/becomes/list").asText());
        assertEquals(
                shown.at("/lists/0/id").asText(),
                shown.at("/entries/1/becomes/list").asText());
        assertEquals(1, shown.path("lists").size());
        assertEquals(counts(3, 0, 0, 0), apply(shown));
        assertTrue(world.heads().stream().anyMatch(head -> head.name().equals("Garden")));
        JsonNode again = preview(file);
        assertEquals(0, again.path("lists").size());
        assertEquals(counts(0, 0, 3, 0), apply(again));
        JsonNode all = preview(ALICE, file.getBytes(UTF_8), Map.of("list", home));
        assertEquals(home, all.at("/entries/1/becomes/list").asText());
        assertTrue(all.at("/entries/1/lost/0").asText().contains("Garden"));
    }

    @Test
    void rightsAreThoseOfTheUser() {
        world.share(home, BOB, "viewer");
        byte[] file = "a\n".getBytes(UTF_8);
        assertEquals(Reason.FORBIDDEN, refused(() -> preview(BOB, file, Map.of("list", home))));
        assertEquals(Reason.INVALID, refused(() -> preview(BOB, file, Map.of("list", "nope"))));
        JsonNode named =
                preview(BOB, "[{\"uuid\":\"1\",\"description\":\"a\",\"project\":\"Home\"}]".getBytes(UTF_8), Map.of());
        assertFalse(home.equals(named.at("/entries/0/becomes/list").asText()), "a list that he only reads is not his");
        JsonNode shown = preview(ALICE, file, Map.of("list", home));
        assertEquals(Reason.NOT_FOUND, refused(() -> apply(BOB, shown)));
        world.deleteList(home);
        JsonNode counts = apply(shown);
        assertEquals(1, counts.path("failed").asInt());
        assertEquals("a", counts.at("/errors/0/title").asText());
        assertEquals("list there is no such list", counts.at("/errors/0/detail").asText());
        assertEquals(0, world.tasks().size());
    }

    @Test
    void aFileThatIsShownTwiceAndMadeTwiceMakesOneList() {
        String file = "[{\"uuid\":\"1\",\"description\":\"a\",\"project\":\"Garden\"}]";
        JsonNode one = preview(file);
        JsonNode other = preview(file);
        assertEquals(counts(1, 0, 0, 0), apply(one));
        int changes = world.changes().size();
        assertEquals(counts(0, 0, 1, 0), apply(other));
        assertEquals(changes, world.changes().size());
        assertEquals(1, listsNamed("Garden").size());
    }

    @Test
    void aListThatWasDeletedSinceIsMadeAnew() {
        String file = "[{\"uuid\":\"1\",\"description\":\"a\",\"project\":\"Garden\"}]";
        JsonNode shown = preview(file);
        apply(shown);
        world.deleteList(listsNamed("Garden").get(0).id());
        assertEquals(counts(1, 0, 0, 0), apply(shown));
        JsonNode there = preview(file);
        world.deleteList(listsNamed("Garden").get(0).id());
        assertEquals(counts(1, 0, 0, 0), apply(there));
        assertEquals(1, listsNamed("Garden").size());
        assertEquals(1, world.tasks().size());
    }

    private List<Head> listsNamed(String name) {
        return world.heads().stream().filter(head -> head.name().equals(name)).toList();
    }

    private static Reason refused(Runnable what) {
        return assertThrows(Rejection.class, what::run).reason();
    }

    @Test
    void whatCannotBecomeATaskSaysWhyAndTheOthersDo() {
        JsonNode shown = preview("BEGIN:VCALENDAR\nBEGIN:VTODO\nUID:1\nSUMMARY:\u2800\nEND:VTODO\n"
                + "BEGIN:VTODO\nUID:2\nSUMMARY:b\nEND:VTODO\nEND:VCALENDAR\n");
        assertTrue(shown.at("/entries/0/error").asText().contains("can be seen"), shown::toString);
        assertEquals(counts(1, 0, 0, 1), apply(shown));
    }

    @Test
    void thePreviewsOfAUserAreFew() {
        JsonNode first = preview("a\n");
        for (int i = 0; i < 3; i++) {
            preview("b" + i + "\n");
        }
        assertEquals(Reason.NOT_FOUND, refused(() -> apply(first)));
        String many = "a\n".repeat(5_001);
        assertEquals(Reason.INVALID, refused(() -> preview(many)));
    }

    @Test
    void aTaskThatWasCompletedElsewhereIsToldAsOneThatComes() {
        apply(preview("x 2027-01-03 b\n"));
        Change last = world.changes().stream()
                .filter(change -> change.task() != null)
                .reduce((one, other) -> other)
                .orElseThrow();
        assertEquals(ChangeType.TASK_CREATED, last.event());
        assertEquals("[null,\"completed\"]", Json.text(last.changed().get("status")));
        world.reopen(ALICE, last.task().id());
        assertEquals(List.of("b"), titles("open"));
    }

    // ---------------------------------------------------------------- Out, and in again

    private byte[] export(String who) {
        Request request = World.by(who, null);
        User user = world.ledger.know(request);
        Export export = world.ledger.decide(Export.begin(request, user));
        while (export.isOpen()) {
            var search = export.search();
            world.ledger.search(export.extents(), search);
            Export.keep(export, world.ledger.decide(Export.found(export, search)));
        }
        while (export.isAsking()) {
            assertTrue(export.question().contains(user.inbox()));
            Export.told(export, "{\"entries\":[{\"seq\":1}],\"next\":null}");
        }
        return Export.archive(export, world.ledger.decide(Export.manifest(export)));
    }

    /** The fields of tasks that are the user's: all that clients may set, but for the list, and if and when it was done. */
    private static List<ObjectNode> kept(JsonNode tasks) {
        List<String> fields = Stream.concat(
                        Arrays.stream(TaskFields.class.getRecordComponents())
                                .map(RecordComponent::getName)
                                .filter(name -> !name.equals("list")),
                        Stream.of("status", "completedAt"))
                .toList();
        return StreamSupport.stream(tasks.spliterator(), false)
                .map(task -> ((ObjectNode) task.deepCopy()).retain(fields))
                .sorted(Comparator.comparing(ObjectNode::toString))
                .toList();
    }

    @Test
    void whatComesOutGoesInAgainWithoutLoss() {
        world.holidays(home, "2040-01-06");
        world.create(Json.object()
                .put("list", home)
                .put("title", "rent “x”, 50% ☃")
                .put("description", "one\n\ttwo, \"three\"")
                .put("priority", "urgent")
                .put("due", "2040-01-05T09:00:00")
                .put("timeZone", "Europe/Warsaw")
                .put("recurrence", "FREQ=DAILY;COUNT=5")
                .put("workdays", "after")
                .set("tags", Json.array().add("a").add("B c")));
        world.create(Json.object()
                .put("title", "zone alone")
                .put("timeZone", "Asia/Tokyo")
                .put("nag", "PT10M")
                .set("reminders", Json.array().add("2040-01-01T00:00:00Z")));
        String daily = world.create(home);
        world.complete(ALICE, daily);
        world.deliver();
        world.patchList(
                ALICE,
                home,
                Json.object().set("reminders", Json.array().add("-PT15M").add("-P1D")));
        JsonNode before = world.tasks();
        byte[] archive = export(ALICE);
        JsonNode shown = preview(BOB, archive, Map.of());
        assertEquals("sandglass", shown.path("format").asText());
        shown.path("entries")
                .forEach(entry -> assertEquals(0, entry.path("lost").size(), entry::toString));
        assertEquals(counts(4, 0, 0, 0), apply(BOB, shown));
        assertEquals(kept(before), kept(tasksOf(BOB)));
        assertEquals(counts(0, 0, 4, 0), apply(BOB, preview(BOB, archive, Map.of())));
        assertEquals(kept(before), kept(tasksOf(BOB)));
        Request made = World.by(BOB, null).about(shown.at("/lists/0/id").asText());
        JsonNode there = world.ledger.decide(KeepCalendar.find(made)).body();
        assertEquals("2040-01-06", there.at("/days/0").asText());
        JsonNode list = world.ledger.decide(FindLists.one(made)).body();
        assertEquals("[\"-PT15M\",\"-P1D\"]", list.path("reminders").toString());
    }

    @Test
    void listsThatAnImportMadeStayWithWhatTheySay() throws IOException {
        world.holidays(home, "2040-01-06");
        world.create(home);
        apply(BOB, preview(BOB, "buy milk".getBytes(UTF_8), Map.of()));
        apply(BOB, preview(BOB, export(ALICE), Map.of()));
        assertEquals(2, tasksOf(BOB).size());
        world.undo(BOB);
        for (int i = 0; i < 2; i++) {
            Rejection why = assertThrows(Rejection.class, () -> world.undo(BOB));
            assertTrue(why.getMessage().contains("was created. Whether there is a list"), why.getMessage());
        }
        assertEquals("buy milk", tasksOf(BOB).at("/0/title").asText());
    }

    /** All that an archive says, but for ids, and for who made what when. */
    private static JsonNode said(byte[] archive) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry file = zip.getNextEntry(); file != null; file = zip.getNextEntry()) {
                files.put(file.getName(), new String(zip.readAllBytes(), UTF_8));
            }
        }
        JsonNode manifest = Json.read(files.get("sandglass.json"), JsonNode.class);
        Instant exported = Instant.parse(manifest.path("exportedAt").asText());
        assertEquals(exported.truncatedTo(ChronoUnit.MILLIS), exported);
        Map<String, String> names = new HashMap<>();
        manifest.path("lists")
                .forEach(list ->
                        names.put(list.path("id").asText(), list.path("name").asText()));
        ObjectNode said = Json.object();
        said.set("settings", ((ObjectNode) manifest.path("settings")).without(Set.of("user", "inbox")));
        manifest.path("filters").forEach(filter -> ((ObjectNode) filter).remove("id"));
        said.set("filters", manifest.path("filters"));
        List<String> lists = new ArrayList<>();
        files.forEach((name, text) -> {
            if (name.endsWith(".json") && name.startsWith("lists/")) {
                ObjectNode list = Json.read(text, ObjectNode.class);
                ((ObjectNode) list.path("list")).remove(List.of("id", "owner"));
                List<String> tasks = new ArrayList<>();
                list.path("tasks")
                        .forEach(task -> tasks.add(((ObjectNode) task)
                                .without(Set.of(
                                        "id", "list", "series", "version", "createdAt", "createdBy", "updatedAt"))
                                .toString()));
                tasks.sort(Comparator.naturalOrder());
                lists.add(list.set("tasks", Json.tree(tasks)).toString());
            }
        });
        lists.sort(Comparator.naturalOrder());
        String all = said.set("lists", Json.tree(lists)).toString();
        for (Map.Entry<String, String> name : names.entrySet()) {
            all = all.replace(name.getKey(), "<" + name.getValue() + ">");
        }
        return Json.read(all, JsonNode.class);
    }

    private void change(String who, String json) {
        world.ledger.write(world.ledger.users.change(World.by(who, null), Json.read(json, JsonNode.class)));
    }

    private JsonNode create(String json) {
        return world.create(Json.read(json, ObjectNode.class));
    }

    @Test
    void whatComesOutOfWhatWentInIsTheSame() throws IOException {
        String garden = world.list("Garden");
        world.list("garden");
        world.list("  inbox");
        String twin = world.list("home");
        String empty = world.list(" Empty ");
        world.holidays(empty, "2040-01-06");
        world.patchList(
                ALICE, empty, Json.object().set("reminders", Json.array().add("-PT15M")));
        world.holidays(world.inbox(ALICE), "2040-05-01");
        world.patchList(
                ALICE,
                world.inbox(ALICE),
                Json.object().set("reminders", Json.array().add("-P1D")));
        change(
                ALICE,
                "{\"timeZone\":\"Europe/Warsaw\",\"locale\":\"de\",\"weekStart\":\"sunday\",\"quiet\":{\"from\":\"22:00\",\"to\":\"07:00\"},"
                        + "\"muted\":[\"" + garden + "\"]}");
        for (String sort : List.of("due", "title")) {
            world.ledger.write(KeepFilters.add(
                    World.by(ALICE, null),
                    Json.object()
                            .put("name", " mine")
                            .put("filter", "list = " + garden + " and title ~ a")
                            .put("sort", sort)));
        }
        create(
                "{\"title\":\"  blanks around  \",\"description\":\" \\n a \\n\",\"tags\":[\" b \",\"c\"],\"recurFrom\":\"completion\"}");
        create("{\"title\":\"only blanks\",\"description\":\"   \",\"list\":\"" + garden
                + "\",\"due\":\"2040-01-01\",\"reminders\":[\"-PT15M\",\"-PT15M\",\"PT9H\"],\"nag\":\"PT10M\"}");
        String early = create(
                        "{\"title\":\"done before its date\",\"due\":\"2040-01-10\",\"recurrence\":\"FREQ=DAILY;COUNT=3\","
                                + "\"recurFrom\":\"completion\",\"list\":\"" + twin + "\"}")
                .path("id")
                .asText();
        world.complete(ALICE, early);
        world.deliver();
        create(
                "{\"title\":\"moved by a holiday\",\"due\":\"2040-01-06\",\"recurrence\":\"weekly\",\"workdays\":\"after\",\"list\":\""
                        + empty + "\"}");
        String moved = create(
                        "{\"title\":\"moved by hand\",\"due\":\"2040-01-31T09:00:00\",\"timeZone\":\"Asia/Tokyo\",\"recurrence\":\"monthly\"}")
                .path("id")
                .asText();
        world.patch(ALICE, moved, Json.object().put("due", "2040-02-02T09:00:00"));
        String done = create("{\"title\":\"done\",\"priority\":\"low\",\"list\":\"" + home + "\"}")
                .path("id")
                .asText();
        world.complete(ALICE, done);
        byte[] archive = export(ALICE);
        JsonNode shown = preview(BOB, archive, Map.of());
        shown.path("entries")
                .forEach(entry -> assertEquals("[]", entry.path("lost").toString(), entry::toString));
        assertEquals("[]", shown.path("lost").toString());
        assertEquals(7, apply(BOB, shown).path("made").asInt());
        assertEquals(said(archive).toPrettyString(), said(export(BOB)).toPrettyString());
        assertEquals(counts(0, 0, 7, 0), apply(BOB, preview(BOB, archive, Map.of())));
        assertEquals(said(archive).toPrettyString(), said(export(BOB)).toPrettyString());
    }

    /** One of an archive may be the tenth of its series; it is no occurrence that follows a completion here. */
    @Test
    void whatComesFromAnArchiveIsUndoneToo() {
        world.skip(ALICE, recurring("daily", "2040-01-01"));
        world.complete(ALICE, world.theOpenOne().path("id").asText());
        world.deliver();
        byte[] archive = export(ALICE);
        assertEquals(counts(2, 0, 0, 0), apply(BOB, preview(BOB, archive, Map.of())));
        world.delete(ALICE, world.theOpenOne().path("id").asText());
        assertEquals(counts(1, 0, 1, 0), apply(preview(ALICE, archive, Map.of())));
        assertEquals(2, world.theOpenOne().path("occurrence").asInt());
        world.undo(ALICE);
        assertEquals(List.of(), titles("open"));
        world.undo(BOB);
        assertEquals(0, tasksOf(BOB).size());
    }

    private void done(String id, int times) {
        String next = id;
        for (int i = 0; i < times; i++) {
            world.complete(ALICE, next);
            world.deliver();
            next = world.theOpenOne().path("id").asText();
        }
    }

    private JsonNode openOf(String who) {
        return tasksOf(who)
                .valueStream()
                .filter(task -> task.path("status").asText().equals("open"))
                .reduce((one, other) -> {
                    throw new AssertionError("two are open: " + one + other);
                })
                .orElseThrow();
    }

    private String lastDoneOf(String who) {
        return tasksOf(who)
                .valueStream()
                .filter(task -> task.path("status").asText().equals("completed"))
                .max(Comparator.comparing(task -> task.path("occurrence").asInt()))
                .orElseThrow()
                .path("id")
                .asText();
    }

    @Test
    void aSeriesOfAnArchiveIsOneSeriesWithAllThatWasDoneOfIt() throws IOException {
        done(recurring("daily", "2040-01-01"), 11);
        byte[] archive = export(ALICE);
        JsonNode shown = preview(BOB, archive, Map.of());
        assertEquals(counts(12, 0, 0, 0), apply(BOB, shown));
        String series = openOf(BOB).path("series").asText();
        JsonNode there = world.series(BOB, series, Instant.parse("2040-01-01T00:00:00Z"));
        assertEquals(12, there.at("/open/occurrence").asInt());
        assertEquals(
                IntStream.rangeClosed(1, 11).mapToObj("2040-01-%02d"::formatted).toList(),
                there.path("done")
                        .valueStream()
                        .map(one -> one.path("due").asText())
                        .toList());
        apply("carol", preview("carol", export(BOB), Map.of()));
        world.reopen("carol", lastDoneOf("carol"));
        assertEquals(11, openOf("carol").path("occurrence").asInt(), "and from there to another");
        // As in the account that it comes from, the next is taken away again, nobody has touched it.
        world.reopen(BOB, lastDoneOf(BOB));
        assertEquals(11, openOf(BOB).path("occurrence").asInt());
        assertEquals(
                counts(1, 0, 11, 0), apply(BOB, preview(BOB, archive, Map.of())), "and comes again from the archive");
        world.undo(BOB);
        assertEquals(series, openOf(BOB).path("series").asText());
    }

    @Test
    void whatWasTouchedOrDoneIsNotTakenAwayWithTheOneBeforeInAnotherAccountEither() throws IOException {
        String first = recurring("daily", "2040-01-01");
        done(first, 2);
        world.patch(ALICE, world.theOpenOne().path("id").asText(), Json.object().put("title", "touched"));
        apply(BOB, preview(BOB, export(ALICE), Map.of()));
        String open = openOf(BOB).path("id").asText();
        world.reopen(BOB, lastDoneOf(BOB));
        assertEquals("touched", world.get(BOB, open).path("title").asText());
        List<String> all = tasksOf(BOB)
                .valueStream()
                .map(task -> task.path("occurrence").asText() + " "
                        + task.path("status").asText())
                .sorted()
                .toList();
        assertEquals(List.of("1 completed", "2 open", "3 open"), all);
    }

    @Test
    void aSeriesInSeveralPartsOfAnImportIsOneToo() {
        done(recurring("daily", "2040-01-01"), 2);
        String third = world.theOpenOne().path("id").asText();
        apply(preview(tasks(500)));
        world.complete(ALICE, third);
        world.deliver();
        apply(BOB, preview(BOB, export(ALICE), Map.of()));
        List<JsonNode> ofBob = world.ledger.find(World.by(BOB, null), Map.of("q", "daily")).tasks().stream()
                .map(task -> (JsonNode) Json.tree(task))
                .toList();
        assertEquals(4, ofBob.size());
        assertEquals(
                1, ofBob.stream().map(task -> task.path("series")).distinct().count());
        world.reopen(BOB, lastDoneOf(BOB));
        assertEquals(
                3, world.ledger.find(World.by(BOB, null), Map.of("q", "daily")).total());
    }

    @Test
    void onesOwnArchiveMakesNoListOfOneThatIsOnlyRead() {
        String team = world.list("Team");
        world.create(team);
        world.share(team, BOB, "viewer");
        byte[] archive = export(BOB);
        JsonNode shown = preview(BOB, archive, Map.of());
        assertEquals("[]", shown.path("lists").toString());
        assertEquals(counts(0, 0, 1, 0), apply(BOB, shown));
        // What is not there any more cannot be made there.
        world.delete(ALICE, world.theOpenOne().path("id").asText());
        JsonNode counts = apply(BOB, preview(BOB, archive, Map.of()));
        assertEquals(1, counts.path("failed").asInt(), counts::toString);
        assertTrue(counts.at("/errors/0/detail").asText().contains("may"), counts::toString);
    }

    @Test
    void aProjectWithoutTasksIsAListToo() {
        JsonNode shown = preview("""
                [{"id":1,"title":"Empty","tasks":[]},{"id":2,"title":"inbox","tasks":null},
                 {"id":3,"title":"Full","parent_project_id":1,"tasks":[{"id":5,"title":"x"}]}]
                """);
        assertEquals(
                Set.of("Empty", "Full"),
                shown.path("lists")
                        .valueStream()
                        .map(list -> list.path("name").asText())
                        .collect(Collectors.toSet()));
        assertEquals(counts(1, 0, 0, 0), apply(shown));
        assertTrue(world.heads().stream().anyMatch(head -> head.name().equals("Empty")));
    }

    private static byte[] zip(Map<String, String> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void aListOfAnArchiveWithNoIdOfOursChangesNoFilter() throws IOException {
        Map<String, String> files = new TreeMap<>();
        files.put(
                "sandglass.json",
                "{\"sandglass\":1,\"filters\":[{\"name\":\"late\",\"filter\":\"due < today and title ~ a\",\"sort\":\"due\"}]}");
        for (String id : List.of("a", "due", "d", "e", "0", "title")) {
            files.put(
                    "lists/" + id + ".json",
                    "{\"sandglass\":1,\"list\":{\"id\":\"" + id + "\",\"name\":\"List " + id + "\"},\"tasks\":[]}");
        }
        JsonNode shown = preview(ALICE, zip(files), Map.of());
        assertEquals("[]", shown.path("lost").toString());
        apply(shown);
        SavedFilters saved = world.ledger.decide(documents -> Accepted.unchanged(SavedFilters.of(documents, ALICE)));
        assertEquals(
                List.of("due < today and title ~ a"),
                saved.filters().stream().map(SavedFilters.Saved::filter).toList());
    }

    @Test
    void aRuleThatBeganWithALaterOccurrenceGoesInAgainWithWhatItHasLeft() {
        String first = world.create(Json.object()
                        .put("list", home)
                        .put("title", "cut hair")
                        .put("due", "2040-01-01")
                        .put("recurrence", "daily")
                        .put("recurFrom", "completion"))
                .path("id")
                .asText();
        world.complete(ALICE, first);
        world.deliver();
        world.patch(
                ALICE, world.theOpenOne().path("id").asText(), Json.object().put("recurrence", "FREQ=DAILY;COUNT=2"));
        JsonNode shown = preview(BOB, export(ALICE), Map.of());
        shown.path("entries")
                .forEach(entry -> assertEquals(0, entry.path("lost").size(), entry::toString));
        apply(BOB, shown);
        JsonNode open = tasksOf(BOB)
                .valueStream()
                .filter(task -> task.path("status").asText().equals("open"))
                .findFirst()
                .orElseThrow();
        assertEquals(2, open.path("occurrence").asInt());
        assertTrue(world.complete(BOB, open.path("id").asText()).isTextual(), "one more");
    }

    @Test
    void aListOfAnArchiveHasANameThatAListMayHave() {
        JsonNode shown = preview("{\"sandglass\":1,\"list\":{\"name\":\"To\\nbuy\\u0007\"},\"tasks\":[]}");
        assertEquals("To buy ", shown.at("/lists/0/name").asText());
    }

    @Test
    void theListsOfALargeArchiveAreReadTogether() {
        for (int i = 0; i < 70; i++) {
            world.list("l" + i);
        }
        world.holidays(world.inbox(ALICE), "2040-01-06");
        byte[] archive = export(ALICE);
        world.deleteList(home);
        JsonNode shown = preview(ALICE, archive, Map.of());
        Request request = World.by(ALICE, null).about(shown.path("id").asText());
        ApplyImport on = world.ledger.decide(ApplyImport.begin(request));
        reads.set(0);
        assertEquals(72, world.ledger.write(ApplyImport.lists(on, "UTC")).size());
        assertTrue(reads.get() < 15, () -> reads + " reads");
    }

    /** The second makes no name of a resource. */
    @ParameterizedTest
    @ValueSource(strings = {"u%d", "http://x/u%d"})
    void theUidsOfALongFileAreLookedUpTogether(String uid) {
        String file = IntStream.range(0, 400)
                .mapToObj(i -> "BEGIN:VTODO\nUID:%s\nSUMMARY:t%d\nEND:VTODO\n".formatted(uid.formatted(i), i))
                .collect(Collectors.joining("", "BEGIN:VCALENDAR\n", "END:VCALENDAR\n"));
        reads.set(0);
        assertEquals(counts(400, 0, 0, 0), apply(preview(file)));
        assertTrue(reads.get() < 45, () -> reads + " reads");
    }

    @Test
    void aTaskThatNoProgramOfCaldavNamedIsMovedWithNoMoreReads() {
        String task = world.create(home);
        String other = world.list("Other");
        world.ledger.know(World.by(ALICE, null));
        reads.set(0);
        world.patch(ALICE, task, Json.object().put("list", other));
        assertEquals(5, reads.get());
    }

    @Test
    void whereAllGoesIntoOneListTheSettingsOfAnArchiveStayThere() {
        change(ALICE, "{\"locale\":\"de\"}");
        world.create(home);
        byte[] archive = export(ALICE);
        world.ledger.know(World.by(BOB, null));
        JsonNode shown = preview(BOB, archive, Map.of("list", world.inbox(BOB)));
        assertTrue(shown.path("lost").toString().contains("settings"), shown::toString);
        assertEquals(counts(1, 0, 0, 0), apply(BOB, shown));
        assertEquals("en", world.ledger.know(World.by(BOB, null)).locale().toString());
    }

    @Test
    void whatAUserSaidHereStays() throws IOException {
        change(
                ALICE,
                "{\"timeZone\":\"Europe/Warsaw\",\"locale\":\"de\",\"quiet\":{\"from\":\"22:00\",\"to\":\"07:00\"}}");
        world.ledger.know(World.by(BOB, null));
        change(BOB, "{\"timeZone\":\"Asia/Tokyo\",\"quiet\":{\"from\":\"21:00\",\"to\":\"06:00\"}}");
        world.create(home);
        apply(BOB, preview(BOB, export(ALICE), Map.of()));
        JsonNode settings = said(export(BOB)).path("settings");
        assertEquals("Asia/Tokyo", settings.path("timeZone").asText());
        assertEquals("21:00", settings.at("/quiet/from").asText());
        assertEquals("de", settings.path("locale").asText(), "and what they did not say is as it was said there");
    }

    /** What happens to a task of the archive that goes in again, and to the one that it was made of. */
    private void goesOnAsIfItHadStayed(String id) {
        String title = world.get(ALICE, id).path("title").asText();
        JsonNode shown = preview(BOB, export(ALICE), Map.of());
        shown.path("entries")
                .forEach(entry -> assertEquals(0, entry.path("lost").size(), entry::toString));
        apply(BOB, shown);
        String his = StreamSupport.stream(tasksOf(BOB).spliterator(), false)
                .filter(task -> task.path("title").asText().equals(title))
                .findFirst()
                .orElseThrow()
                .path("id")
                .asText();
        for (int i = 0; i < 4; i++) {
            JsonNode mine = world.series(ALICE, id, Instant.parse("2040-01-01T00:00:00Z"));
            assertEquals(
                    mine.path("next"),
                    world.series(BOB, his, Instant.parse("2040-01-01T00:00:00Z"))
                            .path("next"));
            if (mine.path("next").isEmpty()) {
                break;
            }
            world.skip(ALICE, id);
            world.skip(BOB, his);
        }
    }

    private String recurring(String rule, String due) {
        return world.create(Json.object()
                        .put("list", home)
                        .put("title", rule)
                        .put("due", due)
                        .put("recurrence", rule))
                .path("id")
                .asText();
    }

    @Test
    void aMonthEndStaysAMonthEnd() {
        String rent = recurring("monthly", "2040-01-31");
        world.skip(ALICE, rent);
        assertEquals("2040-02-29", world.get(ALICE, rent).path("due").asText());
        goesOnAsIfItHadStayed(rent);
    }

    private static String calendar(String... lines) {
        return Stream.of(
                        Stream.of("BEGIN:VCALENDAR", "BEGIN:VTODO", "UID:u", "SUMMARY:water"),
                        Stream.of(lines),
                        Stream.of("END:VTODO", "END:VCALENDAR"))
                .flatMap(part -> part)
                .collect(Collectors.joining("\r\n", "", "\r\n"));
    }

    private List<String> dates(String id) {
        JsonNode series = world.series(ALICE, id, Instant.parse("2039-12-01T00:00:00Z"));
        return Stream.concat(
                        Stream.of(series.at("/open/due").asText()),
                        series.path("next").valueStream().map(JsonNode::asText))
                .limit(4)
                .toList();
    }

    @Test
    void singleDatesOfACalendarsRuleAreLeftOutAndAdded() {
        String rule = "RRULE:FREQ=WEEKLY";
        String due = "DUE;VALUE=DATE:20400102";
        JsonNode shown = preview(calendar(due, rule, "EXDATE;VALUE=DATE:20400102", "RDATE;VALUE=DATE:20400111"));
        apply(shown);
        String id = world.theOpenOne().path("id").asText();
        assertEquals(
                world.theOpenOne().path("due"),
                shown.at("/entries/0/becomes/due"),
                "what is shown is what is made, also where its first date is left out");
        assertEquals(List.of("2040-01-09", "2040-01-11", "2040-01-16", "2040-01-23"), dates(id));
        JsonNode again = preview(calendar(due, rule, "EXDATE;VALUE=DATE:20400102", "EXDATE;VALUE=DATE:20400116"));
        assertEquals(counts(0, 1, 0, 0), apply(again));
        assertEquals(List.of("2040-01-09", "2040-01-23", "2040-01-30", "2040-02-06"), dates(id));
        goesOnAsIfItHadStayed(id);
    }

    @Test
    void aSeriesThatWentOnInItsProgramGoesOnHere() {
        String rule = "RRULE:FREQ=WEEKLY";
        apply(preview(calendar("DUE;VALUE=DATE:20400102", rule)));
        String first = world.theOpenOne().path("id").asText();
        assertEquals(counts(0, 1, 0, 0), apply(preview(calendar("DUE;VALUE=DATE:20400109", rule))));
        assertEquals(List.of("2040-01-09", "2040-01-16", "2040-01-23", "2040-01-30"), dates(first));
        assertEquals("2040-01-16", world.complete(ALICE, first).asText());
        world.deliver();
        assertEquals(
                counts(0, 1, 0, 0),
                apply(preview(calendar("DUE;VALUE=DATE:20400109", rule, "PRIORITY:1"))),
                "also where it is done here by now");
        assertEquals(List.of("2040-01-16", "2040-01-23", "2040-01-30", "2040-02-06"), dates(first));
    }

    @Test
    void aDateThatWasAddedStaysInItsSeries() {
        apply(preview(calendar("DUE;VALUE=DATE:20400102", "RRULE:FREQ=WEEKLY;COUNT=3", "RDATE;VALUE=DATE:20400104")));
        String id = world.theOpenOne().path("id").asText();
        world.skip(ALICE, id);
        assertEquals("2040-01-04", world.get(ALICE, id).path("due").asText());
        goesOnAsIfItHadStayed(id);
    }

    @Test
    void linesOfOtherProgramsThatAreNoneAreToldAndNotKept() {
        String task = "{\"sandglass\":1,\"list\":{\"name\":\"Home\"},\"tasks\":["
                + Json.tree(world.get(ALICE, world.create(home)))
                        .toString()
                        .replaceFirst("\"id\":\"[^\"]*\"", "\"id\":\"x\"")
                        .replaceFirst(
                                "}$",
                                ",\"caldav\":{\"uid\":\"u\",\"lines\":\"X-A:1\\\\nEND:VTODO\\\\nBEGIN:VTODO\\\\n\"}}")
                + "]}";
        JsonNode shown = preview(task);
        assertTrue(shown.at("/entries/0/lost/0").asText().contains("programs of CalDAV"), shown::toString);
        assertEquals(counts(1, 0, 0, 0), apply(shown));
    }

    @Test
    void oneThatWasMovedStaysInItsSeries() {
        String weekly = recurring("weekly", "2040-01-02");
        world.patch(ALICE, weekly, Json.object().put("due", "2040-01-04"));
        goesOnAsIfItHadStayed(weekly);
    }

    @Test
    void skippedDatesCountForCount() {
        String five = recurring("FREQ=DAILY;COUNT=5", "2040-01-01");
        world.skip(ALICE, five);
        world.skip(ALICE, five);
        goesOnAsIfItHadStayed(five);
    }

    @Test
    void oneThatWasMovedToAnotherListStaysInItsSeries() {
        String rent = recurring("monthly", "2040-01-31");
        world.skip(ALICE, rent);
        world.patch(ALICE, rent, Json.object().put("list", world.inbox(ALICE)));
        goesOnAsIfItHadStayed(rent);
    }

    @Test
    void aPlaceThatTheRuleDoesNotHaveIsToldAndTheRuleBeginsAnew() {
        String task = "{\"sandglass\":1,\"list\":{\"name\":\"Home\"},\"tasks\":["
                + Json.tree(world.get(ALICE, recurring("FREQ=DAILY;COUNT=5", "2040-01-05")))
                        .toString()
                        .replaceFirst("\"id\":\"[^\"]*\"", "\"id\":\"x\"")
                        .replaceFirst("}$", ",\"place\":{\"anchor\":\"2039-12-01\",\"slot\":\"2040-01-05\"}}")
                + "]}";
        JsonNode shown = preview(task);
        assertTrue(shown.at("/entries/0/lost/0").asText().contains("begins anew"), shown::toString);
        assertEquals(counts(1, 0, 0, 0), apply(shown));
    }

    @Test
    void whatIsHereAlreadyIsSaidAndNotMadeOnceMore() {
        world.create(home);
        String gone = world.create(home);
        byte[] archive = export(ALICE);
        world.delete(ALICE, gone);
        String kept = world.theOpenOne().path("id").asText();
        world.patch(ALICE, kept, Json.object().put("title", "newer than the archive"));
        JsonNode shown = preview(ALICE, archive, Map.of());
        List<String> here = shown.path("entries").findValuesAsText("here");
        assertEquals(List.of(kept), here, shown::toString);
        assertEquals(counts(1, 0, 1, 0), apply(shown));
        assertEquals(
                "newer than the archive", world.get(ALICE, kept).path("title").asText());
        JsonNode again = preview(ALICE, archive, Map.of());
        assertEquals(2, again.path("entries").findValuesAsText("here").size(), again::toString);
        assertEquals(counts(0, 0, 2, 0), apply(again));
        assertEquals(
                0,
                preview(BOB, archive, Map.of())
                        .path("entries")
                        .findValuesAsText("here")
                        .size(),
                "what is alice's is not here for bob");
    }

    private JsonNode tasksOf(String who) {
        Answer answer = FindTasks.answer(world.ledger.find(World.by(who, null), Map.of("limit", "500")));
        return Json.read(answer.body().toString(), JsonNode.class).path("tasks");
    }
}
