package dev.sandglass.task.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.Json;
import dev.sandglass.support.Dapr;
import dev.sandglass.support.Stored;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.Keys;
import dev.sandglass.task.domain.Pending;
import dev.sandglass.task.domain.StoredChange;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.apache.camel.ExchangeProperty;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Takes away old changes: those that are published, that the services which follow the ledger have taken, that no occurrence waits for, and
 * that are neither among the last so many of their list nor younger than so long. A list's head says which is the first that is kept.
 */
@Singleton
@Named("trimming")
public class Trimming {
    /** Changes a transaction takes away; the list's writes wait for it. */
    private static final int AT_ONCE = 50;

    private final Dapr dapr;
    private final Ledger ledger;
    private final Registry registry;
    private final Views views;
    private final long keptChanges;
    private final Duration kept;
    private final Clock clock = Clock.systemUTC();

    Trimming(
            Dapr dapr,
            Ledger ledger,
            Registry registry,
            Views views,
            @ConfigProperty(name = "sandglass.task.keep-changes") long keptChanges,
            @ConfigProperty(name = "sandglass.task.keep-changes-for") Duration kept) {
        this.dapr = dapr;
        this.ledger = ledger;
        this.registry = registry;
        this.views = views;
        this.keptChanges = keptChanges;
        this.kept = kept;
    }

    /**
     * The lists with more changes than have to be kept, as a question to those who follow the ledger.
     *
     * @return {@code {"lists":[…]}}, null where there is none
     * @throws dev.sandglass.support.Unavailable when the state store does not answer in time
     */
    public @Nullable String candidates() {
        List<String> lists = views.heads(registry.lists()).stream()
                .filter(head -> head.first() <= head.seq() - keptChanges)
                .map(Head::id)
                .toList();
        return lists.isEmpty()
                ? null
                : Json.object().set("lists", Json.tree(lists)).toString();
    }

    /**
     * Trims them.
     *
     * @param candidates as above
     * @param audit how far it has followed them, {@code {"<list>":seq}}
     * @param reminder likewise
     * @throws dev.sandglass.support.Unavailable when the state store does not answer in time
     */
    public void trim(
            @ExchangeProperty("candidates") String candidates,
            @ExchangeProperty("audit") String audit,
            @ExchangeProperty("reminder") String reminder) {
        JsonNode one = Json.read(audit, JsonNode.class);
        JsonNode other = Json.read(reminder, JsonNode.class);
        for (JsonNode list : Json.read(candidates, JsonNode.class).path("lists")) {
            String id = list.asText();
            trim(id, Math.min(one.path(id).asLong(), other.path(id).asLong()));
        }
    }

    private void trim(String list, long followed) {
        Head head = views.head(list).orElseThrow();
        // A completion whose next occurrence is still to come is asked for by its number.
        long awaited = head.awaiting().values().stream()
                .mapToLong(seq -> seq - 1)
                .min()
                .orElse(followed);
        long upTo = LongStream.of(followed, awaited, head.seq() - keptChanges, published(head))
                .min()
                .orElseThrow();
        Instant oldest = clock.instant().minus(kept);
        long first = head.first();
        while (first <= upTo) {
            long last = lastBefore(oldest, list, first, Math.min(upTo, first + AT_ONCE - 1));
            if (last < first) {
                return;
            }
            ledger.write(list, draft -> {
                draft.trim(list, last);
                return last;
            });
            first = last + 1;
        }
    }

    private long published(Head head) {
        if (!head.pending()) {
            return head.seq();
        }
        Stored shard = dapr.read(Keys.pending(Keys.shard(head.id())));
        // Not there any more: all of it was published meanwhile.
        Long mark = shard.absent() ? null : shard.as(Pending.class).lists().get(head.id());
        return mark == null ? head.seq() : mark;
    }

    /** The last change of a range that is from before an instant; time does not run back within a list. */
    private long lastBefore(Instant instant, String list, long first, long last) {
        Map<String, Stored> changes = dapr.read(LongStream.rangeClosed(first, last)
                .mapToObj(seq -> Keys.change(list, seq))
                .toList());
        long before = first - 1;
        while (before < last) {
            Stored next = Objects.requireNonNull(changes.get(Keys.change(list, before + 1)));
            if (!next.absent()
                    && !Json.read(next.as(StoredChange.class).data(), Change.class)
                            .at()
                            .isBefore(instant)) {
                return before;
            }
            before++;
        }
        return before;
    }
}
