package dev.sandglass.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.time.Due;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * One change of a list: the {@code data} of an event on {@code task-events}, exactly as the ledger keeps it.
 *
 * @param event what happened
 * @param seq 1, 2, 3 … within the list, without a hole
 * @param at when, to the millisecond; never earlier than the change before it
 * @param actor the user who made it; for a next occurrence, the user who completed the one before
 * @param changed field to [old, new]
 * @param task the task as it is after the change (deleted: as it last was); null for a change of the list itself
 * @param of the list as it is after a change of its own; null for a change of a task
 * @param rule the task's place in its rule; only for a completion with a next occurrence
 * @param prev the hash of the change before, empty for the first
 * @param hash see {@link Chain}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Change(
        ChangeType event,
        String list,
        long seq,
        Instant at,
        String actor,
        SortedMap<String, List<JsonNode>> changed,
        @Nullable Task task,
        @Nullable TaskList of,
        @Nullable Rule rule,
        String prev,
        String hash) {

    /**
     * The place of an occurrence in its rule.
     *
     * @param anchor the rule's first date
     * @param slot this occurrence's date in the rule; its {@code due} may have been moved
     * @param successor the id of the occurrence that the completion promised
     * @param next when that is due, where working days, or what a program did without network, have a say in it; null: on the
     *     rule's next date
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Rule(
            Due anchor,
            Due slot,
            @Nullable String successor,
            @Nullable Due next) {}

    /** The same change with its hash, made from everything else in it. */
    public Change sealed() {
        return new Change(event, list, seq, at, actor, changed, task, of, rule, prev, Chain.hash(Json.tree(this)));
    }

    /** The subject of the change: the task's id, or the list's. */
    public String subject() {
        return task == null ? list : task.id();
    }

    /** The change as the live feed sends it: {@code {"type":"change","list","seq","event","at","actor","task"|"of"}}. */
    public ObjectNode asFrame() {
        ObjectNode frame = Json.object()
                .put("type", "change")
                .put("list", list)
                .put("seq", seq)
                .put("event", event.toString())
                .put("at", at.toString())
                .put("actor", actor);
        return task == null ? frame.set("of", Json.tree(of)) : frame.set("task", Json.tree(task));
    }

    /** The event on {@code task-events}. */
    public CloudEvent asEvent() {
        return envelope("task-event", Json.tree(this));
    }

    /** The event on {@code task-updates}. */
    public CloudEvent asUpdate() {
        return envelope("task-update", asFrame());
    }

    private CloudEvent envelope(String schema, JsonNode data) {
        return new CloudEvent(list + "/" + seq, "sandglass/task", event.toString(), subject(), at, schema, data);
    }
}
