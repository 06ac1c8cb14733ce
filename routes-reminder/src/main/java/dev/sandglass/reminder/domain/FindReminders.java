package dev.sandglass.reminder.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.reminder.domain.Plans.Read;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Answers the questions of other services, which have checked who may see the lists. */
public final class FindReminders {
    /** The time after which task has answered if a reminder is still wanted, or its second is over. */
    private static final Duration CONFIRMED = Duration.ofSeconds(2);

    /** A plan has its task in it, which can be 96 kB. */
    private static final int TASKS_AT_ONCE = 32;
    /** In an answer, which is not in pages: a reminder is about 300 characters. */
    private static final int MOST_SHOWN = 10_000;

    private static final Duration KEPT = Duration.ofDays(FiredDay.DAYS_KEPT);
    /** The days are those of the claims, which are a little before the channel takes a reminder. */
    private static final Duration CLAIMED_BEFORE = Duration.ofMinutes(1);

    private FindReminders() {}

    /** @param task the only task; null for all, @param status as the contract names it */
    private record Question(
            Set<String> lists,
            @Nullable String task,
            @Nullable Stage status) {}

    /** @param delivered true if the question is only for reminders that the channel certainly has */
    private record Since(Set<String> lists, Instant since, boolean delivered) {
        /** The beginning, seven days back at most. */
        Instant since(Instant now) {
            Instant earliest = now.minus(KEPT);
            return since.isBefore(earliest) ? earliest : since;
        }
    }

    /**
     * The reminders of lists. It takes what it needs from a few plans at a time, and holds none.
     *
     * @param question {@code {"lists":[…],"task"?,"status"?}}
     * @return {@code {"reminders":[…]}}, the contract's entries
     * @throws Rejection when the question cannot be read; INVALID where there are too many for one answer
     */
    public static Decision<Read<ObjectNode>> ofLists(String question) {
        Question asked = read(question, Question.class);
        if (asked.lists == null || asked.status == Stage.FIRING) {
            throw new Rejection(Reason.INVALID, "lists are missing, or there is no such status");
        }
        Plans plans = new Plans();
        List<String> tasks = new ArrayList<>();
        List<JsonNode> entries = new ArrayList<>();
        AtomicInteger taken = new AtomicInteger();
        return documents -> {
            if (tasks.isEmpty()) {
                tasks.addAll(asked.task == null ? ListIndex.tasks(documents, asked.lists) : List.of(asked.task));
            }
            while (taken.get() < tasks.size()) {
                List<String> few = tasks.subList(taken.get(), Math.min(tasks.size(), taken.get() + TASKS_AT_ONCE));
                entries.addAll(Shown.entries(plans.of(documents, few).values(), asked.lists, asked.status));
                if (entries.size() > MOST_SHOWN) {
                    throw new Rejection(
                            Reason.INVALID,
                            "there are more than " + MOST_SHOWN + " reminders; ask for those of one task or status");
                }
                documents.forget(few.stream().map(ReminderKeys::reminders).toList());
                taken.addAndGet(few.size());
            }
            return plans.accepted(new Transaction(), answer(Shown.inOrder(entries)));
        };
    }

    /**
     * The reminders fired in lists lately.
     *
     * @param question {@code {"lists":[…],"since":"<instant>","delivered"?}}, seven days back at most
     * @return {@code {"reminders":[…]}}, the feed's frames, oldest first
     * @throws Rejection when the question cannot be read
     */
    public static Decision<Read<ObjectNode>> fired(String question, Instant now) {
        Since asked = since(question);
        return answer((documents, plans) -> frames(asked, fired(documents, plans, List.of(asked), now), now));
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
        return answer((documents, plans) -> {
            Collection<TaskReminders> all = fired(documents, plans, asked.values(), now);
            ObjectNode answer = Json.object();
            asked.forEach((user, one) -> answer.set(user, frames(one, all, now)));
            return answer;
        });
    }

    private static Collection<TaskReminders> fired(
            Documents documents, Plans plans, Collection<Since> asked, Instant now) {
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
        return plans.of(documents, tasks).values();
    }

    private static ObjectNode frames(Since asked, Collection<TaskReminders> all, Instant now) {
        Instant claimedBefore = asked.delivered ? Instant.MIN : now.minus(CONFIRMED);
        return answer(Shown.frames(all, asked.lists, asked.since(now), claimedBefore));
    }

    private static Decision<Read<ObjectNode>> answer(BiFunction<Documents, Plans, ObjectNode> find) {
        return documents -> {
            Plans plans = new Plans();
            ObjectNode answer = find.apply(documents, plans);
            return plans.accepted(new Transaction(), answer);
        };
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
