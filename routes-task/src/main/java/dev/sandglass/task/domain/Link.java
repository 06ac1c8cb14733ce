package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Documents;
import java.time.Instant;
import java.util.Optional;

/**
 * A private address at which a list can be read, as the ledger keeps it under {@code link/<hash>}. The address itself is kept nowhere.
 *
 * @param v schema version of the stored value
 * @param hash SHA-256 of the secret in the address
 * @param user who made it: it leads nowhere once the list is theirs no more
 */
public record Link(int v, String hash, String list, String user, Instant createdAt) {
    static Optional<Link> of(Documents documents, String hash) {
        Stored stored = documents.get(Keys.link(hash));
        return stored.absent() ? Optional.empty() : Optional.of(stored.as(Link.class));
    }

    String id() {
        return Grant.id(hash);
    }

    /** As members of the list see it. */
    ObjectNode shown() {
        return Json.object().put("id", id()).put("user", user).put("createdAt", createdAt.toString());
    }
}
