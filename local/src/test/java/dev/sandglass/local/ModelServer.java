package dev.sandglass.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A server with OpenAI's API for chats, where a test is the model. */
final class ModelServer implements AutoCloseable {
    /** A request: the key it came with, and what it says. */
    record Asked(String authorization, JsonNode body) {
        JsonNode messages() {
            return body.path("messages");
        }

        /** The last message. */
        JsonNode last() {
            return messages().get(messages().size() - 1);
        }
    }

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile Function<Asked, ObjectNode> model = any -> says("?");
    private volatile int status = 200;

    ModelServer() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(threads);
        http.createContext("/v1/chat/completions", exchange -> {
            Asked request = new Asked(
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    Api.JSON.readTree(exchange.getRequestBody().readAllBytes()));
            asked.add(request);
            ObjectNode message = model.apply(request).put("role", "assistant");
            ObjectNode answer = Api.JSON
                    .createObjectNode()
                    .put("id", "1")
                    .put("object", "chat.completion")
                    .put("model", "stand-in");
            answer.putArray("choices")
                    .addObject()
                    .put("index", 0)
                    .put("finish_reason", message.has("tool_calls") ? "tool_calls" : "stop")
                    .set("message", message);
            answer.putObject("usage")
                    .put("prompt_tokens", 1)
                    .put("completion_tokens", 1)
                    .put("total_tokens", 2);
            byte[] body = answer.toString().getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        http.start();
    }

    String address() {
        return "http://localhost:" + http.getAddress().getPort() + "/v1";
    }

    /** From now on it thinks so. */
    void thinks(Function<Asked, ObjectNode> next) {
        status = 200;
        model = next;
    }

    /** From now on it answers with that status. */
    void fails(int next) {
        status = next;
    }

    static ObjectNode says(String text) {
        return Api.JSON.createObjectNode().put("content", text);
    }

    static ObjectNode calls(String tool, String arguments) {
        ObjectNode message = says("");
        message.putArray("tool_calls")
                .addObject()
                .put("id", "call_1")
                .put("type", "function")
                .putObject("function")
                .put("name", tool)
                .put("arguments", arguments);
        return message;
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
