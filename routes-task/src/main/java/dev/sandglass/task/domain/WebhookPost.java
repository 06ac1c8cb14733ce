package dev.sandglass.task.domain;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.ChannelAddress;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Signature;
import java.util.Optional;
import java.util.Set;

/**
 * A change on its way to a webhook.
 *
 * @param id the same for every try
 * @param content the CloudEvent
 * @param signature of the content
 */
public record WebhookPost(ChannelAddress address, String id, String content, String signature) {
    static String named(String webhook, long seq) {
        return webhook + "." + seq;
    }

    /**
     * The post to be made, by what holds now.
     *
     * @param event the CloudEvent of a change of the webhook's list
     * @param together what it looks at, as far as that is known: read at once
     * @return a decision that answers null where the webhook, or its owner's list, is gone, or it does not get such a change
     */
    @SuppressWarnings("NullAway")
    public static Decision<WebhookPost> of(String webhook, JsonNode event, Set<String> together) {
        return documents -> {
            documents.all(together);
            Optional<Webhook> wanted = Head.of(documents, Webhook.list(webhook))
                    .filter(head -> !head.deleted())
                    .flatMap(head -> SavedWebhooks.of(documents, head.owner()).find(webhook))
                    .filter(one -> one.types().contains(event.path("type").asText()));
            return Accepted.unchanged(
                    wanted.map(one -> of(one, event.at("/data/seq").asLong(), event.toString()))
                            .orElse(null));
        };
    }

    private static WebhookPost of(Webhook webhook, long seq, String content) {
        return new WebhookPost(
                webhook.address(),
                named(webhook.id(), seq),
                content,
                Signature.of(content.getBytes(UTF_8), webhook.secret()));
    }
}
