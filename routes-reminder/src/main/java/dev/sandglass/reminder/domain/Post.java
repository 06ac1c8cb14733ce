package dev.sandglass.reminder.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sandglass.events.Change;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A thing that people are to be told beside the feed. It holds no words and no address: those are asked for when it is told.
 *
 * @param id of the firing, or of what somebody did, for clients; the same in every try and at every address
 * @param task empty where it is about a list
 * @param overdue true where it is not a reminder but tells that the task is overdue
 * @param at when the reminder was due, or it was done
 * @param until it is tried no more from then on
 * @param news what somebody did; null of a reminder, and of what is overdue
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Post(
        String id,
        String task,
        boolean overdue,
        Instant at,
        Instant until,
        @Nullable News news) {
    /** For how long it is tried, from when it may be told first. */
    static final Duration TRIED = Duration.ofDays(1);

    /**
     * An act of a user that others are told of who want it.
     *
     * @param seq of the change of the list
     * @param task that was completed; null where the list was shared
     * @param to with whom it was shared; null: all members are told
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record News(
            String list,
            long seq,
            Instant at,
            String actor,
            @Nullable String task,
            @Nullable String to) {
        private static final String MEMBER = "members/";

        /** Empty where it is not for others, or long ago: a list that is followed from its beginning has no news. */
        static Optional<News> of(Change change, Instant now) {
            Task task = change.event() == ChangeType.TASK_COMPLETED ? change.task() : null;
            // Another role for somebody who is a member already is no news.
            Optional<String> to = change.changed().entrySet().stream()
                    .filter(field -> field.getKey().startsWith(MEMBER)
                            && field.getValue().get(0).isNull())
                    .map(field -> field.getKey().substring(MEMBER.length()))
                    .findFirst();
            return change.at().isBefore(now.minus(TRIED)) || (task == null && to.isEmpty())
                    ? Optional.empty()
                    : Optional.of(new News(
                            change.list(),
                            change.seq(),
                            change.at(),
                            change.actor(),
                            task == null ? null : task.id(),
                            to.orElse(null)));
        }

        boolean isShared() {
            return to != null;
        }

        /** As the contract names it, and who wants to be told. */
        String kind() {
            return isShared() ? "shared" : "completed";
        }
    }

    static Post ofFiring(String id, String task, boolean overdue, Instant at, Instant now) {
        return new Post(id, task, overdue, at, now.plus(TRIED), null);
    }

    static Post of(News news, Instant now) {
        String id = news.list + "." + news.seq + "." + news.kind();
        return new Post(id, Objects.requireNonNullElse(news.task, ""), false, news.at, now.plus(TRIED), news);
    }

    /** The same, to be told from that time on. */
    Post from(Instant first) {
        return new Post(id, task, overdue, at, first.plus(TRIED), news);
    }

    /** The use of a channel that this post falls under: only channels that are wanted for it get the post. */
    String use() {
        return news != null ? news.kind() : overdue ? "overdue" : "reminders";
    }

    /** Tells if it is still so. */
    boolean isWanted(@Nullable Task now, boolean listIsThere) {
        if (news != null && news.isShared()) {
            return listIsThere;
        }
        return now != null && (news != null ? !now.open() : now.open() && (now.overdue() || !overdue));
    }

    /** Tells if it is the same reminder, come again. */
    boolean isAgain(Post earlier) {
        return !id.equals(earlier.id) && withoutVersion(id).equals(withoutVersion(earlier.id));
    }

    private static String withoutVersion(String id) {
        return id.substring(0, id.lastIndexOf('.') + 1);
    }
}
