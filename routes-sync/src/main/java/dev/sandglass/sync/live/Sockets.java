package dev.sandglass.sync.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.TaskList;
import dev.sandglass.support.FairShare;
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
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
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
    private static final int MOST_QUESTIONS = 1_000;
    private static final int QUESTIONS_EACH = 4;
    private static final int QUESTIONS_WAITING = 10_000;
    private static final short LEAVING = 1001;
    private static final short TRY_AGAIN = 1013;

    private final ProducerTemplate routes;
    private final Duration holdBack;
    private final Duration ping;
    private final Duration silence;
    private final Duration slow;
    private final int usersPerLook;

    private final Map<String, Socket> sockets = new ConcurrentHashMap<>();
    private final Grouped<String, Socket> byUser = new Grouped<>();
    private volatile boolean leaving;
    private Function<String, @Nullable Feed> feeds = list -> null;
    private List<String> turn = List.of();
    private final Queue<Arrival> arrivals = new ConcurrentLinkedQueue<>();
    private final Queue<Leases.Closed> closed = new ConcurrentLinkedQueue<>();
    /** What sockets ask the ledger: one user's do not keep others' waiting. */
    private final FairShare questions = new FairShare(MOST_QUESTIONS, QUESTIONS_EACH, QUESTIONS_WAITING);

    private final Map<Object, FairShare.Turn> asked = Collections.synchronizedMap(new IdentityHashMap<>());

    Sockets(
            ProducerTemplate routes,
            MeterRegistry metrics,
            @ConfigProperty(name = "sandglass.sync.hold-back") Duration holdBack,
            @ConfigProperty(name = "sandglass.sync.ping") Duration ping,
            @ConfigProperty(name = "sandglass.sync.silence") Duration silence,
            @ConfigProperty(name = "sandglass.sync.slow-reader") Duration slow,
            @ConfigProperty(name = "sandglass.sync.users-per-look") int usersPerLook) {
        this.routes = routes;
        this.holdBack = holdBack;
        this.ping = ping;
        this.silence = silence;
        this.slow = slow;
        this.usersPerLook = usersPerLook;
        metrics.gaugeMapSize("sandglass.sync.sockets", List.of(), sockets);
    }

    /** @param feeds the lists the sockets follow, by id */
    void follow(Function<String, @Nullable Feed> feeds) {
        this.feeds = feeds;
    }

    // ------------------------------------------------------------- Coming and going

    /** @throws Problem 503 when the service is stopping */
    void checkOpen() {
        if (leaving) {
            throw new Problem(503, "This replica is stopping; connect again");
        }
    }

    /** Whether this replica goes on: false once it stops. */
    public boolean stays() {
        return !leaving;
    }

    /** Registers a connection that is about to be upgraded. It is heard of by news from now on. */
    void expect(String id, Ticket ticket, HttpConnection connection) {
        Socket socket = new Socket(id, ticket, (ConnectionBase) connection, feeds, this);
        sockets.put(id, socket);
        byUser.add(socket.user, socket);
        socket.loop.schedule(() -> forgetUnopened(socket), HANDSHAKE_SECONDS, TimeUnit.SECONDS);
    }

    private void forgetUnopened(Socket socket) {
        if (!socket.open()) {
            left(socket);
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

    /** The connection is closed. */
    public void closed(@Header(ID) String id) {
        Socket socket = sockets.get(id);
        if (socket != null) {
            left(socket);
        }
    }

    /** A socket is told nothing more and does not count any more; the user is remembered as gone if it was the last one. */
    void left(Socket socket) {
        if (sockets.remove(socket.id) == null) {
            return;
        }
        byUser.remove(socket.user, socket);
        // Who was not told yet what was fired before comes back to all of it.
        Instant lastThere = has(socket.user) || !socket.recalled ? null : socket.lastThere();
        free(new Leases.Closed(socket.user, Set.of(socket.id), lastThere));
    }

    /** What is closed counts no more. */
    void free(Leases.Closed socket) {
        closed.add(socket);
        try {
            routes.sendBody("seda:free-sockets", null);
        } catch (RuntimeException e) {
            LOG.debugf(e, "the next to close frees it too");
        }
    }

    /** What was closed and not freed yet, of each user at once. */
    public Collection<Leases.Closed> toFree() {
        Map<String, Leases.Closed> byName = new HashMap<>();
        Leases.Closed next;
        while ((next = closed.poll()) != null) {
            byName.merge(next.user(), next, Leases.Closed::and);
        }
        return byName.values();
    }

    /** Nothing can be told without the ledger: try again. */
    public void turnAway(@ExchangeProperty("arrivals") List<Arrival> came) {
        came.forEach(arrival -> with(arrival.socket(), socket -> socket.close(TRY_AGAIN, "away for a moment")));
    }

    void leave(@Observes ShutdownDelayInitiatedEvent stopping) {
        leaving = true;
        tell(List.copyOf(sockets.values()), socket -> socket.close(LEAVING, "stopping"));
        routes.asyncSendBody("direct:end-lease", null);
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
        answered(replay);
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
        answered(replay);
        with(replay.socket(), socket -> socket.tooOld(replay.list(), replay.after()));
    }

    /** The ledger could not be asked: the socket asks again when it next looks. */
    public void answerNothing(@ExchangeProperty("replay") Replay replay) {
        answered(replay);
        with(replay.socket(), socket -> socket.unanswered(replay.list(), replay.after()));
    }

    /** Once a second: pings go out, the silent and the slow are parted with. */
    public void tick() {
        tell(sockets.values(), socket -> socket.tick(ping, silence, slow));
    }

    // ------------------------------------------------------------- Who is there

    /** Whether a user has a socket here. */
    boolean has(String user) {
        return !byUser.of(user).isEmpty();
    }

    /**
     * When a user who has sockets here was last heard of, null for one who has none. A socket that was not told yet what was fired
     * before does not count: of two that open at once, each would leave it to the other.
     */
    @Nullable
    Instant heard(String user) {
        return byUser.of(user).stream()
                .filter(socket -> socket.recalled)
                .map(socket -> Instant.ofEpochMilli(socket.heardAt))
                .max(Instant::compareTo)
                .orElse(null);
    }

    /**
     * Some of the users who have sockets, in turn, so that everyone's lists are looked at now and then.
     *
     * @return {@code {"users":[…]}}, null while there are none
     */
    public @Nullable String someUsers() {
        if (turn.isEmpty()) {
            turn = List.copyOf(byUser.keys());
        }
        List<String> some = turn.subList(0, Math.min(turn.size(), usersPerLook));
        turn = turn.subList(some.size(), turn.size());
        return some.isEmpty() ? null : question(some);
    }

    // ------------------------------------------------------------- On their event loops

    private List<Socket> of(Set<String> users) {
        List<Socket> found = new ArrayList<>();
        users.forEach(user -> found.addAll(byUser.of(user)));
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
                    LOG.error("a socket", e);
                }
            }
        }));
    }

    /** Changes are to be fetched for a socket. */
    void ask(String user, Replay replay) {
        ask(user, "seda:replay-changes", replay, () -> answerNothing(replay));
    }

    /** Lists a client named are to be looked up. */
    void check(Check check) {
        ask(check.user(), "seda:check-lists", check, () -> unchecked(check));
    }

    private void ask(String user, String route, Object question, Runnable notAsked) {
        try {
            questions.enter(user, turn -> {
                asked.put(question, turn);
                try {
                    routes.sendBody(route, question);
                } catch (RuntimeException e) {
                    LOG.debugf(e, "%s is full", route);
                    notAsked.run();
                }
            });
        } catch (Problem e) {
            LOG.debugf("%s asks too much at once", user);
            notAsked.run();
        }
    }

    private void answered(Object question) {
        FairShare.Turn turn = asked.remove(question);
        if (turn != null) {
            turn.end();
        }
    }

    /** Whose lists are to be looked up, as a question to <em>task</em>. */
    public String user(@ExchangeProperty("check") Check check) {
        return question(List.of(check.user()));
    }

    /** The lists that are the user's are known by now; of those that are not the client is told. */
    public void checked(@ExchangeProperty("check") Check check) {
        answered(check);
        with(check.socket(), socket -> socket.checked(check.lists()));
    }

    /** Nobody can tell now. */
    public void unchecked(@ExchangeProperty("check") Check check) {
        answered(check);
        with(check.socket(), socket -> socket.close(TRY_AGAIN, "away for a moment"));
    }
}
