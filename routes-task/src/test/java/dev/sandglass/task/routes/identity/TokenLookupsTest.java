package dev.sandglass.task.routes.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.events.Json;
import dev.sandglass.support.Problem;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Unavailable;
import dev.sandglass.task.domain.Grant;
import dev.sandglass.task.domain.Ids;
import dev.sandglass.task.domain.KeepTokens;
import dev.sandglass.task.domain.KeepTokens.Use;
import dev.sandglass.task.domain.Keys;
import dev.sandglass.task.domain.Request;
import dev.sandglass.task.routes.identity.PersonalTokens.Asked;
import io.vertx.core.Future;
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
import java.util.Set;
import java.util.TreeSet;
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
        asked.questions().forEach(one -> {
            Grant grant = store.get(one.hash());
            String key = Keys.token(one.hash());
            found.put(key, new Stored(key, grant == null ? null : Json.text(grant), grant == null ? null : "1"));
        });
        return found;
    }

    private static int status(Future<Grant> answer) {
        return answer.cause() instanceof Problem problem ? problem.status() : 0;
    }

    private @Nullable String user(String token) throws Exception {
        Future<Grant> answer = tokens.verify(token, "here");
        lookUp();
        return answer.succeeded() ? answer.result().user() : null;
    }

    @Test
    void aUseIsNotedToTheMillisecond() throws Exception {
        clock.now = Instant.now().plus(Duration.ofDays(1));
        String token = token();
        PersonalTokens live = new PersonalTokens();
        Future<Grant> answer = live.verify(token, "here");
        Asked asked = (Asked) live.take(NO_TIME);
        live.learn(asked, found(asked));
        assertTrue(answer.succeeded());
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
            assertEquals(401, status(tokens.verify(wrong, "here")), wrong);
        }
        lookUp();
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
        Future<Grant> underWay = tokens.verify(good, "here");
        Asked asked = (Asked) tokens.take(NO_TIME);
        String id = Grant.id(KeepTokens.hash(good));
        tokens.withdrawn(new Request("alice", Set.of(), null, null, null, null, null, clock.now, id, ""));
        assertNull(user(good));
        // It was read before.
        tokens.learn(asked, found(asked));
        assertTrue(underWay.succeeded());
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
        List<Future<Grant>> waiting = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            waiting.add(tokens.verify(good, "here"));
            waiting.add(tokens.verify(token(), "here"));
        }
        assertTrue(waiting.stream().noneMatch(Future::isComplete));
        lookUp();
        assertTrue(waiting.stream().allMatch(Future::succeeded));
        assertEquals(1, reads);
    }

    @Test
    void whoGuessesHoldsUpNobodyWhoseTokenIsKnown() throws Exception {
        String good = token();
        assertEquals("alice", user(good));
        clock.pass(Duration.ofSeconds(5));
        List<Future<Grant>> guesses = IntStream.range(0, 5_000)
                .mapToObj(i -> tokens.verify(Ids.token(), "there"))
                .toList();
        assertEquals(
                4_000, guesses.stream().filter(guess -> status(guess) == 429).count());
        Future<Grant> answer = tokens.verify(good, "here");
        Asked first = (Asked) tokens.take(NO_TIME);
        assertEquals(KeepTokens.hash(good), first.questions().get(0).hash());
        tokens.miss(first, new Unavailable("the state store", null));
        assertEquals(Unavailable.class, answer.cause().getClass());
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
            tokens.verify(good, "place" + i);
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
