package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Chain;
import dev.sandglass.events.Change;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Fault;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.SavedTokens.Saved;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
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

/**
 * Personal tokens: each user's own, nobody else's. That one is made, used from somewhere new or withdrawn is a change of the user's Inbox,
 * so that it stands in their audit and nobody else's.
 */
public final class KeepTokens {
    private static final String TOLD = "tokens/";
    private static final Duration USUAL = Duration.ofDays(365);
    private static final Duration LONGEST = Duration.ofDays(3_650);

    private KeepTokens() {}

    /** The name a token is kept by. */
    public static String hash(String secret) {
        return Chain.sha256(secret);
    }

    public static Decision<Answer> all(Request request) {
        return documents -> {
            ArrayNode tokens = Json.array();
            SavedTokens.of(documents, request.user(), request.at())
                    .tokens()
                    .forEach(token -> tokens.add(token.shown()));
            return Accepted.unchanged(Answer.ok(Json.object().set("tokens", tokens)));
        };
    }

    /**
     * The answer is without the token, so that it can be kept for the request to be repeated.
     *
     * @param wanted {@code {"name","scopes","lists","expires"}}, held against its schema
     * @throws Rejection INVALID for a name nobody can see, a list that is not there, an end that is past or far; where there are too many
     */
    public static Write<Answer> make(Request request, User user, JsonNode wanted, String secret) {
        Instant now = request.at().truncatedTo(ChronoUnit.MILLIS);
        Grant grant = new Grant(
                1,
                hash(secret),
                user.user(),
                inbox(user),
                texts(wanted.path("scopes")),
                lists(wanted.path("lists"), user),
                end(wanted.path("expires"), now));
        String name = Access.name(wanted.path("name").asText());
        Saved made = new Saved(grant, name, now, null, List.of());
        return write(request, user, draft -> {
                    draft.putOwn(
                            Keys.tokens(user.user()),
                            SavedTokens.of(draft.read(), user.user(), now).with(made));
                    draft.putOwn(Keys.token(grant.hash()), grant, Duration.between(now, grant.expires()));
                    tell(draft, grant, null, made.told());
                    return new Answer(made.shown(), "tokens/" + grant.id(), null);
                })
                .lookingAt(Keys.token(grant.hash()));
    }

    /** The answer with the token, where it was made now. */
    public static Answer withToken(Answer made, String secret) {
        ObjectNode body = (ObjectNode) Objects.requireNonNull(made.body());
        boolean now = body.path("id").asText().equals(Grant.id(hash(secret)));
        return now ? new Answer(body.deepCopy().put("token", secret), made.made(), null) : made;
    }

    /** @throws Rejection NOT_FOUND */
    public static Write<Answer> withdraw(Request request, User user) {
        return write(request, user, draft -> {
            SavedTokens all = SavedTokens.of(draft.read(), user.user(), request.at());
            Saved one =
                    all.find(request.id()).orElseThrow(() -> new Rejection(Reason.NOT_FOUND, "There is no such token"));
            draft.putOwn(Keys.tokens(user.user()), all.without(one));
            draft.forget(Keys.token(one.grant().hash()));
            tell(draft, one.grant(), one.told(), null);
            return Answer.done();
        });
    }

    /** @param from the address */
    public record Use(Grant grant, String from, Instant at) {}

    /** Notes a use, where it is from somewhere new or the last was long ago. */
    public static Write<Use> note(Use use) {
        Grant grant = use.grant();
        return Write.alone(Set.of(grant.inbox()), draft -> {
                    SavedTokens all = SavedTokens.of(draft.read(), grant.user(), use.at());
                    all.find(grant.id())
                            .filter(one -> !one.knows(use.from()) || !one.isUsedLately(use.at()))
                            .ifPresent(one -> {
                                Saved used = one.used(use.from(), use.at());
                                draft.putOwn(Keys.tokens(grant.user()), all.with(used));
                                if (!one.knows(use.from())) {
                                    tell(draft, grant, one.told(), used.told());
                                }
                            });
                    return use;
                })
                .lookingAt(Keys.tokens(grant.user()));
    }

    /** Tells if a change is what is told of a token, of a link, or of a webhook. */
    static boolean tells(Change change) {
        return change.event() == ChangeType.LIST_UPDATED
                && change.changed().keySet().stream()
                        .anyMatch(field -> field.startsWith(TOLD)
                                || field.startsWith(KeepLinks.TOLD)
                                || field.startsWith(KeepWebhooks.TOLD));
    }

    private static void tell(Draft draft, Grant grant, @Nullable ObjectNode before, @Nullable ObjectNode after) {
        draft.record(
                grant.inbox(),
                ChangeType.LIST_UPDATED,
                grant.user(),
                new TreeMap<>(Map.of(TOLD + grant.id(), List.of(Json.tree(before), Json.tree(after)))));
    }

    private static Write<Answer> write(Request request, User user, Function<Draft, Answer> decision) {
        return Once.guard(
                request.once(), Write.alone(Set.of(inbox(user)), decision).lookingAt(Keys.tokens(user.user())));
    }

    private static String inbox(User user) {
        return Objects.requireNonNull(user.inbox());
    }

    private static SortedSet<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asText).collect(Collectors.toCollection(TreeSet::new));
    }

    /** One that is theirs no more is refused when the token is used, as to themselves. */
    private static @Nullable SortedSet<String> lists(JsonNode wanted, User user) {
        if (!wanted.isArray()) {
            return null;
        }
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            if (!user.lists().contains(wanted.get(i).asText())) {
                faults.add(new Fault("/lists/" + i, "there is no such list"));
            }
        }
        if (!faults.isEmpty()) {
            throw Rejection.wrong(faults);
        }
        return texts(wanted);
    }

    private static Instant end(JsonNode wanted, Instant now) {
        if (!wanted.isTextual()) {
            return now.plus(USUAL);
        }
        Instant end = Ask.instant(wanted.asText()).truncatedTo(ChronoUnit.MILLIS);
        if (!end.isAfter(now.plusSeconds(1))) {
            throw Rejection.wrong("/expires", "must be in the future");
        }
        if (end.isAfter(now.plus(LONGEST))) {
            throw Rejection.wrong("/expires", "must be within ten years");
        }
        return end;
    }
}
