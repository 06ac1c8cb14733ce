package dev.sandglass.audit.memory;

import dev.sandglass.audit.domain.KeepChanges;
import dev.sandglass.audit.domain.Kept;
import dev.sandglass.audit.domain.Place;
import dev.sandglass.audit.domain.Portion;
import dev.sandglass.audit.domain.Verification;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Follow;
import dev.sandglass.support.domain.Heard;
import dev.sandglass.support.memory.Patience;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** A list being verified: the steps of {@code audit.invoke.verify} between its calls of Dapr. */
public final class Verifying {
    /** The time that task waits for the answer. */
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** The most changes that a call fetches, since a user waits for the answer; the timer fetches more. */
    private static final int CAUGHT_UP_WITH = 1_000;

    final String user;
    final String list;
    private final long seq;
    private final String hash;
    final Patience patience;
    private final Portion portion = new Portion();
    /** Characters of the last portion. */
    int characters;

    private long followed;
    private long next = 1;
    private @Nullable Verification verification;

    private Verifying(Asked asked, Duration limit) {
        user = Objects.requireNonNullElse(asked.user, "");
        list = asked.list;
        seq = asked.seq;
        hash = asked.hash;
        patience = new Patience(limit, "the list was not verified in time; try again");
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

    public static Heard<List<String>> behind(
            @ExchangeProperty("verifying") Verifying verifying, @Body Map<String, Long> followed) {
        long from = followed.getOrDefault(verifying.list, 0L);
        return new Heard<>(new KeepChanges()).upTo(verifying.list, Math.min(verifying.seq, from + CAUGHT_UP_WITH));
    }

    public static void walk(@ExchangeProperty("verifying") Verifying verifying, @Body Map<String, Long> followed) {
        verifying.followed = followed.getOrDefault(verifying.list, 0L);
        verifying.verification = new Verification(verifying.list, verifying.seq, verifying.hash, verifying.followed);
    }

    public static boolean isOpen(@ExchangeProperty("verifying") Verifying verifying) {
        return verifying.next <= verifying.seq;
    }

    /** The keys of the next entries. @throws dev.sandglass.support.domain.Rejection NOT_NOW when nobody waits for the answer any more */
    public static List<String> keys(@ExchangeProperty("verifying") Verifying verifying) {
        verifying.patience.check();
        return verifying
                .places()
                .mapToObj(number -> new Place(verifying.list, number).key())
                .toList();
    }

    public static void saw(@ExchangeProperty("verifying") Verifying verifying, @Body Map<String, Stored> entries) {
        verifying.places().forEach(number -> {
            Stored stored = entries.get(new Place(verifying.list, number).key());
            Objects.requireNonNull(verifying.verification)
                    .next(number, stored == null || stored.absent() ? null : stored.as(Kept.class));
        });
        verifying.next += entries.size();
        verifying.characters = verifying.portion.saw(entries.values());
    }

    public static Verification.Verdict verdict(@ExchangeProperty("verifying") Verifying verifying) {
        return Objects.requireNonNull(verifying.verification).verdict();
    }

    private LongStream places() {
        return LongStream.rangeClosed(next, Math.min(seq, next + portion.size() - 1));
    }
}
