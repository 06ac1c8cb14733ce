package dev.sandglass.support.memory;

import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.ToIntFunction;

/**
 * A question that waits for room in memory before each portion of documents. It keeps the room until it has taken from the portion what
 * it needs; who asks it calls {@link #end} in any case.
 */
public final class Lookup<R> implements Decision<R> {
    private final Decision<R> question;
    private final Semaphore places;
    private final ToIntFunction<Set<String>> room;
    private int taken;

    /** @param room waits for places for documents under these keys, and says how many it took; it may refuse by a Rejection */
    public Lookup(Decision<R> question, Semaphore places, ToIntFunction<Set<String>> room) {
        this.question = question;
        this.places = places;
        this.room = room;
    }

    @Override
    public Accepted<R> on(Documents documents) {
        try {
            return question.on(documents);
        } catch (Documents.Unseen more) {
            end();
            taken = room.applyAsInt(more.keys());
            throw more;
        }
    }

    /** Gives its places back. */
    public void end() {
        places.release(taken);
        taken = 0;
    }
}
