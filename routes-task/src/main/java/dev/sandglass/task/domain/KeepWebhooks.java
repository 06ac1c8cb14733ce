package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.ChannelAddress;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.QueueCursor;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Webhooks of a list, for its owner; each is told to all members. */
public final class KeepWebhooks {
    static final String TOLD = "webhooks/";
    private static final String BY_OWNER = "you have stopped it";

    /** A list has none before it is created, and none once it is deleted. */
    private static final SortedSet<String> TYPES = Arrays.stream(ChangeType.values())
            .filter(type -> type != ChangeType.LIST_CREATED && type != ChangeType.LIST_DELETED)
            .map(ChangeType::toString)
            .collect(Collectors.toCollection(TreeSet::new));

    private KeepWebhooks() {}

    /**
     * A webhook to be made.
     *
     * @param id without its list
     */
    public record New(JsonNode wanted, String id, String secret) {
        /** @param wanted {@code {"url","list","types","secret"}}, held against its schema */
        public static New of(JsonNode wanted) {
            return new New(wanted, Ids.random(), wanted.path("secret").asText(Ids.secret()));
        }

        private String list() {
            return wanted.path("list").asText();
        }

        private String webhook() {
            return list() + "." + id;
        }
    }

    public static Decision<Answer> all(Request request) {
        return documents -> {
            ArrayNode webhooks = Json.array();
            SavedWebhooks.of(documents, request.user()).webhooks().stream()
                    .filter(webhook -> request.isFor(webhook.list()))
                    .forEach(webhook -> webhooks.add(webhook.shown()));
            return Accepted.unchanged(Answer.ok(Json.object().set("webhooks", webhooks)));
        };
    }

    /** @return a decision that refuses with NOT_FOUND */
    public static Decision<Answer> deliveries(Request request) {
        return documents -> {
            Webhook webhook = find(SavedWebhooks.of(documents, request.user()), request);
            return Accepted.unchanged(Answer.ok(Json.object()
                    .set(
                            "deliveries",
                            KeptDeliveries.of(documents, webhook.id()).shown(webhook))));
        };
    }

    /**
     * The answer is without the secret, so that it can be kept for the request to be repeated.
     *
     * @param bindings that the operator has set up
     * @param here true where this machine needs none
     * @throws Rejection INVALID for a list that is not there and a URL at no host of the operator's, and where there are too many; FORBIDDEN for
     *     members who are not the owner
     */
    public static Write<Answer> make(Request request, New made, Collection<String> bindings, boolean here) {
        String list = made.list();
        return write(request, Set.of(list), draft -> {
                    Access.owner(draft.head(list), request, Rejection.wrong("/list", "there is no such list"));
                    Webhook webhook = new Webhook(
                            made.webhook(),
                            list,
                            url(made.wanted, bindings, here),
                            types(made.wanted.path("types")),
                            made.secret,
                            request.at().truncatedTo(ChronoUnit.MILLIS),
                            null);
                    String owners = WebhookOwners.key(list);
                    draft.putOwn(
                            Keys.webhooks(request.user()),
                            SavedWebhooks.of(draft.read(), request.user()).with(webhook));
                    draft.putOwn(
                            owners, WebhookOwners.of(draft.read().get(owners)).with(webhook.id(), request.user()));
                    tell(draft, request, webhook, null, webhook.told());
                    long seq = draft.head(list).orElseThrow().seq();
                    draft.putOwn(Keys.webhookCursor(webhook.id()), new QueueCursor(1, seq + 1, List.of(), null, 0));
                    return new Answer(webhook.shown(), "webhooks/" + webhook.id(), null);
                })
                .lookingAt(WebhookOwners.key(list))
                .lookingAt(Keys.webhookCursor(made.webhook()));
    }

    /** The answer with the secret, where it was made now. */
    public static Answer withSecret(Answer made, New asked) {
        ObjectNode body = (ObjectNode) Objects.requireNonNull(made.body());
        boolean now = body.path("id").asText().equals(asked.webhook());
        return now ? new Answer(body.deepCopy().put("secret", asked.secret), made.made(), null) : made;
    }

    /**
     * A post that waits is tried at once.
     *
     * @param patch of {@code {"url","types","secret","active"}}, held against its schema
     * @throws Rejection NOT_FOUND, INVALID as for a new one
     */
    public static Write<Answer> change(Request request, JsonNode patch, Collection<String> bindings, boolean here) {
        return write(request, lists(request), draft -> {
                    SavedWebhooks all = SavedWebhooks.of(draft.read(), request.user());
                    Webhook before = find(all, request);
                    Webhook changed = new Webhook(
                            before.id(),
                            before.list(),
                            patch.has("url") ? url(patch, bindings, here) : before.url(),
                            patch.has("types") ? types(patch.path("types")) : before.types(),
                            patch.path("secret").asText(before.secret()),
                            before.createdAt(),
                            patch.has("active")
                                    ? patch.path("active").asBoolean(true) ? null : BY_OWNER
                                    : before.stopped());
                    draft.putOwn(Keys.webhooks(request.user()), all.with(changed));
                    String cursor = Keys.webhookCursor(before.id());
                    draft.putOwn(
                            cursor, QueueCursor.of(draft.read().get(cursor)).afresh());
                    if (!changed.told().equals(before.told())) {
                        tell(draft, request, changed, before.told(), changed.told());
                    }
                    return Answer.ok(changed.shown());
                })
                .lookingAt(Keys.webhookCursor(request.id()));
    }

    /** @throws Rejection NOT_FOUND */
    public static Write<Answer> remove(Request request) {
        return write(request, lists(request), draft -> {
            Webhook webhook = find(SavedWebhooks.of(draft.read(), request.user()), request);
            end(draft, request.user(), List.of(webhook));
            tell(draft, request, webhook, webhook.told(), null);
            return Answer.done();
        });
    }

    /** The webhooks of a list end with it. */
    static void end(Draft draft, Head head) {
        end(
                draft,
                head.owner(),
                SavedWebhooks.of(draft.read(), head.owner()).webhooks().stream()
                        .filter(webhook -> webhook.list().equals(head.id()))
                        .toList());
    }

    private static void end(Draft draft, String user, List<Webhook> ended) {
        SavedWebhooks left = SavedWebhooks.of(draft.read(), user);
        for (Webhook webhook : ended) {
            String owners = WebhookOwners.key(webhook.list());
            left = left.without(webhook);
            draft.putOwn(Keys.webhooks(user), left);
            draft.putOwn(
                    owners,
                    draft.own(owners, WebhookOwners.class)
                            .orElseGet(() -> new WebhookOwners(1, new TreeMap<>()))
                            .without(webhook.id()));
            draft.forget(Keys.webhookCursor(webhook.id()));
            draft.forget(Keys.deliveries(webhook.id()));
        }
    }

    private static Webhook find(SavedWebhooks all, Request request) {
        return all.find(request.id())
                .filter(webhook -> request.isFor(webhook.list()))
                .orElseThrow(() -> new Rejection(Reason.NOT_FOUND, "There is no such webhook"));
    }

    /** The list of the webhook that is asked about; none where its name is no webhook's. */
    private static Set<String> lists(Request request) {
        return request.id().contains(".") ? Set.of(Webhook.list(request.id())) : Set.of();
    }

    private static Write<Answer> write(Request request, Set<String> lists, Function<Draft, Answer> decision) {
        return Once.guard(request.once(), Write.alone(lists, decision).lookingAt(Keys.webhooks(request.user())));
    }

    private static String url(JsonNode wanted, Collection<String> bindings, boolean here) {
        String url = wanted.path("url").asText();
        try {
            Channels.reach(new ChannelAddress(ChannelAddress.WEBHOOK, url), bindings, here);
            return url;
        } catch (IllegalArgumentException e) {
            throw Rejection.wrong("/url", String.valueOf(e.getMessage()));
        }
    }

    /** @param wanted null or missing: all there are */
    private static SortedSet<String> types(JsonNode wanted) {
        return wanted.isArray()
                ? wanted.valueStream().map(JsonNode::asText).collect(Collectors.toCollection(TreeSet::new))
                : TYPES;
    }

    private static void tell(
            Draft draft, Request request, Webhook webhook, @Nullable ObjectNode before, @Nullable ObjectNode after) {
        draft.record(
                webhook.list(),
                ChangeType.LIST_UPDATED,
                request.user(),
                new TreeMap<>(Map.of(TOLD + webhook.id(), List.of(Json.tree(before), Json.tree(after)))));
    }
}
