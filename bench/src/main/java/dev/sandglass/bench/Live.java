package dev.sandglass.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.bench.Product.Person;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Sockets of the live feed. A frame is looked through for few words only: ten thousand are not to be parsed. */
final class Live {
    private static final int MOST = 20_000;
    private static final int LARGEST = 1 << 20;
    private static final int TRIES = 10;

    private final Vertx vertx;
    private final Product product;
    private final WebSocketClient client;
    private final Map<String, Promise<Void>> awaited = new HashMap<>();

    Live(Vertx vertx, Product product) {
        this.vertx = vertx;
        this.product = product;
        this.client = vertx.createWebSocketClient(
                new WebSocketClientOptions().setMaxConnections(MOST).setMaxMessageSize(LARGEST));
    }

    /** Opens a socket with a new ticket; done when it is ready. */
    Future<WebSocket> open(Person person, Consumer<String> frames) {
        return ticket(person, TRIES).compose(ticket -> {
            URI url = URI.create(ticket.path("url").asText());
            return client.connect(new WebSocketConnectOptions()
                            .setHost("127.0.0.1")
                            .setPort(url.getPort())
                            .setURI(url.getRawPath() + "?" + url.getRawQuery()))
                    // On the event loop, before its first frame.
                    .compose(socket -> ready(socket, frames));
        });
    }

    /** Thousands at once are told to come again, which no number of the sockets is about. */
    private Future<JsonNode> ticket(Person person, int tries) {
        return product.call(HttpMethod.POST, person.token(), "/api/live/ticket", null, 200)
                .recover(refused ->
                        tries > 1 && String.valueOf(refused.getMessage()).contains("status 429")
                                ? vertx.timer(1, TimeUnit.SECONDS).compose(later -> ticket(person, tries - 1))
                                : Future.failedFuture(refused));
    }

    private static Future<WebSocket> ready(WebSocket socket, Consumer<String> frames) {
        Promise<WebSocket> ready = Promise.promise();
        socket.textMessageHandler(frame -> {
            if (word(frame, "type").equals("ready")) {
                ready.tryComplete(socket);
            } else {
                frames.accept(frame);
            }
        });
        socket.closeHandler(closed -> ready.tryFail("the socket was closed: " + socket.closeStatusCode()));
        return ready.future();
    }

    /** A second device of somebody, which completes what {@link #heard} awaits. */
    Future<WebSocket> device(Person person) {
        return open(person, frame -> {
            Promise<Void> promise = awaited.remove(key(frame));
            if (promise != null) {
                promise.tryComplete();
            }
        });
    }

    /**
     * Done when a device hears of it.
     *
     * @param event a change's type, {@code task.created}, or {@code reminder}
     */
    Future<Void> heard(String event, String title) {
        Promise<Void> promise = Promise.promise();
        awaited.put(event + " " + title, promise);
        return promise.future();
    }

    static String key(String frame) {
        String type = word(frame, "type");
        return (type.equals("change") ? word(frame, "event") : type) + " " + word(frame, "title");
    }

    /** The first string under this name; empty if there is none. */
    static String word(String json, String name) {
        String begin = "\"" + name + "\":\"";
        int from = json.indexOf(begin);
        return from < 0 ? "" : json.substring(from + begin.length(), json.indexOf('"', from + begin.length()));
    }
}
