package dev.sandglass.helm;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("US-6")
class AwaitTest {
    @Test
    void itWaitsUntilEachOfThemListens() throws Exception {
        InetAddress here = InetAddress.getLoopbackAddress();
        try (ServerSocket there = new ServerSocket(0, 1, here);
                ServerSocket later = new ServerSocket()) {
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, here)) {
                port = free.getLocalPort();
            }
            CompletableFuture<Void> waits = CompletableFuture.runAsync(() -> {
                try {
                    Await.main(new String[] {"127.0.0.1:" + there.getLocalPort(), "127.0.0.1:" + port});
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            // The first is listened to; it must be at the second by now.
            there.accept().close();
            assertFalse(waits.isDone());
            later.bind(new InetSocketAddress(here, port));
            waits.get(30, TimeUnit.SECONDS);
        }
    }
}
