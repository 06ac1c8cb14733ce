package dev.sandglass.task.ledger;

import com.fasterxml.jackson.databind.node.LongNode;
import dev.sandglass.support.Dapr;
import dev.sandglass.support.Problem;
import dev.sandglass.support.Stored;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.Keys;
import dev.sandglass.task.domain.StoredChange;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;

/** The changes of lists, read by number. */
@Singleton
public class Changes {
    private static final int MOST = 1_000;
    /** Characters; an answer has to pass two sidecars. */
    private static final int LARGEST = 2_000_000;

    private final Dapr dapr;

    Changes(Dapr dapr) {
        this.dapr = dapr;
    }

    /**
     * Changes of a list by their numbers, those that are kept, each as it was published: JSON text.
     *
     * @throws dev.sandglass.support.Unavailable when the state store does not answer in time
     */
    public List<String> of(String list, Collection<Long> numbers) {
        return dapr.read(numbers.stream().map(seq -> Keys.change(list, seq)).toList()).values().stream()
                .filter(stored -> !stored.absent())
                .map(stored -> stored.as(StoredChange.class).data())
                .toList();
    }

    /**
     * The changes of a list after a number, in order, at most 1,000 or about 2 MB, one at least if there is one; each as it was
     * published: JSON text.
     *
     * @throws Problem 410 when the next one was trimmed, with the list's number now in {@code seq}
     * @throws dev.sandglass.support.Unavailable when the state store does not answer in time
     */
    public List<String> after(Head head, long after) {
        long from = Math.max(after, 0) + 1;
        if (from < head.first()) {
            throw new Problem(410, "Changes are kept from " + head.first() + " on: read the list anew")
                    .with("seq", LongNode.valueOf(head.seq()));
        }
        List<String> keys = LongStream.rangeClosed(from, Math.min(head.seq(), from + MOST - 1))
                .mapToObj(seq -> Keys.change(head.id(), seq))
                .toList();
        Map<String, Stored> stored = dapr.read(keys);
        List<String> changes = new ArrayList<>();
        int size = 0;
        for (String key : keys) {
            Stored change = Objects.requireNonNull(stored.get(key));
            if (change.absent() || size > LARGEST) {
                break;
            }
            String data = change.as(StoredChange.class).data();
            changes.add(data);
            size += data.length();
        }
        return changes;
    }
}
