package dev.sandglass.task.domain;

import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import java.util.Set;

/**
 * Says in {@code pending/<shard>} how far a list is published, or takes the list out of there where it is quiet.
 *
 * @param upTo published up to here on both topics
 * @param out whether it goes out, unless there is a further change by now
 */
public record Mark(String list, long upTo, boolean out) implements Decision<Mark.Made> {

    /**
     * The outcome of a mark.
     *
     * @param known the list's last change, as far as was looked
     * @param gone whether the list is out
     */
    public record Made(Mark mark, long known, boolean gone) {}

    @Override
    public Set<String> keys() {
        return out ? Set.of(shard(), Keys.head(list)) : Set.of(shard());
    }

    private String shard() {
        return Keys.pending(Keys.shard(list));
    }

    @Override
    public Accepted<Made> on(Documents documents) {
        Stored shard = documents.get(shard());
        boolean listed = !shard.absent() && shard.as(Pending.class).lists().containsKey(list);
        return out ? goOut(shard, listed, documents.get(Keys.head(list))) : move(shard, listed);
    }

    private Accepted<Made> move(Stored shard, boolean listed) {
        Made moved = new Made(this, upTo, false);
        return listed
                ? new Accepted<>(
                        new Transaction().replace(shard, shard.as(Pending.class).with(list, upTo)), moved)
                : Accepted.unchanged(moved);
    }

    /** On the ETag of a head whose last change is published. */
    private Accepted<Made> goOut(Stored shard, boolean listed, Stored stored) {
        if (stored.absent() || shard.absent()) {
            return Accepted.unchanged(new Made(this, upTo, true));
        }
        Head head = stored.as(Head.class);
        if (head.seq() != upTo) {
            return Accepted.unchanged(new Made(this, head.seq(), false));
        }
        Transaction transaction = new Transaction().replace(stored, head.withPending(false));
        return new Accepted<>(
                listed ? transaction.replace(shard, shard.as(Pending.class).with(list, null)) : transaction,
                new Made(this, upTo, true));
    }
}
