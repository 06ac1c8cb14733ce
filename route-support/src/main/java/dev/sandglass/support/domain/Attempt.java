package dev.sandglass.support.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One decision on its way into the store: the documents it needs next, the transaction it wants written, and the state of that write.
 * The route {@code direct:state.decide} carries it from call to call.
 *
 * <p>No answer but success says whether a transaction was written, so after any other one all is read anew. Where the witness of an
 * earlier try is there, that try stands. Where nobody was first, it may be written yet, so the same transaction goes out again: it is
 * written once at most. Otherwise the decision is made again on what is there now.
 */
public final class Attempt<R> {
    private final Decision<R> decision;
    private final long end;
    private final List<Accepted<R>> unsettled = new ArrayList<>();
    private Documents documents;
    private Set<String> wanted;
    /** Witnesses, which are looked at after all else: a head that moved between the two looks would seem to be another's work. */
    private Set<String> last = Set.of();

    private @Nullable Accepted<R> accepted;
    private @Nullable Rejection refusal;
    /** True from a sending to the next look. */
    private boolean sent;

    private boolean unsure;
    private boolean settled;

    /** @param end when it is over, by the monotonic clock in nanoseconds */
    public Attempt(Decision<R> decision, long end) {
        this.decision = decision;
        this.end = end;
        this.documents = Documents.of(decision.known());
        this.wanted = new HashSet<>(decision.keys());
        this.wanted.removeAll(decision.known().keySet());
    }

    /** Tells if there is still work to do. */
    public boolean isOpen() {
        return !settled;
    }

    public boolean isOver(long nanoTime) {
        return nanoTime - end > 0;
    }

    /** Keys to be read before it goes on. */
    public Set<String> wanted() {
        return wanted;
    }

    /** Takes the documents that were read. */
    public void saw(Map<String, Stored> read) {
        documents.add(read);
        wanted = last;
        last = Set.of();
    }

    /** Decides. Where it needs more documents, there is nothing to write yet, and {@link #wanted()} names them. */
    public Transaction decide() {
        if (!wanted.isEmpty()) {
            return new Transaction();
        }
        for (Accepted<R> earlier : unsettled) {
            if (written(earlier)) {
                accepted = earlier;
                settled = true;
                return new Transaction();
            }
        }
        if (isSameAgain()) {
            Accepted<R> same = unsettled.get(unsettled.size() - 1);
            accepted = same;
            sent = true;
            return same.transaction();
        }
        Verdict<R> verdict = decision.verdict(documents);
        if (verdict instanceof NeedsMore<R> more) {
            wanted = more.keys();
        } else if (verdict instanceof Rejected<R> rejected) {
            refusal = rejected.why();
            settled = true;
        } else if (verdict instanceof Accepted<R> made) {
            accepted = made;
            sent = !made.transaction().isEmpty();
            unsure |= sent;
            settled = !sent;
            return made.transaction();
        }
        return new Transaction();
    }

    /** The transaction was written. */
    public void written() {
        settled = true;
    }

    /** What was decided last does not go out. */
    public void keepBack() {
        sent = false;
    }

    /** It is not known to have been written. */
    public void unsure() {
        Accepted<R> tried = accepted;
        if (sent && tried != null && tried.witness() != null && !unsettled.contains(tried)) {
            unsettled.add(tried);
        }
        sent = false;
        wanted = new HashSet<>(wanted);
        wanted.addAll(decision.keys());
        wanted.addAll(documents.seen().keySet());
        documents = new Documents(true);
        if (!unsettled.isEmpty()) {
            wanted.addAll(unsettled.get(unsettled.size() - 1).transaction().guarded());
            last = unsettled.stream()
                    .map(earlier -> String.valueOf(earlier.witness()))
                    .collect(Collectors.toSet());
            wanted.removeAll(last);
            if (wanted.isEmpty()) {
                wanted = last;
                last = Set.of();
            }
        }
    }

    /** Tells if a transaction went out that may not have been written. */
    public boolean isUnsure() {
        return unsure && !settled;
    }

    /** True from a sending to the next look. */
    public boolean isSent() {
        return sent;
    }

    /** True where the last transaction can be written yet, by what was read since. */
    public boolean isSameAgain() {
        return !unsettled.isEmpty()
                && unsettled.get(unsettled.size() - 1).transaction().fits(documents.seen());
    }

    /**
     * @throws Rejection where the decision refuses
     * @throws IllegalStateException before it is settled
     */
    public R answer() {
        if (refusal != null) {
            throw refusal;
        }
        if (!settled || accepted == null) {
            throw new IllegalStateException("not settled");
        }
        return accepted.answer();
    }

    private boolean written(Accepted<R> earlier) {
        Stored stored = documents.get(String.valueOf(earlier.witness()));
        return !stored.absent()
                && stored.as(JsonNode.class).equals(earlier.transaction().value(String.valueOf(earlier.witness())));
    }
}
