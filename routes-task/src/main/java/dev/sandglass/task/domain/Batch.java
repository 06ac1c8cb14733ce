package dev.sandglass.task.domain;

import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Writes that wait, decided together: each on what those before it left, all in one transaction. Of one that refuses nothing is
 * written. Those of different lists have nothing to do with each other: where one lacks documents it is left for later, and where somebody
 * else was first all are.
 *
 * @param lists those that take part
 * @param shardKeys documents of shards that may be written: nobody else here does
 * @param known documents an earlier look has found
 */
public record Batch(
        List<Waiting> writes, SortedSet<String> lists, Instant now, Set<String> shardKeys, Map<String, Stored> known)
        implements Decision<Batch.Decided> {

    /** @param trace of the request that asked for the write */
    public record Waiting(Write<?> write, @Nullable String trace) {}

    /** @param refusal null where the decision did not refuse */
    public record Outcome(@Nullable Object answer, @Nullable RuntimeException refusal) {}

    /**
     * @param outcomes of the writes, in their order; null for one that is to be decided again, without those of other lists
     * @param may false where documents of shards are to be written too, and may not be yet: nothing is written before
     */
    public record Decided(Draft draft, List<@Nullable Outcome> outcomes, boolean may) {
        /** The changes that were written. */
        public List<Draft.Recorded> written() {
            return may ? draft.changes() : List.of();
        }
    }

    @Override
    public Set<String> keys() {
        Set<String> keys = new HashSet<>(shardKeys);
        lists.forEach(list -> keys.add(Keys.head(list)));
        writes.forEach(waiting -> keys.addAll(waiting.write.keys()));
        return keys;
    }

    @Override
    public Accepted<Decided> on(Documents documents) {
        Draft draft = new Draft(documents, now, lists);
        Set<String> first = writes.get(0).write.lists();
        boolean several = !lists.equals(first);
        if (several && documents.again()) {
            return Accepted.unchanged(new Decided(draft, Collections.nCopies(writes.size(), null), true));
        }
        List<@Nullable Outcome> outcomes = new ArrayList<>();
        Set<String> unseen = new HashSet<>();
        Set<Set<String>> later = new HashSet<>();
        for (Waiting waiting : writes) {
            Draft tried = draft.copy(waiting.trace);
            Outcome outcome = null;
            try {
                outcome = new Outcome(waiting.write.decision().apply(tried), null);
            } catch (Documents.Unseen e) {
                unseen.addAll(e.keys());
                later.add(waiting.write.lists());
            } catch (RuntimeException refusal) {
                outcome = new Outcome(null, refusal);
            }
            if (later.contains(waiting.write.lists())) {
                outcome = null;
            } else if (outcome != null && outcome.refusal() == null) {
                draft = tried;
            }
            outcomes.add(outcome);
        }
        if (!unseen.isEmpty() && (!several || outcomes.stream().allMatch(Objects::isNull))) {
            throw new Documents.Unseen(unseen);
        }
        boolean may = shardKeys.containsAll(draft.shardKeys());
        Decided decided = new Decided(draft, outcomes, may);
        return may && !draft.isEmpty()
                ? new Accepted<>(draft.transaction(), decided, draft.witness())
                : Accepted.unchanged(decided);
    }
}
