package dev.sandglass.sync.domain;

import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Decisions that write different documents, made as one: one read, one transaction, the answer of each in their order. */
public record Together<R>(List<Decision<R>> decisions) implements Decision<List<R>> {
    @Override
    public Set<String> keys() {
        return decisions.stream().flatMap(one -> one.keys().stream()).collect(Collectors.toSet());
    }

    @Override
    public Accepted<List<R>> on(Documents documents) {
        Transaction transaction = new Transaction();
        List<R> answers = new ArrayList<>();
        Set<String> unseen = new HashSet<>();
        for (Decision<R> decision : decisions) {
            try {
                Accepted<R> accepted = decision.on(documents);
                transaction.addAll(accepted.transaction());
                answers.add(accepted.answer());
            } catch (Documents.Unseen e) {
                unseen.addAll(e.keys());
            }
        }
        if (!unseen.isEmpty()) {
            throw new Documents.Unseen(unseen);
        }
        return new Accepted<>(transaction, answers);
    }
}
