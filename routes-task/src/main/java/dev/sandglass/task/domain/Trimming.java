package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Portions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Takes away old changes: those that are published, that the services which follow the ledger have taken, that no occurrence waits for, and
 * that are neither among the last so many of their list nor younger than so long. A list's head says which is the first that is kept.
 */
public class Trimming {
    /** Changes a transaction takes away; the list's writes wait for it. */
    private static final int AT_ONCE = Changes.READ_AT_ONCE;

    private final long keptChanges;
    private final Duration kept;

    public Trimming(long keptChanges, Duration kept) {
        this.keptChanges = keptChanges;
        this.kept = kept;
    }

    /** A list that may be trimmed, and how far those have followed it who follow the ledger. */
    public record Followed(String list, long seq) {}

    /**
     * The lists that moved lately and have more changes than have to be kept, as a question to those who follow the ledger.
     *
     * @return {@code {"lists":[…]}}, nothing where there is none
     */
    public Decision<Optional<String>> candidates(Instant now) {
        // Whoever asks how far lists are is told of the same documents.
        Map<String, String> unreadable = new HashMap<>();
        Portions<String> longer = Head.portions(
                documents -> Lately.all(documents, now, unreadable),
                head -> head.first() <= head.seq() - keptChanges ? Optional.of(head.id()) : Optional.empty(),
                unreadable);
        return documents -> {
            List<String> lists = longer.in(documents);
            return Accepted.unchanged(
                    lists.isEmpty() ? Optional.empty() : Optional.of(Json.text(Map.of("lists", lists))));
        };
    }

    /**
     * How far both have followed.
     *
     * @param candidates as above
     * @param audit how far it has followed them, {@code {"<list>":seq}}
     * @param reminder likewise
     */
    public List<Followed> followed(String candidates, String audit, String reminder) {
        JsonNode one = Json.read(audit, JsonNode.class);
        JsonNode other = Json.read(reminder, JsonNode.class);
        return Json.read(candidates, JsonNode.class)
                .path("lists")
                .valueStream()
                .map(JsonNode::asText)
                .map(list -> new Followed(
                        list, Math.min(one.path(list).asLong(), other.path(list).asLong())))
                .toList();
    }

    /** Takes the oldest away; answers null where there are no more, and else the same list. */
    @SuppressWarnings("NullAway")
    public Write<Followed> trim(Followed followed, Instant now) {
        Instant oldest = now.minus(kept);
        return Write.to(followed.list, draft -> trim(draft, followed, oldest) ? followed : null);
    }

    /** @return false where there are no more */
    boolean trim(Draft draft, Followed followed, Instant oldest) {
        Head head = draft.head(followed.list).orElseThrow();
        // A completion whose next occurrence is still to come is asked for by its number.
        long awaited = head.awaiting().values().stream()
                .mapToLong(seq -> seq - 1)
                .min()
                .orElse(followed.seq);
        long upTo = LongStream.of(followed.seq, awaited, head.seq() - keptChanges, published(draft, head))
                .min()
                .orElseThrow();
        if (upTo < head.first()) {
            return false;
        }
        long last = lastBefore(oldest, draft, head, Math.min(upTo, head.first() + AT_ONCE - 1));
        if (last < head.first()) {
            return false;
        }
        draft.trim(head.id(), last);
        return last < upTo;
    }

    private static long published(Draft draft, Head head) {
        if (!head.pending()) {
            return head.seq();
        }
        Stored shard = draft.read().get(Keys.pending(Keys.shard(head.id())));
        // Not there any more: all of it was published meanwhile.
        Long mark = shard.absent() ? null : shard.as(Pending.class).lists().get(head.id());
        return mark == null ? head.seq() : mark;
    }

    /** The last of the first changes, up to a number, that is from before an instant; time does not run back within a list. */
    private static long lastBefore(Instant instant, Draft draft, Head head, long last) {
        Map<String, Stored> changes = draft.read()
                .all(LongStream.rangeClosed(head.first(), last)
                        .mapToObj(seq -> Keys.change(head.id(), seq))
                        .toList());
        long before = head.first() - 1;
        while (before < last) {
            Stored next = Objects.requireNonNull(changes.get(Keys.change(head.id(), before + 1)));
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
