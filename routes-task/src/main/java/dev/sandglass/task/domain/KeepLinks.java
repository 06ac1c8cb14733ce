package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Private links to a list: any member makes their own, which the owner withdraws too; each is told to all members. */
public final class KeepLinks {
    static final String TOLD = "links/";

    private KeepLinks() {}

    /** @return a decision that refuses with NOT_FOUND */
    public static Decision<Answer> all(Request request) {
        return documents -> {
            Head head = FindLists.head(documents, request, request.id());
            ArrayNode links = Json.array();
            SavedLinks.of(documents, request.id()).links().stream()
                    .filter(link -> mayWithdraw(head, link, request))
                    .forEach(link -> links.add(link.shown()));
            return Accepted.unchanged(Answer.ok(Json.object().set("links", links)));
        };
    }

    /**
     * The answer is without the address, so that it can be kept for the request to be repeated.
     *
     * @throws Rejection NOT_FOUND, INVALID where there are too many
     */
    public static Write<Answer> make(Request request, String secret) {
        Link made = new Link(
                1,
                KeepTokens.hash(secret),
                request.id(),
                request.user(),
                request.at().truncatedTo(ChronoUnit.MILLIS));
        return write(request, draft -> {
                    Access.reader(draft.head(request.id()), request, Access.noList());
                    SavedLinks all = SavedLinks.of(draft.read(), request.id());
                    draft.putOwn(Keys.links(request.id()), all.with(made));
                    draft.putOwn(Keys.link(made.hash()), made);
                    tell(draft, request, made, null, made.shown());
                    return new Answer(made.shown(), "lists/" + request.id() + "/links/" + made.id(), null);
                })
                .lookingAt(Keys.link(made.hash()));
    }

    /**
     * The answer with the address, where it was made now.
     *
     * @param origin {@code https://example.com}
     */
    public static Answer withAddress(Answer made, String secret, String origin) {
        ObjectNode body = (ObjectNode) Objects.requireNonNull(made.body());
        boolean now = body.path("id").asText().equals(Grant.id(KeepTokens.hash(secret)));
        return now
                ? new Answer(body.deepCopy().put("url", origin + "/feeds/" + secret + ".ics"), made.made(), null)
                : made;
    }

    /** @throws Rejection NOT_FOUND */
    public static Write<Answer> withdraw(Request request) {
        return write(request, draft -> {
            Head head = Access.reader(draft.head(request.id()), request, Access.noList());
            SavedLinks all = SavedLinks.of(draft.read(), request.id());
            Link one = all.links().stream()
                    .filter(link -> link.id().equals(request.member()) && mayWithdraw(head, link, request))
                    .findFirst()
                    .orElseThrow(() -> new Rejection(Reason.NOT_FOUND, "There is no such link"));
            draft.putOwn(Keys.links(request.id()), all.without(one));
            draft.forget(Keys.link(one.hash()));
            tell(draft, request, one, one.shown(), null);
            return Answer.done();
        });
    }

    private static boolean mayWithdraw(Head head, Link link, Request request) {
        return link.user().equals(request.user()) || head.owner().equals(request.user());
    }

    private static Write<Answer> write(Request request, Function<Draft, Answer> decision) {
        return Once.guard(
                request.once(), Write.alone(Set.of(request.id()), decision).lookingAt(Keys.links(request.id())));
    }

    private static void tell(
            Draft draft, Request request, Link link, @Nullable ObjectNode before, @Nullable ObjectNode after) {
        draft.record(
                request.id(),
                ChangeType.LIST_UPDATED,
                request.user(),
                new TreeMap<>(Map.of(TOLD + link.id(), List.of(Json.tree(before), Json.tree(after)))));
    }
}
