package dev.sandglass.sync.routes.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Reads a client's frames no faster than a client sends them that means them, and none while it does not read what it is sent: each
 * ping is answered, and the answers would fill the memory. What is not read waits in the client's own system.
 */
final class Pace extends ChannelInboundHandlerAdapter {
    /** Frames that may come at once. */
    private static final int BURST = 200;
    /** The time in which one more may come. */
    private static final long EACH_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** Bytes for which a frame counts as one more. */
    private static final int LARGE = 1_024;

    /** The time at which all that came is paid for, monotonic nanoseconds. */
    private long paidAt;

    private boolean rests;
    private final LongSupplier clock;

    Pace() {
        this(System::nanoTime);
    }

    /** @param clock monotonic nanoseconds */
    Pace(LongSupplier clock) {
        this.clock = clock;
        this.paidAt = clock.getAsLong();
    }

    @Override
    public void channelRead(ChannelHandlerContext channel, Object message) {
        if (message instanceof WebSocketFrame frame) {
            long now = clock.getAsLong();
            long frames = 1 + frame.content().readableBytes() / LARGE;
            paidAt = Math.max(paidAt, now) + frames * EACH_NANOS;
            long ahead = paidAt - now - BURST * EACH_NANOS;
            if (ahead > 0 && !rests) {
                rests = true;
                channel.executor()
                        .schedule(
                                () -> {
                                    rests = false;
                                    read(channel);
                                },
                                ahead,
                                TimeUnit.NANOSECONDS);
                channel.channel().config().setAutoRead(false);
            }
        }
        channel.fireChannelRead(message);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext channel) {
        read(channel);
        channel.fireChannelWritabilityChanged();
    }

    private void read(ChannelHandlerContext channel) {
        channel.channel().config().setAutoRead(!rests && channel.channel().isWritable());
    }
}
