package dev.sandglass.support.domain;

import dev.sandglass.support.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * A decision that was made.
 *
 * @param transaction all that is to be written, together or not at all; empty where nothing is
 * @param answer for whoever asked, true once the transaction is written
 * @param witness a key of the transaction whose value no other attempt writes: if it is there, the transaction was written. Null where
 *     making the decision once more does no harm
 */
public record Accepted<R>(
        Transaction transaction, R answer, @Nullable String witness) {

    public Accepted(Transaction transaction, R answer) {
        this(transaction, answer, null);
    }

    /** A first part, of {@link Effects} that are to be asked again once it is written: its answer is null. */
    @SuppressWarnings("NullAway")
    public static <R> Accepted<R> first(Transaction transaction) {
        return new Accepted<>(transaction, null, null);
    }

    /** Nothing is to be written. */
    public static <R> Accepted<R> unchanged(R answer) {
        return new Accepted<>(new Transaction(), answer);
    }
}
