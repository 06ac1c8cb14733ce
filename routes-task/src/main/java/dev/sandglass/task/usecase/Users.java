package dev.sandglass.task.usecase;

import dev.sandglass.events.ChangeType;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.Draft;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.Ids;
import dev.sandglass.task.domain.Keys;
import dev.sandglass.task.domain.User;
import dev.sandglass.task.domain.Write;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.ZoneId;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Users, each with an Inbox from their first request on. */
@Singleton
@Named("users")
public class Users {
    private final ZoneId defaultZone;

    public Users(@ConfigProperty(name = "sandglass.task.default-time-zone") ZoneId defaultZone) {
        this.defaultZone = defaultZone;
    }

    /** Reads the user who asks; they have no Inbox yet where this is their first request. */
    public Decision<User> find(@ExchangeProperty("request") Request request) {
        return documents -> Accepted.unchanged(
                User.of(documents, request.user()).orElseGet(() -> User.fresh(request.user(), defaultZone)));
    }

    /** True for a user who has no Inbox. */
    public boolean isStranger(@Body User user) {
        return user.inbox() == null;
    }

    /** Gives a user an Inbox, unless they have got one meanwhile. */
    public Write<User> giveInbox(@Body String name) {
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

    /** The zone of users who have not said theirs. */
    ZoneId defaultZone() {
        return defaultZone;
    }

    /**
     * Notes with a user that a list may be theirs. Written even where it is noted already: nobody may take it out meanwhile.
     *
     * @throws Rejection INVALID beyond 1,000 lists
     */
    static void join(Draft draft, User user, String list) {
        User known = user.full()
                ? user.only(
                        user.lists(draft.read()).stream().map(Head::id).collect(Collectors.toCollection(TreeSet::new)))
                : user;
        if (known.full() && !known.lists().contains(list)) {
            throw new Rejection(
                    Reason.INVALID, user.user() + " has " + User.MOST_LISTS + " lists, and can have no more");
        }
        draft.put(known.with(list));
    }
}
