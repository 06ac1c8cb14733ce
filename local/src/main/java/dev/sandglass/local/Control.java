package dev.sandglass.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The caller's end of a running {@link Supervisor}. */
final class Control {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final long pid;
    private final long started;
    private final int port;
    private final String token;

    private Control(JsonNode known) {
        pid = known.path("pid").asLong();
        started = known.path("started").asLong();
        port = known.path("port").asInt();
        token = known.path("token").asText();
    }

    /** The supervisor of a data folder, or null if none runs. */
    static @Nullable Control of(Path data) throws IOException {
        Path file = data.resolve("supervisor.json");
        if (!Files.exists(file)) {
            return null;
        }
        Control control = new Control(JSON.readTree(Files.readString(file)));
        return control.lives() && control.listens() ? control : null;
    }

    /** Tells if it listens on its port. A killed supervisor may still be in the process table. */
    private boolean listens() {
        return Probe.listens(port).answer().yes();
    }

    boolean lives() {
        return Orphans.lives(pid, started);
    }

    /** Waits until the supervisor itself is gone. */
    void awaitEnd() {
        ProcessHandle.of(pid).ifPresent(process -> process.onExit().join());
    }

    JsonNode ps() throws IOException {
        return JSON.readTree(call("/ps", List.of()));
    }

    /** Ports and environment of a part. */
    JsonNode part(String name) throws IOException {
        return JSON.readTree(call("/part", List.of(name)));
    }

    /**
     * @param parts none for all
     * @return the names of the parts to start
     */
    List<String> start(List<String> parts) throws IOException {
        List<String> meant = new ArrayList<>();
        JSON.readTree(call("/start", parts)).forEach(name -> meant.add(name.asText()));
        return meant;
    }

    /** @param parts none for all, and the supervisor with them */
    void stop(List<String> parts) throws IOException {
        call("/stop", parts);
    }

    void kill(String part) throws IOException {
        call("/kill", List.of(part));
    }

    private String call(String path, List<String> parts) throws IOException {
        String query = parts.stream()
                .map(part -> "part=" + URLEncoder.encode(part, StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + path + (query.isEmpty() ? "" : "?" + query)))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + token)
                .build();
        try {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == 409) {
                throw new CannotRun(answer.body());
            }
            if (answer.statusCode() != 200) {
                throw new IOException("the supervisor answers " + answer.statusCode() + " " + answer.body());
            }
            return answer.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
