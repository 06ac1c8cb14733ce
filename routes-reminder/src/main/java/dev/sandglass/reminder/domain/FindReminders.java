package dev.sandglass.reminder.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.reminder.domain.Plans.Read;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Portions;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers the questions of other services, which have checked who may see the lists. */
public final class FindReminders {
    /** The time after which task has answered if a reminder is still wanted, or its second is over. */
    private static final Duration CONFIRMED = Duration.ofSeconds(2);

    /** The tasks that are looked through: hardly so many can be in the time there is. */
    private static final int MOST_TASKS = 50_000;
    /** In an answer, which is not in pages: a reminder is about 300 characters. */
    private static final int MOST_SHOWN = 10_000;
    /** Characters of all frames in an answer: each has its task. */
    private static final int MOST_TEXT = 4_000_000;

    private static final Duration KEPT = Duration.ofDays(FiredDay.DAYS_KEPT);
    /** The days are those of the claims, which are a little before the channel takes a reminder. */
    private static final Duration CLAIMED_BEFORE = Duration.ofMinutes(1);

    private FindReminders() {}

    /** @param user null from a task before this version, @param task the only one; null: all, @param status as the contract names it */
    private record Question(
            @Nullable String user,
            Set<String> lists,
            @Nullable String task,
            @Nullable Stage status) {
        /** Tells if it asks for an entry of what others did. */
        boolean isFor(JsonNode entry) {
            return lists.contains(entry.path("list").asText())
                    && (task == null || task.equals(entry.path("task").asText()))
                    && (status == null || Json.<JsonNode>tree(status).equals(entry.path("status")));
        }
    }

    /** @param delivered true if the question is only for reminders that the channel certainly has */
    private record Since(Set<String> lists, Instant since, boolean delivered) {
        /** The beginning, seven days back at most. */
        Instant since(Instant now) {
            Instant earliest = now.minus(KEPT);
            return since.isBefore(earliest) ? earliest : since;
        }

        Instant claimedBefore(Instant now) {
            return delivered ? Instant.MIN : now.minus(CONFIRMED);
        }
    }

    /** The user who asks for the reminders of lists; empty where that is not said. @throws Rejection when the question cannot be read */
    public static String user(String question) {
        return Objects.requireNonNullElse(read(question, Question.class).user, "");
    }

    /**
     * The reminders of lists, with what became of them at the channels of the user who asks, and nobody else's. It takes what it needs from
     * a few plans at a time, and holds none.
     *
     * @param question {@code {"user","lists":[…],"task"?,"status"?}}
     * @return {@code {"reminders":[…]}}, the contract's entries
     * @throws Rejection when the question cannot be read; INVALID where there are too many for one answer
     */
    public static Decision<Read<ObjectNode>> ofLists(String question) {
        Question asked = read(question, Question.class);
        if (asked.lists == null || asked.status == Stage.FIRING) {
            throw new Rejection(Reason.INVALID, "lists are missing, or there is no such status");
        }
        Plans plans = new Plans();
        AtomicInteger shown = new AtomicInteger();
        IndexedTasks indexed = new IndexedTasks(asked.lists, MOST_TASKS);
        Set<String> posted = new TreeSet<>();
        Map<String, ObjectNode> told = new HashMap<>();
        Portions<List<JsonNode>> entries = new Portions<>(
                Plans.AT_ONCE,
                documents -> keys(asked.task == null ? and(indexed.in(documents), posted) : List.of(asked.task)),
                stored -> plans.of(stored).map(plan -> {
                    List<JsonNode> its = Shown.entries(plan, asked.lists, asked.status, told);
                    if (shown.addAndGet(its.size()) > MOST_SHOWN) {
                        throw new Rejection(
                                Reason.INVALID,
                                "there are more than " + MOST_SHOWN
                                        + " reminders; ask for those of one task or status");
                    }
                    return its;
                }));
        return documents -> {
            List<JsonNode> all = new ArrayList<>();
            if (asked.user != null) {
                plans.of(documents.get(ReminderKeys.postsOf(asked.user)), Mailbox.class)
                        .ifPresent(mailbox -> {
                            posted.addAll(mailbox.tasks());
                            told.putAll(mailbox.told());
                            mailbox.news().stream().filter(asked::isFor).forEach(all::add);
                        });
            }
            entries.in(documents).forEach(all::addAll);
            return plans.accepted(new Transaction(), answer(Shown.inOrder(all)));
        };
    }

    /**
     * The reminders fired in lists lately.
     *
     * @param question {@code {"lists":[…],"since":"<instant>","delivered"?}}, seven days back at most
     * @return {@code {"reminders":[…]}}, the feed's frames, oldest first; of very many the newest
     * @throws Rejection when the question cannot be read
     */
    public static Decision<Read<ObjectNode>> fired(String question, Instant now) {
        return fired(Map.of("", since(question)), now, frames -> frames.getOrDefault("", answer(List.of())));
    }

    /**
     * The reminders fired since the sockets of users closed.
     *
     * @param question {@code {"<user>":{"lists":[…],"since":"<instant>"}}}
     * @return {@code {"<user>":{"reminders":[…]}}}, for each user as {@link #fired} answers
     * @throws Rejection when the question cannot be read
     */
    public static Decision<Read<ObjectNode>> firedFor(String question, Instant now) {
        Map<String, Since> asked = new TreeMap<>();
        read(question, JsonNode.class)
                .properties()
                .forEach(user -> asked.put(user.getKey(), since(user.getValue().toString())));
        return fired(asked, now, frames -> Json.object().setAll(frames));
    }

    private static Decision<Read<ObjectNode>> fired(
            Map<String, Since> asked, Instant now, Function<Map<String, ObjectNode>, ObjectNode> form) {
        Plans plans = new Plans();
        Map<String, Newest> newest = new TreeMap<>();
        asked.keySet().forEach(who -> newest.put(who, new Newest(MOST_TEXT / asked.size())));
        Portions<Boolean> all =
                new Portions<>(Plans.AT_ONCE, documents -> fired(documents, asked.values(), now), stored -> {
                    plans.of(stored)
                            .ifPresent(plan -> asked.forEach((who, one) -> Shown.fired(
                                            plan, one.lists, one.since(now), one.claimedBefore(now), now)
                                    .forEach(Objects.requireNonNull(newest.get(who))::add)));
                    // Nothing else of the plan is held.
                    return Optional.empty();
                });
        return documents -> {
            all.in(documents);
            Map<String, ObjectNode> frames = new TreeMap<>();
            newest.forEach((who, its) -> frames.put(who, answer(its.frames())));
            return plans.accepted(new Transaction(), form.apply(frames));
        };
    }

    /** The plans of the tasks that had one fired. */
    private static List<String> fired(Documents documents, Collection<Since> asked, Instant now) {
        Set<String> days = new TreeSet<>();
        for (Since one : asked) {
            long first = ReminderKeys.day(one.since(now).minus(CLAIMED_BEFORE));
            for (String list : one.lists) {
                for (long day = first; day <= ReminderKeys.day(now); day++) {
                    days.add(ReminderKeys.fired(list, day));
                }
            }
        }
        Set<String> tasks = new TreeSet<>();
        documents.all(days).values().forEach(day -> tasks.addAll(FiredDay.tasks(day)));
        return keys(tasks);
    }

    private static Collection<String> and(Collection<String> tasks, Collection<String> others) {
        Set<String> all = new LinkedHashSet<>(tasks);
        all.addAll(others);
        return all;
    }

    private static List<String> keys(Collection<String> tasks) {
        return tasks.stream().map(ReminderKeys::reminders).toList();
    }

    private static ObjectNode answer(List<JsonNode> reminders) {
        return Json.object().set("reminders", Json.tree(reminders));
    }

    private static Since since(String question) {
        Since asked = read(question, Since.class);
        if (asked.lists == null || asked.since == null) {
            throw new Rejection(Reason.INVALID, "lists or since are missing");
        }
        return asked;
    }

    private static <T> T read(String question, Class<T> type) {
        try {
            return Json.read(question, type);
        } catch (IllegalArgumentException e) {
            throw new Rejection(Reason.UNREADABLE, String.valueOf(e.getMessage()));
        }
    }
}
