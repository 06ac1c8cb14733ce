package dev.sandglass.support.domain;

import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.Unavailable;

/** Makes decisions as {@code direct:state.decide} does, over a sidecar in memory. */
public final class Decisions {
    private Decisions() {}

    /** @throws Unavailable where nothing was sent */
    public static <R> R decide(MemoryDapr dapr, Decision<R> decision) {
        Attempt<R> attempt = new Attempt<>(decision, Long.MAX_VALUE);
        while (attempt.isOpen()) {
            try {
                if (!attempt.wanted().isEmpty()) {
                    attempt.saw(dapr.read(attempt.wanted()));
                }
                Transaction transaction = attempt.decide();
                if (!transaction.isEmpty()) {
                    attempt.sends();
                    dapr.commit(transaction);
                    attempt.written();
                }
            } catch (Unavailable e) {
                if (!attempt.isUnsure()) {
                    throw e;
                }
                attempt.unsure();
            }
        }
        return attempt.answer();
    }
}
