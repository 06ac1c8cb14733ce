package dev.sandglass.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntUnaryOperator;

/** A server of somebody else. */
final class ForeignServer implements AutoCloseable {
    /** A request that a server got. */
    record Post(String path, Map<String, List<String>> headers, byte[] body) {
        String header(String name) {
            List<String> values = headers.entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(List.of());
            return values.isEmpty() ? null : values.get(0);
        }

        JsonNode json() {
            try {
                return Api.JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    final List<Post> posts = new CopyOnWriteArrayList<>();
    private final HttpServer http;

    /** @param status of the n-th answer, from 0 */
    ForeignServer(IntUnaryOperator status) throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            int number = posts.size();
            posts.add(new Post(exchange.getRequestURI().toString(), Map.copyOf(exchange.getRequestHeaders()), body));
            exchange.sendResponseHeaders(status.applyAsInt(number), -1);
            exchange.close();
        });
        http.start();
    }

    int port() {
        return http.getAddress().getPort();
    }

    String address() {
        return "http://localhost:" + http.getAddress().getPort();
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
