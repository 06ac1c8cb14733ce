package dev.sandglass.support.kamelets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;

import dev.sandglass.support.Bodies;
import dev.sandglass.support.Dapr;
import dev.sandglass.support.Problem;
import dev.sandglass.support.ProblemDocuments;
import dev.sandglass.support.Refused;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.ChannelAddress;
import dev.sandglass.support.domain.CleanPath;
import dev.sandglass.support.domain.OneLine;
import dev.sandglass.support.domain.Signature;
import dev.sandglass.support.yaml.room.LogShare;
import dev.sandglass.support.yaml.room.PlaceInRoutes;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Posting to other people's servers, and being posted to: what {@code webhook-sink} and {@code webhook-source} are made of. */
@Singleton
@Named("webhooks")
public class Webhooks {
    /** Every try of every delivery, a line each: the delivery log. */
    private static final Logger LOG = Logger.getLogger("dev.sandglass.webhook");

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final Pattern ADDRESS =
            Pattern.compile("(https?://)([^/?#\\\\\\s]+)([^\\x00]*)", Pattern.CASE_INSENSITIVE);
    /** RFC 3986, 3.3 and 3.4; the rest is written with percent signs. */
    private static final Pattern NOT_OF_A_URL =
            Pattern.compile("%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9%\\-._~!$&'()*+,;=:@/?]");

    private static final String SIGNED = "signed";

    /** How long a signing key is remembered: who cannot sign must not cost a call each time. */
    private static final Duration REMEMBERED = Duration.ofSeconds(10);

    /** How often a line tells of posts that nobody signed: who cannot sign must not fill the log. */
    private static final Duration UNSIGNED_LINE = Duration.ofMinutes(1);

    private static final Pattern NOT_PLAIN = Pattern.compile("[^A-Za-z0-9._:-]");
    /** Characters of a delivery's name in the log. */
    private static final int LONGEST_NAME = 200;

    private final Dapr dapr;
    private final Granted granted;
    private final String service;
    private final LongSupplier clock;
    private final Map<String, Key> keys = new ConcurrentHashMap<>();
    /** By hook. */
    private final Map<String, Unsigned> unsigned = new ConcurrentHashMap<>();

    private record Key(String value, long readAt) {}

    /** Posts to a hook that nobody signed. */
    private static final class Unsigned {
        private long untold;
        private long toldAt;

        Unsigned(long now) {
            toldAt = now - UNSIGNED_LINE.toNanos();
        }

        /** @return how many posts a line tells of now; 0: none */
        synchronized long more(long now) {
            untold++;
            if (now - toldAt < UNSIGNED_LINE.toNanos()) {
                return 0;
            }
            long all = untold;
            untold = 0;
            toldAt = now;
            return all;
        }
    }

    @Inject
    public Webhooks(Dapr dapr, Granted granted, @ConfigProperty(name = "quarkus.application.name") String service) {
        this(dapr, granted, service, System::nanoTime);
    }

    /** @param clock monotonic, nanoseconds */
    Webhooks(Dapr dapr, Granted granted, String service, LongSupplier clock) {
        this.dapr = dapr;
        this.granted = granted;
        this.service = service;
        this.clock = clock;
    }

    /**
     * The address that a text means: each character that a URL cannot have is written as one can, so that a server reads what stands
     * there.
     *
     * @throws IllegalArgumentException when it is no {@code http} or {@code https} URL
     */
    public static URI address(String text) {
        Matcher parts = ADDRESS.matcher(text.strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException("no http:// or https:// address: " + text);
        }
        String rest = NOT_OF_A_URL
                .matcher(parts.group(3))
                .replaceAll(found -> Matcher.quoteReplacement(URLEncoder.encode(found.group(), UTF_8)
                        .replace("+", "%20")
                        .replace("*", "%2A")));
        URI address = URI.create(parts.group(1).toLowerCase(Locale.ROOT) + parts.group(2) + rest);
        if (address.getHost() == null) {
            throw new IllegalArgumentException("no http:// or https:// address: " + text);
        }
        if (address.getPort() == 0 || address.getPort() > ChannelAddress.MOST_PORT) {
            throw new IllegalArgumentException(
                    "no port of 1 to " + ChannelAddress.MOST_PORT + " in the address: " + text);
        }
        CleanPath.check(address);
        return address;
    }

    /**
     * Posts the body as it is; 2xx within 10 s is done.
     *
     * @param url absolute, {@code http} or {@code https}
     * @param secret name of the signing key in the secret store; empty: not signed
     * @param token name of a bearer token in the secret store; empty: none
     * @throws Refused for an answer of 400 to 499
     * @throws Unavailable for any other answer, and for none in time
     */
    public void post(
            Exchange exchange,
            @ExchangeProperty("url") String url,
            @ExchangeProperty("secret") String secret,
            @ExchangeProperty("token") String token) {
        String body = Bodies.text(exchange);
        String delivery = delivery(exchange, url);
        Map<String, String> headers = new HashMap<>(Map.of(
                "Content-Type",
                exchange.getMessage().getHeader(Exchange.CONTENT_TYPE, "application/json", String.class),
                "X-Sandglass-Delivery",
                delivery));
        if (!secret.isEmpty()) {
            headers.put("X-Sandglass-Signature", Signature.of(body.getBytes(UTF_8), key(secret)));
        }
        if (!token.isEmpty()) {
            headers.put("Authorization", "Bearer " + dapr.secret(granted.secret(token)));
        }
        URI address = address(url);
        long since = System.nanoTime();
        try {
            int status = dapr.post(address, body, headers, LIMIT);
            log(exchange, delivery, address, Integer.toString(status), since);
            if (status >= 400 && status < 500) {
                throw new Refused(status, address.getRawAuthority());
            }
            if (status < 200 || status >= 300) {
                throw new Unavailable(address.getRawAuthority() + " (status " + status + ")", null);
            }
        } catch (Unavailable e) {
            if (e.getCause() != null) {
                log(exchange, delivery, address, "no answer", since);
            }
            throw e;
        }
    }

    /**
     * Lets a foreign server's post in. The property {@code delivery} is what the sender calls it; where it does not, the same body is
     * the same delivery.
     *
     * @param header that carries the signature
     * @param secret name of the signing key in the secret store
     * @throws Problem 401 where the signature is not that of the body
     */
    public void verify(
            Exchange exchange, @ExchangeProperty("header") String header, @ExchangeProperty("secret") String secret) {
        byte[] body = exchange.getMessage().getBody(byte[].class);
        byte[] bytes = body == null ? new byte[0] : body;
        if (!Signature.fits(exchange.getMessage().getHeader(header, String.class), bytes, key(secret))) {
            throw new Problem(401, "The signature in " + header + " is not that of the body");
        }
        exchange.setProperty(SIGNED, true);
        exchange.getMessage().setBody(new String(bytes, UTF_8));
        if (exchange.getProperty("delivery") == null) {
            exchange.setProperty("delivery", UUID.nameUUIDFromBytes(bytes).toString());
        }
    }

    private String key(String secret) {
        Key key = keys.get(granted.secret(secret));
        if (key == null || System.nanoTime() - key.readAt > REMEMBERED.toNanos()) {
            key = new Key(dapr.secret(secret), System.nanoTime());
            keys.put(secret, key);
        }
        return key.value;
    }

    /** The answer to a post that was not taken, or whose route failed: the sender should try again, unless it is not let in. */
    public void refuse(Exchange exchange, @ExchangeProperty("hook") String hook) {
        Exception why = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        long now = clock.getAsLong();
        long posts = exchange.getProperty(SIGNED) == null
                ? unsigned.computeIfAbsent(hook, first -> new Unsigned(now)).more(now)
                : 1;
        if (posts > 0 && LogShare.mayWrite(exchange)) {
            String delivery = exchange.getProperty("delivery", "-", String.class);
            LOG.warnf(
                    "/hooks/in/%s %s%s: %s",
                    hook,
                    NOT_PLAIN
                            .matcher(delivery.substring(0, Math.min(delivery.length(), LONGEST_NAME)))
                            .replaceAll("?"),
                    posts == 1 ? "" : " and " + (posts - 1) + " more",
                    OneLine.of(why.getMessage()));
        }
        ProblemDocuments.answer(
                exchange, why instanceof Problem problem ? problem : new Problem(503, "It was not done; try again"));
    }

    /** The same for every try of an event, another for every event, address, and place in the integrators' routes. */
    private String delivery(Exchange exchange, String url) {
        String event = requireNonNullElse(EventName.of(exchange.getMessage()), exchange.getExchangeId());
        String names = String.join("\n", service, event, url, PlaceInRoutes.of(exchange));
        return UUID.nameUUIDFromBytes(names.getBytes(UTF_8)).toString();
    }

    /** Without path and query: they may be what keeps others from posting there. */
    private static void log(Exchange exchange, String delivery, URI url, String outcome, long since) {
        if (LogShare.mayWrite(exchange)) {
            LOG.infof(
                    "%s of event %s to %s: %s in %d ms",
                    delivery,
                    OneLine.of(exchange.getMessage().getHeader("ce-id", "-", String.class)),
                    OneLine.of(url.getAuthority()),
                    outcome,
                    Duration.ofNanos(System.nanoTime() - since).toMillis());
        }
    }
}
