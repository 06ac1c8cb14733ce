package dev.sandglass.task.domain;

import static dev.sandglass.task.domain.World.ALICE;
import static dev.sandglass.task.domain.World.BOB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The answer to a completion keeps its promise, whatever is done to the completed task before the event is heard. */
@Tag("FR-002")
class OneTaskManyHandsTest {
    private static final Instant AT = Instant.parse("2039-12-31T00:00:00Z");
    private final World world = new World(new MemoryDapr(1));
    private final String home = world.list("home");
    private final String other = world.list("other");
    private final String first = world.create(home);

    @Test
    void anEditAfterTheCompletionDoesNotReachTheNextOccurrence() {
        JsonNode next = world.complete(ALICE, first);
        world.patch(ALICE, first, Json.object().put("title", "edited").put("recurrence", "yearly"));
        world.deliver();
        JsonNode second = world.theOpenOne();
        assertEquals("water plants", second.path("title").asText());
        assertEquals(next, second.path("due"));
        assertEquals("daily", second.path("recurrence").asText());
    }

    @Test
    void aMoveAfterTheCompletionLeavesTheNextOccurrenceInTheListOfTheCompletion() {
        JsonNode next = world.complete(ALICE, first);
        world.patch(ALICE, first, Json.object().put("list", other));
        world.deliver();
        JsonNode second = world.theOpenOne();
        assertEquals(home, second.path("list").asText());
        assertEquals(next, second.path("due"));
    }

    @Test
    void aDeletionAfterTheCompletionDoesNotTakeTheNextOccurrenceAway() {
        JsonNode next = world.complete(ALICE, first);
        world.delete(ALICE, first);
        world.deliver();
        assertEquals(next, world.theOpenOne().path("due"));
    }

    @Test
    void reopeningATaskThatWasMovedTakesItsUntouchedSuccessorAway() {
        world.complete(ALICE, first);
        world.deliver();
        String second = world.theOpenOne().path("id").asText();
        world.patch(ALICE, first, Json.object().put("list", other));
        world.reopen(ALICE, first);
        assertEquals(first, world.theOpenOne().path("id").asText());
        assertEquals(
                Reason.NOT_FOUND,
                assertThrows(Rejection.class, () -> world.get(ALICE, second)).reason());
        JsonNode next = world.complete(ALICE, first);
        world.deliver();
        JsonNode anew = world.theOpenOne();
        assertEquals(next, anew.path("due"));
        assertEquals(other, anew.path("list").asText());
    }

    @Test
    void reopenedBeforeTheEventIsHeardNothingFollows() {
        world.complete(ALICE, first);
        world.patch(ALICE, first, Json.object().put("list", other));
        world.reopen(ALICE, first);
        world.deliver();
        assertEquals(first, world.theOpenOne().path("id").asText());
    }

    @Test
    void completedAgainBehindADateAlreadyDoneNextIsTheOneStillToCome() {
        JsonNode secondDue = world.complete(ALICE, first);
        world.deliver();
        String second = world.theOpenOne().path("id").asText();
        JsonNode thirdDue = world.complete(ALICE, second);
        world.reopen(ALICE, first);
        assertEquals(thirdDue, world.complete(ALICE, first));
        assertNotEquals(secondDue, thirdDue);
        world.deliver();
        assertEquals(thirdDue, world.theOpenOne().path("due"));
    }

    @Test
    void whereTheNextOneWasDeletedMeanwhileCompletingPromisesAnother() {
        world.complete(ALICE, first);
        world.deliver();
        String second = world.theOpenOne().path("id").asText();
        world.patch(ALICE, second, Json.object().put("title", "touched"));
        world.reopen(ALICE, first);
        world.delete(ALICE, second);
        JsonNode next = world.complete(ALICE, first);
        world.deliver();
        assertEquals(next, world.theOpenOne().path("due"));
    }

    @Test
    void aPromisedOccurrenceIsNobodysToSeeBeforeItComes() {
        world.complete(ALICE, first);
        String promised = first.replaceFirst("\\.1$", ".2");
        for (Executable call : List.<Executable>of(
                () -> world.get(ALICE, promised),
                () -> world.patch(ALICE, promised, Json.object().put("title", "x")),
                () -> world.delete(ALICE, promised),
                () -> world.complete(ALICE, promised),
                () -> world.reopen(ALICE, promised))) {
            assertEquals(Reason.NOT_FOUND, assertThrows(Rejection.class, call).reason());
        }
        world.deliver();
        assertEquals(promised, world.theOpenOne().path("id").asText());
    }

    /** An editor of the list the task was moved to has no right in the list it was completed in. */
    @Test
    void whoMayNotWriteWhereTheSuccessorIsLeavesItThereAndIsPromisedNothing() {
        world.share(other, BOB);
        world.complete(ALICE, first);
        world.deliver();
        world.patch(ALICE, first, Json.object().put("list", other));
        world.reopen(BOB, first);
        assertEquals(2, world.tasks().size());
        assertEquals(NullNode.getInstance(), world.complete(BOB, first));
        world.deliver();
        JsonNode second = world.theOpenOne();
        assertEquals(second.path("due"), world.complete(ALICE, first));
    }

    /** A viewer of the list it was completed in, and an editor of the one it was moved to. */
    @Test
    void whoMayOnlyReadWhereTheSuccessorIsLeavesItThereAndIsToldWhenItComes() {
        world.share(other, BOB);
        world.share(home, BOB, "viewer");
        JsonNode next = world.complete(ALICE, first);
        world.patch(ALICE, first, Json.object().put("list", other));
        assertEquals(next, series(BOB).at("/next/0"));
        world.reopen(BOB, first);
        assertEquals(next, world.complete(BOB, first));
        world.deliver();
        assertEquals(next, world.theOpenOne().path("due"));
        assertEquals(home, world.theOpenOne().path("list").asText());
    }

    @Test
    void aSeriesTellsNothingOfAPromiseInAListOfOthers() {
        world.share(other, BOB);
        world.complete(ALICE, first);
        world.patch(ALICE, first, Json.object().put("list", other));
        assertEquals(10, series(ALICE).path("next").size());
        assertEquals(0, series(BOB).path("next").size());
    }

    @Test
    void aSeriesTellsWhatWasDoneFromTheOldest() {
        List<String> done = new ArrayList<>();
        for (int times = 0; times < 3; times++) {
            done.add(world.theOpenOne().path("id").asText());
            world.complete(ALICE, done.get(times));
            world.deliver();
        }
        List<String> told = new ArrayList<>();
        series(ALICE).path("done").forEach(one -> told.add(one.path("task").asText()));
        assertEquals(done, told);
    }

    /** What follows comes, and is done, while the series is being read: after the search, and after each read that follows it. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aSeriesNeverSeemsOverWhileItGoesOn(int reads) {
        String second = first.replaceFirst("\\.1$", ".2");
        goesOn(reads, () -> world.complete(ALICE, first));
        goesOn(reads, world::deliver);
        goesOn(reads, () -> {
            world.complete(ALICE, second);
            world.deliver();
        });
        String third = world.theOpenOne().path("id").asText();
        goesOn(reads, () -> {
            world.complete(ALICE, third);
            world.deliver();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void norWhereWhatFollowsComesInAnotherList(int reads) {
        world.complete(ALICE, first);
        world.patch(ALICE, first, Json.object().put("list", other));
        goesOn(reads, world::deliver);
    }

    private void goesOn(int reads, Runnable meanwhile) {
        List<JsonNode> before = open(series(ALICE));
        JsonNode told = world.series(ALICE, first, AT, reads, meanwhile);
        List<JsonNode> after = open(series(ALICE));
        assertNotEquals(before, after);
        assertTrue(Set.of(before, after).contains(open(told)), () -> before + "\n" + told + "\n" + after);
        assertEquals(10, told.path("next").size(), told::toString);
    }

    private static List<JsonNode> open(JsonNode series) {
        return List.of(series.path("open"), series.path("next"));
    }

    @Test
    void aSeriesWhoseNextIsDeletedIsOver() {
        world.complete(ALICE, first);
        world.deliver();
        world.delete(ALICE, world.theOpenOne().path("id").asText());
        JsonNode told = series(ALICE);
        assertTrue(told.path("open").isNull(), told::toString);
        assertEquals(0, told.path("next").size(), told::toString);
        assertEquals(1, told.path("done").size(), told::toString);
    }

    private JsonNode series(String user) {
        return world.series(user, world.get(ALICE, first).path("series").asText(), AT);
    }

    @Test
    void withTheListOfItsSuccessorGoneATaskThatWasMovedPromisesAnother() {
        world.complete(ALICE, first);
        world.patch(ALICE, first, Json.object().put("list", other));
        world.deleteList(home);
        world.deliver();
        world.reopen(ALICE, first);
        JsonNode next = world.complete(ALICE, first);
        world.deliver();
        JsonNode second = world.theOpenOne();
        assertEquals(next, second.path("due"));
        assertEquals(other, second.path("list").asText());
    }

    @Test
    void completingAndReopeningLookAtIfMatch() {
        Rejection stale = assertThrows(Rejection.class, () -> world.complete(World.by(ALICE, "\"7\""), first));
        assertEquals(Reason.STALE, stale.reason());
        assertEquals(first, stale.more().at("/task/id").asText());
        world.complete(World.by(ALICE, "\"1\""), first);
        assertEquals(
                Reason.STALE,
                assertThrows(Rejection.class, () -> world.reopen(World.by(ALICE, "\"1\""), first))
                        .reason());
        world.reopen(World.by(ALICE, "\"1\", \"2\""), first);
    }
}
