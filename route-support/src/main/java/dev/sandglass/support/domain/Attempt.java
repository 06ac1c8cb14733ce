package dev.sandglass.support.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One decision on its way into the store: the documents it needs next, the transaction it wants written, and the state of that write.
 * The route {@code direct:decide} carries it from call to call.
 *
 * <p>Only success tells that a transaction was written. After any other answer all documents are read again: where the witness of an
 * earlier try is there, that try counts; otherwise the decision is made again on the new documents.
 */
public final class Attempt<R> {
    private final Decision<R> decision;
    private final Set<String> looked = new HashSet<>();
    private final List<Accepted<R>> unsettled = new ArrayList<>();
    private Documents documents;
    private Set<String> wanted;
    private @Nullable Accepted<R> accepted;
    private boolean sent;
    private boolean settled;

    /** @param known remembered documents that it need not read: wrong ones cost one try and nothing else */
    public Attempt(Decision<R> decision, Map<String, Stored> known) {
        this.decision = decision;
        this.documents = Documents.of(known);
        this.wanted = new HashSet<>(decision.keys());
        this.wanted.removeAll(known.keySet());
    }

    /** Tells if there is still work to do. */
    public boolean isOpen() {
        return !settled;
    }

    /** Keys to be read before it goes on. */
    public Set<String> wanted() {
        return wanted;
    }

    /** Takes the documents that were read. */
    public void saw(Map<String, Stored> read) {
        documents.add(read);
        looked.addAll(read.keySet());
        wanted = Set.of();
    }

    /** Decides. Where it needs more documents, there is nothing to write yet, and {@link #wanted()} names them. */
    public Transaction decide() {
        for (Accepted<R> earlier : unsettled) {
            if (written(earlier)) {
                accepted = earlier;
                settled = true;
                return new Transaction();
            }
        }
        try {
            accepted = decision.on(documents);
        } catch (Documents.Unseen unseen) {
            wanted = unseen.keys();
            return new Transaction();
        }
        sent = !accepted.transaction().isEmpty();
        settled = !sent;
        return accepted.transaction();
    }

    /** The transaction was written. */
    public void written() {
        settled = true;
    }

    /** It is not known to have been written. */
    public void unsure() {
        Accepted<R> tried = accepted;
        if (tried != null && tried.witness() != null) {
            unsettled.add(tried);
        }
        sent = false;
        documents = new Documents(true);
        wanted = new HashSet<>(decision.keys());
        wanted.addAll(looked);
        unsettled.forEach(earlier -> wanted.add(String.valueOf(earlier.witness())));
    }

    /** Tells if a transaction went out that may not have been written. */
    public boolean isUnsure() {
        return sent || !unsettled.isEmpty();
    }

    /** @throws IllegalStateException before it is settled */
    public R answer() {
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
