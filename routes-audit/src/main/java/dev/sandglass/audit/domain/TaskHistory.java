package dev.sandglass.audit.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.UserQuestion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the last entries of a task, over all lists it was in. It goes on as {@link FindEntries} does. */
public final class TaskHistory implements UserQuestion<TaskHistory.Found> {
    private final String user;
    private final TaskMentions mentions;
    private final List<Mentioned> last = new ArrayList<>();
    private int size;

    private TaskHistory(Asked asked) {
        user = Objects.requireNonNullElse(asked.user, "");
        mentions = new TaskMentions(asked.task, true, 0);
    }

    /**
     * @param entries oldest first
     * @param older true if there are older ones
     */
    public record Found(
            List<Entry> entries,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean older) {}

    private record Mentioned(Mention mention, Entry entry) {}

    private record Asked(@Nullable String user, String task) {}

    /** @param request {@code {"user","task"}} */
    public static UserQuestion<Found> of(String request) {
        return new TaskHistory(Json.read(request, Asked.class));
    }

    @Override
    public Accepted<Found> on(Documents documents) {
        boolean all = mentions.each(documents, any -> true, (mention, entry) -> {
            if (last.size() == EntryQuery.MOST || size > EntryPage.LARGE) {
                return false;
            }
            entry.ifPresent(one -> {
                last.add(new Mentioned(mention, one));
                size += one.size();
            });
            return true;
        });
        return Accepted.unchanged(found(all));
    }

    @Override
    public String user() {
        return user;
    }

    @Override
    public Optional<Found> soFar() {
        return Optional.of(found(false)).filter(found -> !found.entries.isEmpty());
    }

    private Found found(boolean all) {
        List<Entry> entries = last.stream()
                .sorted(Comparator.comparing(Mentioned::mention, Mention.OLDEST_FIRST))
                .map(Mentioned::entry)
                .toList();
        return new Found(entries, !all);
    }
}
