package dev.sandglass.task.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.ChannelAddress;
import java.net.URI;
import java.time.Instant;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * An address to which changes of a list are posted.
 *
 * @param id {@code <list>.<letters>}
 * @param types of the changes that it gets
 * @param secret that signs what is posted
 * @param stopped why it gets nothing now; null: it does
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Webhook(
        String id,
        String list,
        String url,
        SortedSet<String> types,
        String secret,
        Instant createdAt,
        @Nullable String stopped) {
    public Webhook {
        types = Grant.sorted(types);
    }

    static String list(String id) {
        return id.substring(0, id.lastIndexOf('.'));
    }

    ChannelAddress address() {
        return new ChannelAddress(ChannelAddress.WEBHOOK, url);
    }

    Webhook stopped(@Nullable String why) {
        return new Webhook(id, list, url, types, secret, createdAt, why);
    }

    /** As its maker sees it, without the secret. */
    ObjectNode shown() {
        ObjectNode shown = Json.object().put("id", id).put("list", list).put("url", url);
        shown.set("types", Json.tree(types));
        return shown.put("active", stopped == null).put("reason", stopped).put("createdAt", createdAt.toString());
    }

    /** As all members are told of it: the rest of the URL may be what keeps others from posting there. */
    ObjectNode told() {
        return Json.object()
                .put("host", URI.create(url).getHost())
                .put("active", stopped == null)
                .set("types", Json.tree(types));
    }
}
