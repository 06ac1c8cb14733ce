package dev.sandglass.sync.memory;

import dev.sandglass.events.Json;
import dev.sandglass.sync.domain.Feed;
import dev.sandglass.sync.domain.Message;
import dev.sandglass.sync.domain.Past;
import dev.sandglass.sync.domain.ReminderFrame;
import dev.sandglass.sync.domain.Replay;
import dev.sandglass.sync.domain.ReplayAnswer;
import dev.sandglass.sync.domain.Session;
import dev.sandglass.sync.domain.Step;
import dev.sandglass.sync.domain.Ticket;
import dev.sandglass.sync.domain.UserSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One connection. Everything but its names is used on the connection's own event loop only, so it needs no locks. The
 * {@link Session} decides the next message; the socket pulls it when the reader is ready for more.
 */
final class Socket {
    private static final String PONG = "{\"type\":\"pong\"}";

    private static final short UNREADABLE = 1008;
    private static final short SIGNED_OUT = 4401;
    private static final short SILENT = 4408;

    final String id;
    final String user;
    final Ticket ticket;
    final ScheduledExecutorService loop;
    /** When the client was last heard, in nanoseconds: a step of the wall clock is no silence. */
    private volatile long heardAt = System.nanoTime();

    /** True once the user was told the reminders fired while they were away. */
    volatile boolean recalled;

    /** Characters that the client has not taken yet, as {@link Sockets} counts them. */
    volatile long held;

    final Peer peer;
    private final Session session;
    private final Function<String, @Nullable Feed> feeds;
    private final Sockets all;
    private final List<Object> early = new ArrayList<>();
    private volatile boolean open;
    /** The time since when its buffer is full, in nanoseconds; null while the reader keeps up. */
    private @Nullable Long fullSince;

    private long pingedAt = System.nanoTime();
    private boolean closing;
    /** Pings before it was greeted: the first word is the server's. */
    private int pings;

    /**
     * @param feeds the lists
     * @param all takes this socket's questions
     */
    Socket(String id, Ticket ticket, Peer peer, Function<String, @Nullable Feed> feeds, Sockets all) {
        this.id = id;
        this.user = ticket.user();
        this.ticket = ticket;
        this.peer = peer;
        this.loop = peer.loop();
        this.session = new Session(user, ticket::isFor);
        this.feeds = feeds;
        this.all = all;
    }

    void opened() {
        if (peer.isClosed()) {
            all.left(this);
            return;
        }
        open = true;
        // Camel may hand over a message before it hands over its socket.
        early.forEach(this::said);
        early.clear();
        if (!all.stays()) {
            close(Sockets.LEAVING, "stopping");
        }
    }

    boolean open() {
        return open;
    }

    /** The instant the client was certainly there: a socket without answers may have been dead for long. */
    Instant lastThere() {
        return peer.tookLeave() ? Instant.now() : lastHeard();
    }

    Instant lastHeard() {
        return Instant.now().minusNanos(System.nanoTime() - heardAt);
    }

    /** @param message text or bytes; where it is none, an IllegalArgumentException with a sentence for the client */
    void said(Object message) {
        heard();
        if (!open) {
            early.add(message);
            return;
        }
        try {
            if (message instanceof IllegalArgumentException unreadable) {
                throw unreadable;
            }
            if (!(message instanceof String text)) {
                throw new IllegalArgumentException("A message is a text");
            }
            if (Message.read(text) instanceof Message.Resume resume) {
                session.resume(resume.lists());
                checkStrange();
                pump();
            } else if (!session.greeted()) {
                pings++;
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
        for (; pings > 0 && hasRoom(); pings--) {
            write(PONG);
        }
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
            all.check(new UserSocket(id, user));
        }
    }

    /** The ledger has answered which lists are the user's. */
    void checked() {
        session.checked();
        checkStrange();
        pump();
    }

    /** The personal token it hangs on. */
    Optional<String> token() {
        return Optional.ofNullable(ticket.personal()).map(Ticket.Personal::hash);
    }

    void remind(ReminderFrame frame) {
        if (ticket.isFor(frame.list())) {
            session.remind(frame.text());
            pump();
        }
    }

    /** The client was told the reminders of some lists alone where its token is for these: the user was not. */
    void recalled() {
        recalled = !ticket.isLimited();
    }

    /** Takes the ledger's answer. Where that does not help, it does not ask again at once, but within a second. */
    void answered(ReplayAnswer answer) {
        if (closing) {
            return;
        }
        String list = answer.replay().list();
        long after = answer.replay().after();
        boolean helps = true;
        switch (answer.what()) {
            case CHANGES -> {
                Past past = Objects.requireNonNull(answer.past());
                session.answered(list, after, past.frames(), past.seq());
                helps = !past.frames().isEmpty() || past.seq() <= after;
            }
            case LOOK_AGAIN -> session.unanswered(list, after);
            case TOO_OLD -> session.tooOld(list, after);
            case ASK_LATER -> {
                session.unanswered(list, after);
                helps = false;
            }
        }
        if (helps) {
            pump(Set.of(list));
        }
    }

    /** Sends all that is ready, for all lists. */
    void pump() {
        pump(session.lists());
    }

    /** Sends all that is ready of some lists, as long as the reader keeps up. */
    void pump(Collection<String> lists) {
        if (closing) {
            return;
        }
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
        if (!all.hold(this, session.held())) {
            session.forget();
            if (session.held() > 0) {
                close(Sockets.TRY_AGAIN, "too slow, resume");
            }
        }
    }

    /** It is closed: it holds nothing from here. */
    void end() {
        closing = true;
        session.forget();
        all.hold(this, 0);
    }

    void closeSignedOut() {
        if (!Instant.now().isBefore(ticket.until())) {
            close(SIGNED_OUT, "the token has run out");
        }
    }

    void closeWithdrawn() {
        close(SIGNED_OUT, "the token is withdrawn");
    }

    void closeSilent(Duration silence) {
        if (System.nanoTime() - heardAt > silence.toNanos()) {
            close(SILENT, "silent");
        }
    }

    void closeSlow(Duration slow) {
        if (fullSince != null && System.nanoTime() - fullSince > slow.toNanos()) {
            close(Sockets.TRY_AGAIN, "too slow, resume");
        }
    }

    void ping(Duration every) {
        long now = System.nanoTime();
        if (open && !closing && now - pingedAt >= every.toNanos()) {
            pingedAt = now;
            peer.ping();
        }
    }

    void close(short code, String reason) {
        if (closing || !open) {
            return;
        }
        closing = true;
        // The reminders it was not told come at the next visit.
        recalled &= session.held() == 0;
        all.left(this);
        peer.close(code, reason);
    }

    void heard() {
        heardAt = System.nanoTime();
    }

    /** The reader keeps up again. */
    void drained() {
        fullSince = null;
        pump();
    }

    private boolean hasRoom() {
        if (!open || closing || peer.isClosed()) {
            return false;
        }
        if (peer.isFull()) {
            if (fullSince == null) {
                fullSince = System.nanoTime();
            }
            return false;
        }
        return true;
    }

    private void write(String text) {
        if (open && !closing && !peer.isClosed()) {
            peer.send(text);
        }
    }
}
