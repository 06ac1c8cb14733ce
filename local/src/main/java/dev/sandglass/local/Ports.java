package dev.sandglass.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/** The port of each name; the environment may change it. */
final class Ports {
    static final String OFFSET = "SANDGLASS_PORT_OFFSET";

    private final Properties defaults;
    private final Map<String, String> environment;

    Ports(Properties defaults, Map<String, String> environment) {
        this.defaults = defaults;
        this.environment = environment;
    }

    static Ports read(Path file, Map<String, String> environment) {
        Properties defaults = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            defaults.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Ports(defaults, environment);
    }

    /** The variable that moves the port of this name alone, {@code SANDGLASS_PORT_TASK_SIDECAR} for {@code task-sidecar}. */
    static String variable(String name) {
        return "SANDGLASS_PORT_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /**
     * The port of a name listed in {@code ports.properties}.
     *
     * @throws CannotRun if the environment gives it a value that is no port
     */
    int of(String name) {
        String listed = defaults.getProperty(name);
        if (listed == null) {
            throw new CannotRun("local/ports.properties has no port \"" + name + "\"");
        }
        return of(name, Integer.parseInt(listed.strip()));
    }

    /**
     * The port of a name that has its default elsewhere (in {@code dapr.yaml}).
     *
     * @throws CannotRun if the environment gives it a value that is no port
     */
    int of(String name, int usual) {
        String own = environment.get(variable(name));
        if (own != null && !own.isBlank()) {
            return port(number(variable(name), own), variable(name));
        }
        String offset = environment.get(OFFSET);
        return offset == null || offset.isBlank() ? usual : port(usual + number(OFFSET, offset), OFFSET);
    }

    /** Tells if a process listens there already; a port just given up (TIME_WAIT) is free. */
    static boolean taken(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** A port that is free at this moment. */
    static int free() {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int number(String variable, String value) {
        try {
            return Integer.parseInt(value.strip());
        } catch (NumberFormatException e) {
            throw new CannotRun(variable + "=" + value + " is not a number");
        }
    }

    private static int port(int value, String variable) {
        if (value < 1 || value > 65535) {
            throw new CannotRun(variable + " leads to port " + value + ", which does not exist (1 to 65535)");
        }
        return value;
    }
}
