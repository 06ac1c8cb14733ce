package dev.sandglass.task.usecase;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.events.Role;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.Answer;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.Write;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/** {@code PUT} and {@code DELETE /api/lists/{id}/members/{user}} */
@Singleton
@Named("shareList")
public class ShareList {
    private final Users users;

    ShareList(Users users) {
        this.users = users;
    }

    /**
     * @param wanted {@code {"role"}}, held against its schema
     * @throws Rejection NOT_FOUND, FORBIDDEN, CONFLICT for the Inbox and the owner, INVALID beyond 200 members or 1,000 lists
     */
    public Write<Answer> share(
            @ExchangeProperty("request") Request request,
            @Header("id") String id,
            @Header("user") String member,
            @Body JsonNode wanted) {
        Role role = Json.read(wanted.get("role"), Role.class);
        return Once.guard(request.once(), Write.to(id, draft -> {
            Head head = Access.owner(draft.head(id), request.user(), Access.noList());
            if (head.inbox()) {
                throw new Rejection(Reason.CONFLICT, "The Inbox cannot be shared");
            }
            if (member.equals(head.owner())) {
                throw new Rejection(Reason.CONFLICT, "The owner of a list stays its owner");
            }
            Role before = head.role(member);
            if (role.equals(before)) {
                return Answer.done();
            }
            if (head.members().size() >= Head.MOST_MEMBERS && before == null) {
                throw new Rejection(Reason.INVALID, "A list may have " + Head.MOST_MEMBERS + " members, not more");
            }
            Users.join(draft, users.known(draft, member), id);
            draft.put(head.with(member, role));
            draft.record(
                    id,
                    ChangeType.LIST_SHARED,
                    request.user(),
                    new TreeMap<>(Map.of("members/" + member, List.of(Json.tree(before), Json.tree(role)))));
            return Answer.done();
        }));
    }

    /** @throws Rejection NOT_FOUND, FORBIDDEN for taking away another without being the owner, CONFLICT for the owner */
    public Write<Answer> unshare(
            @ExchangeProperty("request") Request request, @Header("id") String id, @Header("user") String member) {
        return Once.guard(request.once(), Write.to(id, draft -> {
            Head head = member.equals(request.user())
                    ? Access.reader(draft.head(id), request.user(), Access.noList())
                    : Access.owner(draft.head(id), request.user(), Access.noList());
            if (member.equals(head.owner())) {
                throw new Rejection(Reason.CONFLICT, "The owner of a list stays its owner");
            }
            Role before = head.role(member);
            if (before != null) {
                draft.put(head.without(member));
                draft.record(
                        id,
                        ChangeType.LIST_UNSHARED,
                        request.user(),
                        new TreeMap<>(Map.of("members/" + member, List.of(Json.tree(before), Json.tree(null)))));
            }
            return Answer.done();
        }));
    }
}
