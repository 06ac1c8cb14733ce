package dev.sandglass.task.routes.identity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.task.domain.Answer;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** {@code GET /api/config} */
@Singleton
@Named("signInConfig")
public class SignInConfig {
    private final Tokens tokens;
    private final Optional<String> issuer;
    private final Optional<String> client;
    private final List<String> scopes;

    SignInConfig(
            Tokens tokens,
            @ConfigProperty(name = "sandglass.identity.issuer") Optional<String> issuer,
            @ConfigProperty(name = "sandglass.identity.client-id") Optional<String> client,
            @ConfigProperty(name = "sandglass.identity.scopes") List<String> scopes) {
        this.tokens = tokens;
        this.issuer = issuer;
        this.client = client;
        this.scopes = scopes;
    }

    /** {@code {"issuer","clientId","scopes","demo"}}: where demo is true, anybody may sign in as anybody. */
    public Answer tell() {
        ObjectNode config = Json.object().put("issuer", issuer.orElse(null)).put("clientId", client.orElse(null));
        config.set("scopes", Json.tree(scopes));
        return Answer.ok(config.put("demo", tokens.local()));
    }
}
