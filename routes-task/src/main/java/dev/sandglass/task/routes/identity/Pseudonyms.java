package dev.sandglass.task.routes.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sandglass.support.HmacKeys;
import dev.sandglass.support.Secrets;
import dev.sandglass.support.SidecarUp;
import io.opentelemetry.api.trace.Span;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.HexFormat;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.MDC;
import org.jose4j.keys.HmacKey;
import org.jspecify.annotations.Nullable;

/**
 * Marks the requests of one user in logs and traces without the name: with a hash of it, by a key that only the secret store has. It
 * does nothing where logs are text and no traces are made.
 */
@Singleton
class Pseudonyms {
    /** Enough to tell users apart. */
    private static final int BYTES = 8;

    private final Secrets secrets;
    private final boolean wanted;
    private @Nullable HmacKey key;

    Pseudonyms(
            Secrets secrets,
            @ConfigProperty(name = "quarkus.log.console.json.enabled") boolean logs,
            @ConfigProperty(name = "quarkus.otel.sdk.disabled") boolean noTraces) {
        this.secrets = secrets;
        this.wanted = logs || !noTraces;
    }

    void learn(@Observes SidecarUp sidecar) {
        if (wanted) {
            key = new HmacKeys(secrets.all("log-key")).signing();
        }
    }

    /** Marks all later logs and traces of this request with this user's pseudonym. */
    void note(String user) {
        if (key != null) {
            String pseudonym = of(user, key);
            MDC.put("user", pseudonym);
            Span.current().setAttribute("enduser.pseudo.id", pseudonym);
        }
    }

    /** 16 hexadecimal digits; the same for a user as long as the key is. */
    static String of(String user, HmacKey key) {
        return HexFormat.of().formatHex(HmacKeys.mac(key, user.getBytes(UTF_8)), 0, BYTES);
    }
}
