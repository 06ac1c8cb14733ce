package dev.sandglass.sync.routes.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket08FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has a frame that cannot be read answered. By itself the framework ends the connection in the midst of such a frame, without a word, and
 * its client loses what it has not read yet.
 */
final class FrameFaults extends ChannelDuplexHandler {
    private static final String DECODER = "wsdecoder";
    /** Bytes behind a fault that are let pass: a client may read nothing before it has sent its whole frame. */
    private static final long MOST_PASSED = 16 * 1024 * 1024;
    /** Milliseconds without a byte after which the client has said all; its own close is among what is let pass. */
    private static final long QUIET = 1_000;
    /** Milliseconds until it is answered at the latest. */
    private static final long ANSWER = 10_000;

    private final int largest;
    private final Consumer<CorruptedWebSocketFrameException> told;
    /** Bytes of the message that has begun to come. */
    private int size;

    private @Nullable Rest rest;

    /** @param largest the most bytes of a message, in one frame or in several */
    FrameFaults(int largest, Consumer<CorruptedWebSocketFrameException> told) {
        this.largest = largest;
        this.told = told;
    }

    /** With the answer to the upgrade the decoder of frames is in its place, and no frame has come. */
    @Override
    public void write(ChannelHandlerContext own, Object message, ChannelPromise written) {
        if (message instanceof HttpResponse answer && answer.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            WebSocketDecoderConfig throwing = WebSocketDecoderConfig.newBuilder()
                    .maxFramePayloadLength(largest)
                    .allowExtensions(true)
                    .closeOnProtocolViolation(false)
                    .build();
            read(own, new WebSocket13FrameDecoder(throwing));
        }
        if (rest != null && message instanceof CloseWebSocketFrame) {
            rest.answered(own);
        }
        own.write(message, written);
    }

    @Override
    public void channelRead(ChannelHandlerContext own, Object message) {
        if (message instanceof WebSocketFrame frame && isTooLong(frame)) {
            frame.release();
            if (rest == null) {
                exceptionCaught(
                        own,
                        new CorruptedWebSocketFrameException(
                                WebSocketCloseStatus.MESSAGE_TOO_BIG, "a message of more than " + largest + " bytes"));
            }
        } else {
            own.fireChannelRead(message);
        }
    }

    /** The framework counts too, but tells it where nobody listens yet: Camel hands over the socket after its first frames. */
    private boolean isTooLong(WebSocketFrame frame) {
        int bytes = frame.content().readableBytes();
        if (frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame) {
            size = bytes;
        } else if (frame instanceof ContinuationWebSocketFrame) {
            size += bytes;
        }
        return rest != null || size > largest;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext own, Throwable cause) {
        if (cause instanceof CorruptedWebSocketFrameException corrupted) {
            rest = new Rest();
            read(own, rest);
            told.accept(corrupted);
        } else {
            own.fireExceptionCaught(cause);
        }
    }

    private static void read(ChannelHandlerContext own, ChannelHandler reader) {
        if (own.pipeline().get(WebSocket08FrameDecoder.class) != null) {
            own.pipeline().replace(WebSocket08FrameDecoder.class, DECODER, reader);
        }
    }

    /** Drops all that comes behind a fault: nobody knows where the next frame begins. */
    private static final class Rest extends SimpleChannelInboundHandler<ByteBuf> {
        private long passed;
        private long patience = ANSWER;
        private @Nullable Future<?> end;

        @Override
        public void handlerAdded(ChannelHandlerContext own) {
            endWhenQuiet(own);
        }

        void answered(ChannelHandlerContext own) {
            patience = QUIET;
            endWhenQuiet(own);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext own, ByteBuf bytes) {
            passed += bytes.readableBytes();
            if (passed > MOST_PASSED) {
                own.close();
            } else {
                endWhenQuiet(own);
            }
        }

        private void endWhenQuiet(ChannelHandlerContext own) {
            if (end != null) {
                end.cancel(false);
            }
            end = own.executor().schedule(() -> own.close(), patience, TimeUnit.MILLISECONDS);
        }
    }
}
