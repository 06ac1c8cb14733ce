package dev.sandglass.recurrence.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-002")
class NextOccurrenceTest {
    @Test
    void daily_is_due_tomorrow_at_the_same_time() {
        assertEquals(
                "{\"due\":\"2027-02-01T09:00:00\"}",
                next("daily", "2027-01-31T09:00:00", "2027-01-31T09:00:00", "2027-01-31T07:00:00Z"));
    }

    @Test
    @Tag("FR-001")
    void a_month_end_keeps_its_day() {
        assertEquals("{\"due\":\"2027-03-31\"}", next("monthly", "2027-01-31", "2027-02-28", "2027-02-28T07:00:00Z"));
    }

    @Test
    void what_is_past_is_not_made_up_for() {
        assertEquals("{\"due\":\"2027-01-10\"}", next("daily", "2027-01-01", "2027-01-01", "2027-01-10T07:00:00Z"));
    }

    @Test
    void a_moved_due_date_does_not_move_the_series() {
        // Due on the 12th, but the 11th in the rule.
        ObjectNode moved = completion("weekly", "2027-01-04", "2027-01-11", "2027-01-12T07:00:00Z");
        ((ObjectNode) moved.get("task")).put("due", "2027-01-12");
        assertEquals("{\"due\":\"2027-01-18\"}", Json.text(NextOccurrence.of("true", new Completion(moved))));
    }

    @Test
    void the_day_to_which_working_days_move_it_was_fixed_by_the_completion() {
        ObjectNode moved = completion("weekly", "2027-01-04", "2027-01-11", "2027-01-12T07:00:00Z");
        ((ObjectNode) moved.get("rule")).put("next", "2027-01-15");
        assertEquals("{\"due\":\"2027-01-15\"}", Json.text(NextOccurrence.of("true", new Completion(moved))));
    }

    @Test
    void from_completion_counts_from_the_day_it_was_done_in_the_tasks_zone() {
        ObjectNode late = completion("daily", "2027-01-01T09:00:00", "2027-01-01T09:00:00", "2027-01-05T23:30:00Z");
        ((ObjectNode) late.get("task")).put("recurFrom", "completion");
        // In Warsaw it is the 6th already.
        assertEquals("{\"due\":\"2027-01-07T09:00:00\"}", Json.text(NextOccurrence.of("true", new Completion(late))));
    }

    @Test
    void a_completion_that_shall_not_recur_is_not_followed() {
        Completion completion = new Completion(completion("daily", "2027-01-01", "2027-01-01", "2027-01-01T07:00:00Z"));
        assertEquals("{\"due\":null}", Json.text(NextOccurrence.of("false", completion)));
    }

    @Test
    void what_is_no_completion_of_a_recurring_task_is_refused() {
        ObjectNode open = completion("daily", "2027-01-01", "2027-01-01", "2027-01-01T07:00:00Z");
        ((ObjectNode) open.get("task")).putNull("completedAt");
        ObjectNode ruleless = completion("daily", "2027-01-01", "2027-01-01", "2027-01-01T07:00:00Z");
        ruleless.remove("rule");
        ObjectNode last = completion("FREQ=DAILY;COUNT=2", "2027-01-01", "2027-01-02", "2027-01-02T07:00:00Z");
        for (ObjectNode wrong : new ObjectNode[] {open, ruleless, last}) {
            assertThrows(IllegalArgumentException.class, () -> NextOccurrence.of("true", new Completion(wrong)));
        }
    }

    private static String next(String recurrence, String anchor, String slot, String completedAt) {
        return Json.text(NextOccurrence.of("true", new Completion(completion(recurrence, anchor, slot, completedAt))));
    }

    /** The event of a task in Warsaw, completed as its version 3. */
    private static ObjectNode completion(String recurrence, String anchor, String slot, String completedAt) {
        return (ObjectNode) Json.read(
                """
                {"event":"task.completed","list":"home","seq":3,"at":"%4$s","actor":"alice","changed":{},
                 "task":{"id":"home.1","list":"home","title":"Water plants","description":"","priority":"medium","tags":[],
                  "status":"completed","due":"%3$s","timeZone":"Europe/Warsaw","dueAt":"%4$s","overdue":false,
                  "recurrence":"%1$s","recurFrom":"schedule","reminders":[],"series":"home.1","occurrence":1,"version":3,
                  "createdAt":"%4$s","createdBy":"alice","updatedAt":"%4$s","completedAt":"%4$s"},
                 "rule":{"anchor":"%2$s","slot":"%3$s","successor":"home.2"},"prev":"","hash":""}
                """.formatted(recurrence, anchor, slot, completedAt), com.fasterxml.jackson.databind.JsonNode.class);
    }
}
