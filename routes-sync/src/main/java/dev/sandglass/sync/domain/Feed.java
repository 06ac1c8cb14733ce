package dev.sandglass.sync.domain;

import dev.sandglass.events.TaskList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one list: its members, and its latest changes without a hole. Immutable, so that every socket may read it on its
 * own thread; a socket that is further behind than this reaches asks the ledger.
 *
 * @param owner null while only changes of its tasks were heard
 * @param members who may see it now; nobody once it is deleted, and nobody while that is not known
 * @param membersAt the number of the change as of which the members are known, -1 while they are not
 * @param first the number of the first change in {@code frames}, or of the next one to come
 * @param frames changes {@code first} to {@code head()}
 */
public record Feed(
        String list, @Nullable String owner, Set<String> members, long membersAt, long first, List<Frame> frames) {

    /** At most so many changes are kept in memory, and at most so many characters of them (the first of the two). */
    static final int CHANGES_KEPT = 1_000;

    static final int CHARACTERS_KEPT = 1_000_000;

    public Feed {
        members = Set.copyOf(members);
        frames = List.copyOf(frames);
    }

    /** A list as the ledger says it is; its changes so far are not in memory. */
    public static Feed of(TaskList seen) {
        return new Feed(seen.id(), seen.owner(), seen.members().keySet(), seen.seq(), seen.seq() + 1, List.of());
    }

    /** A list of which a change is the first thing heard. */
    public static Feed of(Frame heard) {
        return new Feed(heard.list(), null, Set.of(), -1, heard.seq(), List.of()).with(List.of(heard));
    }

    /** The number of the last change known. */
    public long head() {
        return first + frames.size() - 1;
    }

    /** @return true where every change above a number is here, as far as any is known */
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
     * Takes changes that were heard or fetched, in order: those that follow the last one here, and those that lead up to the first.
     * Others (here already, or beyond a hole) are passed over.
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

    /** Takes what the ledger says of the list: newer members count, the changes come by themselves. */
    public Feed with(TaskList seen) {
        return seen.seq() < membersAt
                ? this
                : new Feed(list, seen.owner(), seen.members().keySet(), seen.seq(), first, frames);
    }

    /** The list is no more. */
    public Feed deleted() {
        return new Feed(list, owner, Set.of(), Long.MAX_VALUE, first, frames);
    }

    /** The changes up to a number cannot be had any more. */
    public Feed startingAfter(long seq) {
        return seq <= head() ? this : new Feed(list, owner, members, membersAt, seq + 1, List.of());
    }

    /** With the last so many changes only. */
    public Feed trimmed(int changes) {
        int dropped = Math.max(0, frames.size() - changes);
        return dropped == 0
                ? this
                : new Feed(list, owner, members, membersAt, first + dropped, frames.subList(dropped, frames.size()));
    }

    /** How much memory the changes take, in characters. */
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
