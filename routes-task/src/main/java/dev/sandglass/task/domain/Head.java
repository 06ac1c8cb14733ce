package dev.sandglass.task.domain;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Erased;
import dev.sandglass.events.Role;
import dev.sandglass.events.TaskList;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Portions;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one document of a list that decides: whoever writes anything of the list writes it, on its ETag.
 *
 * @param v schema version of the stored value
 * @param seq changes so far
 * @param hash of the last change
 * @param at of the last change
 * @param tasks numbers given out to tasks
 * @param pending whether {@code pending/<shard>} lists it among those with changes not yet published
 * @param awaiting promised occurrences that have not come: id to the number of the completion that promised it
 * @param inbox whether it is its owner's Inbox
 * @param deleted whether it is gone, kept for its changes' sake
 * @param first the first change that is kept: those below were trimmed
 * @param reminders those of a new task that has a due date and says nothing of reminders
 * @param more fields of a newer version of this program, which stay
 */
public record Head(
        int v,
        String id,
        String name,
        String owner,
        SortedMap<String, Role> members,
        long seq,
        String hash,
        Instant at,
        int tasks,
        boolean pending,
        SortedMap<String, Long> awaiting,
        boolean inbox,
        boolean deleted,
        long first,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> reminders,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> more) {
    /** Code points. */
    public static final int LONGEST_NAME = 200;

    public static final int MOST_MEMBERS = 200;
    public static final int MOST_TASKS = 100_000;
    public static final String INBOX = "Inbox";
    /** How many are read at once, of many: one is 53 kB at most, so these 3.4 MB. */
    public static final int AT_ONCE = 64;

    public Head {
        // Heads written before anything was trimmed do not say.
        first = Math.max(1, first);
        reminders = List.copyOf(Objects.requireNonNullElse(reminders, List.of()));
        more = Map.copyOf(Objects.requireNonNullElse(more, Map.of()));
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
        awaiting = Collections.unmodifiableSortedMap(new TreeMap<>(awaiting));
    }

    /** A list before its first change. */
    public static Head fresh(String id, String name, String owner, boolean inbox) {
        SortedMap<String, Role> members = new TreeMap<>();
        members.put(owner, Role.OWNER);
        return new Head(
                1,
                id,
                name,
                owner,
                members,
                0,
                "",
                Instant.EPOCH,
                0,
                false,
                new TreeMap<>(),
                inbox,
                false,
                1,
                List.of(),
                Map.of());
    }

    /** The head of a list; empty where there is none. */
    public static Optional<Head> of(Documents documents, String list) {
        Stored stored = documents.get(Keys.head(list));
        return stored.absent() ? Optional.empty() : Optional.of(stored.as(Head.class));
    }

    /** A part of each head of many lists, of those that exist. */
    static <T> Portions<T> portions(
            Function<Documents, ? extends Collection<String>> lists, Function<Head, Optional<T>> part) {
        return new Portions<>(
                AT_ONCE,
                documents -> lists.apply(documents).stream().map(Keys::head).toList(),
                stored -> stored.absent() ? Optional.empty() : part.apply(stored.as(Head.class)));
    }

    /**
     * The same without those that cannot be read.
     *
     * @param unreadable see {@link Stored#as(Class, Map)}
     */
    static <T> Portions<T> portions(
            Function<Documents, ? extends Collection<String>> lists,
            Function<Head, Optional<T>> part,
            Map<String, String> unreadable) {
        return new Portions<>(
                AT_ONCE,
                documents -> lists.apply(documents).stream().map(Keys::head).toList(),
                stored -> stored.absent()
                        ? Optional.empty()
                        : stored.as(Head.class, unreadable).flatMap(part));
    }

    /** @return null for somebody who may not know that the list exists; whoever asks now is asked about by {@link #role} */
    public @Nullable Role roleOf(String user) {
        return deleted ? null : members.get(user);
    }

    /** @return null where who asks may not know that the list exists: it is not theirs, or not one that their token is for */
    public @Nullable Role role(Request asked) {
        return asked.isFor(id) ? roleOf(asked.user()) : null;
    }

    /** Tells if who asks is a member, or was to the end of a list that is gone. */
    boolean isKnownTo(Request asked) {
        return asked.isFor(id) && members.containsKey(asked.user());
    }

    /** Tells if it is gone, and was the list of who asks. */
    boolean wasDeletedBy(Request asked) {
        return asked.isFor(id) && deleted && owner.equals(asked.user());
    }

    public TaskList asList() {
        return new TaskList(id, name, owner, members, seq, reminders);
    }

    public Extent extent() {
        return new Extent(id, seq, tasks, first);
    }

    public Head named(String newName) {
        return with(copy -> copy.name = newName);
    }

    /** The same with other reminders for new tasks. */
    Head reminding(List<String> newReminders) {
        return with(copy -> copy.reminders = newReminders);
    }

    public Head with(String member, Role role) {
        SortedMap<String, Role> more = new TreeMap<>(members);
        more.put(member, role);
        return with(copy -> copy.members = more);
    }

    public Head without(String member) {
        SortedMap<String, Role> fewer = new TreeMap<>(members);
        fewer.remove(member);
        return with(copy -> copy.members = fewer);
    }

    /** The same, gone, with nobody in it, and without what was said of it. */
    Head erased() {
        return with(copy -> {
            copy.name = Erased.NAME;
            copy.owner = Erased.NAME;
            copy.members = new TreeMap<>();
            copy.reminders = List.of();
            copy.more = Map.of();
            copy.awaiting = new TreeMap<>();
            copy.deleted = true;
        });
    }

    public Head gone() {
        return with(copy -> {
            copy.awaiting = new TreeMap<>();
            copy.deleted = true;
        });
    }

    public Head withTask() {
        return with(copy -> copy.tasks = tasks + 1);
    }

    public Head awaiting(String occurrence, long completion) {
        SortedMap<String, Long> more = new TreeMap<>(awaiting);
        more.put(occurrence, completion);
        return with(copy -> copy.awaiting = more);
    }

    /** Without awaiting an occurrence: it came, or shall not come. */
    public Head settled(String occurrence) {
        SortedMap<String, Long> fewer = new TreeMap<>(awaiting);
        fewer.remove(occurrence);
        return with(copy -> copy.awaiting = fewer);
    }

    public Head moved(long newSeq, String newHash, Instant newAt) {
        return with(copy -> {
            copy.seq = newSeq;
            copy.hash = newHash;
            copy.at = newAt;
        });
    }

    public Head withPending(boolean newPending) {
        return with(copy -> copy.pending = newPending);
    }

    /** Without the changes below a number. */
    public Head trimmed(long newFirst) {
        return with(copy -> copy.first = newFirst);
    }

    private Head with(Consumer<Copy> change) {
        Copy copy = new Copy(this);
        change.accept(copy);
        return new Head(
                v,
                id,
                copy.name,
                copy.owner,
                copy.members,
                copy.seq,
                copy.hash,
                copy.at,
                copy.tasks,
                copy.pending,
                copy.awaiting,
                inbox,
                copy.deleted,
                copy.first,
                copy.reminders,
                copy.more);
    }

    /** The parts of a head that change, so that only here all of them are listed. */
    private static final class Copy {
        private String name;
        private String owner;
        private SortedMap<String, Role> members;
        private long seq;
        private String hash;
        private Instant at;
        private int tasks;
        private boolean pending;
        private SortedMap<String, Long> awaiting;
        private boolean deleted;
        private long first;
        private List<String> reminders;
        private Map<String, JsonNode> more;

        Copy(Head of) {
            name = of.name;
            owner = of.owner;
            members = of.members;
            seq = of.seq;
            hash = of.hash;
            at = of.at;
            tasks = of.tasks;
            pending = of.pending;
            awaiting = of.awaiting;
            deleted = of.deleted;
            first = of.first;
            reminders = of.reminders;
            more = of.more;
        }
    }
}
