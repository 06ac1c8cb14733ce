package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sandglass.task.domain.SeriesTest.Act;
import dev.sandglass.task.domain.SeriesTest.Step;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A daily task and those that follow it, as the contract has it: a completion fixes the next occurrence, which comes when recurrence
 * hears of it; reopening takes away what nobody has touched.
 */
final class SeriesModel {
    static final String MOVED = "2040-06-01T12:00:00";
    static final String MOVED_ALL = "2041-03-01T12:00:00";

    private static final LocalDateTime FIRST = LocalDateTime.parse("2040-01-01T09:00:00");

    /** An occurrence; one whose id is not known yet was never seen by anybody. */
    private static final class Occurrence {
        @Nullable
        String id;

        String list = "";
        int number = 1;
        String title = "water plants";
        String due = text(FIRST);
        LocalDateTime slot = FIRST;
        boolean completed;
        boolean touched;
        boolean promised;
        boolean gone;

        @Nullable
        Occurrence next;

        boolean there() {
            return !gone;
        }
    }

    private final String home;
    private final String other;
    private final List<Occurrence> all = new ArrayList<>();

    SeriesModel(String home, String other) {
        this.home = home;
        this.other = other;
    }

    void created(String id) {
        Occurrence first = new Occurrence();
        first.id = id;
        first.list = home;
        all.add(first);
    }

    /** The id of one that was seen; it may be gone. */
    String id(int n) {
        List<String> ids = all.stream()
                .filter(one -> one.id != null)
                .map(one -> String.valueOf(one.id))
                .toList();
        return ids.get(n % ids.size());
    }

    void deliver() {
        all.forEach(one -> one.promised = false);
    }

    /** New ones are told apart by their numbers: at most one of each number is still unseen. */
    void found(JsonNode tasks) {
        for (JsonNode task : tasks) {
            String id = task.path("id").asText();
            if (all.stream().noneMatch(one -> id.equals(one.id))) {
                all.stream()
                        .filter(one -> one.id == null
                                && one.there()
                                && one.number == task.path("occurrence").asInt())
                        .findFirst()
                        .ifPresent(one -> one.id = id);
            }
        }
    }

    /** Does the step, and gives the words of the answer. */
    String does(Step step, String id) {
        Occurrence one = all.stream().filter(it -> id.equals(it.id)).findFirst().orElseThrow();
        boolean readable = step.user().equals(World.ALICE) || one.list.equals(other);
        if (!readable || (one.gone && step.act() != Act.DELETE)) {
            return "404";
        }
        switch (step.act()) {
            case COMPLETE -> {
                return complete(one, step.user()).toString();
            }
            case REOPEN -> reopen(one, step.user());
            case RENAME -> {
                one.title += "!";
                one.touched = true;
            }
            case MOVE_DUE -> {
                one.touched |= !one.due.equals(MOVED);
                one.due = MOVED;
            }
            case MOVE_ALL, SKIP -> {
                if (one.completed || (one.next != null && one.next.there())) {
                    return "409";
                }
                return step.act() == Act.SKIP ? skip(one) : moveAll(one);
            }
            case TO_HOME -> {
                // A task of the other list goes where bob may not follow.
                if (step.user().equals(World.BOB)) {
                    return "422";
                }
                move(one, home);
            }
            case TO_OTHER -> move(one, other);
            case DELETE -> one.gone = true;
            case DELIVER -> throw new IllegalStateException();
        }
        return "";
    }

    private static String skip(Occurrence one) {
        JsonNode skipped = TextNode.valueOf(one.due);
        one.slot = one.slot.plusDays(1);
        one.due = text(one.slot);
        one.touched = true;
        return skipped.toString();
    }

    private static String moveAll(Occurrence one) {
        LocalDateTime moved = LocalDateTime.parse(MOVED_ALL);
        one.touched |= !one.slot.equals(moved) || !one.due.equals(MOVED_ALL);
        one.slot = moved;
        one.due = MOVED_ALL;
        return "";
    }

    private static void move(Occurrence one, String list) {
        one.touched |= !one.list.equals(list);
        one.list = list;
    }

    private JsonNode complete(Occurrence one, String user) {
        if (!one.completed) {
            one.completed = true;
            one.touched = true;
            if (one.next == null || !one.next.there()) {
                one.next = new Occurrence();
                one.next.list = one.list;
                one.next.number = one.number + 1;
                one.next.title = one.title;
                one.next.slot = one.slot.plusDays(1);
                one.next.due = text(one.next.slot);
                one.next.promised = true;
                all.add(one.next);
            }
        }
        Occurrence next = one.next;
        while (next != null && next.there() && next.completed) {
            next = next.next;
        }
        boolean visible = next != null && next.there() && (user.equals(World.ALICE) || next.list.equals(other));
        return visible ? TextNode.valueOf(next.due) : NullNode.getInstance();
    }

    private void reopen(Occurrence one, String user) {
        if (one.completed) {
            one.completed = false;
            Occurrence next = one.next;
            if (next != null
                    && next.there()
                    && !next.touched
                    && (user.equals(World.ALICE) || next.list.equals(other))) {
                next.gone = true;
            }
        }
    }

    Map<String, String> tasks() {
        Map<String, String> tasks = new TreeMap<>();
        all.stream()
                .filter(one -> one.there() && !one.promised)
                .forEach(one -> tasks.put(
                        String.valueOf(one.id), line(one.list, one.number, one.title, one.due, one.completed)));
        return tasks;
    }

    static String line(String list, int number, String title, String due, boolean completed) {
        return list + " " + number + " " + title + " " + due + (completed ? " completed" : "");
    }

    private static String text(LocalDateTime time) {
        return time + ":00";
    }
}
