package dev.sandglass.task.ledger;

import dev.sandglass.events.ChangeType;
import dev.sandglass.support.Dapr;
import dev.sandglass.support.Problem;
import dev.sandglass.support.Stored;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.Keys;
import dev.sandglass.task.domain.User;
import jakarta.inject.Singleton;
import java.time.ZoneId;
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
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Users, each with an Inbox from their first request on. */
@Singleton
public class Users {
    private final Dapr dapr;
    private final Ledger ledger;
    private final Views views;
    private final ZoneId defaultZone;

    Users(
            Dapr dapr,
            Ledger ledger,
            Views views,
            @ConfigProperty(name = "sandglass.task.default-time-zone") ZoneId defaultZone) {
        this.dapr = dapr;
        this.ledger = ledger;
        this.views = views;
        this.defaultZone = defaultZone;
    }

    /** @throws dev.sandglass.support.Unavailable when the state store does not answer in time */
    public User of(String name) {
        return of(name, dapr.read(Keys.user(name)));
    }

    private User of(String name, Stored stored) {
        if (!stored.absent() && stored.as(User.class).inbox() != null) {
            return stored.as(User.class);
        }
        String list = Ids.random();
        return ledger.write(new TreeSet<>(List.of(list)), lookedAt(name, draft -> {
            User known = known(draft, name);
            if (known.inbox() != null) {
                return known;
            }
            User user = known.withInbox(list);
            draft.register(Head.fresh(list, Head.INBOX, name, true));
            draft.put(user);
            draft.record(list, ChangeType.LIST_CREATED, name, new TreeMap<>());
            return user;
        }));
    }

    /** A decision that looks at the user, or writes them: read together with the heads. */
    public <T> Write<T> lookedAt(String name, Function<Draft, T> decision) {
        return new Write<>() {
            @Override
            public Set<String> keys() {
                return Set.of(Keys.user(name));
            }

            @Override
            public T apply(Draft draft) {
                return decision.apply(draft);
            }
        };
    }

    /** Somebody who may never have signed in, as who is shared with. */
    public User known(Draft draft, String name) {
        return draft.user(name).orElseGet(() -> User.fresh(name, defaultZone));
    }

    /** The zone of users who have not said theirs. */
    public ZoneId defaultZone() {
        return defaultZone;
    }

    /**
     * Notes with a user that a list may be theirs. Written even where it is noted already: nobody may take it out meanwhile.
     *
     * @throws Problem 422 beyond 1,000 lists
     */
    public void join(Draft draft, User user, String list) {
        User known = user.full() ? user.only(ids(lists(user))) : user;
        if (known.full() && !known.lists().contains(list)) {
            throw new Problem(422, user.user() + " has " + User.MOST_LISTS + " lists, and can have no more");
        }
        draft.put(known.with(list));
    }

    private static SortedSet<String> ids(List<Head> heads) {
        return heads.stream().map(Head::id).collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * The heads of the lists of which one of the users is a member now.
     *
     * @throws dev.sandglass.support.Unavailable when the state store does not answer in time
     */
    public List<Head> lists(Collection<String> names) {
        Map<String, Stored> stored = dapr.read(names.stream().map(Keys::user).toList());
        SortedSet<String> theirs = new TreeSet<>();
        for (String name : names) {
            theirs.addAll(of(name, Objects.requireNonNull(stored.get(Keys.user(name))))
                    .lists());
        }
        return views.heads(theirs).stream()
                .filter(head -> names.stream().anyMatch(name -> head.role(name) != null))
                .toList();
    }

    /**
     * The heads of the lists a user is a member of now.
     *
     * @throws dev.sandglass.support.Unavailable when the state store does not answer in time
     */
    public List<Head> lists(User user) {
        return views.heads(user.lists()).stream()
                .filter(head -> head.role(user.user()) != null)
                .toList();
    }
}
