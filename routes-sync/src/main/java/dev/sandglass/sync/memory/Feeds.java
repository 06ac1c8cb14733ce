package dev.sandglass.sync.memory;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.Json;
import dev.sandglass.events.Role;
import dev.sandglass.events.TaskList;
import dev.sandglass.support.Refused;
import dev.sandglass.sync.domain.Feed;
import dev.sandglass.sync.domain.Frame;
import dev.sandglass.sync.domain.News;
import dev.sandglass.sync.domain.Past;
import dev.sandglass.sync.domain.ReminderFrame;
import dev.sandglass.sync.domain.Replay;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** The lists that sockets follow. It also keeps every other list with news for a moment: a socket for it may be about to open. */
@Singleton
@Named("feeds")
public class Feeds {
    private static final int CHANGES_WHEN_SHORT = 10;

    private final Map<String, Feed> feeds = new ConcurrentHashMap<>();
    /** The lists that no socket followed at the last look, as they were then. */
    private Map<String, Feed> idle = Map.of();

    private final Sockets sockets;

    Feeds(Sockets sockets) {
        this.sockets = sockets;
        sockets.follow(feeds::get);
    }

    /** @return true where a change is new, and a socket here may want it; a socket that opens later reads the ledger first */
    public boolean isNews(@Body Frame frame) {
        Feed feed = feeds.get(frame.list());
        return feed == null
                || frame.seq() > feed.head()
                        && (!feed.knowsMembers() || anyHere(feed.members()) || anyHere(frame.members()));
    }

    /** Takes a change that came as an event. */
    public News hear(@Body Frame frame) {
        Feed before = feeds.get(frame.list());
        Feed after = feeds.compute(frame.list(), (list, feed) -> {
            Frame shown = here(frame);
            return feed == null ? Feed.of(shown) : feed.with(List.of(shown));
        });
        return news(before, after, frame.seq() > after.head(), frame.members());
    }

    /** Reads the ledger's answer, {@code {"changes":[…],"seq":n}}. */
    public static Past read(
            @ExchangeProperty("list") String list, @ExchangeProperty("after") long after, @Body String answer) {
        JsonNode json = Json.read(answer, JsonNode.class);
        List<Frame> frames = json.path("changes")
                .valueStream()
                .map(change -> Frame.of(Json.read(change, Change.class).asFrame()))
                .toList();
        return new Past(list, after, frames, json.path("seq").asLong());
    }

    /** A change in the form for clients. */
    public static Frame shown(@ExchangeProperty("frame") Frame frame, @Body @Nullable String text) {
        return frame.shownAs(text);
    }

    /** Changes from the ledger in the form for clients. */
    public static Past allShown(@ExchangeProperty("past") Past past, @Body List<Frame> shown) {
        return new Past(past.list(), past.after(), shown, past.seq());
    }

    /** Takes changes that were fetched. */
    public News take(@ExchangeProperty("past") Past past) {
        return change(
                past.list(),
                feed -> feed.with(past.frames().stream().map(this::here).toList()));
    }

    /** The ledger no longer keeps the missing changes: the list goes on from the ledger's number. */
    public News skip(@ExchangeProperty("list") String list, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Refused no) {
        long seq = Json.read(no.document(), JsonNode.class).path("seq").asLong();
        return change(list, feed -> feed.startingAfter(seq));
    }

    private News change(String list, UnaryOperator<Feed> to) {
        Feed before = feeds.get(list);
        Feed after = feeds.computeIfPresent(list, (same, feed) -> to.apply(feed));
        return after == null ? new News(list, Set.of(), false, 0) : news(before, after, false, null);
    }

    /** @return true where memory does not have all the changes that a socket asks for */
    public boolean lacks(@ExchangeProperty("replay") Replay replay) {
        Feed feed = feeds.get(replay.list());
        return feed == null || !feed.covers(replay.after()) || replay.after() > feed.head();
    }

    /** Takes lists as the ledger has them. */
    public List<News> learn(@ExchangeProperty("lists") List<TaskList> lists) {
        List<News> news = new ArrayList<>();
        for (TaskList seen : lists) {
            Feed before = feeds.get(seen.id());
            Feed after = feeds.compute(seen.id(), (list, feed) -> {
                TaskList known = here(seen);
                return feed == null
                        ? Feed.of(known)
                        // A list that no socket here follows is not fetched: it goes on from the ledger's number.
                        : anyHere(feed.members()) || !known.members().isEmpty()
                                ? feed.with(known)
                                : feed.with(known).startingAfter(seen.seq());
            });
            news.add(news(before, after, seen.seq() > after.head(), null));
        }
        return news;
    }

    /** The ids of the followed lists. */
    public List<String> followed() {
        return List.copyOf(feeds.keySet());
    }

    /** Compares lists as the ledger has them with memory: it finds those with news, and the deleted. One that it cannot read stays as it is. */
    public List<News> compare(@ExchangeProperty("asked") List<String> asked, @Body String answer) {
        List<News> news = new ArrayList<>(learn(lists(answer)));
        Set<String> there = news.stream().map(News::list).collect(Collectors.toSet());
        Json.read(answer, JsonNode.class).path("unreadable").forEach(list -> there.add(list.asText()));
        asked.stream().filter(list -> !there.contains(list)).forEach(list -> news.add(change(list, Feed::deleted)));
        return news;
    }

    /** The users who get a reminder: none where the list is not followed. */
    public Set<String> members(@Body ReminderFrame reminder) {
        Feed feed = feeds.get(reminder.list());
        return feed == null ? Set.of() : feed.members();
    }

    /** The members of the lists of reminders. */
    public Set<String> membersOfAll(@Body List<ReminderFrame> reminders) {
        return reminders.stream()
                .flatMap(reminder -> members(reminder).stream())
                .collect(Collectors.toSet());
    }

    /** @param answer {@code {"lists":[TaskList…]}} */
    public static List<TaskList> lists(@Body String answer) {
        return Json.read(answer, JsonNode.class)
                .path("lists")
                .valueStream()
                .map(list -> Json.read(list, TaskList.class))
                .toList();
    }

    /**
     * The list with those of its members who have a socket here: it may have 200 whom nobody ever saw. A socket is known before its user's
     * lists are read, so it has to be looked up while the list is being exchanged, and not before.
     */
    private TaskList here(TaskList seen) {
        SortedMap<String, Role> members = new TreeMap<>(seen.members());
        members.keySet().removeIf(user -> !sockets.has(user));
        return new TaskList(seen.id(), seen.name(), seen.owner(), members, seen.seq());
    }

    private Frame here(Frame frame) {
        Set<String> members = frame.members();
        return members == null
                ? frame
                : new Frame(
                        frame.list(),
                        frame.seq(),
                        frame.text(),
                        frame.owner(),
                        members.stream().filter(sockets::has).collect(Collectors.toUnmodifiableSet()));
    }

    private boolean anyHere(@Nullable Set<String> users) {
        return users != null && users.stream().anyMatch(sockets::has);
    }

    /**
     * The news of a list. Missing changes are only fetched for users who have a socket here.
     *
     * @param joined users whom a change names as members; null where it names none
     */
    private News news(@Nullable Feed before, Feed now, boolean hole, @Nullable Set<String> joined) {
        Set<String> users = new HashSet<>(now.members());
        if (before != null) {
            users.addAll(before.members());
        }
        if (joined != null) {
            users.addAll(joined);
        }
        // Ten thousand sockets of one list, woken without need, would take all the processor time.
        boolean same = before != null
                && joined == null
                && before.first() == now.first()
                && before.head() == now.head()
                && before.members().equals(now.members());
        return new News(now.list(), same ? Set.of() : users, hole && anyHere(users), now.head());
    }

    /** Forgets lists that no socket follows. */
    public void forgetIdle() {
        Map<String, Feed> unfollowed = new HashMap<>();
        long characters = 0;
        for (Feed feed : feeds.values()) {
            if (!anyHere(feed.members())) {
                unfollowed.put(feed.list(), feed);
            }
            characters += feed.characters();
        }
        // Unchanged since the last look, so there was time for a socket to open.
        idle.forEach((list, feed) -> {
            if (unfollowed.containsKey(list)) {
                feeds.remove(list, feed);
            }
        });
        idle = unfollowed;
        if (characters > Runtime.getRuntime().maxMemory() / 4) {
            feeds.replaceAll((list, feed) -> feed.trimmed(CHANGES_WHEN_SHORT));
        }
    }
}
