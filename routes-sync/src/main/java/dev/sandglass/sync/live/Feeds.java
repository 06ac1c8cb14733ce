package dev.sandglass.sync.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.Json;
import dev.sandglass.events.TaskList;
import dev.sandglass.support.Refused;
import dev.sandglass.sync.domain.Feed;
import dev.sandglass.sync.domain.Frame;
import dev.sandglass.sync.domain.ReminderFrame;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** The lists that sockets follow, and for a moment every other one of which something is heard: a socket may be about to open. */
@Singleton
@Named("feeds")
public class Feeds {
    private static final int LISTS_PER_QUESTION = 1_000;
    private static final int CHANGES_WHEN_SHORT = 10;

    private final Map<String, Feed> feeds = new ConcurrentHashMap<>();
    /** The lists that nobody followed when last looked at, as they were then. */
    private Map<String, Feed> idle = Map.of();

    private final Sockets sockets;

    Feeds(Sockets sockets) {
        this.sockets = sockets;
        sockets.follow(feeds::get);
    }

    /** Whether a change is not known yet, and may be for somebody here. Who opens a socket later reads the ledger first. */
    public boolean isNews(@Body Frame frame) {
        Feed feed = feeds.get(frame.list());
        return feed == null
                || frame.seq() > feed.head()
                        && (!feed.knowsMembers() || anyHere(feed.members()) || anyHere(frame.members()));
    }

    /** Takes a change that was heard. */
    public News hear(@Body Frame frame) {
        Feed before = feeds.get(frame.list());
        Feed after =
                feeds.compute(frame.list(), (list, feed) -> feed == null ? Feed.of(frame) : feed.with(List.of(frame)));
        return news(before, after, frame.seq() > after.head(), frame.members());
    }

    /** Reads the ledger's answer, {@code {"changes":[…],"seq":n}}. */
    public Past read(@Header("list") String list, @Header("after") long after, @Body String answer) {
        JsonNode json = Json.read(answer, JsonNode.class);
        List<Frame> frames = new ArrayList<>();
        for (JsonNode change : json.path("changes")) {
            frames.add(Frame.of(Json.read(change, Change.class).asFrame()));
        }
        return new Past(list, after, frames, json.path("seq").asLong());
    }

    /** Takes what was fetched. */
    public News take(@ExchangeProperty("past") Past past) {
        Feed before = feeds.get(past.list());
        Feed after = feeds.computeIfPresent(past.list(), (list, feed) -> feed.with(past.frames()));
        return after == null ? new News(past.list(), Set.of(), false, 0) : news(before, after, false);
    }

    /** What is missing is no longer kept: the list goes on from where the ledger is. */
    public News skip(@Header("list") String list, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Refused no) {
        long seq = Json.read(no.document(), JsonNode.class).path("seq").asLong();
        Feed before = feeds.get(list);
        Feed after = feeds.computeIfPresent(list, (same, feed) -> feed.startingAfter(seq));
        return after == null ? new News(list, Set.of(), false, 0) : news(before, after, false);
    }

    /** Whether memory does not reach back as far as a socket asks. */
    public boolean lacks(@ExchangeProperty("replay") Replay replay) {
        Feed feed = feeds.get(replay.list());
        return feed == null || !feed.covers(replay.after()) || replay.after() > feed.head();
    }

    /** Takes what the ledger says of lists, {@code {"lists":[TaskList…]}}. */
    public List<News> learn(@Body String answer) {
        List<News> news = new ArrayList<>();
        for (TaskList seen : lists(answer)) {
            Feed before = feeds.get(seen.id());
            Feed after = feeds.compute(
                    seen.id(),
                    (list, feed) -> feed == null
                            ? Feed.of(seen)
                            // Whom nobody here follows is not fetched: it goes on from where the ledger is.
                            : anyHere(feed.members()) || anyHere(seen.members().keySet())
                                    ? feed.with(seen)
                                    : feed.with(seen).startingAfter(seen.seq()));
            news.add(news(before, after, seen.seq() > after.head()));
        }
        return news;
    }

    /** The followed lists as questions to the ledger, {@code {"lists":[…]}}; those that nobody follows are forgotten. */
    public List<String> questions() {
        forgetIdle();
        return followed().stream()
                .map(some -> Json.object()
                        .<ObjectNode>set("lists", Json.<ArrayNode>tree(some))
                        .toString())
                .toList();
    }

    /** The ids of the followed lists, as many together as are asked about at once. */
    List<List<String>> followed() {
        List<List<String>> followed = new ArrayList<>();
        List<String> all = List.copyOf(feeds.keySet());
        for (int from = 0; from < all.size(); from += LISTS_PER_QUESTION) {
            followed.add(all.subList(from, Math.min(all.size(), from + LISTS_PER_QUESTION)));
        }
        return followed;
    }

    /** Compares the ledger's answer to a question with what is known: lists with news in it, and lists that are no more. */
    public List<News> compare(@ExchangeProperty("question") String question, @Body String answer) {
        List<News> news = new ArrayList<>(learn(answer));
        Set<String> there = new HashSet<>();
        news.forEach(of -> there.add(of.list()));
        for (JsonNode asked : Json.read(question, JsonNode.class).path("lists")) {
            Feed before = feeds.get(asked.asText());
            if (before != null && !there.contains(before.list())) {
                Feed after = feeds.computeIfPresent(before.list(), (list, feed) -> feed.deleted());
                news.add(news(before, after, false));
            }
        }
        return news;
    }

    /** To whom a reminder goes: nobody where the list is not followed. */
    public Set<String> members(@Body ReminderFrame reminder) {
        Feed feed = feeds.get(reminder.list());
        return feed == null ? Set.of() : feed.members();
    }

    /** Those of the lists that are a user's. */
    static List<TaskList> of(String user, List<TaskList> lists) {
        return lists.stream().filter(list -> list.members().containsKey(user)).toList();
    }

    static List<TaskList> lists(String answer) {
        List<TaskList> lists = new ArrayList<>();
        for (JsonNode list : Json.read(answer, JsonNode.class).path("lists")) {
            lists.add(Json.read(list, TaskList.class));
        }
        return lists;
    }

    private boolean anyHere(@Nullable Set<String> users) {
        return users != null && users.stream().anyMatch(sockets::has);
    }

    /** What is missing is fetched for those who are here. */
    private News news(@Nullable Feed before, @Nullable Feed after, boolean hole) {
        return news(before, after, hole, null);
    }

    private News news(@Nullable Feed before, @Nullable Feed after, boolean hole, @Nullable Set<String> joined) {
        Feed now = Objects.requireNonNull(after);
        Set<String> users = new HashSet<>(now.members());
        if (before != null) {
            users.addAll(before.members());
        }
        if (joined != null) {
            users.addAll(joined);
        }
        // Woken for nothing, ten thousand sockets of one list would cost each other the processor.
        boolean same = before != null
                && joined == null
                && before.first() == now.first()
                && before.head() == now.head()
                && before.members().equals(now.members());
        return new News(now.list(), same ? Set.of() : users, hole && anyHere(users), now.head());
    }

    private void forgetIdle() {
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
