package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Portions;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that is a person's is to be erased: what would go is shown, and once that is confirmed it begins. What is theirs alone goes at once,
 * their lists by and by ({@link Erasing}).
 */
public final class EraseUser {
    /** Where something is left, and until when, for people. */
    private static final List<String> LEFT = List.of(
            "Tasks that you made in lists of others stay there, without your name, until their owners delete them",
            "The audit of lists that others are in keeps that something was done, and when, without you and without what it said",
            "What others wrote about you stays: nobody knows where it is about you",
            "The topics of the broker keep what was said for as long as the operator has set: 7 days where the chart did",
            "Answers to requests with an Idempotency-Key stay for 24 hours, a question of the chat for one hour",
            "Events that could not be handled stay until an operator has sent them again or dropped them",
            "Backups keep all of it as long as the operator keeps them",
            "Logs and traces have a pseudonym of you, as long as the operator keeps them",
            "Who you are for signing in is with your identity provider, and stays there");

    private EraseUser() {}

    /** Says what would go, and what is left; and if it has begun already. */
    public static Decision<Answer> shown(Request request) {
        String user = request.user();
        Portions<ObjectNode> lists = Head.portions(
                documents -> User.of(documents, user).map(User::lists).orElseThrow(EraseUser::nobody),
                head -> head.roleOf(user) == null
                        ? Optional.empty()
                        : Optional.of(Json.object()
                                .put("id", head.id())
                                .put("name", head.name())
                                .put("goes", head.owner().equals(user))
                                .put("others", head.members().size() - 1)));
        return documents -> {
            ObjectNode shown = Json.object()
                    .put("user", user)
                    .put("erasing", Erasures.of(documents).of(user).isPresent());
            ArrayNode told = shown.putArray("lists");
            lists.in(documents).stream()
                    .sorted(Comparator.comparing(list -> list.path("name").asText()))
                    .forEach(told::add);
            return Accepted.unchanged(Answer.ok(shown.set("left", Json.tree(LEFT))));
        };
    }

    /**
     * @param wanted {@code {"confirm"}}: the name of who asks
     * @return a decision that refuses with INVALID what does not confirm it, and with NOT_FOUND where nothing is known of them
     */
    public static Decision<Answer> ask(Request request, JsonNode wanted) {
        return ask(request, request.user(), wanted);
    }

    /**
     * The same for another, by an operator.
     *
     * @param wanted {@code {"user","confirm","reason"}}
     */
    public static Decision<Answer> askFor(Request request, JsonNode wanted) {
        return ask(request, wanted.path("user").asText(), wanted);
    }

    private static Decision<Answer> ask(Request request, String user, JsonNode wanted) {
        if (!wanted.path("confirm").asText().equals(user)) {
            throw Rejection.wrong("/confirm", "must be the name of the user whose data go, to the letter");
        }
        return new Decision<>() {
            @Override
            public Set<String> keys() {
                Set<String> keys = new HashSet<>(Set.of(
                        Keys.ERASURES, Keys.user(user), Keys.tokens(user), Keys.imports(user), Keys.webhooks(user)));
                Optional.ofNullable(request.once()).map(Once::key).ifPresent(keys::add);
                return keys;
            }

            @Override
            public Accepted<Answer> on(Documents documents) {
                Once once = request.once();
                Optional<Answer> first = once == null ? Optional.empty() : once.answer(documents.get(once.key()));
                if (first.isPresent()) {
                    return Accepted.unchanged(first.get());
                }
                Stored before = documents.get(Keys.ERASURES);
                Erasures all = Erasures.of(before);
                Optional<Erasures.Running> already = all.of(user);
                if (already.isPresent()) {
                    return Accepted.unchanged(answer(already.get()));
                }
                User known = User.of(documents, user).orElseThrow(EraseUser::nobody);
                if (all.running().size() >= Erasures.MOST) {
                    throw new Rejection(Reason.CONFLICT, "Many are being erased; try again once some are");
                }
                Erasures.Running begun = new Erasures.Running(
                        Ids.random(),
                        user,
                        request.user(),
                        wanted.path("reason").asText(null),
                        request.at(),
                        null);
                Transaction transaction = new Transaction()
                        .replace(documents.get(Keys.user(user)), known.beingErased())
                        .replace(before, all.with(begun));
                transaction.addAll(alone(documents, user)).addAll(webhooks(documents, user));
                Answer answer = answer(begun);
                if (once != null) {
                    transaction.create(
                            once.key(), IdempotencyRecord.of(once.request(), answer), IdempotencyRecord.KEPT);
                }
                return new Accepted<>(transaction, answer);
            }
        };
    }

    private static Rejection nobody() {
        return new Rejection(Reason.NOT_FOUND, "Nothing is known of this user");
    }

    private static Answer answer(Erasures.Running running) {
        return Answer.ok(Json.object()
                .put("id", running.id())
                .put("erasing", true)
                .put("at", running.at().toString())
                .set("left", Json.tree(LEFT)));
    }

    /**
     * Takes away all that is the person's alone, but for their own document. A document that names others goes as it was read: one that was made
     * meanwhile would be left behind without it.
     */
    static Transaction alone(Documents documents, String user) {
        documents.all(List.of(Keys.tokens(user), Keys.imports(user)));
        Transaction gone = new Transaction()
                .delete(documents.get(Keys.tokens(user)))
                .delete(Keys.filters(user))
                .delete(Keys.channels(user))
                .delete(Keys.calendars(user));
        SavedTokens.of(documents, user, Instant.EPOCH)
                .tokens()
                .forEach(token -> gone.delete(Keys.token(token.grant().hash())));
        gone.delete(documents.get(Keys.imports(user)));
        SavedImports.of(documents, user).imports().stream()
                .flatMap(one -> one.keys(user))
                .forEach(gone::delete);
        Imported.keys(user).forEach(gone::delete);
        return gone;
    }

    /** Their webhooks go, and nobody looks for what is to be posted to them. */
    private static Transaction webhooks(Documents documents, String user) {
        Stored stored = documents.get(Keys.webhooks(user));
        Transaction transaction = new Transaction();
        if (stored.absent()) {
            return transaction;
        }
        SortedMap<String, WebhookOwners> owners = new TreeMap<>();
        List<Webhook> webhooks = SavedWebhooks.of(stored).webhooks();
        documents.all(webhooks.stream()
                .map(webhook -> WebhookOwners.key(webhook.list()))
                .toList());
        for (Webhook webhook : webhooks) {
            String key = WebhookOwners.key(webhook.list());
            WebhookOwners before = owners.getOrDefault(key, WebhookOwners.of(documents.get(key)));
            owners.put(key, before.without(webhook.id()));
            transaction.delete(Keys.webhookCursor(webhook.id())).delete(Keys.deliveries(webhook.id()));
        }
        owners.forEach((key, others) -> transaction.replace(documents.get(key), others));
        return transaction.delete(stored);
    }

    /** For operators: who is being erased, and that others were. */
    public static Decision<Answer> all() {
        return documents -> {
            Erasures all = Erasures.of(documents);
            ArrayNode running = Json.array();
            all.running().forEach(one -> {
                ObjectNode row = running.addObject()
                        .put("id", one.id())
                        .put("user", one.user())
                        .put("asked", one.asked())
                        .put("reason", one.reason())
                        .put("at", one.at().toString());
                if (one.list() != null) {
                    row.put("list", one.list().list());
                }
            });
            ObjectNode shown = Json.object().set("running", running);
            return Accepted.unchanged(Answer.ok(shown.set("done", Json.tree(all.done()))));
        };
    }
}
