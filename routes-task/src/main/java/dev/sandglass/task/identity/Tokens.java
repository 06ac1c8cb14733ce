package dev.sandglass.task.identity;

import dev.sandglass.support.Dapr;
import dev.sandglass.support.HmacKeys;
import dev.sandglass.support.Problem;
import dev.sandglass.support.Secrets;
import dev.sandglass.support.SidecarUp;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.security.Key;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;
import org.jspecify.annotations.Nullable;

/**
 * The tokens people sign in with (JWT, RFC 7519): in the local profile our own, signed with a secret; else those of the configured
 * issuer, whose keys are fetched through the sidecar.
 */
@Singleton
@Named("tokens")
public class Tokens {
    private static final String LOCAL_ISSUER = "sandglass-local";
    private static final int LOCAL_MINUTES = 24 * 60;
    private static final int LEEWAY_SECONDS = 30;
    static final int TICKET_MINUTES = 1;

    private final Dapr dapr;
    private final Secrets secrets;
    private final boolean local;
    private final Optional<String> issuer;
    private final Optional<String> audience;
    private final String keysApp;
    private final String keysPath;
    private final String userClaim;
    private final String rolesClaim;
    private @Nullable JwtConsumer consumer;

    Tokens(
            Dapr dapr,
            Secrets secrets,
            @ConfigProperty(name = "sandglass.profile") Optional<String> profile,
            @ConfigProperty(name = "sandglass.identity.issuer") Optional<String> issuer,
            @ConfigProperty(name = "sandglass.identity.audience") Optional<String> audience,
            @ConfigProperty(name = "sandglass.identity.keys-app") String keysApp,
            @ConfigProperty(name = "sandglass.identity.keys-path") String keysPath,
            @ConfigProperty(name = "sandglass.identity.user-claim") String userClaim,
            @ConfigProperty(name = "sandglass.identity.roles-claim") String rolesClaim) {
        this.dapr = dapr;
        this.secrets = secrets;
        this.local = profile.filter("local"::equals).isPresent();
        this.issuer = issuer;
        this.audience = audience;
        this.keysApp = keysApp;
        this.keysPath = keysPath;
        this.userClaim = userClaim;
        this.rolesClaim = rolesClaim;
    }

    /** Whose a token is. */
    public record Bearer(String user, Set<String> roles, Instant until) {}

    void refuseNoIssuer(@Observes StartupEvent start) {
        if (!local && issuer.isEmpty()) {
            throw new IllegalStateException(
                    "sandglass.identity.issuer is not set: outside the local profile somebody must say who"
                            + " is who. Set it to the issuer of your tokens, or sandglass.profile=local for trying things out.");
        }
    }

    void prepare(@Observes SidecarUp sidecar) {
        JwtConsumerBuilder builder = new JwtConsumerBuilder()
                .setRequireExpirationTime()
                .setAllowedClockSkewInSeconds(LEEWAY_SECONDS)
                .setExpectedIssuer(issuer.orElse(LOCAL_ISSUER));
        if (audience.isPresent()) {
            builder.setExpectedAudience(audience.get());
        } else {
            builder.setSkipDefaultAudienceValidation();
        }
        consumer = local
                ? builder.setVerificationKeyResolver(keys("token-key").accepted())
                        .setJwsAlgorithmConstraints(ConstraintType.PERMIT, AlgorithmIdentifiers.HMAC_SHA256)
                        .build()
                : builder.setVerificationKeyResolver(new IssuerKeys())
                        .setJwsAlgorithmConstraints(
                                ConstraintType.PERMIT,
                                AlgorithmIdentifiers.RSA_USING_SHA256,
                                AlgorithmIdentifiers.RSA_USING_SHA512,
                                AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256)
                        .build();
    }

    /** Without it no ticket can be given, so the service waits for it too. */
    void learnTicketKey(@Observes SidecarUp sidecar) {
        secrets.all("ticket-key");
    }

    public boolean local() {
        return local;
    }

    /** @throws Problem 401 for anything that is not a token of a user, in force now */
    public Bearer verify(String token) {
        try {
            JwtClaims claims = Objects.requireNonNull(consumer).processToClaims(token);
            String user = claims.getStringClaimValue(userClaim);
            if (user == null || user.isBlank()) {
                throw new Problem(401, "The token names no user");
            }
            List<String> roles = claims.hasClaim(rolesClaim) ? claims.getStringListClaimValue(rolesClaim) : List.of();
            return new Bearer(
                    user,
                    new TreeSet<>(roles),
                    Instant.ofEpochSecond(claims.getExpirationTime().getValue()));
        } catch (InvalidJwtException | MalformedClaimException e) {
            throw new Problem(401, "The token is not valid, or no longer");
        }
    }

    /** A token of the local profile, good for 24 hours. */
    public String issue(String user, List<String> roles) {
        JwtClaims claims = claims(LOCAL_MINUTES);
        claims.setIssuer(LOCAL_ISSUER);
        claims.setClaim(userClaim, user);
        if (!roles.isEmpty()) {
            claims.setStringListClaim(rolesClaim, roles);
        }
        return sign(claims, "token-key");
    }

    /**
     * A ticket for the live feed, good for a minute and one connection.
     *
     * @param until when the token runs out by which the user asks, and with it the connection
     */
    public String ticket(String user, String id, @Nullable Instant until) {
        JwtClaims claims = claims(TICKET_MINUTES);
        claims.setSubject(user);
        claims.setAudience("live");
        claims.setJwtId(id);
        if (until != null) {
            claims.setClaim("token-exp", until.getEpochSecond());
        }
        return sign(claims, "ticket-key");
    }

    private static JwtClaims claims(int minutes) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuedAtToNow();
        claims.setExpirationTimeMinutesInTheFuture(minutes);
        return claims;
    }

    private String sign(JwtClaims claims, String secret) {
        try {
            JsonWebSignature signature = new JsonWebSignature();
            signature.setPayload(claims.toJson());
            signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
            signature.setKey(keys(secret).signing());
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("the secret " + secret + " cannot sign", e);
        }
    }

    private HmacKeys keys(String secret) {
        return new HmacKeys(secrets.all(secret));
    }

    /** The issuer's public keys, fetched again when a token names one that is not known. */
    private final class IssuerKeys implements VerificationKeyResolver {
        private volatile JwksVerificationKeyResolver known = new JwksVerificationKeyResolver(List.of());

        @Override
        public Key resolveKey(JsonWebSignature signature, List<JsonWebStructure> nesting)
                throws UnresolvableKeyException {
            try {
                return known.resolveKey(signature, nesting);
            } catch (UnresolvableKeyException e) {
                known = fetch();
                return known.resolveKey(signature, nesting);
            }
        }

        private JwksVerificationKeyResolver fetch() throws UnresolvableKeyException {
            try {
                String keys = dapr.invoke(keysApp, "GET", keysPath, null).toString();
                return new JwksVerificationKeyResolver(new JsonWebKeySet(keys).getJsonWebKeys());
            } catch (JoseException e) {
                throw new UnresolvableKeyException("the issuer's keys cannot be read", e);
            }
        }
    }
}
