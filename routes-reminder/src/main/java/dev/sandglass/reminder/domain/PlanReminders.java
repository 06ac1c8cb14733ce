package dev.sandglass.reminder.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Effects;
import dev.sandglass.support.domain.Event;
import dev.sandglass.support.domain.Heard;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the reminders that each task asks for, and notes them in the calendar in the same transaction, or before. What others are to be told
 * of is posted. It answers the new alarms.
 *
 * @param channels false where the operator has set up none: nobody can be told beside the feed
 */
public record PlanReminders(Instant now, boolean channels) implements Effects<List<Alarm>> {
    /**
     * Changes that events tell.
     *
     * @param effects plan them, each part at its instant
     * @throws IllegalArgumentException when one of them is no change
     */
    public static Heard<List<Alarm>> heard(List<Event> events, Effects<List<Alarm>> effects) {
        Heard<List<Alarm>> heard = new Heard<>(effects);
        for (Event event : events) {
            Json.read(event.data(), Change.class);
            heard.with(event.data());
        }
        return heard;
    }

    @Override
    public Set<String> keys(List<JsonNode> changes) {
        Set<String> keys = new HashSet<>();
        changes.stream()
                .map(change -> change.path("task").path("id"))
                .filter(JsonNode::isTextual)
                .forEach(id -> keys.add(ReminderKeys.reminders(id.asText())));
        return keys;
    }

    @Override
    public Accepted<List<Alarm>> of(
            Documents documents, SortedMap<String, List<JsonNode>> next, SortedMap<String, List<JsonNode>> repeated) {
        documents.all(keys(all(next)));
        SortedMap<String, TaskReminders> plans = new TreeMap<>();
        SortedMap<String, Set<String>> arrived = new TreeMap<>();
        Set<String> gone = new HashSet<>();
        List<Post.News> news = new ArrayList<>();
        for (JsonNode json : all(next)) {
            Change change = Json.read(json, Change.class);
            news(change).ifPresent(news::add);
            if (change.event() == ChangeType.LIST_DELETED) {
                gone.add(change.list());
                arrived.computeIfAbsent(change.list(), list -> new LinkedHashSet<>());
            }
            Task task = change.task();
            if (task == null || movedAway(change)) {
                continue;
            }
            String key = ReminderKeys.reminders(task.id());
            TaskReminders before = plans.containsKey(key) ? plans.get(key) : plan(documents.get(key));
            Instant told = before == null && moved(change) ? task.createdAt() : change.at();
            // The clock of a replica of task was fast, or is: what is still to come is to come.
            Instant setAt = told.isAfter(now) ? now : told;
            TaskReminders after = TaskReminders.after(before, task, change.event() == ChangeType.TASK_DELETED, setAt);
            if (after != null && !after.equals(before)) {
                plans.put(key, after);
                boolean listed = before != null
                        && before.hasReminders()
                        && before.task().list().equals(task.list());
                if (after.hasReminders() && !listed) {
                    arrived.computeIfAbsent(change.list(), list -> new LinkedHashSet<>())
                            .add(task.id());
                }
            }
        }

        Mailboxes mailboxes = posted(documents, news, repeated);
        List<Alarm> fresh = new ArrayList<>(mailboxes.alarms());
        plans.forEach((key, plan) -> fresh.addAll(newly(plan(documents.get(key)), plan)));
        SortedMap<String, SortedSet<String>> notes = CalendarPage.of(fresh, now);
        Set<String> keys = new TreeSet<>(notes.keySet());
        arrived.keySet().forEach(list -> keys.add(ReminderKeys.list(list)));
        documents.all(keys);

        Transaction transaction = new Transaction();
        if (CalendarPage.note(transaction, documents, notes)) {
            return Accepted.first(transaction);
        }
        transaction.addAll(mailboxes.transaction());
        plans.forEach((key, plan) -> transaction.replace(documents.get(key), plan));
        arrived.forEach(
                (list, tasks) -> transaction.addAll(ListIndex.change(documents, list, tasks, gone.contains(list))));
        return new Accepted<>(transaction, withUnheard(documents, repeated, fresh));
    }

    /** Puts news of changes in the mailboxes of the lists; members are found later. */
    private Mailboxes posted(Documents documents, List<Post.News> fresh, SortedMap<String, List<JsonNode>> repeated) {
        Mailboxes mailboxes = new Mailboxes(documents, new Plans());
        // If the answer to a write was lost, nobody has looked at the mailbox.
        List<Post.News> unheard = documents.again()
                ? all(repeated).stream()
                        .flatMap(change -> news(Json.read(change, Change.class)).stream())
                        .toList()
                : List.of();
        documents.all(Stream.concat(fresh.stream(), unheard.stream())
                .map(PlanReminders::mailbox)
                .toList());
        fresh.forEach(news -> mailboxes.change(mailbox(news), news.list(), mailbox -> with(mailbox, news)));
        unheard.stream()
                .filter(news -> !documents.get(mailbox(news)).absent())
                .forEach(news -> mailboxes.change(mailbox(news), news.list(), mailbox -> mailbox));
        return mailboxes;
    }

    private Optional<Post.News> news(Change change) {
        return channels ? Post.News.of(change, now) : Optional.empty();
    }

    private static String mailbox(Post.News news) {
        return ReminderKeys.postsOfList(news.list());
    }

    private Mailbox with(Mailbox mailbox, Post.News news) {
        Mailbox known = news.isShared() ? mailbox.alone(false) : mailbox;
        return known.alone() ? known : known.with(Mailbox.MEMBERS, Post.of(news, now), now);
    }

    /** Adds alarms of a try that was written while its answer was lost: its changes count as repeated, and no one knows its alarms yet. */
    private List<Alarm> withUnheard(
            Documents documents, SortedMap<String, List<JsonNode>> repeated, List<Alarm> fresh) {
        if (documents.again()) {
            Plans plans = new Plans();
            documents
                    .all(keys(all(repeated)))
                    .values()
                    .forEach(stored -> plans.of(stored).ifPresent(plan -> fresh.addAll(plan.alarms())));
        }
        return fresh;
    }

    /** The alarms of a plan that were not in the one before. */
    static Collection<Alarm> newly(@Nullable TaskReminders before, TaskReminders plan) {
        List<Alarm> alarms = new ArrayList<>(plan.alarms());
        if (before != null) {
            alarms.removeAll(before.alarms());
        }
        return alarms;
    }

    private static @Nullable TaskReminders plan(Stored stored) {
        return stored.absent() ? null : stored.as(TaskReminders.class);
    }

    private static List<JsonNode> all(SortedMap<String, List<JsonNode>> lists) {
        return lists.values().stream().flatMap(List::stream).toList();
    }

    /** Tells if a task moved away to another list: its change there decides about its reminders, which are still to come. */
    private static boolean movedAway(Change change) {
        return change.event() == ChangeType.TASK_DELETED && moved(change);
    }

    /** Tells if a task moved from one list to another. */
    private static boolean moved(Change change) {
        List<JsonNode> lists = change.changed().get("list");
        return lists != null && !lists.get(0).isNull();
    }
}
