package dev.sandglass.task.domain;

import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The webhooks of a user, in their order, under {@code webhooks/<user>}.
 *
 * @param v schema version of the stored value
 */
public record SavedWebhooks(int v, List<Webhook> webhooks) {
    private static final int MOST = 20;

    public SavedWebhooks {
        webhooks = List.copyOf(webhooks);
    }

    static SavedWebhooks of(Stored stored) {
        return stored.absent() ? new SavedWebhooks(1, List.of()) : stored.as(SavedWebhooks.class);
    }

    static SavedWebhooks of(Documents documents, String user) {
        return of(documents.get(Keys.webhooks(user)));
    }

    Optional<Webhook> find(String id) {
        return webhooks.stream().filter(one -> one.id().equals(id)).findFirst();
    }

    /**
     * With this one, in the place of the one with its id, or else last.
     *
     * @throws Rejection INVALID where they become too many
     */
    SavedWebhooks with(Webhook one) {
        List<Webhook> more = new ArrayList<>(webhooks);
        find(one.id()).ifPresentOrElse(before -> more.set(more.indexOf(before), one), () -> more.add(one));
        if (more.size() > MOST) {
            throw new Rejection(Reason.INVALID, "You have " + MOST + " webhooks; delete one before you make another");
        }
        return new SavedWebhooks(v, more);
    }

    SavedWebhooks without(Webhook one) {
        return new SavedWebhooks(
                v, webhooks.stream().filter(other -> !other.equals(one)).toList());
    }
}
