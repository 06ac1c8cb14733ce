package dev.sandglass.task.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.Grant;
import dev.sandglass.task.domain.Ids;
import dev.sandglass.task.domain.KeepTokens;
import dev.sandglass.task.domain.KeepTokens.Use;
import dev.sandglass.task.domain.Keys;
import dev.sandglass.task.domain.Request;
import dev.sandglass.task.memory.PersonalTokens.Asked;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The questions about tokens that reach the store, and how often they do. */
@Tag("FR-013")
class TokenLookupsTest {
    private static final Duration NO_TIME = Duration.ZERO;

    private final Watch clock = new Watch();
    private final PersonalTokens tokens = new PersonalTokens(clock);
    private final Map<String, Grant> store = new HashMap<>();
    private int reads;

    private static final class Watch extends Clock {
        private Instant now = Instant.parse("2027-01-01T00:00:00Z");

        @Override
        public Instant instant() {
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

        void pass(Duration time) {
            now = now.plus(time);
        }
    }

    private String token() {
        String token = Ids.token();
        String hash = KeepTokens.hash(token);
        store.put(
                hash,
                new Grant(
                        1,
                        hash,
                        "alice",
                        "inbox",
                        new TreeSet<>(List.of("read")),
                        null,
                        clock.now.plus(Duration.ofDays(1))));
        return token;
    }

    /** The route's steps, until nothing waits. */
    private void lookUp() throws Exception {
        while (tokens.take(NO_TIME) instanceof Asked asked) {
            reads++;
            tokens.learn(asked, found(asked));
        }
    }

    private Map<String, Stored> found(Asked asked) {
        Map<String, Stored> found = new HashMap<>();
        asked.lookups().forEach(one -> {
            Grant grant = store.get(one.hash());
            String key = Keys.token(one.hash());
            found.put(key, new Stored(key, grant == null ? null : Json.text(grant), grant == null ? null : "1"));
        });
        return found;
    }

    private static boolean isOneTooMany(CompletableFuture<Optional<Grant>> answer) {
        return failure(answer) instanceof Rejection no && no.reason() == Reason.TOO_MANY;
    }

    private static @Nullable Throwable failure(CompletableFuture<Optional<Grant>> answer) {
        return answer.handle((found, why) -> why).getNow(null);
    }

    private @Nullable String user(String token) throws Exception {
        CompletableFuture<Optional<Grant>> answer = tokens.find(token);
        lookUp();
        return answer.join()
                .filter(grant -> tokens.use(grant, "here"))
                .map(Grant::user)
                .orElse(null);
    }

    @Test
    void aUseIsNotedToTheMillisecond() throws Exception {
        clock.now = Instant.now().plus(Duration.ofDays(1));
        String token = token();
        PersonalTokens live = new PersonalTokens();
        CompletableFuture<Optional<Grant>> answer = live.find(token);
        Asked asked = (Asked) live.take(NO_TIME);
        live.learn(asked, found(asked));
        assertTrue(live.use(answer.join().orElseThrow(), "here"));
        Instant at = ((Use) live.noting.take(NO_TIME)).at();
        assertEquals(at.truncatedTo(ChronoUnit.MILLIS), at);
    }

    @Test
    void whatIsNoTokenIsNotLookedUp() throws Exception {
        String good = Ids.token();
        for (String wrong : List.of(
                "sg_",
                good + "A",
                good.substring(0, good.length() - 1),
                good.substring(0, good.length() - 1) + "B",
                good.replaceFirst("sg_.", "sg_+"),
                good + "\n",
                good.replaceFirst("sg_", "SG_"))) {
            assertNull(user(wrong), wrong);
        }
        assertEquals(0, reads);
    }

    @Test
    void whatWasLookedUpHoldsForLessThanFiveSecondsOfEitherKind() throws Exception {
        String good = token();
        String bad = Ids.token();
        for (int i = 0; i < 39; i++) {
            assertEquals("alice", user(good));
            assertNull(user(bad));
            clock.pass(Duration.ofMillis(100));
        }
        assertEquals(2, reads);
        store.clear();
        clock.pass(Duration.ofMillis(100));
        assertNull(user(good));
        assertEquals(3, reads);
    }

    @Test
    void aTokenIsGoodNoMoreAtTheReplicaThatHasWithdrawnIt() throws Exception {
        String good = token();
        assertEquals("alice", user(good));
        clock.pass(Duration.ofSeconds(5));
        CompletableFuture<Optional<Grant>> underWay = tokens.find(good);
        Asked asked = (Asked) tokens.take(NO_TIME);
        String id = Grant.id(KeepTokens.hash(good));
        tokens.withdrawn(new Request("alice", Set.of(), null, null, null, null, null, clock.now, id, ""));
        assertNull(user(good));
        // It was read before.
        tokens.learn(asked, found(asked));
        assertTrue(underWay.join().isPresent());
        assertNull(user(good));
        clock.pass(Duration.ofHours(-1));
        assertNull(user(good));
    }

    @Test
    void aLookDoesNotHoldLongerWhereTheClockIsPutBack() throws Exception {
        String good = token();
        String bad = Ids.token();
        assertEquals("alice", user(good));
        assertNull(user(bad));
        clock.pass(Duration.ofHours(-1));
        store.clear();
        assertNull(user(good));
        assertNull(user(bad));
        assertEquals(4, reads);
    }

    @Test
    void aTokenEndsWithoutALookAtTheStore() throws Exception {
        String good = token();
        clock.pass(Duration.ofDays(1).minusMillis(1));
        assertEquals("alice", user(good));
        clock.pass(Duration.ofMillis(1));
        assertNull(user(good));
        assertEquals(1, reads);
    }

    @Test
    void thoseWhoShowTheSameAtOnceAreOneQuestionAndManyAreOneRead() throws Exception {
        String good = token();
        List<CompletableFuture<Optional<Grant>>> waiting = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            waiting.add(tokens.find(good));
            waiting.add(tokens.find(token()));
        }
        assertTrue(waiting.stream().noneMatch(CompletableFuture::isDone));
        lookUp();
        assertTrue(waiting.stream().allMatch(answer -> answer.join().isPresent()));
        assertEquals(1, reads);
    }

    @Test
    void whoGuessesHoldsUpNobodyWhoseTokenIsKnown() throws Exception {
        String good = token();
        assertEquals("alice", user(good));
        clock.pass(Duration.ofSeconds(5));
        assertEquals(
                4_000,
                IntStream.range(0, 5_000)
                        .filter(i -> isOneTooMany(tokens.find(Ids.token())))
                        .count());
        CompletableFuture<Optional<Grant>> answer = tokens.find(good);
        Asked first = (Asked) tokens.take(NO_TIME);
        assertEquals(KeepTokens.hash(good), first.lookups().get(0).hash());
        tokens.miss(first, new Unavailable("the state store", null));
        assertInstanceOf(Unavailable.class, failure(answer));
        lookUp();
        assertEquals("alice", user(good));
        assertTrue(reads < 20, "reads " + reads);
    }

    @Test
    void aUseIsToldOfOnceAnHourAndFromEachPlaceOfAFew() throws Exception {
        String good = token();
        for (int i = 0; i < 5; i++) {
            user(good);
        }
        assertTrue(tokens.noting.take(NO_TIME) instanceof KeepTokens.Use);
        assertNull(tokens.noting.take(NO_TIME));
        for (int i = 0; i < 100; i++) {
            tokens.use(tokens.find(good).join().orElseThrow(), "place" + i);
        }
        int told = 0;
        while (tokens.noting.take(NO_TIME) != null) {
            told++;
        }
        assertEquals(19, told);
        clock.pass(Duration.ofMinutes(61));
        user(good);
        KeepTokens.Use use = (KeepTokens.Use) tokens.noting.take(NO_TIME);
        assertEquals("here", use.from());
        user(good);
        assertNull(tokens.noting.take(NO_TIME));
        tokens.unnoted(use);
        user(good);
        assertFalse(tokens.noting.take(NO_TIME) == null);
    }
}
