package dev.sandglass.support;

import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.util.concurrent.ExecutionException;

/** Servers of a test's own. */
public final class Loopback {
    private Loopback() {}

    /** @return the free port of 127.0.0.1 at which it listens now */
    public static int listen(HttpServer server, Router router) throws ExecutionException, InterruptedException {
        return server.requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get()
                .actualPort();
    }
}
