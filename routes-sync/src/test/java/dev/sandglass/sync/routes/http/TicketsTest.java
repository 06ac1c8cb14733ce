package dev.sandglass.sync.routes.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sandglass.support.HmacKeys;
import dev.sandglass.support.Problem;
import dev.sandglass.support.Secrets;
import dev.sandglass.support.SidecarUp;
import java.util.List;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.Test;

/** Tickets while their key is exchanged (docs/operations.md). */
class TicketsTest {
    private static final String OLD = "b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQtb2xkLW9sZC0";
    private static final String NEW = "bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldy0";

    @Test
    void bothKeysOpenTheDoorMeanwhile() {
        for (String order : List.of(OLD + "," + NEW, NEW + "," + OLD)) {
            Tickets door = door(order);
            assertEquals("alice", door.read(ticket(OLD)).user());
            assertEquals("alice", door.read(ticket(NEW)).user());
        }
    }

    @Test
    void aKeyThatIsGoneOpensNothing() {
        String old = ticket(OLD);
        assertEquals(401, assertThrows(Problem.class, () -> door(NEW).read(old)).status());
    }

    private static Tickets door(String keys) {
        Secrets secrets = new Secrets();
        secrets.learn("ticket-key", keys);
        Tickets tickets = new Tickets(secrets);
        tickets.learn(new SidecarUp());
        return tickets;
    }

    private static String ticket(String key) {
        JwtClaims claims = new JwtClaims();
        claims.setSubject("alice");
        claims.setAudience("live");
        claims.setGeneratedJwtId();
        claims.setExpirationTimeMinutesInTheFuture(1);
        return new HmacKeys(List.of(key)).sign(claims);
    }
}
