package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.events.Role;
import dev.sandglass.support.domain.Portions;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Fault;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.time.ReminderSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** New lists, and all that may be done to a list itself: another name, other members, its end. */
public class ChangeList {
    private final Users users;

    public ChangeList(Users users) {
        this.users = users;
    }

    /**
     * @param wanted {@code {"name"}}, held against its schema
     * @throws Rejection INVALID for a name nobody can see, and beyond 1,000 lists
     */
    public Write<Answer> create(Request request, JsonNode wanted) {
        String name = Access.name(wanted.path("name").asText());
        String list = Ids.random();
        Portions<String> theirs = Users.listsOf(request.user());
        return Once.guard(
                request.once(),
                Write.alone(Set.of(list), draft -> create(draft, request.user(), theirs, list, name))
                        .lookingAt(Keys.user(request.user())));
    }

    static Answer create(Draft draft, String owner, Portions<String> theirs, String list, String name) {
        User user = draft.user(owner).orElseThrow();
        Users.join(draft, user, theirs, list);
        draft.register(Head.fresh(list, name, owner, false));
        draft.record(
                list,
                ChangeType.LIST_CREATED,
                owner,
                new TreeMap<>(Map.of("name", List.of(Json.tree(null), Json.tree(name)))));
        return new Answer(Json.tree(draft.head(list).orElseThrow().asList()), "lists/" + list, null);
    }

    /**
     * @param patch {@code {"name","reminders"}}, held against its schema
     * @throws Rejection NOT_FOUND, FORBIDDEN, CONFLICT for another name of the Inbox, INVALID for a name nobody can see and for a reminder
     *     that is no duration
     */
    public Write<Answer> change(Request request, JsonNode patch) {
        String id = request.id();
        return Once.guard(request.once(), Write.to(id, draft -> {
            Head head = Access.writer(draft.head(id), request, Access.noList());
            SortedMap<String, List<JsonNode>> changed = new TreeMap<>();
            String name = Access.name(patch.path("name").asText(head.name()));
            if (!name.equals(head.name())) {
                if (head.inbox()) {
                    throw new Rejection(Reason.CONFLICT, "The Inbox keeps its name");
                }
                changed.put("name", List.of(Json.tree(head.name()), Json.tree(name)));
            }
            List<String> reminders = patch.has("reminders") ? reminders(patch.path("reminders")) : head.reminders();
            if (!reminders.equals(head.reminders())) {
                changed.put("reminders", List.of(Json.tree(head.reminders()), Json.tree(reminders)));
            }
            if (!changed.isEmpty()) {
                draft.put(head.named(name).reminding(reminders));
                draft.record(id, ChangeType.LIST_UPDATED, request.user(), changed);
            }
            return Answer.ok(draft.head(id).orElseThrow().asList());
        }));
    }

    /** An instant would be past for most tasks. */
    private static List<String> reminders(JsonNode wanted) {
        List<String> reminders = new ArrayList<>();
        List<Fault> faults = new ArrayList<>();
        for (JsonNode one : wanted) {
            ReminderSpec reminder = ReminderSpec.parse(one.asText());
            if (!reminder.needsDue()) {
                faults.add(
                        new Fault("/reminders/" + reminders.size(), "must be counted from due: a duration, as -PT15M"));
            }
            reminders.add(reminder.toString());
        }
        if (!faults.isEmpty()) {
            throw Rejection.wrong(faults);
        }
        return reminders;
    }

    /** @throws Rejection NOT_FOUND, FORBIDDEN, CONFLICT for the Inbox */
    public Write<Answer> delete(Request request) {
        String id = request.id();
        Write<Answer> delete = Write.alone(Set.of(id), draft -> {
            Head found = draft.head(id).orElseThrow(Access::noList);
            if (found.wasDeletedBy(request)) {
                return Answer.done();
            }
            Head head = Access.owner(draft.head(id), request, Access.noList());
            if (head.inbox()) {
                throw new Rejection(Reason.CONFLICT, "The Inbox cannot be deleted");
            }
            KeepWebhooks.end(draft, head);
            draft.put(head.gone());
            draft.record(id, ChangeType.LIST_DELETED, request.user(), new TreeMap<>());
            return Answer.done();
        });
        return Once.guard(request.once(), delete.lookingAt(Keys.webhooks(request.user())));
    }

    /**
     * @param wanted {@code {"role"}}, held against its schema
     * @throws Rejection NOT_FOUND, FORBIDDEN, CONFLICT for the Inbox and the owner, INVALID beyond 200 members, 400 lists of others, or 1,000 lists
     */
    public Write<Answer> share(Request request, JsonNode wanted) {
        String id = request.id();
        String member = request.member();
        Role role = Json.read(wanted.get("role"), Role.class);
        Portions<String> theirs = Users.listsOf(member);
        Portions<String> ofOthers = Users.listsOfOthers(member);
        return Once.guard(request.once(), Write.to(id, draft -> {
            Head head = Access.owner(draft.head(id), request, Access.noList());
            if (head.inbox()) {
                throw new Rejection(Reason.CONFLICT, "The Inbox cannot be shared");
            }
            if (member.equals(head.owner())) {
                throw new Rejection(Reason.CONFLICT, "The owner of a list stays its owner");
            }
            Role before = head.roleOf(member);
            if (role.equals(before)) {
                return Answer.done();
            }
            if (head.members().size() >= Head.MOST_MEMBERS && before == null) {
                throw new Rejection(Reason.INVALID, "A list may have " + Head.MOST_MEMBERS + " members, not more");
            }
            User known = users.known(draft, member);
            if (before == null) {
                Users.checkRoom(draft, known, ofOthers);
            }
            Users.join(draft, known, theirs, id);
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
    public Write<Answer> unshare(Request request) {
        String id = request.id();
        String member = request.member();
        return Once.guard(request.once(), Write.to(id, draft -> {
            Head head = member.equals(request.user())
                    ? Access.reader(draft.head(id), request, Access.noList())
                    : Access.owner(draft.head(id), request, Access.noList());
            if (member.equals(head.owner())) {
                throw new Rejection(Reason.CONFLICT, "The owner of a list stays its owner");
            }
            Role before = head.roleOf(member);
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
