package dev.sandglass.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Asks if a sidecar has all it needs. Daprd 1.18 says that it is healthy even if its name resolution or an optional component
 * ({@code ignoreErrors}) did not start.
 */
final class SidecarProbe {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The time without its own name after which it is started again, since no one can reach its service. */
    private static final Duration NAMELESS = Duration.ofSeconds(5);
    /** The time with a missing component after which it is started again; hot reload tries components each minute. */
    private static final Duration INCOMPLETE = Duration.ofSeconds(65);

    /** The errors for a name that was not found: no one registered it, the resolver cannot look, there is no resolver. */
    private static final List<String> UNFOUND = List.of("no host", "failed to look up", "name resolver");

    private final int port;
    private final String app;
    private final String token;
    private final Probe broker;
    /** True once the name was found: a sidecar keeps its name until it is started again. */
    private volatile boolean found;

    private volatile boolean complete;

    /**
     * @param port of its HTTP API
     * @param broker the broker, asked where a component for it is missing
     */
    SidecarProbe(int port, String app, String token, Probe broker) {
        this.port = port;
        this.app = app;
        this.token = token;
        this.broker = broker;
    }

    /** Yes if others find it by the name of its app; the app itself may be away. */
    Probe.Answer up() throws IOException {
        boolean answers = false;
        try {
            answers = Probe.get(port, "/v1.0/healthz/outbound", token).status() == 204;
        } finally {
            if (!answers) {
                found = false;
                complete = false;
            }
        }
        if (answers && !found) {
            String said = Probe.get(port, "/v1.0/invoke/" + app + "/method/q/health/started", token)
                    .body();
            found = !said.contains("ERR_DIRECT_INVOKE") || UNFOUND.stream().noneMatch(said::contains);
            return found ? Probe.Answer.YES : new Probe.Answer("it does not find its own name, " + app, NAMELESS);
        }
        return Probe.Answer.of(answers);
    }

    /** Yes if its service is there, and each component with subscriptions, if the broker is there. */
    Probe.Answer whole() throws IOException {
        if (Probe.get(port, "/v1.0/healthz", token).status() != 204) {
            return Probe.Answer.no("waits for its service");
        }
        if (!complete) {
            JsonNode metadata =
                    JSON.readTree(Probe.get(port, "/v1.0/metadata", token).body());
            Set<String> missing = new TreeSet<>(metadata.path("subscriptions").findValuesAsText("pubsubname"));
            missing.removeAll(metadata.path("components").findValuesAsText("name"));
            complete = missing.isEmpty();
            if (!complete && broker.answer().yes()) {
                return new Probe.Answer("its component " + String.join(", ", missing) + " did not start", INCOMPLETE);
            }
        }
        return Probe.Answer.YES;
    }
}
