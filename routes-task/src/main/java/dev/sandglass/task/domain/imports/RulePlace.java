package dev.sandglass.task.domain.imports;

import dev.sandglass.time.Due;

/**
 * The place of a recurring task in its rule, as an archive keeps it.
 *
 * @param anchor the rule's first date
 * @param slot this occurrence's date in the rule
 * @param occurrence from 1
 */
public record RulePlace(Due anchor, Due slot, int occurrence) {}
