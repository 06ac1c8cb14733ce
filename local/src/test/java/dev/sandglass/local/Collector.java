package dev.sandglass.local;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;

/** Takes traces as any OpenTelemetry collector does: OTLP over HTTP, in protobuf. The numbers are those of OTLP's fields. */
final class Collector implements AutoCloseable {
    private final HttpServer server;
    private final ConcurrentLinkedQueue<Span> spans = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> raw = new ConcurrentLinkedQueue<>();

    /** @param parent the id of the span it is a part of, empty for none */
    record Span(String trace, String id, String parent, String service, String name, Map<String, String> attributes) {}

    Collector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", this::take);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Span> of(String trace) {
        return spans.stream().filter(span -> span.trace.equals(trace)).toList();
    }

    /** Everything that came, for texts to be looked for in. */
    List<String> raw() {
        return List.copyOf(raw);
    }

    private void take(HttpExchange call) throws IOException {
        byte[] body = call.getRequestBody().readAllBytes();
        raw.add(new String(body, StandardCharsets.ISO_8859_1));
        for (UnknownFieldSet resourceSpans : messages(UnknownFieldSet.parseFrom(body), 1)) {
            String service = messages(resourceSpans, 1).stream()
                    .map(resource -> attributes(resource, 1).getOrDefault("service.name", ""))
                    .findFirst()
                    .orElse("");
            for (UnknownFieldSet scopeSpans : messages(resourceSpans, 2)) {
                for (UnknownFieldSet span : messages(scopeSpans, 2)) {
                    spans.add(new Span(
                            hex(span, 1), hex(span, 2), hex(span, 4), service, text(span, 5), attributes(span, 9)));
                }
            }
        }
        call.sendResponseHeaders(200, -1);
        call.close();
    }

    private static List<UnknownFieldSet> messages(UnknownFieldSet in, int field) throws IOException {
        List<UnknownFieldSet> messages = new ArrayList<>();
        for (ByteString bytes : in.getField(field).getLengthDelimitedList()) {
            messages.add(UnknownFieldSet.parseFrom(bytes));
        }
        return messages;
    }

    private static Map<String, String> attributes(UnknownFieldSet in, int field) {
        Map<String, String> attributes = new TreeMap<>();
        try {
            for (UnknownFieldSet attribute : messages(in, field)) {
                for (UnknownFieldSet value : messages(attribute, 2)) {
                    attributes.put(text(attribute, 1), text(value, 1));
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return attributes;
    }

    private static String text(UnknownFieldSet in, int field) {
        return in.getField(field).getLengthDelimitedList().stream()
                .findFirst()
                .map(ByteString::toStringUtf8)
                .orElse("");
    }

    private static String hex(UnknownFieldSet in, int field) {
        return in.getField(field).getLengthDelimitedList().stream()
                .findFirst()
                .map(bytes -> HexFormat.of().formatHex(bytes.toByteArray()))
                .orElse("");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
