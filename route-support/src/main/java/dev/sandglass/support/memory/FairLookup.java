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

/**
 * A user's question that waits for a turn before each portion of documents but the first {@link #keys}, and holds it until it has taken
 * from the portion what it needs; who asks it calls {@link #end} in any case. Where others want turns too it is answered with what it has
 * found by then: after a second it would be asked a second time, after three nobody waits for it.
 */
public final class FairLookup<R> implements Decision<R> {
    private static final Duration BESIDE_OTHERS = Duration.ofMillis(800);
    private static final Duration LONGEST = Duration.ofMillis(2_500);

    private final UserQuestion<R> question;
    private final ReadTurns turns;
    private final Patience besideOthers;
    private final Patience longest;
    private Set<String> portion = Set.of();
    /** Characters of the portion. */
    private long read;

    public FairLookup(UserQuestion<R> question, ReadTurns turns) {
        this(question, turns, BESIDE_OTHERS, LONGEST);
    }

    FairLookup(UserQuestion<R> question, ReadTurns turns, Duration besideOthers, Duration longest) {
        this.question = question;
        this.turns = turns;
        this.besideOthers = patience(besideOthers);
        this.longest = patience(longest);
    }

    private static Patience patience(Duration limit) {
        return new Patience(limit, Reason.TOO_MANY, "Too much is looked through at once; try again, or ask for less");
    }

    @Override
    public Set<String> keys() {
        return question.keys();
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
                longest.check();
                enter(soFar.isEmpty() ? longest : besideOthers);
            } catch (Rejection late) {
                return Accepted.unchanged(soFar.orElseThrow(() -> late));
            }
            portion = more.keys();
            throw more;
        }
    }

    private void enter(Patience patience) {
        if (portion.isEmpty()) {
            turns.enter(question.user(), patience);
        } else {
            portion = Set.of();
            turns.enterAgain(question.user(), read, patience);
        }
    }

    /** Leaves its turn to others. */
    public void end() {
        if (!portion.isEmpty()) {
            portion = Set.of();
            turns.leave(question.user(), read);
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
