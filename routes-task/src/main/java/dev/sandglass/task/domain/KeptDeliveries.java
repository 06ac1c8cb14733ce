package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.EventQueue.Tried;
import java.util.ArrayList;
import java.util.List;

/**
 * The outcome of the last changes that a webhook was to get, in their order, under {@code webhook/<id>/deliveries}.
 *
 * @param v schema version of the stored value
 */
public record KeptDeliveries(int v, List<Tried> deliveries) {
    private static final int MOST = 50;

    public KeptDeliveries {
        deliveries = List.copyOf(deliveries);
    }

    static KeptDeliveries of(Documents documents, String webhook) {
        Stored stored = documents.get(Keys.deliveries(webhook));
        return stored.absent() ? new KeptDeliveries(1, List.of()) : stored.as(KeptDeliveries.class);
    }

    /** With these, each in the place of what was known of the change before. */
    KeptDeliveries with(List<Tried> tried) {
        List<Tried> all = new ArrayList<>(deliveries);
        for (Tried one : tried) {
            int place = 0;
            while (place < all.size() && all.get(place).n() < one.n()) {
                place++;
            }
            if (place < all.size() && all.get(place).n() == one.n()) {
                all.set(place, one);
            } else {
                all.add(place, one);
            }
        }
        return new KeptDeliveries(v, all.subList(Math.max(0, all.size() - MOST), all.size()));
    }

    int tries(long n) {
        return deliveries.stream()
                .filter(one -> one.n() == n)
                .mapToInt(Tried::tries)
                .sum();
    }

    /** How many were set aside since the last one was taken. */
    long lost() {
        long lost = 0;
        for (Tried one : deliveries) {
            lost = one.reason() == null ? 0 : one.next() == null ? lost + 1 : lost;
        }
        return lost;
    }

    /** The newest first. */
    ArrayNode shown(Webhook webhook) {
        ArrayNode shown = Json.array();
        for (int i = deliveries.size() - 1; i >= 0; i--) {
            shown.add(shown(webhook, deliveries.get(i)));
        }
        return shown;
    }

    private static ObjectNode shown(Webhook webhook, Tried one) {
        String status = one.reason() == null ? "delivered" : one.next() == null ? "failed" : "waiting";
        return Json.object()
                .put("id", WebhookPost.named(webhook.id(), one.n()))
                .put("event", webhook.list() + "/" + one.n())
                .put("type", one.type())
                .put("status", status)
                .put("at", one.at().toString())
                .put("tries", one.tries())
                .put("reason", one.reason())
                .put("next", one.next() == null ? null : one.next().toString());
    }
}
