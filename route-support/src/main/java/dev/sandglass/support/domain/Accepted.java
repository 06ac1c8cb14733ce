package dev.sandglass.support.domain;

import dev.sandglass.support.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * A decision that was made.
 *
 * @param transaction all writes, together or not at all; empty where there are none
 * @param answer the answer to the caller, true once the transaction is written
 * @param witness a key of the transaction with a value that no other attempt writes: if it is there, the transaction was written. Null
 *     where a second decision does no harm
 */
public record Accepted<R>(
        Transaction transaction, R answer, @Nullable String witness) implements Verdict<R> {

    public Accepted(Transaction transaction, R answer) {
        this(transaction, answer, null);
    }

    /** A first part of {@link Effects}, which are asked again once it is written: its answer is null. */
    @SuppressWarnings("NullAway")
    public static <R> Accepted<R> first(Transaction transaction) {
        return new Accepted<>(transaction, null, null);
    }

    /** Nothing is to be written. */
    public static <R> Accepted<R> unchanged(R answer) {
        return new Accepted<>(new Transaction(), answer);
    }
}
