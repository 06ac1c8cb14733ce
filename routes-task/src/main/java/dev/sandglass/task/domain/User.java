package dev.sandglass.task.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Portions;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A user as the ledger keeps them, under {@code user/<user>}.
 *
 * @param v schema version of the stored value
 * @param inbox null for somebody who was shared with and has not signed in yet
 * @param lists that may be theirs: a hint, the heads say who may
 * @param muted lists whose reminders do not reach their sockets
 * @param locale in which the chat is spoken, a BCP 47 tag
 * @param weekStart null where they did not say
 * @param erasing whether all that is theirs is being erased
 * @param snoozed when they put a reminder off last; null where they never did, or an earlier version wrote this since
 */
public record User(
        int v,
        String user,
        ZoneId timeZone,
        @Nullable String inbox,
        SortedSet<String> lists,
        SortedSet<String> muted,
        String locale,
        @Nullable DayOfWeek weekStart,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean erasing,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant snoozed) {
    /** The language of one who has not said otherwise. */
    static final String ENGLISH = "en";

    public static final int MOST_LISTS = 1_000;

    /**
     * The most lists of others: nobody is asked before they become a member, so others must leave room for a user's own, and what all lists
     * hold together must fit into one answer.
     */
    public static final int MOST_OF_OTHERS = 400;

    public User {
        lists = Collections.unmodifiableSortedSet(new TreeSet<>(lists));
        // A user kept by an earlier version has none.
        muted = Collections.unmodifiableSortedSet(new TreeSet<>(Objects.requireNonNullElse(muted, Set.of())));
        locale = Objects.requireNonNullElse(locale, ENGLISH);
    }

    public static User fresh(String user, ZoneId timeZone) {
        return new User(1, user, timeZone, null, new TreeSet<>(), new TreeSet<>(), ENGLISH, null, false, null);
    }

    /** A user as they are kept; empty for somebody who is not. */
    public static Optional<User> of(Documents documents, String name) {
        Stored stored = documents.get(Keys.user(name));
        return stored.absent() ? Optional.empty() : Optional.of(stored.as(User.class));
    }

    /** A part of each head of the lists that the user is a member of and asks for. */
    <T> Portions<T> heads(Request asked, Function<Head, T> part) {
        return heads(asked, any -> true, part);
    }

    /** The same of some of the lists. */
    <T> Portions<T> heads(Request asked, Predicate<String> which, Function<Head, T> part) {
        return Head.portions(
                documents -> lists.stream().filter(which).toList(),
                head -> head.role(asked) == null ? Optional.empty() : Optional.of(part.apply(head)));
    }

    public User with(String list) {
        SortedSet<String> more = new TreeSet<>(lists);
        more.add(list);
        return new User(v, user, timeZone, inbox, more, muted, locale, weekStart, erasing, snoozed);
    }

    public User only(SortedSet<String> theirs) {
        return new User(v, user, timeZone, inbox, theirs, muted, locale, weekStart, erasing, snoozed);
    }

    public boolean full() {
        return lists.size() >= MOST_LISTS;
    }

    public User withInbox(String list) {
        return new User(v, user, timeZone, list, with(list).lists, muted, locale, weekStart, erasing, snoozed);
    }

    User without(String list) {
        SortedSet<String> fewer = new TreeSet<>(lists);
        fewer.remove(list);
        return only(fewer);
    }

    User snoozedAt(Instant at) {
        return new User(v, user, timeZone, inbox, lists, muted, locale, weekStart, erasing, at);
    }

    User beingErased() {
        return new User(v, user, timeZone, inbox, lists, muted, locale, weekStart, true, snoozed);
    }

    public User in(ZoneId zone) {
        return new User(v, user, zone, inbox, lists, muted, locale, weekStart, erasing, snoozed);
    }

    public User muting(SortedSet<String> some) {
        return new User(v, user, timeZone, inbox, lists, some, locale, weekStart, erasing, snoozed);
    }

    public User speaking(String tag) {
        return new User(v, user, timeZone, inbox, lists, muted, tag, weekStart, erasing, snoozed);
    }

    public User beginning(@Nullable DayOfWeek week) {
        return new User(v, user, timeZone, inbox, lists, muted, locale, week, erasing, snoozed);
    }
}
