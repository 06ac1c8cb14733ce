package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.EventQueue;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The changes that wait for a webhook. They lie in the ledger anyway: a change and that it must be posted are one and the same write, and
 * what is kept beside it is how far the webhook is.
 *
 * @param name the webhook's id
 * @param user whose it is
 */
public record WebhookQueue(String name, String user, int tries) implements EventQueue {
    /** So many set aside, one after the other, are the webhook's own fault. */
    private static final int MOST_LOST = 10;

    @Override
    public String cursor() {
        return Keys.webhookCursor(name);
    }

    @Override
    public Set<String> keys() {
        return Set.of(Keys.head(Webhook.list(name)), Keys.webhooks(user));
    }

    @Override
    public OptionalLong next(Documents documents) {
        return Head.of(documents, Webhook.list(name))
                .filter(head -> !head.deleted() && head.owner().equals(user))
                .filter(head -> SavedWebhooks.of(documents, user)
                        .find(name)
                        .filter(webhook -> webhook.stopped() == null)
                        .isPresent())
                .map(head -> OptionalLong.of(head.seq() + 1))
                .orElseGet(OptionalLong::empty);
    }

    @Override
    public String event(long n) {
        return Keys.change(Webhook.list(name), n);
    }

    @Override
    public String text(Stored event) {
        return Json.text(
                Json.read(event.as(StoredChange.class).data(), Change.class).asEvent());
    }

    @Override
    public boolean isInOrder() {
        return true;
    }

    @Override
    public String to() {
        return "webhook";
    }

    @Override
    public String path() {
        return "webhooks/" + name;
    }

    @Override
    public Set<String> kept() {
        return Set.of(Keys.deliveries(name), Keys.webhooks(user));
    }

    /** A webhook that takes nothing any more is stopped: its owner sees why, and what waits stays in the ledger meanwhile. */
    @Override
    public void write(Transaction transaction, Documents documents, List<Long> gone, List<Tried> tried) {
        if (tried.isEmpty()) {
            return;
        }
        KeptDeliveries kept = KeptDeliveries.of(documents, name).with(tried);
        transaction.replace(documents.get(Keys.deliveries(name)), kept);
        long lost = kept.lost();
        tried.stream()
                .filter(one -> one.reason() != null && one.next() == null)
                .filter(one -> lost >= MOST_LOST || lost > 0 && one.tries() >= tries)
                .findFirst()
                .ifPresent(one -> {
                    Stored stored = documents.get(Keys.webhooks(user));
                    SavedWebhooks all = SavedWebhooks.of(stored);
                    all.find(name)
                            .ifPresent(webhook -> transaction.replace(
                                    stored, all.with(webhook.stopped(Objects.requireNonNull(one.reason())))));
                });
    }

    /** Writes down that a dead letter was taken after all. */
    public static Decision<Boolean> taken(String webhook, JsonNode event, Instant at) {
        long seq = event.at("/data/seq").asLong();
        return documents -> {
            KeptDeliveries kept = KeptDeliveries.of(documents, webhook);
            Tried tried = new Tried(seq, event.path("type").asText(), at, kept.tries(seq) + 1, null, null);
            return new Accepted<>(
                    new Transaction().replace(documents.get(Keys.deliveries(webhook)), kept.with(List.of(tried))),
                    true);
        };
    }
}
