package dev.sandglass.task.ledger;

import dev.sandglass.support.Dapr;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.Unavailable;
import dev.sandglass.task.domain.Keys;
import jakarta.inject.Singleton;
import java.time.Duration;

/** The questions that wait for an answer, each in its conversation, for an hour. */
@Singleton
public class Conversations {
    private static final Duration KEPT = Duration.ofHours(1);

    private final Dapr dapr;

    Conversations(Dapr dapr) {
        this.dapr = dapr;
    }

    /**
     * What waits in a conversation; absent where nothing does.
     *
     * @throws dev.sandglass.support.Unavailable when the state store does not answer in time
     */
    public Stored question(String user, String conversation) {
        return dapr.read(Keys.chat(user, conversation));
    }

    /** @throws dev.sandglass.support.Unavailable when the state store does not answer in time */
    public void ask(String user, String conversation, Object question) {
        dapr.commit(new Transaction().put(Keys.chat(user, conversation), question, KEPT));
    }

    /**
     * Takes a question away, for it to be answered once.
     *
     * @return false: another answer was first
     * @throws Unavailable when the state store does not answer in time
     */
    public boolean settle(Stored question) {
        try {
            dapr.commit(new Transaction().delete(question));
            return true;
        } catch (Unavailable e) {
            if (e.conflict()) {
                return false;
            }
            throw e;
        }
    }
}
