package dev.sandglass.sync.domain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The state of one socket: the number last sent of each list. It holds no changes. It takes the change above that number from the
 * {@link Feed}, so that no change is sent twice, out of order, or left out, in whatever order the news come. For one thread at a
 * time.
 */
public final class Session {
    /** One list as this socket sees it. */
    private static final class Line {
        /** The number last sent; the next to be sent is one above. */
        long sent;
        /** The ledger was asked for the changes above {@code sent} and has not answered yet. */
        boolean asked;
        /** The client named a number that may be one the list has never had. */
        boolean doubted;
        /** The changes above {@code sent} can no longer be had. */
        boolean lost;
        /** The ledger's answer, as far as it is not sent yet. */
        final Deque<Frame> past = new ArrayDeque<>();

        Line(long sent) {
            this.sent = sent;
        }
    }

    private enum Stage {
        /** {@code ready} is not out yet. */
        OPENING,
        /** Changes wait for the client's first word. */
        HOLDING,
        LIVE
    }

    private final String user;
    private final Predicate<String> shown;
    private final Map<String, Line> lines = new HashMap<>();
    private final Deque<String> notices = new ArrayDeque<>();
    /** Lists that had news before the session was live. */
    private final Set<String> noted = new HashSet<>();

    private Stage stage = Stage.OPENING;
    /** A {@code resume} that came before {@code ready} was out. */
    private @Nullable Map<String, Long> early;
    /** Lists that the client named, and that are not known as lists of the user. */
    private final Set<String> strange = new HashSet<>();
    /** The lists among them that the ledger is asked for. */
    private Set<String> asked = Set.of();
    /** The lists that are not the user's, to be told. */
    private final Deque<String> gone = new ArrayDeque<>();
    /** Characters of the ledger's answers and of reminders that are not sent yet. */
    private long held;

    public Session(String user) {
        this(user, list -> true);
    }

    /** @param shown the lists that it is for, where the user is a member */
    public Session(String user, Predicate<String> shown) {
        this.user = user;
        this.shown = shown;
    }

    /**
     * The first frame. Changes are held back from here until {@link #resume} or {@link #live}.
     *
     * @param all the lists the user is a member of, each with the number of its last change
     */
    public String ready(Map<String, Long> all) {
        Map<String, Long> numbers = new HashMap<>(all);
        numbers.keySet().removeIf(shown.negate());
        numbers.forEach((list, seq) -> lines.put(list, new Line(seq)));
        stage = Stage.HOLDING;
        if (early != null) {
            resume(early);
        }
        ObjectNode frame = Json.object().put("type", "ready");
        ObjectNode lists = frame.putObject("lists");
        numbers.forEach(lists::put);
        return frame.toString();
    }

    /**
     * The client has seen the changes up to these numbers and wants the later ones, even if they were sent before. Other lists go on
     * where they are. For lists that are not known as the user's, {@link #asks} is to be called.
     */
    public void resume(Map<String, Long> numbers) {
        if (stage == Stage.OPENING) {
            early = numbers;
            return;
        }
        numbers.forEach((list, seq) -> {
            Line again = new Line(seq);
            again.doubted = true;
            Line before = lines.replace(list, again);
            if (before == null) {
                strange.add(list);
            } else {
                forget(before);
            }
        });
        live();
    }

    /**
     * Tells if the client named lists that may not be the user's, so that the ledger must be asked now. While it is, it is not asked
     * again: {@link #checked} comes first.
     */
    public boolean asks() {
        if (strange.isEmpty() || !asked.isEmpty()) {
            return false;
        }
        asked = Set.copyOf(strange);
        strange.clear();
        return true;
    }

    /** The ledger was asked, and the user's lists among those that the client had named are known by now. */
    public void checked() {
        asked.stream().filter(list -> !lines.containsKey(list)).forEach(gone::add);
        asked = Set.of();
    }

    /** The client has had its time to speak first. */
    public void live() {
        if (stage == Stage.HOLDING) {
            stage = Stage.LIVE;
        }
    }

    /** @return true once {@code ready} is out */
    public boolean greeted() {
        return stage != Stage.OPENING;
    }

    /** The lists for which there may be something to do. */
    public Collection<String> lists() {
        List<String> lists = new ArrayList<>(lines.keySet());
        noted.removeAll(lines.keySet());
        lists.addAll(noted);
        return lists;
    }

    /**
     * The next step for a list; call it again until there is none.
     *
     * @return null for nothing, for now
     */
    public @Nullable Step next(Feed feed) {
        if (stage != Stage.LIVE) {
            noted.add(feed.list());
            return null;
        }
        if (!feed.knowsMembers()) {
            return null;
        }
        noted.remove(feed.list());
        if (!feed.has(user) || !shown.test(feed.list())) {
            Line left = lines.remove(feed.list());
            if (left == null) {
                return null;
            }
            forget(left);
            return say("gone", feed.list());
        }
        Line line = lines.get(feed.list());
        if (line == null) {
            // The user has just made this list, elsewhere: all its changes are told. Of a newly shared list, only later
            // ones are.
            lines.put(feed.list(), new Line(user.equals(feed.owner()) ? feed.first() - 1 : feed.head()));
            return say("reload", feed.list());
        }
        return line.asked ? null : next(line, feed);
    }

    private @Nullable Step next(Line line, Feed feed) {
        if (line.lost) {
            line.lost = false;
            line.sent = Math.max(feed.head(), feed.membersAt());
            return say("reload", feed.list());
        }
        Frame fetched = line.past.poll();
        if (fetched != null) {
            held -= fetched.text().length();
            return send(line, fetched);
        }
        if (!feed.covers(line.sent) || (line.doubted && line.sent > feed.head())) {
            line.asked = true;
            return new Step.Ask(feed.list(), line.sent);
        }
        line.doubted = false;
        Frame frame = feed.at(line.sent + 1);
        return frame == null ? null : send(line, frame);
    }

    private static Step send(Line line, Frame frame) {
        line.sent = frame.seq();
        return new Step.Send(frame.text());
    }

    private static Step say(String type, String list) {
        return new Step.Send(frame(type, list));
    }

    private static String frame(String type, String list) {
        return Json.object().put("type", type).put("list", list).toString();
    }

    /**
     * The ledger's answer to {@link Step.Ask}.
     *
     * @param after the number that was asked for
     * @param changes the changes above it, in order, as many as the ledger gives at once
     * @param seq the list's number in the ledger
     */
    public void answered(String list, long after, List<Frame> changes, long seq) {
        Line line = lines.get(list);
        if (line == null || !line.asked || line.sent != after) {
            return;
        }
        line.asked = false;
        line.doubted = false;
        // The list has never had this number: the client's changes are not from this list.
        line.lost = seq < after;
        for (Frame change : changes) {
            if (change.seq() == after + line.past.size() + 1) {
                line.past.add(change);
                held += change.text().length();
            }
        }
    }

    /** The characters of the ledger's answers and of reminders that are not sent yet. */
    public long held() {
        return held;
    }

    /** Gives up what is held of the ledger's answers: it is asked for them again. */
    public void forget() {
        lines.values().forEach(this::forget);
    }

    private void forget(Line line) {
        line.past.forEach(frame -> held -= frame.text().length());
        line.past.clear();
    }

    /** The ledger no longer keeps the changes that were asked for. */
    public void tooOld(String list, long after) {
        answered(list, after, List.of(), -1);
    }

    /** The ledger could not be asked, or the changes are in the feed by now: {@link #next} decides anew. */
    public void unanswered(String list, long after) {
        Line line = lines.get(list);
        if (line != null && line.sent == after) {
            line.asked = false;
        }
    }

    /** A reminder to be sent, a JSON text. */
    public void remind(String frame) {
        notices.add(frame);
        held += frame.length();
    }

    /** The next frame that is not a change; null where there is none, and before {@code ready}. */
    public @Nullable String nextNotice() {
        if (!greeted()) {
            return null;
        }
        String list = gone.poll();
        if (list != null) {
            return frame("gone", list);
        }
        String notice = notices.poll();
        held -= notice == null ? 0 : notice.length();
        return notice;
    }
}
