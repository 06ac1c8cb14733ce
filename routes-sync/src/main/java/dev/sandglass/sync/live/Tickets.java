package dev.sandglass.sync.live;

import dev.sandglass.support.Dapr;
import dev.sandglass.support.HmacKeys;
import dev.sandglass.support.Problem;
import dev.sandglass.support.Secrets;
import dev.sandglass.support.SidecarUp;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.Unavailable;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.UUID;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jspecify.annotations.Nullable;

/** The tickets that <em>task</em> gives its users for a connection each: signed with a key both services share. */
@Singleton
class Tickets {
    /** A ticket is good for a minute; so long a used one is remembered. */
    private static final Duration REMEMBERED = Duration.ofSeconds(120);

    private final Secrets secrets;
    private final Dapr dapr;
    private volatile @Nullable JwtConsumer reader;

    Tickets(Secrets secrets, Dapr dapr) {
        this.secrets = secrets;
        this.dapr = dapr;
    }

    void learn(@Observes SidecarUp sidecar) {
        reader = new JwtConsumerBuilder()
                .setJwsAlgorithmConstraints(ConstraintType.PERMIT, AlgorithmIdentifiers.HMAC_SHA256)
                .setVerificationKeyResolver(new HmacKeys(secrets.all("ticket-key")).accepted())
                .setExpectedAudience("live")
                .setRequireExpirationTime()
                .setRequireSubject()
                .setRequireJwtId()
                .build();
    }

    /** @throws Problem 401 for what is not a ticket, or no longer */
    Ticket read(@Nullable String text) {
        JwtConsumer tickets = reader;
        if (text == null || text.isEmpty() || tickets == null) {
            throw new Problem(401, "A connection needs a ticket: POST /api/live/ticket");
        }
        try {
            JwtClaims claims = tickets.processToClaims(text);
            return new Ticket(claims.getSubject(), claims.getJwtId());
        } catch (InvalidJwtException | MalformedClaimException e) {
            throw new Problem(401, "The ticket is not good, or no longer: get another");
        }
    }

    /**
     * Uses a ticket up. Blocks.
     *
     * @throws Problem 401 when it was used before
     * @throws Unavailable when the state store does not say so in time
     */
    void use(Ticket ticket) {
        String key = "ticket/" + ticket.id();
        String ours = UUID.randomUUID().toString();
        try {
            dapr.commit(new Transaction().create(key, ours, REMEMBERED));
        } catch (Unavailable e) {
            // Used before, or not answered: what stands there tells.
            Stored used = dapr.read(key);
            if (used.absent()) {
                throw e;
            }
            if (!ours.equals(used.as(String.class))) {
                throw new Problem(401, "The ticket has been used: get another");
            }
        }
    }
}
