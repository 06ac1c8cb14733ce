package dev.sandglass.reminder.domain;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.CloudEvent;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A reminder on its way to the channels, or the event that a task is overdue on its way to the broker.
 *
 * @param task as last seen, or as it is now if <em>task</em> answered
 * @param claim the claim that makes it ours
 * @param last true if no later planning replaced it
 * @param words its event; null where it is kept silent, or not worded yet
 * @param posted true if it is to be posted: members of its list may have channels beside the feed, and an earlier try did not post it
 */
public record Firing(
        Task task,
        Reminder reminder,
        String claim,
        boolean last,
        @Nullable CloudEvent words,
        boolean posted) {
    private static final String SOURCE = "sandglass/reminder";
    /** The most bytes of a frame of the live feed (CONTRACT.md: 128 kB); the longest task with its envelope is far below. */
    private static final int MOST_BYTES = 128 * 1024;

    public Firing(Task task, Reminder reminder, String claim, boolean last, @Nullable CloudEvent words) {
        this(task, reminder, claim, last, words, false);
    }

    /** A reminder that was just claimed. It is handed over to the channels; if it was handed over before, only its end is told. */
    public static Firing claimed(Task task, Reminder claimed, String claim, boolean last) {
        return new Firing(task, claimed.handedOver() ? claimed.ended() : claimed, claim, last, null);
    }

    /**
     * Decides by the task as it is now if this is still wanted. If the task is unchanged, another instant means that the rules of
     * its zone have changed: it rings at that instant. Otherwise an event will bring the change of the task, which plans it anew.
     *
     * @param now null where there is no such task any more
     */
    public Firing asWantedBy(@Nullable Task now) {
        if (!isDue()) {
            return this;
        }
        Wish wish = now == null || !now.open() ? null : Wish.of(now).get(reminder.id());
        if (now == null || wish == null || !reminder.isAskedBy(wish)) {
            return with(reminder.cancelled());
        }
        if (wish.at().equals(reminder.asked())) {
            return new Firing(now, reminder, claim, last, words, posted);
        }
        return with(last && now.version() == task.version() ? reminder.by(wish) : reminder.cancelled());
    }

    /** @param gone true if its list is known to be deleted */
    public Firing byOwnKnowledge(boolean gone) {
        return isDue() ? with(gone ? reminder.cancelled() : reminder.byOwnKnowledge()) : this;
    }

    /**
     * @param json its event as JSON text; {@code false} keeps it silent
     * @throws IllegalArgumentException when it is neither, lacks what each event of ours has, or has more than 128 kB
     */
    public Firing worded(String json) {
        if (json.getBytes(UTF_8).length > MOST_BYTES) {
            throw new IllegalArgumentException("its words have more than 128 kB");
        }
        if (json.equals("null")) {
            throw new IllegalArgumentException("null is no event");
        }
        CloudEvent event = json.equals("false") ? null : Json.read(json, CloudEvent.class);
        if (event != null) {
            there("specversion", event.specversion());
            there("id", event.id());
            there("source", event.source());
            there("type", event.type());
            if (event.data() == null || !event.data().isObject()) {
                throw new IllegalArgumentException("its words are no event of ours: data is no object");
            }
        }
        // One that is kept silent is silent everywhere.
        return new Firing(task, reminder, claim, last, event, posted && event != null);
    }

    private static void there(String attribute, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("its words are no event of ours: they have no " + attribute);
        }
    }

    public Firing delivered(Instant now) {
        return with(reminder.delivered(now));
    }

    public Firing postponed() {
        return with(reminder.postponed());
    }

    public Firing untold() {
        return with(reminder.untold(claim));
    }

    public Firing refused(Instant now) {
        return with(reminder.refused(now));
    }

    private Firing with(Reminder changed) {
        // Its words have gone out, or it gets others when it rings again.
        return new Firing(task, changed, claim, last, null, posted);
    }

    /** @param wanted true if members of its list may have channels; one that is cancelled or waits for its time goes to none */
    public Firing posted(boolean wanted) {
        boolean out = isDue() || reminder.handedOver();
        return new Firing(task, reminder, claim, last, words, wanted && out && !reminder.posted());
    }

    /** The post that tells people of it beside the feed. */
    Post post(Instant now) {
        return Post.ofFiring(id(task, reminder), task.id(), isOverdue(), reminder.at(), now);
    }

    /** True while it must go out. */
    public boolean isDue() {
        return reminder.status() == Stage.FIRING;
    }

    /** True while it must go out and has words. */
    public boolean isWorded() {
        return isDue() && words != null;
    }

    /** True for the event that its task is overdue, which does not go to the channels. */
    public boolean isOverdue() {
        return reminder.overdue();
    }

    /** True where it must ring again: a service was away, or refused it. */
    public boolean isUnfinished() {
        return reminder.pending();
    }

    /** True for a reminder whose end must be told. */
    public boolean isOver() {
        return !isOverdue() && (reminder.status() == Stage.DELIVERED || reminder.status() == Stage.FAILED);
    }

    /** The list, which orders its events. */
    public String getKey() {
        return task.list();
    }

    public Alarm alarm() {
        return new Alarm(task.createdBy(), task.id(), reminder.id(), reminder.version(), reminder.at());
    }

    /** The id of the planned firing for clients, the same in the ledger, on the feed, and in a repeat: opaque. */
    public static String id(Task task, Reminder reminder) {
        return task.id() + "." + reminder.id() + "." + reminder.version();
    }

    /** {@code reminder.due}, as JSON text. */
    public String getDueEvent() {
        ObjectNode data = firingData();
        data.set("task", seen(task, firedAt()));
        return Json.text(event(SOURCE, "reminder.due", "reminder-due", firedAt(), data));
    }

    /** {@code task.overdue}, as JSON text. Its time is when the task was due, even if it is told later or again. */
    public String getOverdueEvent() {
        ObjectNode data = data();
        // The task may have been read before it was overdue.
        data.set("task", Json.<ObjectNode>tree(task).put("overdue", true));
        return Json.text(event(SOURCE, "task.overdue", "task-overdue", reminder.at(), data));
    }

    /** {@code reminder.delivered} or {@code reminder.failed}. */
    public CloudEvent outcomeEvent() {
        boolean delivered = reminder.status() == Stage.DELIVERED;
        ObjectNode data = firingData().put("task", task.id()).put("channel", Reminder.LIVE);
        Reminder.Delivery delivery = reminder.deliveries().get(Reminder.LIVE);
        // A source of its own: source and id together are unique, and reminder.due has the same id.
        return event(
                SOURCE + "/deliveries",
                delivered ? "reminder.delivered" : "reminder.failed",
                "reminder-outcome",
                delivery == null ? firedAt() : delivery.at(),
                data);
    }

    /** A task as it is at an instant: it becomes overdue without a change. */
    static ObjectNode seen(Task task, Instant now) {
        Instant dueAt = task.dueAt();
        return Json.<ObjectNode>tree(task).put("overdue", task.open() && dueAt != null && !now.isBefore(dueAt));
    }

    private ObjectNode data() {
        return Json.object()
                .put("id", id(task, reminder))
                .put("list", task.list())
                .put("at", reminder.at().toString());
    }

    private ObjectNode firingData() {
        return data().put("firedAt", firedAt().toString()).put("late", reminder.late());
    }

    private CloudEvent event(String source, String type, String schema, Instant time, ObjectNode data) {
        String id = task.id() + "/" + reminder.id() + "/" + reminder.version();
        return new CloudEvent(id, source, type, task.id(), time, schema, data);
    }

    private Instant firedAt() {
        return Objects.requireNonNull(reminder.firedAt(), "a firing has been claimed");
    }
}
