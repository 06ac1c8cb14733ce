package dev.sandglass.sync.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.TaskList;
import dev.sandglass.support.Problem;
import dev.sandglass.sync.domain.Feed;
import dev.sandglass.sync.domain.ReminderFrame;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.ProducerTemplate;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The open sockets: what a route says to them is carried to each on its own event loop, one task per loop. */
@Singleton
@Named("sockets")
public class Sockets {
    /** The header by which a route knows a socket. */
    public static final String ID = "live-socket";

    private static final Logger LOG = Logger.getLogger("dev.sandglass");
    private static final int HANDSHAKE_SECONDS = 10;
    private static final int GREETED_TOGETHER = 100;
    private static final short LEAVING = 1001;
    private static final short TRY_AGAIN = 1013;

    private final ProducerTemplate routes;
    private final Duration holdBack;
    private final Duration ping;
    private final Duration silence;
    private final Duration slow;
    private final int perUser;
    private final int usersPerLook;

    private final Map<String, Socket> sockets = new ConcurrentHashMap<>();
    private final Map<String, Set<Socket>> byUser = new ConcurrentHashMap<>();
    private volatile boolean leaving;
    private Function<String, @Nullable Feed> feeds = list -> null;
    private List<String> turn = List.of();
    private final Queue<Arrival> arrivals = new ConcurrentLinkedQueue<>();

    Sockets(
            ProducerTemplate routes,
            MeterRegistry metrics,
            @ConfigProperty(name = "sandglass.sync.hold-back") Duration holdBack,
            @ConfigProperty(name = "sandglass.sync.ping") Duration ping,
            @ConfigProperty(name = "sandglass.sync.silence") Duration silence,
            @ConfigProperty(name = "sandglass.sync.slow-reader") Duration slow,
            @ConfigProperty(name = "sandglass.sync.sockets-per-user") int perUser,
            @ConfigProperty(name = "sandglass.sync.users-per-look") int usersPerLook) {
        this.routes = routes;
        this.holdBack = holdBack;
        this.ping = ping;
        this.silence = silence;
        this.slow = slow;
        this.perUser = perUser;
        this.usersPerLook = usersPerLook;
        metrics.gaugeMapSize("sandglass.sync.sockets", List.of(), sockets);
    }

    /** @param feeds the lists the sockets follow, by id */
    void follow(Function<String, @Nullable Feed> feeds) {
        this.feeds = feeds;
    }

    // ------------------------------------------------------------- Coming and going

    /** @throws Problem 429 when the user holds as many sockets as one may, 503 when the service is stopping */
    void checkRoom(String user) {
        if (leaving) {
            throw new Problem(503, "This replica is stopping; connect again");
        }
        if (byUser.getOrDefault(user, Set.of()).size() >= perUser) {
            throw new Problem(429, "A user may hold " + perUser + " connections");
        }
    }

    /**
     * Registers a connection that is about to be upgraded. It is heard of by news from now on.
     *
     * @return the socket's id
     */
    String expect(String user, HttpConnection connection) {
        Socket socket = new Socket(UUID.randomUUID().toString(), user, (ConnectionBase) connection, feeds, this::ask);
        sockets.put(socket.id, socket);
        byUser.computeIfAbsent(user, name -> ConcurrentHashMap.newKeySet()).add(socket);
        socket.loop.schedule(() -> forgetUnopened(socket), HANDSHAKE_SECONDS, TimeUnit.SECONDS);
        return socket.id;
    }

    private void forgetUnopened(Socket socket) {
        if (!socket.open()) {
            remove(socket);
        }
    }

    /** The upgrade is done. */
    public void opened(@Header(ID) String id, @Body ServerWebSocket peer) {
        Socket socket = sockets.get(id);
        if (socket != null) {
            with(id, it -> it.opened(peer));
            arrivals.add(new Arrival(id, socket.user));
        }
    }

    /** Who was not greeted yet: those who come while others are being greeted are greeted together. */
    public List<Arrival> arrivals() {
        List<Arrival> some = new ArrayList<>();
        Arrival next;
        while (some.size() < GREETED_TOGETHER && (next = arrivals.poll()) != null) {
            some.add(next);
        }
        return some;
    }

    /** Those who came as a question to <em>task</em>, {@code {"users":[…]}}. */
    public String users(@ExchangeProperty("arrivals") List<Arrival> came) {
        return question(came.stream().map(Arrival::user).distinct().toList());
    }

    private static String question(List<String> users) {
        return Json.object()
                .<ObjectNode>set("users", Json.<ArrayNode>tree(users))
                .toString();
    }

    /** The client said something: text or bytes. */
    public void said(@Header(ID) String id, @Body Object message) {
        with(id, socket -> socket.said(message));
    }

    /** The connection is closed: the user is remembered as gone if it was the last one. */
    public @Nullable Seen closed(@Header(ID) String id) {
        Socket socket = sockets.get(id);
        if (socket == null) {
            return null;
        }
        remove(socket);
        // Who was not told yet what was fired before comes back to all of it.
        return has(socket.user) || !socket.recalled ? null : new Seen(socket.user, socket.lastThere());
    }

    private void remove(Socket socket) {
        sockets.remove(socket.id);
        byUser.computeIfPresent(socket.user, (user, open) -> {
            open.remove(socket);
            return open.isEmpty() ? null : open;
        });
    }

    /** Nothing can be told without the ledger: try again. */
    public void turnAway(@ExchangeProperty("arrivals") List<Arrival> came) {
        came.forEach(arrival -> with(arrival.socket(), socket -> socket.close(TRY_AGAIN, "away for a moment")));
    }

    void leave(@Observes ShutdownDelayInitiatedEvent stopping) {
        leaving = true;
        tell(sockets.values(), socket -> socket.close(LEAVING, "stopping"));
    }

    // ------------------------------------------------------------- What they are told

    /** Says {@code ready} to each with its user's lists, out of {@code {"lists":[TaskList…]}}. */
    public void greet(@ExchangeProperty("arrivals") List<Arrival> came, @ExchangeProperty("lists") String answer) {
        List<TaskList> lists = Feeds.lists(answer);
        for (Arrival arrival : came) {
            Map<String, Long> numbers = new HashMap<>();
            Feeds.of(arrival.user(), lists).forEach(list -> numbers.put(list.id(), list.seq()));
            with(arrival.socket(), socket -> socket.greet(numbers, holdBack));
        }
    }

    /** There is something new in a list. */
    public void wake(@Body News news) {
        tell(of(news.users()), socket -> socket.pump(Set.of(news.list())));
    }

    /** A reminder came due: to every open socket of every member of its list. */
    public void remind(@Body ReminderFrame frame, @ExchangeProperty("members") Set<String> members) {
        tell(of(members), socket -> socket.remind(frame.text()));
    }

    /** The reminders the users have not seen, {@code {"<user>":{"reminders":[frame…]}}}. */
    public void recall(@ExchangeProperty("arrivals") List<Arrival> came, @Body String answer) {
        JsonNode byUser = Json.read(answer, JsonNode.class);
        for (Arrival arrival : came) {
            List<String> frames = new ArrayList<>();
            byUser.path(arrival.user()).path("reminders").forEach(frame -> frames.add(frame.toString()));
            with(arrival.socket(), socket -> {
                frames.forEach(socket::remind);
                socket.recalled = true;
            });
        }
    }

    /** The changes a socket asked for. */
    public void answer(@ExchangeProperty("replay") Replay replay, @ExchangeProperty("past") @Nullable Past past) {
        with(replay.socket(), socket -> {
            if (past == null) {
                socket.unanswered(replay.list(), replay.after());
                socket.pump(Set.of(replay.list()));
            } else {
                socket.answered(replay.list(), replay.after(), past.frames(), past.seq());
            }
        });
    }

    /** The ledger does not keep what a socket asked for. */
    public void answerTooOld(@ExchangeProperty("replay") Replay replay) {
        with(replay.socket(), socket -> socket.tooOld(replay.list(), replay.after()));
    }

    /** The ledger could not be asked: the socket asks again when it next looks. */
    public void answerNothing(@ExchangeProperty("replay") Replay replay) {
        with(replay.socket(), socket -> socket.unanswered(replay.list(), replay.after()));
    }

    /** Once a second: pings go out, the silent and the slow are parted with. */
    public void tick() {
        tell(sockets.values(), socket -> socket.tick(ping, silence, slow));
    }

    // ------------------------------------------------------------- Who is there

    /** Whether a user has a socket here. */
    boolean has(String user) {
        return byUser.containsKey(user);
    }

    /**
     * When a user who has sockets here was last heard of, null for one who has none. A socket that was not told yet what was fired
     * before does not count: of two that open at once, each would leave it to the other.
     */
    @Nullable
    Instant heard(String user) {
        return byUser.getOrDefault(user, Set.of()).stream()
                .filter(socket -> socket.recalled)
                .map(socket -> Instant.ofEpochMilli(socket.heardAt))
                .max(Instant::compareTo)
                .orElse(null);
    }

    /** How many sockets a user has here, and may have: {@code {"open":n,"limit":n}}. */
    public String count(@Header("user") String user) {
        return Json.object()
                .put("open", byUser.getOrDefault(user, Set.of()).size())
                .put("limit", perUser)
                .toString();
    }

    /**
     * Some of the users who have sockets, in turn, so that everyone's lists are looked at now and then.
     *
     * @return {@code {"users":[…]}}, null while there are none
     */
    public @Nullable String someUsers() {
        if (turn.isEmpty()) {
            turn = List.copyOf(byUser.keySet());
        }
        List<String> some = turn.subList(0, Math.min(turn.size(), usersPerLook));
        turn = turn.subList(some.size(), turn.size());
        return some.isEmpty() ? null : question(some);
    }

    // ------------------------------------------------------------- On their event loops

    private List<Socket> of(Set<String> users) {
        List<Socket> found = new ArrayList<>();
        users.forEach(user -> found.addAll(byUser.getOrDefault(user, Set.of())));
        return found;
    }

    private void with(String id, Consumer<Socket> what) {
        Socket socket = sockets.get(id);
        if (socket != null) {
            tell(List.of(socket), what);
        }
    }

    private static void tell(Collection<Socket> some, Consumer<Socket> what) {
        Map<EventLoop, List<Socket>> byLoop = new HashMap<>();
        for (Socket socket : some) {
            byLoop.computeIfAbsent(socket.loop, loop -> new ArrayList<>()).add(socket);
        }
        byLoop.forEach((loop, its) -> loop.execute(() -> {
            for (Socket socket : its) {
                try {
                    what.accept(socket);
                } catch (RuntimeException e) {
                    LOG.errorf(e, "a socket of %s", socket.user);
                }
            }
        }));
    }

    private void ask(Replay replay) {
        try {
            routes.sendBody("seda:replay-changes", replay);
        } catch (RuntimeException e) {
            LOG.debugf(e, "too much is asked for at once");
            with(replay.socket(), socket -> socket.unanswered(replay.list(), replay.after()));
        }
    }
}
