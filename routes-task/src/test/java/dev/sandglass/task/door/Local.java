package dev.sandglass.task.door;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;

/** <em>task</em> as {@code ./run} starts it, its public origin on a port of its own. */
public class Local implements QuarkusTestProfile {
    static final int PORT = free();

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "sandglass.profile", "local",
                // What an operator opens takes away nothing.
                "sandglass.open-paths", "/more",
                "sandglass.public.port", Integer.toString(PORT),
                // Its calls of Dapr are those of nobody's request.
                "sandglass.task.erase-every", "1h",
                "sandglass.task.conversation", "small",
                "sandglass.task.conversation-limit", "1s",
                "sandglass.task.webhook-tries", "3");
    }

    /** A port that is free. */
    public static int free() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
