package dev.sandglass.audit.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds the last entries of a task, over all lists it was in. It goes on as {@link FindEntries} does. */
public final class TaskHistory implements Decision<TaskHistory.Found> {
    private final TaskMentions mentions;
    private final List<Mentioned> last = new ArrayList<>();
    private int size;

    private TaskHistory(String task) {
        mentions = new TaskMentions(task, true, 0);
    }

    /**
     * @param entries oldest first
     * @param older true if there are older ones
     */
    public record Found(
            List<Entry> entries,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean older) {}

    private record Mentioned(Mention mention, Entry entry) {}

    private record Asked(String task) {}

    /** @param request {@code {"task"}} */
    public static Decision<Found> of(String request) {
        return new TaskHistory(Json.read(request, Asked.class).task);
    }

    @Override
    public Accepted<Found> on(Documents documents) {
        boolean all = mentions.each(documents, any -> true, (mention, entry) -> {
            if (last.size() == Question.MOST || size > EntryPage.LARGE) {
                return false;
            }
            entry.ifPresent(one -> {
                last.add(new Mentioned(mention, one));
                size += one.size();
            });
            return true;
        });
        List<Entry> entries = last.stream()
                .sorted(Comparator.comparing(Mentioned::mention, Mention.OLDEST_FIRST))
                .map(Mentioned::entry)
                .toList();
        return Accepted.unchanged(new Found(entries, !all));
    }
}
