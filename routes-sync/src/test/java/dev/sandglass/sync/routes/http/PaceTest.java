package dev.sandglass.sync.routes.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.flow.FlowControlHandler;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-012")
@Tag("FR-013")
class PaceTest {
    private long nanos;
    private final EmbeddedChannel channel = new EmbeddedChannel(new FlowControlHandler(), new Pace(() -> nanos));

    private int come() {
        int come = 0;
        while (channel.readInbound() != null) {
            come++;
        }
        return come;
    }

    @Test
    void aClientThatSendsWithoutEndIsReadAtItsPace() {
        channel.freezeTime();
        for (int i = 0; i < 3_000; i++) {
            channel.writeInbound(new TextWebSocketFrame("{\"type\":\"ping\"}"));
        }
        int first = come();
        assertTrue(first >= 200 && first <= 201, first + " at once");
        assertFalse(channel.config().isAutoRead());
        for (int second = 0; second < 10; second++) {
            nanos += TimeUnit.SECONDS.toNanos(1);
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }
        int later = come();
        assertTrue(later <= 10 * 20 + 20, later + " in ten seconds");
    }

    @Test
    void aLargeFrameCountsForMany() {
        for (int i = 0; i < 2; i++) {
            channel.writeInbound(new TextWebSocketFrame("x".repeat(120_000)));
        }
        assertEquals(2, come());
        assertFalse(channel.config().isAutoRead());
    }

    @Test
    void aClientThatDoesNotReadIsNotRead() {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(100, 200));
        channel.write(new PingWebSocketFrame(channel.alloc().buffer().writeZero(500)));
        channel.runPendingTasks();
        assertFalse(channel.config().isAutoRead());
        channel.flush();
        channel.runPendingTasks();
        assertTrue(channel.config().isAutoRead());
    }
}
