package dev.sandglass.task.ledger;

import dev.sandglass.support.Dapr;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/** The questions that wait for an answer, each in its conversation, for an hour. */
@Singleton
public class Conversations {
    private static final Duration KEPT = Duration.ofHours(1);

    private final Dapr dapr;

    Conversations(Dapr dapr) {
        this.dapr = dapr;
    }

    /** @throws dev.sandglass.support.Unavailable when the state store does not answer in time */
    public <T> Optional<T> question(String user, String conversation, Class<T> type) {
        Stored stored = dapr.read(Keys.chat(user, conversation));
        return stored.absent() ? Optional.empty() : Optional.of(stored.as(type));
    }

    /** @throws dev.sandglass.support.Unavailable when the state store does not answer in time */
    public void ask(String user, String conversation, Object question) {
        dapr.commit(new Transaction().put(Keys.chat(user, conversation), question, KEPT));
    }

    /** @throws dev.sandglass.support.Unavailable when the state store does not answer in time */
    public void forget(String user, String conversation) {
        dapr.commit(new Transaction().delete(Keys.chat(user, conversation)));
    }
}
