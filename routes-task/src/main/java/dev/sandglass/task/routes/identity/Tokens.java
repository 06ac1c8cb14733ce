package dev.sandglass.task.routes.identity;

import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.sandglass.support.HmacKeys;
import dev.sandglass.support.Problem;
import dev.sandglass.support.Secrets;
import dev.sandglass.support.SidecarUp;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.task.domain.Grant;
import dev.sandglass.task.domain.Ids;
import dev.sandglass.task.domain.Request;
import dev.sandglass.task.domain.UserName;
import dev.sandglass.task.memory.IssuerKeys;
import dev.sandglass.task.memory.PersonalTokens;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Future;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.UnresolvableKeyException;
import org.jspecify.annotations.Nullable;

/**
 * The tokens people sign in with (JWT, RFC 7519): in the local profile our own, signed with a secret; else those of the configured
 * issuer ({@link IssuerKeys}). Beside them the personal ones that users make for their programs ({@link PersonalTokens}).
 */
@Singleton
@Named("tokens")
public class Tokens {
    private static final String LOCAL_ISSUER = "sandglass-local";
    private static final int LOCAL_MINUTES = 24 * 60;
    private static final int LEEWAY_SECONDS = 30;
    static final int TICKET_MINUTES = 1;
    private static final String NOT_VALID = "The token is not valid, or no longer; sign in again";

    private final Secrets secrets;
    private final boolean local;
    private final Optional<String> issuer;
    private final Optional<String> audience;
    private final String userClaim;
    private final String rolesClaim;
    private final IssuerKeys issuerKeys;
    private final PersonalTokens personal;
    private @Nullable JwtConsumer consumer;

    Tokens(
            Secrets secrets,
            IssuerKeys issuerKeys,
            PersonalTokens personal,
            @ConfigProperty(name = "sandglass.profile") Optional<String> profile,
            @ConfigProperty(name = "sandglass.identity.issuer") Optional<String> issuer,
            @ConfigProperty(name = "sandglass.identity.audience") Optional<String> audience,
            @ConfigProperty(name = "sandglass.identity.user-claim") String userClaim,
            @ConfigProperty(name = "sandglass.identity.roles-claim") String rolesClaim) {
        this.secrets = secrets;
        this.issuerKeys = issuerKeys;
        this.personal = personal;
        this.local = profile.filter("local"::equals).isPresent();
        this.issuer = issuer;
        this.audience = audience;
        this.userClaim = userClaim;
        this.rolesClaim = rolesClaim;
    }

    /**
     * The user, the roles and the end of a token.
     *
     * @param grant what it is good for, where it is a personal one
     */
    public record Bearer(
            String user,
            Set<String> roles,
            Instant until,
            @Nullable Grant grant) {}

    void refuseNoIssuer(@Observes StartupEvent start) {
        if (!local && issuer.isEmpty()) {
            throw new IllegalStateException(
                    "sandglass.identity.issuer is not set: outside the local profile somebody must say who"
                            + " is who. Set it to the issuer of your tokens, or sandglass.profile=local for trying things out.");
        }
    }

    void prepare(@Observes SidecarUp sidecar) {
        JwtConsumerBuilder builder = local
                ? keys("token-key").reader()
                : new JwtConsumerBuilder()
                        .setVerificationKeyResolver(issuerKeys)
                        .setJwsAlgorithmConstraints(
                                ConstraintType.PERMIT,
                                AlgorithmIdentifiers.RSA_USING_SHA256,
                                AlgorithmIdentifiers.RSA_USING_SHA512,
                                AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256)
                        .setRequireExpirationTime();
        builder.setAllowedClockSkewInSeconds(LEEWAY_SECONDS).setExpectedIssuer(issuer.orElse(LOCAL_ISSUER));
        audience.ifPresentOrElse(builder::setExpectedAudience, builder::setSkipDefaultAudienceValidation);
        consumer = builder.build();
    }

    public boolean local() {
        return local;
    }

    /**
     * Verifies a token of any kind. It does not wait: where it must be looked up, or the issuer's keys fetched, the answer comes later.
     *
     * @param from the address of who shows it
     * @return fails with a {@link Problem} 401 for a text that is no valid token of a user, with a {@link Rejection} where too many are
     *     shown that nobody knows, and with {@link Unavailable} where the issuer, or the state store, is away and so the answer is unknown
     */
    public Future<Bearer> verify(String token, String from) {
        return token.startsWith(Ids.TOKEN)
                ? Future.fromCompletionStage(personal.find(token)).map(grant -> bearer(grant, from))
                : signed(token);
    }

    private Bearer bearer(Optional<Grant> found, String from) {
        return found.filter(grant -> personal.use(grant, from))
                .map(grant -> new Bearer(grant.user(), Set.of(), grant.expires(), grant))
                .orElseThrow(() -> new Problem(401, NOT_VALID));
    }

    private Future<Bearer> signed(String token) {
        try {
            return Future.succeededFuture(read(token));
        } catch (UnknownKey e) {
            return Future.fromCompletionStage(issuerKeys.fetched()).map(fetched -> read(token));
        } catch (Problem e) {
            return Future.failedFuture(e);
        }
    }

    /** @throws UnknownKey where the keys at hand do not have the token's */
    private Bearer read(String token) {
        try {
            JwtClaims claims = Objects.requireNonNull(consumer).processToClaims(token);
            String user = claims.getStringClaimValue(userClaim);
            if (user == null || !UserName.fits(user)) {
                throw new Problem(401, "The token does not name a user: " + userClaim + " " + UserName.RULE);
            }
            return new Bearer(
                    user,
                    roles(claims.getClaimValue(rolesClaim)),
                    Instant.ofEpochSecond(claims.getExpirationTime().getValue()),
                    null);
        } catch (InvalidJwtException | MalformedClaimException e) {
            if (e.getCause() instanceof UnresolvableKeyException && !local) {
                throw new UnknownKey();
            }
            throw new Problem(401, NOT_VALID);
        }
    }

    /** The texts of a list, or one text alone; other values are no roles. */
    private static Set<String> roles(@Nullable Object claim) {
        Collection<?> given = claim instanceof Collection<?> many ? many : claim == null ? List.of() : List.of(claim);
        return given.stream()
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .collect(toUnmodifiableSet());
    }

    /** A token of the local profile, good for 24 hours. */
    public String issue(String user, List<String> roles) {
        JwtClaims claims = claims(LOCAL_MINUTES);
        claims.setIssuer(LOCAL_ISSUER);
        claims.setClaim(userClaim, user);
        if (!roles.isEmpty()) {
            claims.setStringListClaim(rolesClaim, roles);
        }
        return keys("token-key").sign(claims);
    }

    /**
     * A ticket for the live feed, good for a minute and one connection.
     *
     * The connection ends with the token by which the user asks, and shows no other lists than that: <em>sync</em> asks for them, since
     * a hundred are too many for an address.
     */
    String ticket(Request request, String id) {
        JwtClaims claims = claims(TICKET_MINUTES);
        claims.setSubject(request.user());
        // A sync that does not know how a token is limited must not take it.
        Grant grant = request.grant();
        claims.setAudience(grant == null ? "live" : grant.lists() == null ? "live-personal" : "live-lists");
        claims.setJwtId(id);
        if (request.until() != null) {
            claims.setClaim("token-exp", request.until().getEpochSecond());
        }
        if (grant != null) {
            claims.setStringClaim("token", grant.hash());
        }
        return keys("ticket-key").sign(claims);
    }

    private static JwtClaims claims(int minutes) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuedAtToNow();
        claims.setExpirationTimeMinutesInTheFuture(minutes);
        return claims;
    }

    private HmacKeys keys(String secret) {
        return new HmacKeys(secrets.all(secret));
    }

    /** The token names a key that is not at hand. */
    private static final class UnknownKey extends Problem {
        private static final long serialVersionUID = 1L;

        UnknownKey() {
            super(401, NOT_VALID);
        }
    }
}
