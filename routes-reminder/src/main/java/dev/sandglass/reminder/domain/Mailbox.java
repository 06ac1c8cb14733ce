package dev.sandglass.reminder.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The posts for the channels of a user, {@code posts/user/<user>}, each channel with a queue of its own; or those for the members of a list
 * who are still to be found, {@code posts/list/<list>}, whose one queue is {@link #MEMBERS}.
 *
 * @param v version of this schema
 * @param of the user, or the list
 * @param queues by channel; none is empty
 * @param ended the last posts that are over, oldest first
 * @param alone true where its list has one member, whose doings are told to nobody
 */
public record Mailbox(int v, String of, SortedMap<String, Queue> queues, List<Ended> ended, boolean alone) {
    /** The queue of a list's mailbox. */
    public static final String MEMBERS = "members";

    /** From its last change; longer than anything waits. */
    static final Duration KEPT = Duration.ofDays(30);

    private static final int MOST_WAITING = 500;
    private static final int MOST_ENDED = 200;

    /**
     * @param tries since a post was over last
     * @param next when its first post is tried
     * @param why the last try failed; null where none did
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Queue(int tries, Instant next, @Nullable String why, List<Post> waiting) {
        Queue {
            waiting = List.copyOf(waiting);
        }

        Post first() {
            return waiting.get(0);
        }

        /** Why a post failed the last time; those behind the first wait for it, and were not tried. */
        @Nullable
        String why(Post post) {
            return post.equals(first()) ? why : null;
        }
    }

    /** @param reason null where there is nothing to be said */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Ended(
            String post,
            String task,
            String channel,
            Stage status,
            Instant at,
            @Nullable String reason,
            Post.@Nullable News news) {
        boolean is(Post one, String where) {
            return post.equals(one.id()) && channel.equals(where);
        }
    }

    public Mailbox {
        queues = Collections.unmodifiableSortedMap(new TreeMap<>(queues));
        ended = List.copyOf(ended);
    }

    static Mailbox empty(String of) {
        return new Mailbox(1, of, new TreeMap<>(), List.of(), false);
    }

    static Mailbox of(Stored stored, String of) {
        return stored.absent() ? empty(of) : stored.as(Mailbox.class);
    }

    /** The same with a post, to be tried then where nothing waits before it; the same where it has it, or had it lately. */
    Mailbox with(String channel, Post post, Instant first) {
        Queue queue = queues.get(channel);
        boolean known = ended.stream().anyMatch(one -> one.is(post, channel))
                || (queue != null
                        && queue.waiting.stream().anyMatch(one -> one.id().equals(post.id())));
        if (known) {
            return this;
        }
        Optional<Post> earlier = queue == null
                ? Optional.empty()
                : queue.waiting.stream()
                        // The first may be on its way.
                        .skip(queue.tries > 0 ? 1 : 0)
                        .filter(post::isAgain)
                        .findFirst();
        if (earlier.isPresent()) {
            return over(earlier.get(), channel, Stage.CANCELLED, "it came again before it was told", post.at())
                    .with(channel, post, first);
        }
        List<Post> waiting = new ArrayList<>(queue == null ? List.of() : queue.waiting);
        waiting.add(post);
        // Others may wait for the end of quiet hours that are not any more.
        boolean sooner = queue != null && queue.tries == 0 && first.isBefore(queue.next);
        Queue longer = queue == null
                ? new Queue(0, first, null, waiting)
                : new Queue(queue.tries, sooner ? first : queue.next, queue.why, waiting);
        Mailbox with = queue(channel, longer);
        // The oldest was tried meanwhile, perhaps for hours.
        return waiting.size() > MOST_WAITING
                ? with.over(waiting.get(0), channel, Stage.FAILED, "too many others waited", post.at())
                : with;
    }

    /** The same once a post is over at a channel, however that came. */
    Mailbox over(Post post, String channel, Stage status, @Nullable String reason, Instant at) {
        Queue queue = queues.get(channel);
        Mailbox without = queue == null ? this : queue(channel, without(queue, post));
        if (without.ended.stream().anyMatch(one -> one.is(post, channel))) {
            return without;
        }
        List<Ended> all = new ArrayList<>(without.ended);
        all.add(new Ended(post.id(), post.task(), channel, status, at, reason, post.news()));
        return new Mailbox(v, of, without.queues, all.subList(Math.max(0, all.size() - MOST_ENDED), all.size()), alone);
    }

    private static Queue without(Queue queue, Post post) {
        return new Queue(
                queue.tries,
                queue.next,
                // The posts behind it were not tried.
                queue.first().id().equals(post.id()) ? null : queue.why,
                queue.waiting.stream()
                        .filter(one -> !one.id().equals(post.id()))
                        .toList());
    }

    /** The same with those over whose time has run out. */
    Mailbox expired(String channel, Instant now) {
        Queue queue = queues.get(channel);
        if (queue == null) {
            return this;
        }
        Mailbox rest = this;
        for (Post post : queue.waiting) {
            String why = Objects.requireNonNullElse(queue.why(post), "its time ran out");
            rest = post.until().isAfter(now) ? rest : rest.over(post, channel, Stage.FAILED, why, now);
        }
        return rest;
    }

    /** The same with another time for the first post of a queue, if there is one. */
    Mailbox tried(String channel, int tries, Instant next, @Nullable String why) {
        return change(channel, queue -> new Queue(tries, next, why, queue.waiting));
    }

    /** The same, to be looked at now where it waits for the end of quiet hours; a queue with a try behind it, or under way, keeps its time. */
    Mailbox woken(Instant now) {
        Mailbox woken = this;
        for (String channel : queues.keySet()) {
            woken = woken.change(
                    channel,
                    queue -> queue.tries == 0 && queue.next.isAfter(now)
                            ? new Queue(0, now, queue.why, queue.waiting)
                            : queue);
        }
        return woken;
    }

    private Mailbox change(String channel, UnaryOperator<Queue> change) {
        Queue queue = queues.get(channel);
        return queue == null ? this : queue(channel, change.apply(queue));
    }

    private Mailbox queue(String channel, Queue queue) {
        SortedMap<String, Queue> all = new TreeMap<>(queues);
        if (queue.waiting.isEmpty()) {
            all.remove(channel);
        } else {
            all.put(channel, queue);
        }
        return new Mailbox(v, of, all, ended, alone);
    }

    Mailbox alone(boolean oneMember) {
        return new Mailbox(v, of, queues, ended, oneMember);
    }

    /** The outcome of each post at each channel, by post, and what is still to come. */
    Map<String, ObjectNode> told() {
        Map<String, ObjectNode> told = new HashMap<>();
        for (Ended one : ended) {
            told.computeIfAbsent(one.post, post -> Json.object())
                    .set(one.channel, delivery(one.status, one.at, one.reason));
        }
        queues.forEach((channel, queue) ->
                queue.waiting.forEach(post -> told.computeIfAbsent(post.id(), id -> Json.object())
                        .set(channel, delivery(Stage.SCHEDULED, queue.next, queue.why(post)))));
        return told;
    }

    private static ObjectNode delivery(Stage status, Instant at, @Nullable String reason) {
        ObjectNode delivery = Json.object().set("status", Json.tree(status));
        delivery.put("at", at.toString());
        return reason == null ? delivery : delivery.put("reason", reason);
    }

    /** The tasks of which it has posts. */
    Set<String> tasks() {
        Set<String> tasks = new TreeSet<>();
        Stream.concat(ended.stream().map(Ended::task), waiting().map(Post::task))
                .filter(task -> !task.isEmpty())
                .forEach(tasks::add);
        return tasks;
    }

    /** The news that the mailbox has posts of, as clients see it. */
    List<ObjectNode> news() {
        Map<String, ObjectNode> told = told();
        Map<String, ObjectNode> news = new LinkedHashMap<>();
        ended.forEach(one -> {
            Post.News what = one.news;
            if (what != null) {
                news.computeIfAbsent(one.post, id -> Shown.news(id, what, told.get(id)));
            }
        });
        waiting().forEach(post -> {
            Post.News what = post.news();
            if (what != null) {
                news.computeIfAbsent(post.id(), id -> Shown.news(id, what, told.get(id)));
            }
        });
        return List.copyOf(news.values());
    }

    private Stream<Post> waiting() {
        return queues.values().stream().flatMap(queue -> queue.waiting.stream());
    }

    /** When its queues are to be looked at. */
    List<Alarm> alarms(String key) {
        return queues.entrySet().stream()
                .map(queue -> new Alarm(of, key, queue.getKey(), 0, queue.getValue().next))
                .toList();
    }
}
