package dev.sandglass.task.domain.imports;

import dev.sandglass.task.domain.chat.Intent;
import dev.sandglass.task.domain.chat.ListNames;
import dev.sandglass.task.domain.chat.Speaker;
import dev.sandglass.task.domain.chat.Understanding;
import dev.sandglass.time.Due;
import dev.sandglass.time.Recurrence;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates as people write them: in figures, or in words that the chat understands. */
final class DateWords {
    private static final Pattern DAY =
            Pattern.compile("(\\d{4}-\\d{2}-\\d{2})(?:[ T](\\d{2}:\\d{2}(?::\\d{2})?)(?:\\.\\d+)?)?");
    private static final Pattern INSTANT =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})");
    /** A title that no phrase is in. */
    private static final String TITLE = "x";

    private DateWords() {}

    /**
     * Puts the date, and the rule it may be, on an item; what is not surely a date is told.
     *
     * @param language in which it is written, a BCP 47 tag or as one; empty: English
     */
    static void put(Item item, String text, String language, ZoneId zone, Importer who) {
        String words = text.strip();
        if (words.isEmpty()) {
            return;
        }
        try {
            Matcher day = DAY.matcher(words);
            if (day.matches()) {
                LocalTime time = day.group(2) == null ? null : LocalTime.parse(day.group(2));
                item.due(new Due(LocalDate.parse(day.group(1)), time), zone);
                return;
            }
            if (INSTANT.matcher(words).matches()) {
                item.due(OffsetDateTime.parse(words).toInstant(), zone);
                return;
            }
        } catch (DateTimeException | IllegalArgumentException e) {
            notRead(item, words, "there is no such date");
            return;
        }
        Speaker speaker = new Speaker(
                who.now().withZoneSameInstant(zone),
                language.isBlank() ? "en" : language,
                who.weekStart(),
                ListNames.NONE);
        if (!speaker.isUnderstood()) {
            notRead(item, words, "dates in words are not read in this language (" + Item.quoted(language) + ")");
        } else if (Understanding.of(TITLE + " " + words, speaker).intent() instanceof Intent.Add add
                && add.title().equals(TITLE)
                && add.due() != null) {
            item.due(add.due(), zone).rule(add.recurrence()).words(words);
            add.reminders().forEach(item::remind);
            if (add.recurFrom() == Recurrence.From.COMPLETION) {
                item.fromCompletion();
            }
        } else {
            notRead(item, words, "it is not surely a date");
        }
    }

    private static void notRead(Item item, String words, String why) {
        item.lost("Its date “" + Item.quoted(words) + "” is not kept: " + why);
    }
}
