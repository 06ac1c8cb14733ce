package dev.sandglass.support.kamelets;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sandglass.support.domain.ChannelAddress;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The secrets and methods that the operator grants to integrators' routes. */
@Singleton
public class Granted {
    /** The secrets of the examples, granted without a configuration. */
    public static final String SECRETS = "webhook-key,shop-key,archive-token";

    private static final String SECRETS_KEY = "sandglass.hooks.secrets";
    private static final String INVOKE_KEY = "sandglass.hooks.invoke";
    /** The system's own secrets: with one of these, a route could do more than it may. */
    static final Set<String> OWN_SECRETS = Set.of(
            "app-token",
            "channel-email-password",
            "conversation-key",
            "dapr-api-token",
            "kafka-ca-certificate",
            "kafka-client-certificate",
            "kafka-client-key",
            "kafka-password",
            "log-key",
            "mail-password",
            "postgres-connection-string",
            "postgres-password",
            "ticket-key",
            "token-key");

    private static final Set<String> OWN_APPS = Set.of("task", "recurrence", "reminder", "audit", "sync");
    /** The end of topics that only Dapr writes. */
    private static final String DEAD_LETTERS = "-dead-letters";

    /** Topics that only the services write: readers would trust events of others there. */
    private static final Set<String> OWN_TOPICS = Set.of("task-events", "task-updates", "reminders");

    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Pattern METHOD = Pattern.compile("([a-z0-9][a-z0-9-]*)/([A-Za-z0-9._~/-]*)");
    /** A path without an empty segment and without a segment of dots. */
    private static final Pattern PATH =
            Pattern.compile("(?!.*(?:^|/)\\.{1,2}(?:/|$))[^/\\\\\\p{Cntrl}]+(?:/[^/\\\\\\p{Cntrl}]+)*/?");

    private static final Pattern DOTS = Pattern.compile("(?:^|[/\\\\])\\.{1,2}(?:[/\\\\?#;]|$)");

    private final SortedSet<String> secrets;
    private final SortedSet<String> methods;

    @Inject
    Granted(
            @ConfigProperty(name = SECRETS_KEY) Optional<String> secrets,
            @ConfigProperty(name = INVOKE_KEY) Optional<String> methods) {
        this(secrets.orElse(""), methods.orElse(""));
    }

    /**
     * @param secrets names in the Dapr secret store, separated by commas
     * @param methods beginnings of methods as {@code app/path}, separated by commas
     * @throws IllegalArgumentException naming the setting, where one cannot be granted
     */
    public Granted(String secrets, String methods) {
        this.secrets = list(secrets);
        this.methods = list(methods);
        for (String secret : this.secrets) {
            if (!SECRET.matcher(secret).matches()) {
                throw new IllegalArgumentException(SECRETS_KEY + ": '" + secret + "' is no name of a secret");
            }
            if (OWN_SECRETS.contains(secret)) {
                throw new IllegalArgumentException(
                        SECRETS_KEY + ": " + secret + " is the system's own, integrators' routes never get it");
            }
        }
        for (String method : this.methods) {
            var parts = METHOD.matcher(method);
            if (!parts.matches()
                    || !(parts.group(2).isEmpty()
                            || PATH.matcher(parts.group(2)).matches())) {
                throw new IllegalArgumentException(INVOKE_KEY + ": '" + method + "' is not like crm/orders");
            }
            if (OWN_APPS.contains(parts.group(1)) || internal(parts.group(2))) {
                throw new IllegalArgumentException(
                        INVOKE_KEY + ": " + method + " is the system's own, integrators' routes never call it");
            }
        }
    }

    private static SortedSet<String> list(String text) {
        return new TreeSet<>(Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(entry -> !entry.isEmpty())
                .toList());
    }

    private static boolean internal(String path) {
        return path.equals("internal") || path.startsWith("internal/");
    }

    /** @return the name; @throws IllegalArgumentException with the reason, where it is not granted */
    public String secret(String name) {
        if (!secrets.contains(name)) {
            throw new IllegalArgumentException("the secret " + name + " is not granted to integrators' routes; "
                    + SECRETS_KEY + " grants " + secrets);
        }
        return name;
    }

    /**
     * Checks that a method may be called.
     *
     * @param path without a leading slash; a query may follow
     * @throws IllegalArgumentException with the reason, where it may not
     */
    public void method(String app, String path) {
        if (!granted(app, path, false)) {
            throw refused(app, path);
        }
    }

    /**
     * Checks that all methods with this beginning may be called.
     *
     * @throws IllegalArgumentException with the reason, where one may not
     */
    public void methodsOf(String app, String begin) {
        if (!granted(app, begin, true)) {
            throw refused(app, begin);
        }
    }

    private IllegalArgumentException refused(String app, String path) {
        return new IllegalArgumentException("the method " + app + "/" + path
                + " is not granted to integrators' routes; "
                + INVOKE_KEY + " grants " + methods
                + (OWN_APPS.contains(app) ? "; tasks are read by find-tasks-action and made by create-task-sink" : ""));
    }

    private boolean granted(String app, String path, boolean begin) {
        String plain = plain(path.split("\\?", 2)[0]);
        boolean sound = begin && plain.isEmpty() || PATH.matcher(plain).matches();
        return sound
                && !internal(plain)
                && methods.stream().anyMatch(method -> covers(method, app + "/" + plain, begin));
    }

    private static boolean covers(String method, String asked, boolean begin) {
        String within = method.endsWith("/") ? method : method + "/";
        return asked.startsWith(within) || !begin && (asked.equals(method) || (asked + "/").equals(within));
    }

    /** Tells if a part of a path, however often it is decoded, is a way to another path. */
    static boolean climbs(String part) {
        String read = part;
        String before;
        do {
            if (DOTS.matcher(read).find()) {
                return true;
            }
            before = read;
            read = plain(before);
        } while (!read.equals(before));
        return false;
    }

    /** The path as a server may decode it; empty where it cannot be decoded. */
    private static String plain(String path) {
        try {
            return path.contains("%") ? URLDecoder.decode(path.replace("+", "%2B"), UTF_8) : path;
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** @return the binding; @throws IllegalArgumentException with the reason, where it is one of the service's own */
    public String binding(String binding) {
        if (ChannelAddress.isBinding(binding)) {
            throw new IllegalArgumentException("the binding " + binding + " is the service's own");
        }
        return binding;
    }

    /** @return the topic; @throws IllegalArgumentException with the reason, where no route may publish there */
    public String topic(String topic) {
        if (topic.endsWith(DEAD_LETTERS)) {
            throw new IllegalArgumentException("the topic " + topic + " is written by Dapr alone");
        }
        if (OWN_TOPICS.contains(topic)) {
            throw new IllegalArgumentException("the topic " + topic + " is written by the services alone");
        }
        return topic;
    }
}
