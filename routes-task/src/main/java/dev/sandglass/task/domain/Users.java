package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Portions;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Fault;
import dev.sandglass.support.domain.Rejection.Reason;
import java.time.DayOfWeek;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Users, each with an Inbox from their first request on. */
public class Users {
    /** Heads of a request; one is 53 kB at most. */
    private static final int MOST_ALONG = 2;

    private static final Pattern LIST = Pattern.compile("[0-9A-Za-z]{1,64}");

    private final ZoneId defaultZone;

    public Users(ZoneId defaultZone) {
        this.defaultZone = defaultZone;
    }

    /**
     * Reads the user who asks; they have no Inbox yet where this is their first request.
     *
     * @return a decision that refuses with FORBIDDEN who is being erased
     */
    public Decision<User> find(Request request) {
        return documents -> {
            User user = User.of(documents, request.user()).orElseGet(() -> User.fresh(request.user(), defaultZone));
            if (user.erasing()) {
                throw new Rejection(
                        Reason.FORBIDDEN, "All that is yours is being erased; once it is, you may begin anew");
            }
            return Accepted.unchanged(user);
        };
    }

    /** @param heads documents that were read along: absent ones and those of others among them */
    public record Met(User user, Map<String, Stored> heads) {}

    /** The same in one call with the heads of the first lists that the request's query names: to answer it takes them. */
    public Decision<Met> meet(Request request, @Nullable Map<String, String> query) {
        Set<String> heads = Stream.ofNullable(query)
                .flatMap(named -> Stream.of(named.getOrDefault("list", "").split(",")))
                .filter(list -> LIST.matcher(list).matches())
                .limit(MOST_ALONG)
                .map(Keys::head)
                .collect(Collectors.toSet());
        return new Decision<>() {
            @Override
            public Set<String> keys() {
                return Stream.concat(Stream.of(Keys.user(request.user())), heads.stream())
                        .collect(Collectors.toSet());
            }

            @Override
            public Accepted<Met> on(Documents documents) {
                Map<String, Stored> read = documents.all(heads);
                return Accepted.unchanged(new Met(find(request).on(documents).answer(), read));
            }
        };
    }

    /** True for a user who has no Inbox. */
    public boolean isStranger(User user) {
        return user.inbox() == null;
    }

    /** Gives a user an Inbox, unless they have got one meanwhile. */
    public Write<User> giveInbox(String name) {
        String list = Ids.random();
        return Write.alone(Set.of(list), draft -> {
                    User known = known(draft, name);
                    if (known.inbox() != null) {
                        return known;
                    }
                    User user = known.withInbox(list);
                    draft.register(Head.fresh(list, Head.INBOX, name, true));
                    draft.put(user);
                    draft.record(list, ChangeType.LIST_CREATED, name, new TreeMap<>());
                    return user;
                })
                .lookingAt(Keys.user(name));
    }

    /** Somebody who may never have signed in, as who is shared with. */
    User known(Draft draft, String name) {
        return draft.user(name).orElseGet(() -> User.fresh(name, defaultZone));
    }

    /** The lists that are a user's, not only noted: for {@link #join}, of one write. */
    static Portions<String> listsOf(String name) {
        return listsOf(name, head -> true);
    }

    /** The lists of others among them: for {@link #checkRoom}, of one write. */
    static Portions<String> listsOfOthers(String name) {
        return listsOf(name, head -> !head.owner().equals(name));
    }

    private static Portions<String> listsOf(String name, Predicate<Head> which) {
        return Head.portions(
                documents -> User.of(documents, name).map(User::lists).orElseGet(TreeSet::new),
                head -> head.roleOf(name) != null && which.test(head) ? Optional.of(head.id()) : Optional.empty());
    }

    /**
     * Notes with a user that a list may be theirs. Written even where it is noted already: nobody may take it out meanwhile.
     *
     * @param theirs read where the user has no room otherwise
     * @throws Rejection INVALID beyond 1,000 lists
     */
    static void join(Draft draft, User user, Portions<String> theirs, String list) {
        User known = user.full() ? user.only(new TreeSet<>(theirs.in(draft.read()))) : user;
        if (known.full() && !known.lists().contains(list)) {
            throw new Rejection(
                    Reason.INVALID, user.user() + " has " + User.MOST_LISTS + " lists, and can have no more");
        }
        draft.put(known.with(list));
    }

    /**
     * Looks that a user has room for one more list of somebody else.
     *
     * @param ofOthers read only where there are so many lists
     * @throws Rejection INVALID beyond 400
     */
    static void checkRoom(Draft draft, User user, Portions<String> ofOthers) {
        if (user.lists().size() >= User.MOST_OF_OTHERS
                && ofOthers.in(draft.read()).size() >= User.MOST_OF_OTHERS) {
            throw new Rejection(
                    Reason.INVALID,
                    user.user() + " is in " + User.MOST_OF_OTHERS + " lists of others, and can be in no more");
        }
    }

    public static Decision<Answer> get(User user) {
        return documents -> Accepted.unchanged(shown(user, Channels.of(documents, user.user())));
    }

    private static Answer shown(User user, Channels channels) {
        ObjectNode me = Json.object()
                .put("user", user.user())
                .put("timeZone", user.timeZone().getId())
                .put("inbox", user.inbox())
                .put("locale", user.locale())
                .put("weekStart", day(user.weekStart()))
                .set("muted", Json.tree(user.muted()));
        me.set("channels", channels.shown());
        me.set("quiet", Json.tree(channels.quiet()));
        return Answer.ok(me);
    }

    /**
     * @param patch {@code {"timeZone","muted","channels","quiet"}}, held against its schema; existing tasks keep their zone
     * @return a decision that refuses with INVALID a zone, a list or a channel that is not there, and a code that is wrong
     */
    public Write<Answer> change(Request request, JsonNode patch) {
        return Once.guard(
                request.once(),
                change(request, patch, Set.of(), false).within(decision -> draft -> decision.apply(draft).answer));
    }

    /** A change that is answered once its codes were sent. */
    public record Addressed(Answer answer, List<Channels.Code> codes) {}

    /**
     * The same with a patch that names addresses.
     *
     * @param said {@code {"bindings":[…]}}: what the operator has set up
     * @param here true where webhooks of this machine take no binding
     */
    public Write<Addressed> address(Request request, JsonNode patch, String said, boolean here) {
        Set<String> bindings = Json.read(said, JsonNode.class)
                .path("bindings")
                .valueStream()
                .map(JsonNode::asText)
                .collect(Collectors.toSet());
        return change(request, patch, bindings, here);
    }

    private Write<Addressed> change(Request request, JsonNode patch, Set<String> bindings, boolean here) {
        Map<String, String> codes = Channels.codes();
        return Write.<Addressed>alone(Set.of(), draft -> {
                    User known = draft.user(request.user()).orElseThrow();
                    Channels before = Channels.of(draft.read(), request.user());
                    User changed = known.in(zone(patch, known.timeZone(), defaultZone))
                            .muting(muted(patch, known))
                            .speaking(patch.has("locale") ? patch.path("locale").asText(User.ENGLISH) : known.locale())
                            .beginning(patch.has("weekStart") ? day(patch.path("weekStart")) : known.weekStart());
                    draft.put(changed);
                    Channels.Patched patched = before.patched(patch, bindings, here, codes, request.at());
                    if (!patched.channels().equals(before)) {
                        draft.putOwn(Keys.channels(request.user()), patched.channels());
                    }
                    return new Addressed(shown(changed, patched.channels()), patched.codes());
                })
                .lookingAt(Keys.user(request.user()))
                .lookingAt(Keys.channels(request.user()));
    }

    /**
     * The answer to a change with codes.
     *
     * @param said what <em>reminder</em> said to each, in their order: {@code {}}, or {@code {"reason"}} where it could not be sent
     */
    public static Write<Answer> addressed(Request request, Addressed changed, List<String> said) {
        Answer answer = changed.answer;
        for (int i = 0; i < changed.codes.size(); i++) {
            JsonNode reason = Json.read(said.get(i), JsonNode.class).path("reason");
            if (reason.isTextual() && answer.body() != null) {
                ((ObjectNode) answer.body()
                                .path("channels")
                                .path(changed.codes.get(i).channel()))
                        .set("reason", reason);
            }
        }
        return Once.guard(request.once(), answer);
    }

    /** A list that was muted may be gone by now: it is not refused. */
    private static SortedSet<String> muted(JsonNode patch, User known) {
        if (!patch.has("muted")) {
            return known.muted();
        }
        SortedSet<String> wanted = new TreeSet<>();
        List<Fault> faults = new ArrayList<>();
        for (JsonNode one : patch.path("muted")) {
            String list = one.asText();
            if (!known.lists().contains(list) && !known.muted().contains(list)) {
                faults.add(new Fault("/muted/" + wanted.size(), "there is no such list"));
            }
            wanted.add(list);
        }
        if (!faults.isEmpty()) {
            throw Rejection.wrong(faults);
        }
        return wanted;
    }

    private static @Nullable String day(@Nullable DayOfWeek day) {
        return day == null ? null : day.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable DayOfWeek day(JsonNode name) {
        return name.isNull() ? null : DayOfWeek.valueOf(name.asText().toUpperCase(Locale.ROOT));
    }

    private static ZoneId zone(JsonNode patch, ZoneId current, ZoneId standard) {
        JsonNode wanted = patch.path("timeZone");
        if (wanted.isNull()) {
            return standard;
        }
        try {
            return wanted.isMissingNode() ? current : TaskFields.zone(wanted.asText());
        } catch (IllegalArgumentException e) {
            throw Rejection.wrong("/timeZone", String.valueOf(e.getMessage()));
        }
    }
}
