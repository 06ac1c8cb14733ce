package dev.sandglass.support.memory;

import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.support.domain.UserQuestion;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A question that waits for a turn before each portion of documents but the first {@link #keys}, a permit for each document, and holds it
 * until it has taken from the portion what it needs; who asks it calls {@link #end} in any case. Where others want turns too it is
 * answered with what it has found by then: after a second it would be asked a second time, after three nobody waits for it.
 */
public final class FairLookup<R> implements Decision<R> {
    private static final Duration BESIDE_OTHERS = Duration.ofMillis(800);
    private static final Duration LONGEST = Duration.ofMillis(2_500);
    /** For each turn of a service's question, which may be about all there is. */
    private static final Duration LONGEST_OF_SERVICE = Duration.ofMillis(1_900);

    private final UserQuestion<R> question;
    private final ReadTurns turns;
    private final Patience besideOthers;
    private final Supplier<Patience> longest;
    private Set<String> portion = Set.of();
    /** Characters of the portion. */
    private long read;

    public FairLookup(UserQuestion<R> question, ReadTurns turns) {
        this(question, turns, BESIDE_OTHERS, LONGEST);
    }

    FairLookup(UserQuestion<R> question, ReadTurns turns, Duration besideOthers, Duration longest) {
        this(question, turns, patience(besideOthers, Reason.TOO_MANY), always(patience(longest, Reason.TOO_MANY)));
    }

    private FairLookup(UserQuestion<R> question, ReadTurns turns, Patience besideOthers, Supplier<Patience> longest) {
        this.question = question;
        this.turns = turns;
        this.besideOthers = besideOthers;
        this.longest = longest;
    }

    /** A service's question, in turns as if services were one user. Late, it is refused as by a part that is away: it comes again. */
    public static <R> FairLookup<R> ofService(Decision<R> question, ReadTurns turns) {
        Supplier<Patience> each = () -> patience(LONGEST_OF_SERVICE, Reason.NOT_NOW);
        return new FairLookup<>(UserQuestion.by("", question, Map.of()), turns, each.get(), each);
    }

    private static Supplier<Patience> always(Patience one) {
        return () -> one;
    }

    private static Patience patience(Duration limit, Reason reason) {
        return new Patience(limit, reason, "Too much is looked through at once; try again, or ask for less");
    }

    @Override
    public Set<String> keys() {
        return question.keys();
    }

    @Override
    public Map<String, Stored> known() {
        return question.known();
    }

    /** @throws Rejection TOO_MANY where others had all turns */
    @Override
    public Accepted<R> on(Documents documents) {
        read = characters(documents);
        try {
            return question.on(documents);
        } catch (Documents.Unseen more) {
            Optional<R> soFar = question.soFar();
            try {
                Patience whole = longest.get();
                whole.check();
                enter(more.keys().size(), soFar.isEmpty() ? whole : besideOthers);
            } catch (Rejection late) {
                return Accepted.unchanged(soFar.orElseThrow(() -> late));
            }
            portion = more.keys();
            throw more;
        }
    }

    private void enter(int permits, Patience patience) {
        if (portion.isEmpty()) {
            turns.enter(question.user(), permits, patience);
        } else {
            int before = portion.size();
            portion = Set.of();
            turns.enterAgain(question.user(), before, read, permits, patience);
        }
    }

    /** Leaves its turn to others. */
    public void end() {
        if (!portion.isEmpty()) {
            int permits = portion.size();
            portion = Set.of();
            turns.leave(question.user(), permits, read);
        }
    }

    private long characters(Documents documents) {
        Map<String, Stored> seen = portion.isEmpty() ? Map.of() : documents.seen();
        return portion.stream()
                .map(seen::get)
                .mapToLong(stored -> stored == null || stored.json() == null
                        ? 0
                        : stored.json().length())
                .sum();
    }
}
