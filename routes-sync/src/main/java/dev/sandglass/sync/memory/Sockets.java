package dev.sandglass.sync.memory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.TaskList;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.memory.FairShare;
import dev.sandglass.sync.domain.Closed;
import dev.sandglass.sync.domain.Feed;
import dev.sandglass.sync.domain.LastSeen;
import dev.sandglass.sync.domain.Muted;
import dev.sandglass.sync.domain.News;
import dev.sandglass.sync.domain.ReminderFrame;
import dev.sandglass.sync.domain.Replay;
import dev.sandglass.sync.domain.ReplayAnswer;
import dev.sandglass.sync.domain.Ticket;
import dev.sandglass.sync.domain.UserSocket;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The open sockets. A route's message to them runs on the event loop of each socket, as one task per loop. */
@Singleton
@Named("sockets")
public class Sockets {
    /** The header with the socket's id. */
    public static final String ID = "live-socket";

    private static final Logger LOG = Logger.getLogger("dev.sandglass");
    private static final int HANDSHAKE_SECONDS = 10;
    private static final int TOGETHER = 100;
    private static final int MOST_QUESTIONS = 1_000;
    private static final int QUESTIONS_EACH = 4;
    private static final int QUESTIONS_WAITING = 10_000;
    /**
     * Characters that readers have not taken yet, of all sockets and of one user's. The ledger's answers have 2 million each, reminders
     * that a user missed 4 million.
     */
    private static final long MOST_HELD = 32_000_000;

    private static final long HELD_EACH = 8_000_000;
    static final short LEAVING = 1001;
    public static final short TRY_AGAIN = 1013;

    private final Fetches fetches;
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

    /** Sockets not greeted yet: sockets that open during a greeting are greeted together afterwards. */
    @Produces
    @Singleton
    @Named("arrivals")
    final Waiting<UserSocket> arrivals = new Waiting<>(TOGETHER);

    /** Closed sockets, until the store has them as closed. */
    @Produces
    @Singleton
    @Named("closings")
    final Waiting<Closed> closed = new Waiting<>(TOGETHER);

    /** Clients that named lists, to be looked up in the ledger. */
    @Produces
    @Singleton
    @Named("checks")
    final Waiting<UserSocket> checks = new Waiting<>(TOGETHER);

    /** One element when this replica leaves. */
    @Produces
    @Singleton
    @Named("departures")
    final Waiting<Instant> departures = new Waiting<>(1);

    /** The turns of the sockets' questions to the ledger: one user's questions do not block those of others. */
    private final FairShare questions = new FairShare(MOST_QUESTIONS, QUESTIONS_EACH, QUESTIONS_WAITING);

    private final AtomicLong held = new AtomicLong();

    private final Map<Object, FairShare.Turn> asked = Collections.synchronizedMap(new IdentityHashMap<>());

    Sockets(
            Fetches fetches,
            MeterRegistry metrics,
            @ConfigProperty(name = "sandglass.sync.hold-back") Duration holdBack,
            @ConfigProperty(name = "sandglass.sync.ping") Duration ping,
            @ConfigProperty(name = "sandglass.sync.silence") Duration silence,
            @ConfigProperty(name = "sandglass.sync.slow-reader") Duration slow,
            @ConfigProperty(name = "sandglass.sync.users-per-look") int usersPerLook) {
        this.fetches = fetches;
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

    /** @return false once this replica stops */
    public boolean stays() {
        return !leaving;
    }

    /** Registers a connection that is about to be upgraded. News reaches it from now on. */
    public void expect(String id, Ticket ticket, Peer peer) {
        Socket socket = new Socket(id, ticket, peer, feeds, this);
        sockets.put(id, socket);
        byUser.add(socket.user, socket);
        socket.loop.schedule(() -> forgetUnopened(id), HANDSHAKE_SECONDS, TimeUnit.SECONDS);
    }

    public @Nullable Peer peer(String id) {
        Socket socket = sockets.get(id);
        return socket == null ? null : socket.peer;
    }

    private void forgetUnopened(String id) {
        Socket socket = sockets.get(id);
        if (socket != null && !socket.open()) {
            left(socket);
        }
    }

    /** The upgrade is done. */
    public void opened(String id) {
        Socket socket = sockets.get(id);
        if (socket != null) {
            with(id, Socket::opened);
            arrivals.add(new UserSocket(id, socket.user));
        }
    }

    /** A message of the client: text or bytes. */
    public void said(@Header(ID) String id, @Body Object message) {
        with(id, socket -> socket.said(message));
    }

    public void ponged(String id) {
        with(id, Socket::heard);
    }

    /** The client has read what waited for it. */
    public void drained(String id) {
        with(id, Socket::drained);
    }

    /** @param why a sentence for the client, whose message was none */
    public void unreadable(String id, String why) {
        with(id, socket -> socket.said(new IllegalArgumentException(why)));
    }

    public void closed(@Header(ID) String id) {
        Socket socket = sockets.get(id);
        if (socket != null) {
            left(socket);
        }
    }

    /** Takes a socket out: it gets no more messages and does not count any more. If it was the user's last, the user counts as gone. */
    void left(Socket socket) {
        if (sockets.remove(socket.id) == null) {
            return;
        }
        byUser.remove(socket.user, socket);
        socket.loop.execute(socket::end);
        // A user who was not told the earlier reminders yet gets all of them at the next visit.
        Instant lastThere = has(socket.user) || !socket.recalled ? null : socket.lastThere();
        closed.add(new Closed(socket.user, Set.of(socket.id), lastThere));
    }

    /** The store is away: the sockets are freed later, together with others that close meanwhile. */
    public void freeLater(@ExchangeProperty("closed") Closed some) {
        closed.add(some);
    }

    /** The ledger is away: the clients are told to try again. */
    public void turnAway(@ExchangeProperty("arrivals") List<UserSocket> clients) {
        clients.forEach(client -> with(client.socket(), socket -> socket.close(TRY_AGAIN, "away for a moment")));
    }

    void leave(@Observes ShutdownDelayInitiatedEvent stopping) {
        leaving = true;
        tell(List.copyOf(sockets.values()), socket -> socket.close(LEAVING, "stopping"));
        departures.add(Instant.now());
    }

    // ------------------------------------------------------------- Messages to sockets

    /** Sends {@code ready} to each, with its user's lists. */
    public void greet(
            @ExchangeProperty("arrivals") List<UserSocket> came, @ExchangeProperty("lists") List<TaskList> lists) {
        for (UserSocket arrival : came) {
            Map<String, Long> numbers = new HashMap<>();
            LastSeen.of(arrival.user(), lists).forEach(list -> numbers.put(list.id(), list.seq()));
            with(arrival.socket(), socket -> socket.greet(numbers, holdBack));
        }
    }

    /** Wakes the sockets of a list that has news. */
    public void wake(@Body News news) {
        tell(of(news.users()), socket -> socket.pump(Set.of(news.list())));
    }

    /** Sends a due reminder to every open socket of every member of its list who has not muted that. */
    public void remind(
            @Body ReminderFrame frame,
            @ExchangeProperty("members") Set<String> members,
            @ExchangeProperty("muted") Muted muted) {
        Set<String> hearing = members.stream()
                .filter(member -> !muted.has(member, frame.list()))
                .collect(Collectors.toSet());
        tell(of(hearing), socket -> socket.remind(frame));
    }

    /** The question to <em>reminder</em>, see {@link LastSeen#question}. */
    public ObjectNode recallQuestion(
            @ExchangeProperty("arrivals") List<UserSocket> came,
            @ExchangeProperty("lists") List<TaskList> lists,
            @ExchangeProperty("muted") Muted muted,
            @Body Map<String, Stored> kept) {
        List<String> users = UserSocket.users(came);
        Map<String, Instant> heard = new HashMap<>();
        users.forEach(user -> heard(user).ifPresent(at -> heard.put(user, at)));
        return LastSeen.question(users, lists, muted, heard, kept, Instant.now());
    }

    /** Sends the reminders that users have missed, {@code {"<user>":{"reminders":[frame…]}}}. */
    public void recall(@ExchangeProperty("arrivals") List<UserSocket> came, @Body String answer) {
        JsonNode byUser = Json.read(answer, JsonNode.class);
        // The sockets of a user share the texts.
        Map<String, List<ReminderFrame>> frames = new HashMap<>();
        for (UserSocket arrival : came) {
            List<ReminderFrame> missed =
                    frames.computeIfAbsent(arrival.user(), user -> ReminderFrame.all(byUser.path(user)));
            with(arrival.socket(), socket -> {
                socket.recalled();
                missed.forEach(socket::remind);
            });
        }
    }

    /** Hands sockets the answers to their questions. */
    public void answer(@Body List<ReplayAnswer> answers) {
        for (ReplayAnswer answer : answers) {
            answered(answer.replay());
            with(answer.replay().socket(), socket -> socket.answered(answer));
        }
    }

    public void keepAlive() {
        tell(sockets.values(), socket -> {
            socket.closeSignedOut();
            socket.closeSilent(silence);
            socket.closeSlow(slow);
            socket.ping(ping);
            // There is only something to send if an answer did not come.
            socket.pump();
        });
    }

    /** The personal tokens that sockets hang on. */
    public List<String> tokens() {
        return sockets.values().stream()
                .flatMap(socket -> socket.token().stream())
                .distinct()
                .toList();
    }

    public void closeWithdrawn(@Body List<String> tokens) {
        tell(
                sockets.values().stream()
                        .filter(socket ->
                                socket.token().filter(tokens::contains).isPresent())
                        .toList(),
                Socket::closeWithdrawn);
    }

    // ------------------------------------------------------------- Users who are there

    /** @return true where a user has a socket here */
    boolean has(String user) {
        return !byUser.of(user).isEmpty();
    }

    /**
     * The instant of a user's last message; empty for a user without sockets here. A socket that was not told the earlier reminders yet
     * does not count: of two sockets that open at once, each would leave it to the other.
     */
    private Optional<Instant> heard(String user) {
        return byUser.of(user).stream()
                .filter(socket -> socket.recalled)
                .map(Socket::lastHeard)
                .max(Instant::compareTo);
    }

    /**
     * Some of the users who have sockets, in turn, so that each user's lists are checked now and then.
     *
     * @return {@code {"users":[…]}}, null while there are none
     */
    public @Nullable String someUsers() {
        if (turn.isEmpty()) {
            turn = List.copyOf(byUser.keys());
        }
        List<String> some = turn.subList(0, Math.min(turn.size(), usersPerLook));
        turn = turn.subList(some.size(), turn.size());
        return some.isEmpty() ? null : UserSocket.about(some);
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
        Map<ScheduledExecutorService, List<Socket>> byLoop = new HashMap<>();
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

    /** Has changes fetched for a socket. */
    void ask(String user, Replay replay) {
        ask(
                user,
                replay,
                () -> fetches.add(replay),
                () -> answer(List.of(ReplayAnswer.of(replay, ReplayAnswer.What.ASK_LATER))));
    }

    /**
     * Counts what a socket holds for its reader.
     *
     * @return false where it is too much, and the socket gives it up
     */
    boolean hold(Socket socket, long characters) {
        long more = characters - socket.held;
        socket.held = characters;
        long all = held.addAndGet(more);
        if (more <= 0 || all <= MOST_HELD && heldBy(socket.user) <= HELD_EACH) {
            return true;
        }
        held.addAndGet(-characters);
        socket.held = 0;
        return false;
    }

    long held() {
        return held.get();
    }

    long heldBy(String user) {
        return byUser.of(user).stream().mapToLong(socket -> socket.held).sum();
    }

    /** Has lists looked up that a client named. */
    void check(UserSocket client) {
        ask(client.user(), client, () -> checks.add(client), () -> unchecked(List.of(client)));
    }

    private void ask(String user, Object question, Runnable ask, Runnable tooMuch) {
        try {
            questions.enter(user, turn -> {
                asked.put(question, turn);
                ask.run();
            });
        } catch (Rejection e) {
            LOG.debugf("%s asks too much at once", user);
            tooMuch.run();
        }
    }

    private void answered(Object question) {
        FairShare.Turn turn = asked.remove(question);
        if (turn != null) {
            turn.end();
        }
    }

    /** The users' lists are known by now; the clients are told of the lists that are not theirs. */
    public void checked(@ExchangeProperty("checks") List<UserSocket> named) {
        for (UserSocket client : named) {
            answered(client);
            with(client.socket(), Socket::checked);
        }
    }

    /** The ledger could not be asked. */
    public void unchecked(@ExchangeProperty("checks") List<UserSocket> named) {
        named.forEach(this::answered);
        turnAway(named);
    }
}
