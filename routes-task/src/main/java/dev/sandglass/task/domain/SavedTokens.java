package dev.sandglass.task.domain;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The personal tokens of a user that are good, in their order, under {@code tokens/<user>}.
 *
 * @param v schema version of the stored value
 */
public record SavedTokens(int v, List<Saved> tokens) {
    private static final int MOST = 50;
    /** Addresses of which a token was used last. */
    public static final int MOST_ADDRESSES = 20;

    /** A use is not written more often: it costs a transaction. */
    private static final Duration SELDOM = Duration.ofHours(1);

    /**
     * @param usedAt when it was used last, up to an hour less than that; null: never
     * @param addresses from which it was used, the last one last
     */
    public record Saved(
            Grant grant,
            String name,
            Instant createdAt,
            @Nullable Instant usedAt,
            @JsonProperty("places") List<String> addresses) {
        public Saved {
            addresses = List.copyOf(addresses);
        }

        boolean knows(String address) {
            return addresses.contains(address);
        }

        boolean isUsedLately(Instant now) {
            return usedAt != null && now.isBefore(usedAt.plus(SELDOM));
        }

        Saved used(String from, Instant at) {
            List<String> latest = new ArrayList<>(addresses);
            latest.remove(from);
            latest.add(from);
            return new Saved(
                    grant,
                    name,
                    createdAt,
                    at,
                    latest.subList(Math.max(0, latest.size() - MOST_ADDRESSES), latest.size()));
        }

        private @Nullable String lastAddress() {
            return addresses.isEmpty() ? null : addresses.get(addresses.size() - 1);
        }

        /** As its user sees it. */
        ObjectNode shown() {
            ObjectNode shown = Json.object().put("id", grant.id()).put("name", name);
            shown.set("scopes", Json.tree(grant.scopes()));
            shown.set("lists", Json.tree(grant.lists()));
            return shown.put("createdAt", createdAt.toString())
                    .put("expires", grant.expires().toString())
                    .put("usedAt", usedAt == null ? null : usedAt.toString())
                    .put("usedFrom", lastAddress());
        }

        /** As the audit tells of it. */
        ObjectNode told() {
            return shown().without(List.of("id", "createdAt", "usedAt"));
        }
    }

    public SavedTokens {
        tokens = List.copyOf(tokens);
    }

    static SavedTokens of(Documents documents, String user, Instant now) {
        Stored stored = documents.get(Keys.tokens(user));
        return stored.absent()
                ? new SavedTokens(1, List.of())
                : new SavedTokens(
                        1,
                        stored.as(SavedTokens.class).tokens.stream()
                                .filter(token -> token.grant.expires().isAfter(now))
                                .toList());
    }

    Optional<Saved> find(String id) {
        return tokens.stream().filter(token -> token.grant.id().equals(id)).findFirst();
    }

    /**
     * With this one, in the place of the one with its id, or else last.
     *
     * @throws Rejection INVALID where they become too many
     */
    SavedTokens with(Saved one) {
        List<Saved> more = new ArrayList<>(tokens);
        find(one.grant.id()).ifPresentOrElse(before -> more.set(more.indexOf(before), one), () -> more.add(one));
        if (more.size() > MOST) {
            throw new Rejection(Reason.INVALID, "You have " + MOST + " tokens; withdraw one before you make another");
        }
        return new SavedTokens(v, more);
    }

    SavedTokens without(Saved one) {
        return new SavedTokens(
                v, tokens.stream().filter(token -> !token.equals(one)).toList());
    }
}
