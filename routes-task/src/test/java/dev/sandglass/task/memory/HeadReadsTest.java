package dev.sandglass.task.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.support.memory.Lookup;
import dev.sandglass.task.domain.User;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeadReadsTest {
    private final HeadReads reads = new HeadReads();

    @Test
    void twoPortionsAreReadAtOnceAndOthersWaitForAMomentOnly() throws Exception {
        Lookup<?> first = begun(64);
        begun(64);
        begun(0);
        CompletableFuture<Lookup<?>> third = CompletableFuture.supplyAsync(() -> begun(64));
        Thread.sleep(100);
        assertFalse(third.isDone());
        reads.asked(first);
        third.get(1, TimeUnit.SECONDS);
        refused(1);
    }

    @Test
    void whoWantsMoreThanThereIsRoomForIsReadAlone() {
        Lookup<?> all = begun(10_000);
        refused(1);
        reads.asked(all);
        begun(1);
    }

    @Test
    void thePortionBeforeGivesItsRoomToTheNext() {
        Lookup<?> all = begun(10_000);
        wants(all);
        reads.asked(all);
        begun(10_000);
    }

    @Test
    void allAnswersTogetherHaveAsManyListsAsOneUserMayHave() throws Exception {
        int few = reads.beginAnswer(having(5));
        assertEquals(
                Reason.NOT_NOW,
                assertThrows(Rejection.class, () -> reads.beginAnswer(having(User.MOST_LISTS)))
                        .reason());
        reads.endAnswer(few);
        reads.endAnswer(reads.beginAnswer(having(User.MOST_LISTS)));
        assertEquals(5, reads.beginAnswer(having(5)));
    }

    private static User having(int lists) {
        User user = User.fresh("alice", ZoneOffset.UTC);
        return user.only(
                IntStream.range(0, lists).mapToObj(Integer::toString).collect(Collectors.toCollection(TreeSet::new)));
    }

    /** A question that has room for what it reads first. */
    private Lookup<?> begun(int keys) {
        Lookup<?> question = wanting(keys);
        wants(question);
        return question;
    }

    private void refused(int keys) {
        Lookup<?> question = wanting(keys);
        assertEquals(
                Reason.NOT_NOW,
                assertThrows(Rejection.class, () -> question.on(Documents.of(Map.of())))
                        .reason());
    }

    private static void wants(Lookup<?> question) {
        assertThrows(Documents.Unseen.class, () -> question.on(Documents.of(Map.of())));
    }

    private Lookup<?> wanting(int keys) {
        return reads.question(documents -> {
            throw new Documents.Unseen(
                    IntStream.range(0, keys).mapToObj(Integer::toString).collect(Collectors.toSet()));
        });
    }
}
