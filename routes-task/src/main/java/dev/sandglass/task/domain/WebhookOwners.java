package dev.sandglass.task.domain;

import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * All webhooks with their owners, under {@code webhook-owners/<shard>}: so those are found with something to post when nobody remembers.
 *
 * @param v schema version of the stored value
 * @param users by webhook
 */
public record WebhookOwners(int v, SortedMap<String, String> users) {
    private static final int SHARDS = 16;
    /** All are read every few seconds. */
    private static final int MOST = 1_000;

    private static final Set<String> ALL =
            IntStream.range(0, SHARDS).mapToObj(Keys::webhookOwners).collect(Collectors.toUnmodifiableSet());

    public WebhookOwners {
        users = Collections.unmodifiableSortedMap(new TreeMap<>(users));
    }

    /** Where those of a list stand. */
    static String key(String list) {
        return Keys.webhookOwners(Math.floorMod(list.hashCode(), SHARDS));
    }

    static WebhookOwners of(Stored stored) {
        return stored.absent() ? new WebhookOwners(1, new TreeMap<>()) : stored.as(WebhookOwners.class);
    }

    /** @throws Rejection INVALID where they become too many */
    WebhookOwners with(String webhook, String user) {
        if (users.size() >= MOST) {
            throw new Rejection(Reason.INVALID, "This Sandglass has as many webhooks as it can have");
        }
        SortedMap<String, String> more = new TreeMap<>(users);
        more.put(webhook, user);
        return new WebhookOwners(v, more);
    }

    WebhookOwners without(String webhook) {
        SortedMap<String, String> fewer = new TreeMap<>(users);
        fewer.remove(webhook);
        return new WebhookOwners(v, fewer);
    }

    /** Looks up all there are. */
    public static Decision<SortedMap<String, String>> all() {
        return new Decision<>() {
            @Override
            public Set<String> keys() {
                return ALL;
            }

            @Override
            public Accepted<SortedMap<String, String>> on(Documents documents) {
                SortedMap<String, String> all = new TreeMap<>();
                documents.all(ALL).values().forEach(stored -> all.putAll(of(stored).users));
                return Accepted.unchanged(all);
            }
        };
    }
}
