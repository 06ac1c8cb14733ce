package dev.sandglass.task.domain;

import static dev.sandglass.task.domain.World.ALICE;
import static dev.sandglass.task.domain.World.BOB;
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
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The last thing that somebody did is taken back by a change that everybody hears of like of any other. */
class UndoTest {
    /** A clock that goes on whenever it is looked at: what was done first is known. */
    static final class Ticking extends Clock {
        private Instant now = Instant.parse("2030-01-01T00:00:00Z");

        @Override
        public synchronized Instant instant() {
            now = now.plusMillis(1);
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private final MemoryDapr dapr = new MemoryDapr(1);
    private final World world = new World(new TestLedger(dapr, new Ticking(), ZoneOffset.UTC));
    private final String home = world.list("home");
    private final String other = world.list("other");

    @Test
    void aNewTaskIsGone() {
        String task = world.create(home);
        JsonNode undone = world.undo(ALICE);
        assertEquals(home, undone.at("/undone/list").asText());
        assertEquals(2, undone.at("/undone/seq").asInt());
        assertEquals(0, undone.path("tasks").size());
        assertGone(task);
        assertEquals(ChangeType.TASK_DELETED, lastIn(home).event());
    }

    @Test
    void aTaskThatWasDeletedIsBackUnderItsId() {
        String task = world.create(home);
        JsonNode before = world.get(ALICE, task);
        world.delete(ALICE, task);
        assertEquals(task, world.undo(ALICE).at("/tasks/0/id").asText());
        assertSame(before, world.get(ALICE, task));
        assertEquals(3, world.get(ALICE, task).path("version").asInt());
        assertEquals(ChangeType.TASK_CREATED, lastIn(home).event());
    }

    @Test
    void whatGoesIsToldAsItLastWas() {
        String task = world.create(home);
        world.patch(ALICE, task, Json.object().put("title", "b"));
        JsonNode before = world.get(ALICE, task);
        world.delete(ALICE, task);
        assertEquals(before, Json.tree(lastIn(home).task()));
        world.undo(ALICE);
        before = world.get(ALICE, task);
        world.patch(ALICE, task, Json.object().put("list", other));
        assertEquals(ChangeType.TASK_DELETED, lastIn(home).event());
        assertEquals(before, Json.tree(lastIn(home).task()));
        world.undo(ALICE);
        assertSame(before, world.get(ALICE, task));
    }

    @Test
    void whatWasEditedSaysWhatItSaidBefore() {
        String task = world.create(home);
        JsonNode before = world.get(ALICE, task);
        world.patch(
                ALICE,
                task,
                Json.object()
                        .put("title", "b")
                        .put("description", "c")
                        .put("priority", "high")
                        .put("timeZone", "Europe/Warsaw")
                        .put("recurFrom", "completion")
                        .set("tags", Json.array().add("d")));
        world.undo(ALICE);
        assertSame(before, world.get(ALICE, task));
        assertEquals(ChangeType.TASK_UPDATED, lastIn(home).event());
        assertEquals(
                "\"water plants\"", lastIn(home).changed().get("title").get(1).toString());
    }

    @Test
    void aRuleThatWasTakenAwayGoesOnWhereItWas() {
        String task = world.create(home);
        world.patch(ALICE, task, Json.object().put("due", "2040-05-05T12:00:00"));
        world.patch(ALICE, task, Json.object().putNull("recurrence"));
        world.undo(ALICE);
        assertEquals("2040-01-02T09:00:00", world.complete(ALICE, task).asText());
    }

    @Test
    void aDateThatWasLeftOutIsToComeAgain() {
        String task = world.create(home);
        world.skip(ALICE, task);
        world.undo(ALICE);
        assertEquals("2040-01-01T09:00:00", world.get(ALICE, task).path("due").asText());
        assertEquals("2040-01-02T09:00:00", world.complete(ALICE, task).asText());
    }

    @Test
    void aCompletionIsTakenBackWithWhatFollowedIt() {
        String task = world.create(home);
        world.complete(ALICE, task);
        world.deliver();
        String next = world.theOpenOne().path("id").asText();
        assertEquals(task, world.undo(ALICE).at("/tasks/0/id").asText());
        assertEquals(task, world.theOpenOne().path("id").asText());
        assertGone(next);
        world.deliver();
        assertEquals(task, world.theOpenOne().path("id").asText());
    }

    @Test
    void aCompletionIsTakenBackBeforeAnythingFollows() {
        String task = world.create(home);
        world.complete(ALICE, task);
        world.undo(ALICE);
        world.deliver();
        assertEquals(task, world.theOpenOne().path("id").asText());
    }

    @Test
    void whatFollowedIsTakenBackWithItAlsoWhereItWasChangedAndThatWasTakenBack() {
        String task = world.create(home);
        world.complete(ALICE, task);
        world.deliver();
        world.patch(ALICE, world.theOpenOne().path("id").asText(), Json.object().put("title", "b"));
        world.undo(ALICE);
        world.undo(ALICE);
        assertEquals(task, world.theOpenOne().path("id").asText());
    }

    @Test
    void aReopeningIsTakenBackWithWhatItTookAway() {
        String task = world.create(home);
        world.complete(ALICE, task);
        world.deliver();
        String next = world.theOpenOne().path("id").asText();
        JsonNode before = world.get(ALICE, task);
        world.reopen(ALICE, task);
        assertEquals(2, world.undo(ALICE).path("tasks").size());
        assertSame(before, world.get(ALICE, task));
        assertEquals(next, world.theOpenOne().path("id").asText());
    }

    @Test
    void aReopeningIsTakenBackAndWhatHadNotComeYetComes() {
        String task = world.create(home);
        JsonNode next = world.complete(ALICE, task);
        world.reopen(ALICE, task);
        world.undo(ALICE);
        world.deliver();
        assertEquals(next, world.theOpenOne().path("due"));
    }

    /** In the list that awaits it nothing is told. */
    @Test
    void whatIsAwaitedOnceMoreInAListThatFellQuietIsFoundByTheSweep() {
        String task = world.create(home);
        world.complete(ALICE, task);
        world.patch(ALICE, task, Json.object().put("list", other));
        world.reopen(ALICE, task);
        world.undo(ALICE);
        dapr.tamper(Keys.pending(Keys.shard(home)), null);
        JsonNode swept = world.ledger
                .decide(ForServices.awaiting(Instant.parse("2031-01-01T00:00:00Z")))
                .answer();
        assertEquals(task, swept.at("/changes/0/task/id").asText(), swept::toString);
    }

    @Test
    void aTaskThatWasMovedIsBackAndSaysWhatItSaid() {
        String task = world.create(home);
        JsonNode before = world.get(ALICE, task);
        world.patch(
                ALICE, task, Json.object().put("list", other).put("title", "b").put("recurrence", "weekly"));
        world.undo(ALICE);
        assertSame(before, world.get(ALICE, task));
        assertEquals(ChangeType.TASK_DELETED, lastIn(other).event());
        assertEquals(ChangeType.TASK_CREATED, lastIn(home).event());
        assertEquals("2040-01-02T09:00:00", world.complete(ALICE, task).asText());
    }

    @Test
    void onceMoreIsTheOneBeforeUntilNothingIsLeftThatCanBeUndone() {
        String one = world.create(home);
        String two = world.create(other);
        world.patch(ALICE, one, Json.object().put("title", "b"));
        world.delete(ALICE, two);
        assertEquals(two, world.undo(ALICE).at("/tasks/0/id").asText());
        assertEquals("water plants", world.undo(ALICE).at("/tasks/0/title").asText());
        world.undo(ALICE);
        assertGone(two);
        world.undo(ALICE);
        assertGone(one);
        assertTrue(refused(ALICE).startsWith("The last thing you did: the list “other” was created."));
    }

    @Test
    void aListThatWasDeletedIsNotBackAndNothingOlderIsUndoneInItsPlace() {
        String task = world.create(home);
        world.create(other);
        world.deleteList(other);
        assertTrue(refused(ALICE).startsWith("The last thing you did: the list “other” was deleted."));
        world.patch(ALICE, task, Json.object().put("title", "b"));
        assertEquals("water plants", world.undo(ALICE).at("/tasks/0/title").asText());
    }

    @Test
    void aReminderThatWasPutOffStaysSoAndNothingOlderIsUndoneInItsPlace() {
        String victim = world.create(home);
        world.share(other, BOB);
        String shared = world.create(other);
        world.delete(ALICE, victim);
        world.snooze(ALICE);
        assertEquals(
                "The last thing you did: a reminder was put off. When it comes cannot be undone: put it off to another time instead;"
                        + " nothing was changed",
                refused(ALICE));
        assertGone(victim);
        world.patch(BOB, shared, Json.object().put("title", "b"));
        assertEquals(shared, world.undo(BOB).at("/tasks/0/id").asText(), "it was not bob who put it off");
        world.patch(ALICE, shared, Json.object().put("title", "c"));
        assertEquals(shared, world.undo(ALICE).at("/tasks/0/id").asText(), "what came later is undone");
        assertTrue(refused(ALICE).startsWith("The last thing you did: a reminder was put off."));
        assertGone(victim);
    }

    @Test
    void whatWasDoneInAListThatIsGoneOrWasLeftIsPassedOver() {
        String third = world.list("third");
        world.share(other, BOB);
        world.share(third, BOB);
        String kept = world.create(other);
        String gone = world.create(third);
        world.patch(BOB, kept, Json.object().put("title", "b"));
        world.patch(BOB, gone, Json.object().put("title", "b"));
        world.deleteList(third);
        assertEquals(kept, world.undo(BOB).at("/tasks/0/id").asText());
        assertTrue(refused(BOB).startsWith("Nothing is left"));
    }

    @Test
    void whereSomebodyElseChangedTheSameSinceItIsRefused() {
        world.share(other, BOB);
        String task = world.create(other);
        world.create(other);
        world.patch(BOB, task, Json.object().put("title", "b"));
        world.undo(ALICE);
        assertEquals("bob has changed “water plants” since; nothing was changed", refused(ALICE));
        assertEquals("b", world.get(ALICE, task).path("title").asText());
        world.undo(BOB);
        world.undo(ALICE);
        assertGone(task);
        assertTrue(refused(BOB).startsWith("Nothing is left"));
    }

    @Test
    void whereSomebodyElseTouchedWhatFollowedItIsRefused() {
        world.share(other, BOB);
        String task = world.create(other);
        world.complete(ALICE, task);
        world.deliver();
        String next = world.theOpenOne().path("id").asText();
        world.delete(BOB, next);
        assertEquals("bob has changed the one after “water plants” since; nothing was changed", refused(ALICE));
        world.undo(BOB);
        world.undo(ALICE);
        assertEquals(task, world.theOpenOne().path("id").asText());
    }

    @Test
    void whoMayNotWriteAnyMoreUndoesNothing() {
        world.share(other, BOB);
        String task = world.create(other);
        world.patch(BOB, task, Json.object().put("title", "b"));
        world.share(other, BOB, "viewer");
        assertTrue(refused(BOB).startsWith("You may not write any more"));
    }

    @Test
    void aRepeatedRequestUndoesOnce() {
        String task = world.create(home);
        world.patch(ALICE, task, Json.object().put("title", "b"));
        Request request = new Request(ALICE, Set.of(), Once.of(ALICE, "/api/undo", "k", ""), null, Instant.now());
        JsonNode undone = world.undo(request);
        assertEquals(undone.toString(), world.undo(request).toString());
        assertEquals(1, world.get(ALICE, task).path("version").asInt() - 2);
    }

    /** From completion COUNT counts occurrences: what is not skipped after all is one again. */
    @Test
    void aSkippedDateThatIsTakenBackCountsAgain() {
        String task = world.create(home);
        world.patch(
                ALICE,
                task,
                Json.object().put("recurrence", "FREQ=DAILY;COUNT=2").put("recurFrom", "completion"));
        JsonNode before = world.get(ALICE, task);
        assertEquals(
                "FREQ=DAILY;COUNT=1", world.skip(ALICE, task).path("recurrence").asText());
        assertThrows(Rejection.class, () -> world.skip(ALICE, task));
        world.undo(ALICE);
        assertSame(before, world.get(ALICE, task));
        world.skip(ALICE, task);
    }

    /** The writer looks again at what was found. */
    @Test
    void aChangeBetweenTheLookAndTheWriteStandsInTheWay() {
        world.share(other, BOB);
        String task = world.create(other);
        OnTask undo = Undo.last(World.by(ALICE, null), List.of(other));
        OnTask.found(undo, world.ledger.decide(undo.search()));
        world.patch(BOB, task, Json.object().put("title", "b"));
        assertEquals(
                Reason.CONFLICT,
                assertThrows(Rejection.class, () -> world.ledger.change(undo)).reason());
    }

    /** Requests that wait for each other are written together, and taken back one by one. */
    @Test
    void requestsOfOneTransactionAreNotOneAct() {
        User alice = world.ledger.know(World.by(ALICE, null));
        CreateTask create = new CreateTask(world.ledger.users);
        ObjectNode wanted = Json.object().put("list", home).put("title", "a");
        Batch.Waiting one = new Batch.Waiting(create.create(World.by(ALICE, null), alice.inbox(), wanted), null);
        Batch batch = new Batch(
                List.of(one, one),
                one.write().lists(),
                Instant.now(),
                Set.of(Keys.pending(Keys.shard(home))),
                java.util.Map.of());
        var written = world.ledger.decide(documents -> new dev.sandglass.support.domain.Accepted<>(
                new dev.sandglass.support.Transaction(), batch.on(documents).transaction()));
        assertFalse(written.value(Keys.change(home, 2)).has("act"));
        assertFalse(written.value(Keys.change(home, 3)).has("act"));
    }

    @Test
    void whatAListSaysOfItselfIsTakenBackAndThenWhatWasBefore() {
        String task = world.create(home);
        JsonNode before = world.get(ALICE, task);
        world.patch(ALICE, task, Json.object().put("title", "b"));
        world.holidays(home, "2040-01-06");
        world.holidays(home, "2040-01-06 2040-01-07");
        world.patchList(
                ALICE,
                home,
                Json.object().put("name", "house").set("reminders", Json.array().add("-PT15M")));
        JsonNode undone = world.undo(ALICE);
        assertEquals(home, undone.at("/undone/list").asText());
        assertEquals(0, undone.path("tasks").size());
        Head head = headOf(home);
        assertEquals("home", head.name());
        assertEquals(List.of(), head.reminders());
        assertEquals(ChangeType.LIST_UPDATED, lastIn(home).event());
        world.undo(ALICE);
        assertEquals(Set.of(LocalDate.parse("2040-01-06")), daysOff());
        world.undo(ALICE);
        assertEquals(Set.of(), daysOff());
        assertEquals(task, world.undo(ALICE).at("/tasks/0/id").asText());
        assertSame(before, world.get(ALICE, task));
    }

    @Test
    void whatAListSaysOfItselfStaysWhereSomebodyChangedItSince() {
        world.share(other, BOB);
        world.patchList(ALICE, other, Json.object().put("name", "b"));
        world.patchList(BOB, other, Json.object().put("name", "c"));
        assertEquals("The list “b” was changed since; nothing was changed", refused(ALICE));
        assertEquals("c", headOf(other).name());
        world.undo(BOB);
        world.undo(ALICE);
        assertEquals("other", headOf(other).name());
    }

    @Test
    void aListThatIsChangedBetweenTheLookAndTheWriteIsLookedAtAgain() {
        world.share(other, BOB);
        world.patchList(ALICE, other, Json.object().put("name", "b"));
        OnTask undo = Undo.last(World.by(ALICE, null), List.of(other));
        OnTask.found(undo, world.ledger.decide(undo.search()));
        world.undo(ALICE);
        world.patchList(BOB, other, Json.object().put("name", "c"));
        assertEquals(
                Reason.CONFLICT,
                assertThrows(Rejection.class, () -> world.ledger.change(undo)).reason());
        assertEquals("c", headOf(other).name());
    }

    private Head headOf(String list) {
        return world.heads().stream()
                .filter(head -> head.id().equals(list))
                .findFirst()
                .orElseThrow();
    }

    private Set<LocalDate> daysOff() {
        return world.ledger
                .decide(documents -> dev.sandglass.support.domain.Accepted.unchanged(DaysOff.of(documents, home)))
                .days();
    }

    private Change lastIn(String list) {
        return world.changes().stream()
                .filter(change -> change.list().equals(list))
                .reduce((one, later) -> later)
                .orElseThrow();
    }

    private String refused(String user) {
        Rejection why = assertThrows(Rejection.class, () -> world.undo(user));
        assertEquals(Reason.CONFLICT, why.reason());
        return String.valueOf(why.getMessage());
    }

    private void assertGone(String task) {
        assertEquals(
                Reason.NOT_FOUND,
                assertThrows(Rejection.class, () -> world.get(ALICE, task)).reason());
    }

    /** But for the version, and when it was. */
    private static void assertSame(JsonNode before, JsonNode after) {
        Set<String> goesOn = Set.of("version", "updatedAt");
        assertEquals(((ObjectNode) before.deepCopy()).without(goesOn), ((ObjectNode) after.deepCopy()).without(goesOn));
    }
}
