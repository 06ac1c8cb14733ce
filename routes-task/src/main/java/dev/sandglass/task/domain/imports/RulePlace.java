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
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RulePlace(
        Due anchor,
        Due slot,
        int occurrence,
        @Nullable LocalDate placed,
        @Nullable Integer begun) {
    /** The number of an occurrence among those of its rule. */
    public static int ofRule(int occurrence, @Nullable Integer begun) {
        return begun == null ? occurrence : occurrence - begun + 1;
    }

    /** As part of what an entry says: by it a file that comes again is compared with what earlier versions kept. */
    String text() {
        return "RulePlace[anchor=" + anchor + ", slot=" + slot + ", occurrence=" + occurrence
                + (placed == null ? "" : ", placed=" + placed)
                + (begun == null ? "]" : ", begun=" + begun + "]");
    }
}
