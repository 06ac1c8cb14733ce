package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.task.domain.dav.DavPath;
import dev.sandglass.task.domain.dav.KeptProperties;
import dev.sandglass.task.domain.imports.RulePlace;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of an import that are written in one transaction, under {@code import/<user>/<id>/<n>}.
 *
 * @param v schema version of the stored value
 */
public record ImportPart(int v, List<Planned> entries) {
    /** Documents that its tasks are. */
    static final int MOST = 1_000;

    /** Characters: each is written three times, in the task, and twice in its change. */
    static final int LARGEST = 256_000;

    /**
     * @param source what it is known by, as a hash
     * @param content what it says, as a hash
     * @param becomes the task, as it would be posted
     * @param place in its rule; null: the rule begins with it
     * @param kept what programs of CalDAV said of it; null: nothing
     * @param uid that they know it by; null: none
     * @param task its id, where the file is an archive from here; null: it is not
     */
    public record Planned(
            String source,
            String content,
            JsonNode becomes,
            @Nullable Instant completedAt,
            @Nullable RulePlace place,
            @Nullable KeptProperties kept,
            @Nullable String uid,
            @Nullable String task) {
        /** Its series is known by this hash; null: it has none of an archive. */
        @Nullable
        String ofSeries() {
            return place == null || place.series() == null ? null : Imported.hash("series\n" + place.series());
        }

        private Planned in(Map<String, String> places) {
            String list = becomes.path("list").asText();
            ObjectNode moved = becomes.<ObjectNode>deepCopy().put("list", places.getOrDefault(list, list));
            return new Planned(source, content, moved, completedAt, place, kept, uid, task);
        }

        /** It and its change, and by what programs of CalDAV find it. */
        int documents() {
            return uid == null ? 2 : 4;
        }

        /** It is what programs of CalDAV said, with the UID and the name that most of them make of that. */
        @Nullable
        KeptProperties named() {
            if (uid == null) {
                return kept;
            }
            String name = uid + Todos.ENDING;
            return new KeptProperties(DavPath.isName(name) ? name : null, uid, kept == null ? "" : kept.rest());
        }
    }

    public ImportPart {
        entries = List.copyOf(entries);
    }

    /** For routes: the tasks, as a client would send them. */
    public List<JsonNode> bodies() {
        return entries.stream().map(Planned::becomes).toList();
    }

    /** The same in other lists. */
    ImportPart in(Map<String, String> places) {
        return new ImportPart(v, entries.stream().map(one -> one.in(places)).toList());
    }

    SortedSet<Integer> buckets() {
        return entries.stream()
                .flatMap(entry -> Stream.of(entry.source(), entry.ofSeries()))
                .filter(Objects::nonNull)
                .map(Imported::bucket)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
