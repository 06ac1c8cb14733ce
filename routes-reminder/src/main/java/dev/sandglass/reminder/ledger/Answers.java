package dev.sandglass.reminder.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.reminder.domain.Shown;
import dev.sandglass.reminder.domain.Stage;
import dev.sandglass.reminder.domain.TaskReminders;
import dev.sandglass.support.Dapr;
import dev.sandglass.support.Problem;
import dev.sandglass.support.Stored;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What other services ask. */
@Singleton
@Named("answers")
public class Answers {
    /** By then task has been asked whether it is still wanted, or has not answered in its second. */
    private static final Duration CONFIRMED = Duration.ofSeconds(2);

    private static final Duration KEPT = Duration.ofDays(7);
    /** Days are those of the claims, which are a little before what the channel took. */
    private static final Duration CLAIMED_BEFORE = Duration.ofMinutes(1);

    private final Dapr dapr;
    private final Plans plans;
    private final Clock clock;

    Answers(Dapr dapr, Plans plans, Clock clock) {
        this.dapr = dapr;
        this.plans = plans;
        this.clock = clock;
    }

    /** @param task of one task only, @param status as the contract names it */
    record Question(
            Set<String> lists,
            @Nullable String task,
            @Nullable Stage status) {}

    /** @param delivered whether only what the channel certainly has is asked for */
    record Since(Set<String> lists, Instant since, boolean delivered) {}

    /**
     * @param question {@code {"lists":[…],"task"?,"status"?}}
     * @return {@code {"reminders":[…]}}, the contract's entries
     * @throws Problem when the question cannot be read
     */
    public String reminders(String question) {
        Question asked = read(question, Question.class);
        if (asked.lists() == null || asked.status() == Stage.FIRING) {
            throw new Problem(422, "lists are missing, or there is no such status");
        }
        Collection<String> tasks = asked.task() == null ? ListIndex.tasks(dapr, asked.lists()) : List.of(asked.task());
        return answer(Shown.entries(documents(tasks), asked.lists(), asked.status()))
                .toString();
    }

    /**
     * @param question {@code {"lists":[…],"since":"<instant>","delivered"?}}, seven days back at most
     * @return {@code {"reminders":[…]}}, the feed's frames of what was fired since then, oldest first
     * @throws Problem when the question cannot be read
     */
    public String fired(String question) {
        Since asked = read(question, Since.class);
        return fired(asked, firedSince(List.of(asked))).toString();
    }

    /**
     * @param question {@code {"<user>":{"lists":[…],"since":"<instant>"}}}
     * @return {@code {"<user>":{"reminders":[…]}}}, to each what {@link #fired(String)} answers
     * @throws Problem when the question cannot be read
     */
    public String firedFor(String question) {
        Map<String, Since> asked = new TreeMap<>();
        read(question, JsonNode.class)
                .properties()
                .forEach(user -> asked.put(user.getKey(), read(user.getValue().toString(), Since.class)));
        Collection<TaskReminders> all = firedSince(asked.values());
        ObjectNode answer = Json.object();
        asked.forEach((user, one) -> answer.set(user, fired(one, all)));
        return answer.toString();
    }

    private ObjectNode fired(Since asked, Collection<TaskReminders> all) {
        Instant claimedBefore =
                asked.delivered() ? Instant.MIN : clock.instant().minus(CONFIRMED);
        return answer(Shown.frames(all, asked.lists(), since(asked), claimedBefore));
    }

    private Collection<TaskReminders> firedSince(Collection<Since> asked) {
        Set<String> keys = new TreeSet<>();
        for (Since one : asked) {
            if (one.lists() == null || one.since() == null) {
                throw new Problem(422, "lists or since are missing");
            }
            for (String list : one.lists()) {
                for (long day = Keys.day(since(one).minus(CLAIMED_BEFORE)); day <= Keys.day(clock.instant()); day++) {
                    keys.add(Keys.fired(list, day));
                }
            }
        }
        Set<String> tasks = new TreeSet<>();
        present(keys)
                .forEach(stored -> tasks.addAll(stored.as(Claims.Fired.class).tasks()));
        return documents(tasks);
    }

    private Instant since(Since asked) {
        Instant earliest = clock.instant().minus(KEPT);
        return asked.since().isBefore(earliest) ? earliest : asked.since();
    }

    private static <T> T read(String question, Class<T> type) {
        try {
            return Json.read(question, type);
        } catch (IllegalArgumentException e) {
            throw new Problem(400, String.valueOf(e.getMessage()));
        }
    }

    private static ObjectNode answer(List<JsonNode> reminders) {
        return Json.object().set("reminders", Json.tree(reminders));
    }

    private Collection<TaskReminders> documents(Collection<String> tasks) {
        return dapr.read(tasks.stream().map(Keys::reminders).toList()).values().stream()
                .flatMap(stored -> plans.read(stored).stream())
                .toList();
    }

    private Collection<Stored> present(Collection<String> keys) {
        return dapr.read(keys).values().stream().filter(it -> !it.absent()).toList();
    }
}
