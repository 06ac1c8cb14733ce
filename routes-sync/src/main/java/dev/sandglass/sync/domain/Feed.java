package dev.sandglass.sync.domain;

import dev.sandglass.events.Json;
import dev.sandglass.events.TaskList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The known part of one list: its members, and its latest changes without a hole. Immutable, so that every socket may read it on
 * its own thread. A socket that needs older changes asks the ledger.
 *
 * @param owner null while only changes of its tasks have come
 * @param members the users who may see it and have a socket here; empty after its deletion and while they are unknown
 * @param membersAt the number of the change after which these were the members, -1 while they are unknown
 * @param first the number of the first change in {@code frames}, or of the next one to come
 * @param frames changes {@code first} to {@code head()}
 */
public record Feed(
        String list, @Nullable String owner, Set<String> members, long membersAt, long first, List<Frame> frames) {

    /** The limits of a list in memory, in changes and in characters; the first one reached counts. */
    static final int CHANGES_KEPT = 1_000;

    static final int CHARACTERS_KEPT = 1_000_000;

    public Feed {
        members = Set.copyOf(members);
        frames = List.copyOf(frames);
    }

    /** A list as the ledger has it; its changes so far are not in memory. */
    public static Feed of(TaskList seen) {
        return new Feed(seen.id(), seen.owner(), seen.members().keySet(), seen.seq(), seen.seq() + 1, List.of());
    }

    /** A list that is only known by one change. */
    public static Feed of(Frame heard) {
        return new Feed(heard.list(), null, Set.of(), -1, heard.seq(), List.of()).with(List.of(heard));
    }

    /** The number of the last change known. */
    public long head() {
        return first + frames.size() - 1;
    }

    /** @return true where all known changes above a number are here */
    public boolean covers(long after) {
        return after >= first - 1;
    }

    /** The change of that number, null when it is not here. */
    public @Nullable Frame at(long seq) {
        return seq < first || seq > head() ? null : frames.get((int) (seq - first));
    }

    public boolean has(String user) {
        return members.contains(user);
    }

    /** @return true where the members are known */
    public boolean knowsMembers() {
        return membersAt >= 0;
    }

    /**
     * Adds changes that came or were fetched, in order: changes right after the last one here, and changes right before the first.
     * It leaves out others (here already, or beyond a hole).
     */
    public Feed with(Collection<Frame> more) {
        Deque<Frame> before = new ArrayDeque<>();
        List<Frame> after = new ArrayList<>();
        for (Frame frame : more) {
            if (frame.seq() == head() + after.size() + 1) {
                after.add(frame);
            } else if (frame.seq() < first) {
                before.add(frame);
            }
        }
        Feed grown = this;
        for (Frame frame : after) {
            if (frame.members() != null && frame.seq() > grown.membersAt) {
                grown = new Feed(list, frame.owner(), frame.members(), frame.seq(), first, frames);
            }
        }
        boolean leadsUp = !before.isEmpty()
                && before.getLast().seq() == first - 1
                && before.getFirst().seq() == first - before.size();
        return after.isEmpty() && !leadsUp ? this : grown.keeping(leadsUp ? before : List.of(), after);
    }

    /** Takes the list as the ledger has it: newer members count; the changes come as events. */
    public Feed with(TaskList seen) {
        return seen.seq() < membersAt
                ? this
                : new Feed(list, seen.owner(), seen.members().keySet(), seen.seq(), first, frames);
    }

    /** The list after its deletion. */
    public Feed deleted() {
        return new Feed(list, owner, Set.of(), Long.MAX_VALUE, first, frames);
    }

    /** Lists as a question to <em>task</em>: {@code {"lists":[…]}}. */
    public static String question(List<String> lists) {
        return Json.text(Map.of("lists", lists));
    }

    /** The list without the changes up to a number, which the ledger no longer keeps. */
    public Feed startingAfter(long seq) {
        return seq <= head() ? this : new Feed(list, owner, members, membersAt, seq + 1, List.of());
    }

    /** The list with only its last changes. */
    public Feed trimmed(int changes) {
        int dropped = Math.max(0, frames.size() - changes);
        return dropped == 0
                ? this
                : new Feed(list, owner, members, membersAt, first + dropped, frames.subList(dropped, frames.size()));
    }

    /** The memory that the changes take, in characters. */
    public long characters() {
        return frames.stream().mapToLong(frame -> frame.text().length()).sum();
    }

    private Feed keeping(Collection<Frame> before, List<Frame> after) {
        List<Frame> all = new ArrayList<>(before);
        all.addAll(frames);
        all.addAll(after);
        int from = all.size();
        long characters = 0;
        while (from > 0 && all.size() - from < CHANGES_KEPT && characters < CHARACTERS_KEPT) {
            from--;
            characters += all.get(from).text().length();
        }
        return new Feed(list, owner, members, membersAt, all.get(from).seq(), all.subList(from, all.size()));
    }
}
