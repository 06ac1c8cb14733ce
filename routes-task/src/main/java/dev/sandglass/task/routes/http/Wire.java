package dev.sandglass.task.routes.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sandglass.support.Problem;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.future.PromiseInternal;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.Inet6Address;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the public port, before anything is known of who is there: a request that cannot be read, or does not come to its
 * end in time, is answered here, and the connection is closed.
 */
final class Wire extends ChannelDuplexHandler {
    /** How long the client has to read the last answer: what it still sends would otherwise make its system throw the answer away. */
    private static final long LAST_WORD_MILLIS = 1_000;
    /** How long the client waits for it: a new connection costs more than bytes that cannot be read. */
    private static final long REFUSAL_MILLIS = 20;
    /** Requests that a client sends before it has the answers to those before. */
    private static final int MOST_WAITING = 64;

    /** The most that is read on of a body whose request is answered, so that the connection can be kept: bytes, a part counting as some more. */
    private static final int MOST_BEHIND = 65_536;

    private static final int PART = 64;
    private static final Duration BEHIND = Duration.ofSeconds(5);

    /**
     * How long a client may take.
     *
     * @param head from its first byte to its last
     * @param body from the end of the head to the end of the body
     */
    record Limits(Duration head, Duration body) {}

    private final Limits limits;
    private final @Nullable Problem refusal;
    private final Map<String, String> headers;
    private final Set<Wire> idle;
    private final IntConsumer refused;
    private @Nullable ChannelHandlerContext own;
    private @Nullable ScheduledFuture<?> deadline;
    /** The time at which the body has to be there, monotonic nanoseconds. */
    private long bodyUntil;

    /** The problem that ends the connection, once those who asked before have their answers. */
    private @Nullable Problem end;

    private int asked;
    private int answered;
    private boolean answering;
    private boolean inBody;
    private int behind;
    private boolean read;
    private boolean over;

    /**
     * @param refusal null where the connection is welcome
     * @param headers of every answer
     * @param idle the caller's connections without a request under way
     * @param refused is told the status of what is answered here
     */
    Wire(Limits limits, @Nullable Problem refusal, Map<String, String> headers, Set<Wire> idle, IntConsumer refused) {
        this.limits = limits;
        this.refusal = refusal;
        this.headers = headers;
        this.idle = idle;
        this.refused = refused;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext channel) {
        own = channel;
    }

    @Override
    public void channelActive(ChannelHandlerContext channel) {
        if (refusal != null) {
            end(channel, refusal);
        } else {
            idle.add(this);
        }
        channel.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext channel, Object message) {
        if (end != null) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            unreadable(channel, part.decoderResult().cause());
            return;
        }
        read = true;
        if (message instanceof HttpContent part && !(message instanceof HttpRequest) && answered == asked) {
            behind += PART + part.content().readableBytes();
            if (behind > MOST_BEHIND) {
                ReferenceCountUtil.release(message);
                end(channel, new Problem(413, "The body of an answered request is too large"));
                return;
            }
        }
        if (message instanceof HttpRequest) {
            if (asked - answered >= MOST_WAITING) {
                ReferenceCountUtil.release(message);
                end(channel, new Problem(429, "Too many requests wait on one connection; read their answers first"));
                return;
            }
            asked++;
            idle.remove(this);
            behind = 0;
            inBody = true;
            bodyUntil = System.nanoTime() + limits.body.toNanos();
            within(limits.body, channel, "The body did not come to its end in time");
        }
        if (message instanceof LastHttpContent) {
            inBody = false;
            inTime();
        }
        channel.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext channel) {
        if (!read && !inBody && deadline == null && end == null) {
            // Bytes came, and they are not a head yet.
            within(limits.head, channel, "The head of the request did not come to its end in time");
        }
        read = false;
        channel.fireChannelReadComplete();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext channel, Throwable failure) {
        if (failure.getCause() instanceof Problem problem) {
            end(channel, problem);
        } else if (failure instanceof DecoderException) {
            unreadable(channel, failure.getCause());
        } else {
            channel.fireExceptionCaught(failure);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext channel) {
        idle.remove(this);
        inTime();
        channel.fireChannelInactive();
    }

    @Override
    public void write(ChannelHandlerContext channel, Object message, ChannelPromise sent) {
        if (over) {
            ReferenceCountUtil.release(message);
            sent.tryFailure(new IllegalStateException("the connection has had its last answer"));
            return;
        }
        boolean interim = message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (!interim && message instanceof HttpResponse) {
            answering = true;
        }
        boolean last = !interim && message instanceof LastHttpContent;
        channel.write(message, sent);
        if (last) {
            answering = false;
            answered++;
            if (answered == asked && end == null && channel.channel().isActive()) {
                idle.add(this);
            }
            if (end != null) {
                channel.executor().execute(() -> lastWord(channel));
            } else if (inBody && answered == asked) {
                Duration left = Duration.ofNanos(bodyUntil - System.nanoTime());
                within(
                        left.compareTo(BEHIND) < 0 ? left : BEHIND,
                        channel,
                        "The body of an answered request did not come to its end in time");
            }
        }
    }

    /** Closes the connection, unless a request has come meanwhile. */
    void makeRoom() {
        ChannelHandlerContext channel = Objects.requireNonNull(own);
        channel.executor().execute(() -> {
            if (asked == answered) {
                channel.close();
            }
        });
    }

    /** Where a connection comes from, to be counted by: of IPv6 the first 64 bits, since whoever has one address there has all of them. */
    static String from(SocketAddress client) {
        String address = client.hostAddress();
        return NetUtil.createInetAddressFromIpAddressString(address) instanceof Inet6Address six
                ? HexFormat.ofDelimiter(":").formatHex(six.getAddress(), 0, 8)
                : address;
    }

    /** Tells if the client's system has taken all answers so far. */
    static boolean isRead(ConnectionBase connection) {
        ChannelOutboundBuffer answers = connection.channel().unsafe().outboundBuffer();
        return answers == null || answers.totalPendingWriteBytes() == 0;
    }

    /** @return done when it has taken them; failed when the connection is closed before */
    static Future<Void> whenRead(ConnectionBase connection, Vertx vertx) {
        PromiseInternal<Void> read = ((ContextInternal) vertx.getOrCreateContext()).promise();
        connection.writeToChannel(Unpooled.EMPTY_BUFFER, read);
        return read.future();
    }

    private void within(Duration limit, ChannelHandlerContext channel, String otherwise) {
        inTime();
        deadline = channel.executor()
                .schedule(() -> end(channel, new Problem(408, otherwise)), limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void inTime() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    private void unreadable(ChannelHandlerContext channel, @Nullable Throwable why) {
        String reason = why instanceof StrictDecoder.Unreadable
                ? why.getMessage()
                : why instanceof TooLongFrameException
                        ? "the address or the headers are too long"
                        : "it is not as RFC 9112 has it";
        end(channel, new Problem(400, "The request cannot be read: " + reason));
    }

    private void end(ChannelHandlerContext channel, Problem problem) {
        if (end == null) {
            end = problem;
            inTime();
            refused.accept(problem.status());
            channel.channel().config().setAutoRead(false);
            channel.executor().schedule(() -> lastWord(channel), REFUSAL_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void lastWord(ChannelHandlerContext channel) {
        boolean current = inBody;
        if (over || end == null || answered < (current ? asked - 1 : asked)) {
            return;
        }
        over = true;
        if (answering || current && answered == asked) {
            // The request whose body is wrong has its answer, or a part of it.
            leave(channel, Unpooled.EMPTY_BUFFER);
            return;
        }
        byte[] text = end.document().toString().getBytes(UTF_8);
        FullHttpResponse answer = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(end.status()), Unpooled.wrappedBuffer(text));
        answer.headers()
                .set(HttpHeaderNames.CONTENT_LENGTH, text.length)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        headers.forEach(answer.headers()::set);
        end.headers().forEach(answer.headers()::set);
        leave(channel, answer);
    }

    /** Says the last; what still comes is thrown away unread, for a moment. */
    private static void leave(ChannelHandlerContext channel, Object last) {
        channel.pipeline().remove(StrictDecoder.class);
        channel.channel().config().setAutoRead(true);
        channel.writeAndFlush(last).addListener((ChannelFutureListener) sent -> {
            if (sent.channel() instanceof DuplexChannel socket) {
                socket.shutdownOutput();
            }
            channel.executor().schedule(() -> channel.close(), LAST_WORD_MILLIS, TimeUnit.MILLISECONDS);
        });
    }
}
