package dev.sandglass.audit.memory;

import dev.sandglass.audit.domain.EntryId;
import dev.sandglass.audit.domain.Kept;
import dev.sandglass.audit.domain.Portion;
import dev.sandglass.audit.domain.Verification;
import dev.sandglass.audit.domain.Verification.Verdict;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Follow;
import dev.sandglass.support.memory.Patience;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** A list being verified: the steps of {@code audit.list.verify} between its calls of Dapr. */
public final class Verifying {
    /** Less than the 30 s that task waits for the answer, by what a last read may take. */
    private static final Duration LIMIT = Duration.ofSeconds(25);
    /** How long another call can go on where one ended. */
    private static final Duration GOES_ON = Duration.ofMinutes(5);
    /** The most changes that a call fetches, since a user waits for the answer; the timer fetches more. */
    private static final int CAUGHT_UP_WITH = 1_000;

    final String user;
    final String list;
    private final long seq;
    private final String hash;
    final Patience patience;
    /** Characters of the last portion. */
    int characters;

    private long followed;
    private @Nullable Walk walk;

    /** How far the entries of a list were walked: with some 100,000 that takes longer than a user waits for an answer. */
    static final class Walk {
        private final Verification verification;
        private final Portion portion = new Portion();
        private long next = 1;
        private long leftAt;

        Walk(String list) {
            verification = new Verification(list);
        }

        boolean isOver() {
            return System.nanoTime() - leftAt > GOES_ON.toNanos();
        }
    }

    private Verifying(Asked asked, Duration limit) {
        user = Objects.requireNonNullElse(asked.user, "");
        list = asked.list;
        seq = asked.seq;
        hash = asked.hash;
        patience = new Patience(limit, "the list is not verified to its end yet");
    }

    /** The user who asks, a list, its number by the ledger, and the ledger's hash of the change of that number. */
    private record Asked(@Nullable String user, String list, long seq, String hash) {}

    /** @param request {@code {"user","list","seq","hash"}} */
    public static Verifying begin(@Body String request) {
        return begin(request, LIMIT);
    }

    static Verifying begin(String request, Duration limit) {
        return new Verifying(Json.read(request, Asked.class), limit);
    }

    /** The decision that reads how far the list was followed. */
    public static Decision<Map<String, Long>> followed(@ExchangeProperty("verifying") Verifying verifying) {
        return Follow.followed(List.of(verifying.list));
    }

    /** The number to follow the list up to, first. */
    public static Map<String, Long> behind(
            @ExchangeProperty("verifying") Verifying verifying, @Body Map<String, Long> followed) {
        long from = followed.getOrDefault(verifying.list, 0L);
        return Map.of(verifying.list, Math.min(verifying.seq, from + CAUGHT_UP_WITH));
    }

    /** Begins the walk, or goes on with one that another call had no time for, as if that call went on. */
    void takeUp(@Nullable Walk before) {
        walk = before != null && before.next <= seq && !before.isOver() ? before : new Walk(list);
    }

    /** The walk that another call can go on with. */
    Optional<Walk> left() {
        Walk left = walk();
        left.leftAt = System.nanoTime();
        return left.next <= seq && left.verification.isRight() ? Optional.of(left) : Optional.empty();
    }

    private Walk walk() {
        return Objects.requireNonNull(walk);
    }

    public static void reached(@ExchangeProperty("verifying") Verifying verifying, @Body Map<String, Long> followed) {
        verifying.followed = followed.getOrDefault(verifying.list, 0L);
    }

    public static boolean isOpen(@ExchangeProperty("verifying") Verifying verifying) {
        return verifying.walk().next <= verifying.seq && !verifying.patience.isOver();
    }

    /** The keys of the next entries. */
    public static List<String> keys(@ExchangeProperty("verifying") Verifying verifying) {
        return verifying
                .seqs()
                .mapToObj(seq -> new EntryId(verifying.list, seq).key())
                .toList();
    }

    public static void saw(@ExchangeProperty("verifying") Verifying verifying, @Body Map<String, Stored> entries) {
        Walk walk = verifying.walk();
        verifying.seqs().forEach(seq -> {
            Stored stored = entries.get(new EntryId(verifying.list, seq).key());
            walk.verification.next(seq, stored == null || stored.absent() ? null : Kept.of(stored), verifying.followed);
        });
        walk.next += entries.size();
        verifying.characters = walk.portion.saw(entries.values());
    }

    public static Verdict verdict(@ExchangeProperty("verifying") Verifying verifying) {
        Walk walk = Objects.requireNonNullElseGet(verifying.walk, () -> new Walk(verifying.list));
        return walk.next > verifying.seq
                ? walk.verification.verdict(verifying.seq, verifying.hash)
                : walk.verification.soFar(verifying.seq, verifying.hash);
    }

    private LongStream seqs() {
        Walk walk = walk();
        return LongStream.rangeClosed(walk.next, Math.min(seq, walk.next + walk.portion.size() - 1));
    }
}
