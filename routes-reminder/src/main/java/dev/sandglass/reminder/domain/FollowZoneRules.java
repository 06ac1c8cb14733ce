package dev.sandglass.reminder.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.reminder.domain.Plans.Read;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/** Plans future reminders anew when the rules of time zones change, so that they keep their local time. */
public final class FollowZoneRules {
    /** All alarms of these tasks must fit into one write of the calendar. */
    private static final int TASKS_AT_ONCE = 4;

    private FollowZoneRules() {}

    /** The version of the IANA time zone data by which future reminders are planned, as {@code 2026a}. */
    private record Rules(int v, String version) {
        static boolean older(Stored stored, String version) {
            return stored.absent() || stored.as(Rules.class).version.compareTo(version) < 0;
        }
    }

    /** Answers if the rules of this version are newer. */
    public static Decision<Boolean> newer(String version) {
        return documents -> Accepted.unchanged(Rules.older(documents.get(ReminderKeys.RULES), version));
    }

    /** Writes that all reminders are planned by the rules of this version. */
    public static Decision<Boolean> followed(String version) {
        return documents -> {
            Stored stored = documents.get(ReminderKeys.RULES);
            boolean older = Rules.older(stored, version);
            Transaction transaction = new Transaction();
            return new Accepted<>(older ? transaction.replace(stored, new Rules(1, version)) : transaction, older);
        };
    }

    /** @param heads {@code {"heads":{"<list>":seq}}} */
    public static List<String> lists(String heads) {
        return Json.read(heads, JsonNode.class)
                .path("heads")
                .propertyStream()
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The tasks of a list that may have reminders, in parts. */
    public static Decision<List<List<String>>> tasks(String list) {
        IndexedTasks indexed = new IndexedTasks(List.of(list), Integer.MAX_VALUE);
        return documents -> {
            List<String> tasks = List.copyOf(indexed.in(documents));
            List<List<String>> some = new ArrayList<>();
            for (int from = 0; from < tasks.size(); from += TASKS_AT_ONCE) {
                some.add(tasks.subList(from, Math.min(tasks.size(), from + TASKS_AT_ONCE)));
            }
            return Accepted.unchanged(some);
        };
    }

    /** Plans tasks by the present rules; it answers the new alarms. */
    public static Decision<Read<List<List<Alarm>>>> plan(Collection<String> tasks, Instant now) {
        return documents -> {
            Plans plans = new Plans();
            SortedMap<String, TaskReminders> changed = new TreeMap<>();
            List<Alarm> fresh = new ArrayList<>();
            plans.of(documents, tasks).forEach((task, before) -> {
                TaskReminders after = before.byRulesOfNow();
                if (!after.equals(before)) {
                    changed.put(ReminderKeys.reminders(task), after);
                    fresh.addAll(PlanReminders.newly(before, after));
                }
            });
            SortedMap<String, SortedSet<String>> notes = CalendarPage.of(fresh, now);
            documents.all(notes.keySet());
            Transaction transaction = new Transaction();
            CalendarPage.note(transaction, documents, notes);
            changed.forEach((key, plan) -> transaction.replace(documents.get(key), plan));
            return plans.accepted(transaction, List.of(fresh));
        };
    }
}
