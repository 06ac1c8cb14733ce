package dev.sandglass.task.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sandglass.support.domain.Attempt;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.User;
import java.time.ZoneOffset;
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
        assertEquals(64, reads.begin(wanting(64)));
        assertEquals(64, reads.begin(wanting(64)));
        assertEquals(0, reads.begin(wanting(0)), "needs no room");
        CompletableFuture<Integer> third = CompletableFuture.supplyAsync(() -> begin(64));
        Thread.sleep(100);
        assertFalse(third.isDone());
        reads.end(64);
        assertEquals(64, third.get(1, TimeUnit.SECONDS));
        assertEquals(
                Reason.NOT_NOW,
                assertThrows(Rejection.class, () -> reads.begin(wanting(1))).reason());
    }

    @Test
    void whoWantsMoreThanThereIsRoomForIsReadAlone() throws Exception {
        int all = reads.begin(wanting(10_000));
        assertEquals(
                Reason.NOT_NOW,
                assertThrows(Rejection.class, () -> reads.begin(wanting(1))).reason());
        reads.end(all);
        assertEquals(1, reads.begin(wanting(1)));
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

    private int begin(int keys) {
        try {
            return reads.begin(wanting(keys));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Attempt<?> wanting(int keys) {
        Attempt<Object> attempt = new Attempt<>(
                documents -> {
                    throw new Documents.Unseen(
                            IntStream.range(0, keys).mapToObj(Integer::toString).collect(Collectors.toSet()));
                },
                Long.MAX_VALUE);
        attempt.decide();
        return attempt;
    }
}
