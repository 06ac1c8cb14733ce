package dev.sandglass.sync.domain;

/** The next step for a socket. */
public sealed interface Step {

    /** Send this, a JSON text. */
    record Send(String text) implements Step {}

    /** Ask the ledger for the changes of a list above a number; the answer goes to {@link Session#answered}. */
    record Ask(String list, long after) implements Step {}
}
