package dev.sandglass.task.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Documents;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The persons who are being erased, and how far that is, under {@code erasures}; and that others were, without their names.
 *
 * @param v schema version of the stored value
 */
public record Erasures(int v, List<Running> running, List<Done> done) {
    static final int MOST = 100;

    /** The steps for a list, in this order. */
    public enum Phase {
        /** It is the person's no more; one of their own is gone. */
        LEAVE,
        /** The followers have it all, so that nothing comes back. */
        AWAIT_ALL,
        REMINDERS,
        TASKS,
        /** The followers have what that changed. */
        AWAIT_TASKS,
        /** How many entries of the audit of a list of others name the person. */
        COUNT,
        ANNOUNCE,
        /** The followers have all that names the person, and that it goes. */
        AWAIT,
        TRIM,
        ENTRIES
    }

    /**
     * A list out of which a person is being taken.
     *
     * @param all whether it was theirs
     * @param by the change that tells of it; 0: none yet
     * @param upTo nothing after this change names the person
     * @param entries so many name the person
     */
    public record At(String list, Phase phase, boolean all, long by, long upTo, long entries) {
        static At begin(String list) {
            return new At(list, Phase.LEAVE, false, 0, 0, 0);
        }

        At on(Phase next) {
            return new At(list, next, all, by, upTo, entries);
        }

        At upTo(long last) {
            return new At(list, phase, all, by, last, entries);
        }

        At naming(long many) {
            return new At(list, phase, all, by, upTo, many);
        }

        At by(long change) {
            return new At(list, phase, all, change, upTo, entries);
        }
    }

    /**
     * @param asked who asked for it
     * @param list the list at hand; null: none is
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Running(
            String id,
            String user,
            String asked,
            @Nullable String reason,
            Instant at,
            @Nullable At list) {
        Running with(@Nullable At newList) {
            return new Running(id, user, asked, reason, at, newList);
        }

        boolean isAskedByThemselves() {
            return asked.equals(user);
        }

        String askedBy() {
            return isAskedByThemselves() ? "person" : "operator";
        }
    }

    /** @param asked the operator who asked for it; null: the person did */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Done(
            String id, @Nullable String asked, @Nullable String reason, Instant at, Instant done) {}

    public Erasures {
        running = List.copyOf(running);
        done = List.copyOf(done);
    }

    static Erasures of(Documents documents) {
        return of(documents.get(Keys.ERASURES));
    }

    static Erasures of(Stored stored) {
        return stored.absent() ? new Erasures(1, List.of(), List.of()) : stored.as(Erasures.class);
    }

    Optional<Running> of(String user) {
        return running.stream().filter(one -> one.user.equals(user)).findFirst();
    }

    Erasures with(Running one) {
        List<Running> more = new ArrayList<>(running);
        more.removeIf(other -> other.id.equals(one.id));
        more.add(one);
        return new Erasures(v, more, done);
    }

    /** With one that is over: of these the last are kept. */
    Erasures over(Running one, Instant now) {
        List<Running> fewer = new ArrayList<>(running);
        fewer.removeIf(other -> other.id.equals(one.id));
        List<Done> over = new ArrayList<>(done.subList(Math.max(0, done.size() - MOST + 1), done.size()));
        over.add(new Done(one.id, one.isAskedByThemselves() ? null : one.asked, one.reason, one.at, now));
        return new Erasures(v, fewer, over);
    }
}
