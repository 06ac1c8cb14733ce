package dev.sandglass.sync.routes.http;

import dev.sandglass.support.HmacKeys;
import dev.sandglass.support.Problem;
import dev.sandglass.support.Secrets;
import dev.sandglass.support.SidecarUp;
import dev.sandglass.sync.domain.Ticket;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Set;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jspecify.annotations.Nullable;

/** The tickets that <em>task</em> gives its users, each for one connection. Both services share the key that signs them. */
@Singleton
class Tickets {
    /** The ticket does not name the lists it is for. */
    private static final String LIMITED = "live-lists";

    private final Secrets secrets;
    private volatile @Nullable JwtConsumer reader;

    Tickets(Secrets secrets) {
        this.secrets = secrets;
    }

    void learn(@Observes SidecarUp sidecar) {
        reader = new HmacKeys(secrets.all("ticket-key"))
                .reader()
                // A sync that does not know how a token is limited does not know its audience either.
                .setExpectedAudience("live", "live-personal", LIMITED)
                .setRequireSubject()
                .setRequireJwtId()
                .build();
    }

    /** @throws Problem 401 for a text that is no ticket, or a ticket that has ended */
    Ticket read(@Nullable String text) {
        JwtConsumer tickets = reader;
        if (text == null || text.isEmpty() || tickets == null) {
            throw new Problem(401, "A connection needs a ticket: POST /api/live/ticket");
        }
        try {
            JwtClaims claims = tickets.processToClaims(text);
            Long until = claims.getClaimValue("token-exp", Long.class);
            String token = claims.getStringClaimValue("token");
            return new Ticket(
                    claims.getSubject(),
                    claims.getJwtId(),
                    until == null ? Instant.MAX : Instant.ofEpochSecond(until),
                    token == null ? null : new Ticket.Personal(token, lists(claims)));
        } catch (InvalidJwtException | MalformedClaimException e) {
            throw new Problem(401, "The ticket is not good, or no longer: get another");
        }
    }

    private static @Nullable Set<String> lists(JwtClaims claims) throws MalformedClaimException {
        if (claims.getAudience().contains(LIMITED)) {
            return Set.of();
        }
        // A task of before this version names them.
        return claims.hasClaim("lists") ? Set.copyOf(claims.getStringListClaimValue("lists")) : null;
    }
}
