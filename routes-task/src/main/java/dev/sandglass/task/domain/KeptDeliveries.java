package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.EventQueue.Tried;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

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
        SortedMap<Long, Tried> all = new TreeMap<>();
        Stream.concat(deliveries.stream(), tried.stream()).forEach(one -> all.put(one.n(), one));
        return new KeptDeliveries(
                v, all.values().stream().skip(Math.max(0, all.size() - MOST)).toList());
    }

    int tries(long n) {
        return deliveries.stream()
                .filter(one -> one.n() == n)
                .mapToInt(Tried::tries)
                .sum();
    }

    /** How many were set aside since the last one was taken: what was never tried tells nothing of the webhook. */
    long lost() {
        long lost = 0;
        for (Tried one : deliveries) {
            lost = one.reason() == null ? 0 : one.next() == null && one.tries() > 0 ? lost + 1 : lost;
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
