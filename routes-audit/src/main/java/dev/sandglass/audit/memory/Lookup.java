package dev.sandglass.audit.memory;

import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.memory.Patience;
import java.util.concurrent.Semaphore;

/**
 * A question that waits for its turn before each portion of documents. The turn lasts until it has taken from the portion what it needs.
 */
public final class Lookup<R> implements Decision<R> {
    private final Decision<R> question;
    private final Semaphore portions;
    private final Patience patience;
    private boolean turn;

    Lookup(Decision<R> question, Semaphore portions, Patience patience) {
        this.question = question;
        this.portions = portions;
        this.patience = patience;
    }

    @Override
    public Accepted<R> on(Documents documents) {
        try {
            return question.on(documents);
        } catch (Documents.Unseen more) {
            end();
            patience.enter(portions);
            turn = true;
            throw more;
        }
    }

    void end() {
        if (turn) {
            turn = false;
            portions.release();
        }
    }
}
