package dev.sandglass.audit.memory;

import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.NeedsMore;
import dev.sandglass.support.domain.Rejected;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.support.domain.Verdict;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/**
 * A question being answered: the steps of {@code audit.entries.read} between its calls of Dapr. It hands on each document once and
 * holds none of them.
 */
public final class Lookup {
    /** The time that task waits for the answer. */
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final Decision<?> question;
    private final long end;
    private Set<String> wanted = Set.of();
    private @Nullable Object answer;

    Lookup(Decision<?> question, long end) {
        this.question = question;
        this.end = end;
        saw(Map.of());
    }

    public static Lookup begin(@Body Decision<?> question) {
        return new Lookup(question, System.nanoTime() + LIMIT.toNanos());
    }

    public boolean isOpen() {
        return answer == null;
    }

    /** The keys of the documents that it needs next. @throws Rejection NOT_NOW when nobody waits for the answer any more */
    public Set<String> keys() {
        if (System.nanoTime() - end > 0) {
            throw new Rejection(
                    Reason.NOT_NOW, "there is too much to look through at once; try again, or ask for less");
        }
        return wanted;
    }

    public static void saw(@ExchangeProperty("lookup") Lookup lookup, @Body Map<String, Stored> read) {
        lookup.saw(read);
    }

    private void saw(Map<String, Stored> read) {
        Verdict<?> verdict = question.verdict(Documents.of(read));
        if (verdict instanceof NeedsMore<?> more) {
            wanted = more.keys();
        } else if (verdict instanceof Rejected<?> rejected) {
            throw rejected.why();
        } else if (verdict instanceof Accepted<?> accepted) {
            answer = accepted.answer();
        }
    }

    public static Object answer(@ExchangeProperty("lookup") Lookup lookup) {
        return Objects.requireNonNull(lookup.answer);
    }
}
