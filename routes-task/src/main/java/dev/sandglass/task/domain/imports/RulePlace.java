package dev.sandglass.task.domain.imports;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sandglass.time.Due;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * The place of a recurring task in its rule, as an archive keeps it.
 *
 * @param anchor the rule's first date
 * @param slot this occurrence's date in the rule
 * @param occurrence from 1
 * @param placed the day on which working days had it come; null: they have no say
 * @param begun the occurrence with which the rule began; null: the first
 * @param series it belongs to; null: its own
 * @param version of the task; null: the first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RulePlace(
        Due anchor,
        Due slot,
        int occurrence,
        @Nullable LocalDate placed,
        @Nullable Integer begun,
        @Nullable String series,
        @Nullable Integer version) {
    /** The number of an occurrence among those of its rule. */
    public static int ofRule(int occurrence, @Nullable Integer begun) {
        return begun == null ? occurrence : occurrence - begun + 1;
    }

    /** The same in a series here; null: in one of its own. */
    public RulePlace in(@Nullable String other) {
        return new RulePlace(anchor, slot, occurrence, placed, begun, other, version);
    }

    /** The same of a task that is here, in its series. */
    public RulePlace ofOneHere() {
        return new RulePlace(anchor, slot, occurrence, placed, begun, null, null);
    }

    /** As part of what an entry says: by it a file that comes again is compared with what earlier versions kept. */
    String text() {
        return "RulePlace[anchor=" + anchor + ", slot=" + slot + ", occurrence=" + occurrence
                + (placed == null ? "" : ", placed=" + placed)
                + (begun == null ? "]" : ", begun=" + begun + "]");
    }
}
