package dev.sandglass.task.memory;

import dev.sandglass.support.Stored;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.support.memory.Backlog;
import dev.sandglass.task.domain.Grant;
import dev.sandglass.task.domain.Ids;
import dev.sandglass.task.domain.KeepTokens;
import dev.sandglass.task.domain.KeepTokens.Use;
import dev.sandglass.task.domain.Keys;
import dev.sandglass.task.domain.Request;
import dev.sandglass.task.domain.SavedTokens;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/**
 * Knows personal tokens, good ones and others, by what the store said of them lately. What it must look up waits here for a route, which
 * reads all that waits at once: those that were good a while ago first, so that who guesses holds up nobody but who guesses.
 */
@Singleton
@Named("personalTokens")
public class PersonalTokens implements Backlog {
    /** How long a look at the store holds; within five seconds of its end a token is good nowhere. */
    private static final Duration HOLDS = Duration.ofSeconds(4);

    private static final Duration A_WHILE = Duration.ofHours(1);
    private static final int MOST_GOOD = 20_000;
    private static final int MOST_BAD = 10_000;
    private static final int MOST_WAITING = 1_000;
    private static final int TOGETHER = 100;

    /** Somebody shows a token. */
    public record Lookup(String hash, boolean wasGood, CompletableFuture<Optional<Grant>> answer) {}

    /** @param at when the store was asked */
    public record Asked(List<Lookup> lookups, Instant at) {}

    /** @param since when the first of these uses was */
    private record Uses(Instant since, Set<String> addresses) {}

    private static final class Good {
        private final Grant grant;
        private final Instant at;
        private Uses uses;

        Good(Grant grant, Instant at, Uses uses) {
            this.grant = grant;
            this.at = at;
            this.uses = uses;
        }
    }

    private final Clock clock;
    private final Map<String, Good> good = newest(MOST_GOOD);
    private final Map<String, Instant> bad = newest(MOST_BAD);
    /** Withdrawn at this replica, by id: no look at the store, begun before, makes them good again. */
    private final Map<String, Instant> withdrawn = newest(MOST_BAD);

    private final Map<String, Lookup> asked = new HashMap<>();
    private final LinkedBlockingDeque<Lookup> waiting = new LinkedBlockingDeque<>();
    private final BlockingQueue<Use> uses = new LinkedBlockingQueue<>();

    /** Uses to be noted. */
    @Produces
    @Singleton
    @Named("tokenUses")
    final Backlog noting = longest -> uses.poll(longest.toMillis(), TimeUnit.MILLISECONDS);

    @Inject
    public PersonalTokens() {
        this(Clock.tickMillis(ZoneOffset.UTC));
    }

    PersonalTokens(Clock clock) {
        this.clock = clock;
    }

    private static <T> Map<String, T> newest(int most) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
                return size() > most;
            }
        };
    }

    /**
     * Finds what a token is good for.
     *
     * @return empty for a token that is not good; fails with {@link Rejection} TOO_MANY where too many are shown that nobody knows, and
     *     with {@link Unavailable} where the store is away
     */
    public CompletableFuture<Optional<Grant>> find(String token) {
        return Ids.isToken(token) ? look(KeepTokens.hash(token)) : known(null);
    }

    private static CompletableFuture<Optional<Grant>> known(@Nullable Grant grant) {
        return CompletableFuture.completedFuture(Optional.ofNullable(grant));
    }

    private synchronized CompletableFuture<Optional<Grant>> look(String hash) {
        Instant now = clock.instant();
        if (withdrawn.containsKey(Grant.id(hash))) {
            return known(null);
        }
        Good known = good.get(hash);
        if (known != null && holds(known.at, now)) {
            return known(known.grant);
        }
        Instant refused = bad.get(hash);
        if (refused != null && holds(refused, now)) {
            return known(null);
        }
        Lookup lookup = asked.get(hash);
        if (lookup == null) {
            lookup = new Lookup(hash, known != null, new CompletableFuture<>());
            if (lookup.wasGood) {
                waiting.addFirst(lookup);
            } else if (waiting.size() < MOST_WAITING) {
                waiting.addLast(lookup);
            } else {
                return CompletableFuture.failedFuture(
                        new Rejection(Reason.TOO_MANY, "Too many unknown tokens are shown; try again"));
            }
            asked.put(hash, lookup);
        }
        return lookup.answer;
    }

    /** A look does not hold once the clock on the wall was put back behind it. */
    private static boolean holds(Instant at, Instant now) {
        return !now.isBefore(at) && now.isBefore(at.plus(HOLDS));
    }

    /** Takes that the request has withdrawn one, which is good here no more; at other replicas until they look it up. */
    public synchronized void withdrawn(@ExchangeProperty("request") Request request) {
        withdrawn.put(request.id(), clock.instant());
    }

    @Override
    public @Nullable Object take(Duration longest) throws InterruptedException {
        Lookup first = waiting.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
        if (first == null) {
            return null;
        }
        List<Lookup> some = new ArrayList<>(List.of(first));
        waiting.drainTo(some, TOGETHER - 1);
        return new Asked(some, clock.instant());
    }

    public static List<String> keys(@ExchangeProperty("asked") Asked asked) {
        return asked.lookups.stream().map(one -> Keys.token(one.hash)).toList();
    }

    public void learn(@ExchangeProperty("asked") Asked these, @Body Map<String, Stored> found) {
        for (Lookup lookup : these.lookups) {
            Stored stored = Objects.requireNonNull(found.get(Keys.token(lookup.hash)));
            Grant grant = stored.absent() ? null : stored.as(Grant.class);
            settle(lookup, grant, these.at);
            lookup.answer.complete(Optional.ofNullable(grant));
        }
    }

    private synchronized void settle(Lookup lookup, @Nullable Grant grant, Instant at) {
        asked.remove(lookup.hash);
        Good before = good.remove(lookup.hash);
        if (grant == null) {
            bad.put(lookup.hash, at);
        } else {
            good.put(lookup.hash, new Good(grant, at, before == null ? new Uses(at, new HashSet<>()) : before.uses));
        }
    }

    /** They could not be looked up. */
    public void miss(
            @ExchangeProperty("asked") Asked these, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception why) {
        synchronized (this) {
            these.lookups.forEach(lookup -> asked.remove(lookup.hash));
        }
        Unavailable away = why instanceof Unavailable it ? it : new Unavailable("the state store", why);
        these.lookups.forEach(lookup -> lookup.answer.completeExceptionally(away));
    }

    /**
     * Uses a token; that is noted beside the answer.
     *
     * @param from the address of who shows it
     * @return false where the token has run out
     */
    public synchronized boolean use(Grant grant, String from) {
        Instant now = clock.instant();
        Good known = good.get(grant.hash());
        if (known != null && now.isBefore(grant.expires())) {
            note(known, from, now);
        }
        return now.isBefore(grant.expires());
    }

    private void note(Good known, String from, Instant now) {
        if (now.isAfter(known.uses.since.plus(A_WHILE))) {
            known.uses = new Uses(now, new HashSet<>());
        }
        // Each is a transaction.
        if (known.uses.addresses.size() < SavedTokens.MOST_ADDRESSES && known.uses.addresses.add(from)) {
            uses.add(new Use(known.grant, from, now));
        }
    }

    /** A use could not be noted: the next one is. */
    public synchronized void unnoted(@ExchangeProperty("use") Use use) {
        Good known = good.get(use.grant().hash());
        if (known != null) {
            known.uses.addresses.remove(use.from());
        }
    }
}
