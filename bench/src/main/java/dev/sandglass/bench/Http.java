package dev.sandglass.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A light HTTP client: connections that are kept, answers that are checked. */
final class Http {
    private static final int CONNECTIONS = 200;
    /** Longer than any limit of the product: what takes so long is measured, not broken off. */
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** Seconds, fewer than any server keeps it: a connection that is just being closed is not taken for a call. */
    private static final int KEPT = 30;

    private final HttpClient client;

    Http(Vertx vertx) {
        client = vertx.createHttpClient(
                new HttpClientOptions().setMaxPoolSize(CONNECTIONS).setKeepAliveTimeout(KEPT));
    }

    /**
     * @param header its name and its value, or none
     * @param body JSON, null for none
     * @param wanted the only status that is right
     */
    Future<Buffer> call(HttpMethod method, int port, String path, String[] header, @Nullable String body, int wanted) {
        return client.request(method, port, "127.0.0.1", path).compose(request -> {
            request.idleTimeout(LIMIT.toMillis());
            if (body != null) {
                request.putHeader(
                        "Content-Type",
                        method == HttpMethod.PATCH ? "application/merge-patch+json" : "application/json");
            }
            // Last: what the caller says of the content holds.
            for (int i = 0; i < header.length; i += 2) {
                request.putHeader(header[i], header[i + 1]);
            }
            // On the event loop: an answer that comes before somebody waits for its body has none.
            return (body == null ? request.send() : request.send(body))
                    .compose(response -> response.body()
                            .compose(answer -> checked(method, path, response.statusCode(), wanted, answer)));
        });
    }

    private static Future<Buffer> checked(HttpMethod method, String path, int status, int wanted, Buffer answer) {
        if (status == wanted) {
            return Future.succeededFuture(answer);
        }
        String said = answer.toString();
        return Future.failedFuture("%s %s: status %d, %s"
                .formatted(method, path, status, said.substring(0, Math.min(300, said.length()))));
    }

    static JsonNode json(Buffer answer) {
        return Json.read(answer.toString(), JsonNode.class);
    }
}
