package dev.sandglass.task.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.support.memory.FairLookup;
import dev.sandglass.task.domain.Request;
import dev.sandglass.task.domain.User;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("FR-012")
@Timeout(20)
class HeadReadsTest {
    private final HeadReads reads = new HeadReads();

    @Test
    void twoPortionsAreReadAtOnceAndOthersWaitForAMomentOnly() throws Exception {
        FairLookup<?> first = begun("alice", 64);
        begun("bob", 64);
        begun("carol", 0);
        CompletableFuture<FairLookup<?>> third = waiting("carol", 64);
        reads.asked(first);
        third.get(1, TimeUnit.SECONDS);
        assertEquals(Reason.TOO_MANY, refused("dave", 1).reason());
    }

    @Test
    void whoWantsMoreThanThereIsRoomForIsReadAlone() throws Exception {
        FairLookup<?> all = begun("alice", 10_000);
        CompletableFuture<FairLookup<?>> next = waiting("bob", 1);
        reads.asked(all);
        next.get(1, TimeUnit.SECONDS);
        begun("alice", 1);
    }

    @Test
    void thePortionBeforeGivesItsRoomToTheNext() {
        FairLookup<?> all = begun("alice", 10_000);
        wants(all);
        reads.asked(all);
        begun("alice", 10_000);
    }

    @Test
    void whoAsksForFewListsDoesNotWaitForAllWhoAskForMany() throws Exception {
        FairLookup<?> first = begun("greedy", 128);
        List<CompletableFuture<FairLookup<?>>> others = List.of(waiting("greedy", 128), waiting("greedy", 128));
        CompletableFuture<FairLookup<?>> calm = waiting("calm", 2);
        reads.asked(first);
        FairLookup<?> few = calm.get(1, TimeUnit.SECONDS);
        assertTrue(others.stream().noneMatch(CompletableFuture::isDone));
        reads.asked(few);
        CompletableFuture.anyOf(others.toArray(CompletableFuture[]::new)).get(1, TimeUnit.SECONDS);
    }

    @Test
    void aServiceIsToldToAskAgain() {
        begun("alice", 128);
        FairLookup<?> service = reads.question(wanting(1), null, null);
        assertEquals(
                Reason.NOT_NOW,
                assertThrows(Rejection.class, () -> service.on(Documents.of(Map.of())))
                        .reason());
    }

    @Test
    void allAnswersTogetherHaveAsManyListsAsOneUserMayHave() {
        reads.beginAnswer(having("alice", 5));
        Rejection late = assertThrows(Rejection.class, () -> reads.beginAnswer(having("bob", User.MOST_LISTS)));
        assertEquals(Reason.TOO_MANY, late.reason());
        reads.endAnswer(having("alice", 5));
        reads.beginAnswer(having("bob", User.MOST_LISTS));
        reads.endAnswer(having("bob", User.MOST_LISTS));
        reads.beginAnswer(having("alice", 5));
    }

    private static User having(String name, int lists) {
        User user = User.fresh(name, ZoneOffset.UTC);
        return user.only(
                IntStream.range(0, lists).mapToObj(Integer::toString).collect(Collectors.toCollection(TreeSet::new)));
    }

    /** A question that has room for what it reads first. */
    private FairLookup<?> begun(String user, int keys) {
        FairLookup<?> question = asks(user, keys);
        wants(question);
        return question;
    }

    /** One that waits for room. */
    private CompletableFuture<FairLookup<?>> waiting(String user, int keys) throws Exception {
        CompletableFuture<FairLookup<?>> question =
                CompletableFuture.supplyAsync(() -> begun(user, keys), begin -> new Thread(begin).start());
        Thread.sleep(100);
        assertFalse(question.isDone());
        return question;
    }

    private Rejection refused(String user, int keys) {
        FairLookup<?> question = asks(user, keys);
        return assertThrows(Rejection.class, () -> question.on(Documents.of(Map.of())));
    }

    private static void wants(FairLookup<?> question) {
        assertThrows(Documents.Unseen.class, () -> question.on(Documents.of(Map.of())));
    }

    private FairLookup<?> asks(String user, int keys) {
        return reads.question(wanting(keys), new Request(user, Set.of(), null, null, Instant.now()), null);
    }

    private static Decision<?> wanting(int keys) {
        return documents -> {
            throw new Documents.Unseen(
                    IntStream.range(0, keys).mapToObj(Integer::toString).collect(Collectors.toSet()));
        };
    }
}
