package dev.sandglass.sync.routes.http;

import dev.sandglass.sync.memory.Peer;
import dev.sandglass.sync.memory.Sockets;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.flow.FlowControlHandler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A client's connection, and the WebSocket that it becomes. */
final class LivePeer implements Peer {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");

    /**
     * The time for a close to get through behind unread messages: a reader that reads again by then gets the reason. The socket does
     * not count any more.
     */
    private static final Duration CLOSING = Duration.ofSeconds(30);

    private final String id;
    private final ConnectionBase connection;
    private final Sockets sockets;
    private volatile @Nullable ServerWebSocket socket;

    LivePeer(String id, ConnectionBase connection, Sockets sockets) {
        this.id = id;
        this.connection = connection;
        this.sockets = sockets;
    }

    /**
     * The upgrade is about to be answered.
     *
     * @return false where the client is gone
     */
    boolean expect() {
        ChannelHandlerContext own = connection.channelHandlerContext();
        if (own.isRemoved()) {
            return false;
        }
        own.pipeline().addBefore(own.name(), "faults", new FrameFaults(Door.FRAME, this::broken));
        return true;
    }

    void opened(ServerWebSocket opened) {
        socket = opened;
        ChannelHandlerContext own = connection.channelHandlerContext();
        if (opened.isClosed() || own.isRemoved()) {
            // The client closed it during the upgrade, which was answered all the same.
            return;
        }
        own.pipeline()
                .addBefore(own.name(), "flow", new FlowControlHandler())
                .addBefore(own.name(), "pace", new Pace());
        opened.pongHandler(pong -> sockets.ponged(id));
        opened.drainHandler(room -> sockets.drained(id));
        opened.exceptionHandler(this::broken);
    }

    private void broken(Throwable cause) {
        LOG.debugf(cause, "socket %s", id);
        if (cause instanceof CorruptedWebSocketFrameException corrupted) {
            sockets.unreadable(
                    id,
                    corrupted.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)
                            ? "A message has at most 128 kB"
                            : "This is no frame of a WebSocket (RFC 6455)");
        }
    }

    private ServerWebSocket socket() {
        return Objects.requireNonNull(socket);
    }

    @Override
    public EventLoop loop() {
        return ((ContextInternal) connection.getContext()).nettyEventLoop();
    }

    @Override
    public boolean isClosed() {
        return socket().isClosed();
    }

    @Override
    public boolean tookLeave() {
        ServerWebSocket closed = socket;
        return closed != null && closed.closeStatusCode() != null;
    }

    @Override
    public boolean isFull() {
        return socket().writeQueueFull();
    }

    @Override
    public void send(String text) {
        socket().writeTextMessage(text);
    }

    @Override
    public void ping() {
        socket().writePing(Buffer.buffer());
    }

    @Override
    public void close(short code, String reason) {
        if (!isClosed()) {
            socket().close(code, reason);
        }
        loop().schedule(() -> connection.channelHandlerContext().close(), CLOSING.toSeconds(), TimeUnit.SECONDS);
    }
}
