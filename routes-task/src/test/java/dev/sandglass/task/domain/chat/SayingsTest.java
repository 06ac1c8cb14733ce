package dev.sandglass.task.domain.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sandglass.time.Recurrence;
import dev.sandglass.time.Recurrence.From;
import dev.sandglass.time.Recurrence.Series;
import dev.sandglass.time.WorkingDays;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How people say that something comes again, and the dates they mean: told by a calendar, said on Friday, 27 November 2026. */
@Tag("FR-001")
class SayingsTest {
    private static final ZoneId WARSAW = ZoneId.of("Europe/Warsaw");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "every other day | 27.11. 29.11. 1.12. 3.12.",
                "every 2nd day | 27.11. 29.11. 1.12. 3.12.",
                "every second day | 27.11. 29.11. 1.12. 3.12.",
                "every 3rd Friday | 18.12. 15.1. 19.2. 19.3.",
                "every third friday | 18.12. 15.1. 19.2. 19.3.",
                "every 3rd friday of the month | 18.12. 15.1. 19.2. 19.3.",
                "on the 3rd friday of every month | 18.12. 15.1. 19.2. 19.3.",
                "every last day | 30.11. 31.12. 31.1. 28.2.",
                "every last day of the month | 30.11. 31.12. 31.1. 28.2.",
                "on the last day of each month | 30.11. 31.12. 31.1. 28.2.",
                "every 5th Friday | 29.1. 30.4. 30.7. 29.10.",
                "every fifth friday of the month | 29.1. 30.4. 30.7. 29.10.",
                "every 1st and 15th | 1.12. 15.12. 1.1. 15.1.",
                "on the 1st and 15th of every month | 1.12. 15.12. 1.1. 15.1.",
                "every 31st | 31.12. 31.1. 28.2. 31.3.",
                "every first working day of the month | 1.12. 1.1. 1.2. 1.3. 1.4. 3.5.",
                "first working day of the month | 1.12. 1.1. 1.2. 1.3. 1.4. 3.5.",
                "on the first working day of every month | 1.12. 1.1. 1.2. 1.3. 1.4. 3.5.",
                "every last working day | 30.11. 31.12. 29.1. 26.2.",
                "2 days before the month's end | 28.11. 29.12. 29.1. 26.2.",
                "2 days before the end of every month | 28.11. 29.12. 29.1. 26.2.",
                "every month 2 days before the end | 28.11. 29.12. 29.1. 26.2.",
                "every 2nd and 4th tuesday | 8.12. 22.12. 12.1. 26.1.",
                "every last friday | 27.11. 25.12. 29.1. 26.2.",
                "every 2 weeks on Monday and Wednesday | 30.11. 2.12. 14.12. 16.12.",
                "every other monday | 30.11. 14.12. 28.12. 11.1.",
                "every weekday | 27.11. 30.11. 1.12. 2.12.",
                "every quarter | 27.11. 27.2. 27.5. 27.8.",
                "every 29 february | 29.2. 28.2. 28.2. 28.2. 29.2.",
            })
    void meansItsDates(String saying, String dates) {
        for (String sentence : new String[] {"water plants " + saying, saying + " water plants"}) {
            var now = LocalDateTime.parse("2026-11-27T13:00").atZone(WARSAW);
            var add = assertInstanceOf(
                    Intent.Add.class, Understanding.of(sentence, now).intent(), sentence);
            assertEquals("water plants", add.title(), sentence);
            var due = Objects.requireNonNull(add.due(), sentence);
            var rule = Recurrence.parse(Objects.requireNonNull(add.recurrence(), sentence));
            var said = new ArrayList<>(List.of(due));
            said.addAll(rule.coming(
                    new Series(due, due, WARSAW, 1),
                    From.SCHEDULE,
                    now.toInstant(),
                    WorkingDays.ALL,
                    dates.split(" ").length - 1));
            assertEquals(
                    dates,
                    said.stream()
                            .map(it ->
                                    it.date().getDayOfMonth() + "." + it.date().getMonthValue() + ".")
                            .collect(Collectors.joining(" ")),
                    sentence);
        }
    }
}
