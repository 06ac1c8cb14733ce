package dev.sandglass.reminder.memory;

import dev.sandglass.reminder.domain.Alarm;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * Alarms that rang. Users take turns, so that nobody waits behind the many alarms of another. A turn is a task with all of its alarms:
 * its plan is read and written once for them.
 */
final class Rung {
    /** The alarms by user, in the order of turns, and by task. */
    private final Map<String, Map<String, Queue<Alarm>>> waiting = new LinkedHashMap<>();
    /** Alarms whose turn it is already. */
    private final Queue<Alarm> first = new ArrayDeque<>();

    synchronized void add(Alarm alarm) {
        waiting.computeIfAbsent(alarm.user(), user -> new LinkedHashMap<>())
                .computeIfAbsent(alarm.task(), task -> new ArrayDeque<>())
                .add(alarm);
        notifyAll();
    }

    /** Puts back alarms that were taken: they are the next. */
    synchronized void putBack(List<Alarm> alarms) {
        first.addAll(alarms);
        notifyAll();
    }

    /** Takes the alarms whose turn it is; none where none rang in that time. */
    synchronized List<Alarm> take(Duration longest, int most) throws InterruptedException {
        if (first.isEmpty() && waiting.isEmpty()) {
            wait(longest.toMillis());
        }
        return next(most);
    }

    private List<Alarm> next(int most) {
        List<Alarm> some = new ArrayList<>();
        while (some.size() < most && !first.isEmpty()) {
            some.add(first.remove());
        }
        while (some.size() < most && !waiting.isEmpty()) {
            Iterator<Map.Entry<String, Map<String, Queue<Alarm>>>> users =
                    waiting.entrySet().iterator();
            Map.Entry<String, Map<String, Queue<Alarm>>> user = users.next();
            users.remove();
            Iterator<Queue<Alarm>> tasks = user.getValue().values().iterator();
            Queue<Alarm> alarms = tasks.next();
            while (some.size() < most && !alarms.isEmpty()) {
                some.add(alarms.remove());
            }
            if (alarms.isEmpty()) {
                tasks.remove();
            }
            if (!user.getValue().isEmpty()) {
                waiting.put(user.getKey(), user.getValue());
            }
        }
        return some;
    }
}
