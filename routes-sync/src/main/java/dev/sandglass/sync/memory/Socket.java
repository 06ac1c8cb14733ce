package dev.sandglass.sync.memory;

import dev.sandglass.events.Json;
import dev.sandglass.sync.domain.Feed;
import dev.sandglass.sync.domain.Frame;
import dev.sandglass.sync.domain.MembershipCheck;
import dev.sandglass.sync.domain.Message;
import dev.sandglass.sync.domain.Replay;
import dev.sandglass.sync.domain.Session;
import dev.sandglass.sync.domain.Step;
import dev.sandglass.sync.domain.Ticket;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.flow.FlowControlHandler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One connection. Everything but its names is used on the connection's own event loop only, so it needs no locks. The
 * {@link Session} decides the next message; the socket pulls it when the reader is ready for more.
 */
final class Socket {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");

    /**
     * The time for a close to get through behind unread messages: a reader that reads again by then gets the reason. The socket does
     * not count any more.
     */
    private static final Duration CLOSING = Duration.ofSeconds(30);

    private static final String PONG = "{\"type\":\"pong\"}";

    private static final short TOO_LARGE = 1009;
    private static final short UNREADABLE = 1008;
    private static final short TRY_AGAIN = 1013;
    private static final short SIGNED_OUT = 4401;
    private static final short SILENT = 4408;

    final String id;
    final String user;
    final Instant until;
    final EventLoop loop;
    /** The time of the client's last message, milliseconds of the wall clock. */
    volatile long heardAt = System.currentTimeMillis();

    /** True once the client was told the reminders fired while its user was away. */
    volatile boolean recalled;

    private final ConnectionBase connection;
    private Session session;
    private final Function<String, @Nullable Feed> feeds;
    private final Sockets all;
    private final List<Object> early = new ArrayList<>();
    private volatile @Nullable ServerWebSocket peer;
    /** The time since when its buffer is full, in nanoseconds; null while the reader keeps up. */
    private @Nullable Long fullSince;

    private long pingedAt = System.nanoTime();
    private boolean closing;

    /**
     * @param feeds the lists
     * @param all takes this socket's questions
     */
    Socket(String id, Ticket ticket, ConnectionBase connection, Function<String, @Nullable Feed> feeds, Sockets all) {
        this.id = id;
        this.user = ticket.user();
        this.until = ticket.until();
        this.connection = connection;
        this.loop = ((ContextInternal) connection.getContext()).nettyEventLoop();
        this.session = new Session(user);
        this.feeds = feeds;
        this.all = all;
    }

    void opened(ServerWebSocket opened) {
        if (opened.isClosed()) {
            // The client closed it during the upgrade, which was answered all the same.
            all.left(this);
            return;
        }
        peer = opened;
        ChannelHandlerContext own = connection.channelHandlerContext();
        own.pipeline()
                .addBefore(own.name(), "flow", new FlowControlHandler())
                .addBefore(own.name(), "pace", new Pace());
        opened.pongHandler(pong -> heard());
        opened.drainHandler(room -> {
            fullSince = null;
            pump();
        });
        opened.exceptionHandler(this::broken);
        // Camel may hand over a message before it hands over its socket.
        early.forEach(this::said);
        early.clear();
    }

    boolean open() {
        return peer != null;
    }

    /** The instant the client was certainly there: a socket without answers may have been dead for long. */
    Instant lastThere() {
        ServerWebSocket closed = peer;
        boolean tookLeave = closed != null && closed.closeStatusCode() != null;
        return tookLeave ? Instant.now() : Instant.ofEpochMilli(heardAt);
    }

    /** A message of the client. */
    void said(Object message) {
        heard();
        if (peer == null) {
            early.add(message);
            return;
        }
        try {
            if (!(message instanceof String text)) {
                throw new IllegalArgumentException("A message is a text");
            }
            if (Message.read(text) instanceof Message.Resume resume) {
                session.resume(resume.lists());
                checkStrange();
                pump();
            } else if (hasRoom()) {
                write(PONG);
            }
        } catch (IllegalArgumentException e) {
            write(Json.object()
                    .put("type", "error")
                    .put("detail", e.getMessage())
                    .toString());
            close(UNREADABLE, "unreadable");
        }
    }

    /** Sends {@code ready}, and goes on after the client's first message, or after a time without one. */
    void greet(Map<String, Long> numbers, Duration holdBack) {
        write(session.ready(numbers));
        checkStrange();
        loop.schedule(
                () -> {
                    session.live();
                    pump();
                },
                holdBack.toMillis(),
                TimeUnit.MILLISECONDS);
        pump();
    }

    private void checkStrange() {
        if (session.asks()) {
            all.check(new MembershipCheck(id, user));
        }
    }

    /** The ledger has answered which lists are the user's. */
    void checked() {
        session.checked();
        checkStrange();
        pump();
    }

    void remind(String frame) {
        session.remind(frame);
        pump();
    }

    /** Takes the ledger's answer. */
    void answered(String list, long after, List<Frame> changes, long seq) {
        session.answered(list, after, changes, seq);
        // After an answer without changes it does not ask again at once, but within a second.
        if (!changes.isEmpty() || seq <= after) {
            pump();
        }
    }

    void tooOld(String list, long after) {
        session.tooOld(list, after);
        pump();
    }

    void unanswered(String list, long after) {
        session.unanswered(list, after);
    }

    /** Sends all that is ready, for all lists. */
    void pump() {
        pump(session.lists());
    }

    /** Sends all that is ready of some lists, as long as the reader keeps up. */
    void pump(Collection<String> lists) {
        String notice;
        while (hasRoom() && (notice = session.nextNotice()) != null) {
            write(notice);
        }
        for (String list : lists) {
            Feed feed = feeds.apply(list);
            Step step;
            while (feed != null && hasRoom() && (step = session.next(feed)) != null) {
                if (step instanceof Step.Send send) {
                    write(send.text());
                } else if (step instanceof Step.Ask wanted) {
                    all.ask(user, new Replay(id, wanted.list(), wanted.after()));
                }
            }
        }
    }

    void closeSignedOut() {
        if (!Instant.now().isBefore(until)) {
            close(SIGNED_OUT, "the token has run out");
        }
    }

    void closeSilent(Duration silence) {
        if (System.currentTimeMillis() - heardAt > silence.toMillis()) {
            close(SILENT, "silent");
        }
    }

    void closeSlow(Duration slow) {
        if (fullSince != null && System.nanoTime() - fullSince > slow.toNanos()) {
            close(TRY_AGAIN, "too slow, resume");
        }
    }

    void ping(Duration every) {
        long now = System.nanoTime();
        if (peer != null && !closing && now - pingedAt >= every.toNanos()) {
            pingedAt = now;
            peer.writePing(Buffer.buffer());
        }
    }

    /** Closes it, and makes sure that it is closed. */
    void close(short code, String reason) {
        if (closing || peer == null) {
            return;
        }
        closing = true;
        // It stays until the close is through.
        session = new Session(user);
        all.left(this);
        if (!peer.isClosed()) {
            peer.close(code, reason);
        }
        loop.schedule(() -> connection.channelHandlerContext().close(), CLOSING.toSeconds(), TimeUnit.SECONDS);
    }

    private void heard() {
        heardAt = System.currentTimeMillis();
    }

    private boolean hasRoom() {
        if (peer == null || closing || peer.isClosed()) {
            return false;
        }
        if (peer.writeQueueFull()) {
            if (fullSince == null) {
                fullSince = System.nanoTime();
            }
            return false;
        }
        return true;
    }

    private void write(String text) {
        if (peer != null && !closing && !peer.isClosed()) {
            peer.writeTextMessage(text);
        }
    }

    private void broken(Throwable cause) {
        LOG.debugf(cause, "socket of %s", user);
        // Vert.x throws an IllegalStateException where the fragments of a message are too large together.
        boolean large = cause instanceof TooLongFrameException
                || cause instanceof IllegalStateException
                || (cause instanceof CorruptedWebSocketFrameException corrupted
                        && corrupted.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG));
        if (large) {
            close(TOO_LARGE, "at most 128 kB");
        }
    }
}
