package dev.sandglass.task.domain.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The meaning of sentences: {@code sentences.tsv}, German ones {@code sentences-de.tsv}. Its columns are the sentence; its title, {@code =} for the whole sentence;
 * due; recurrence; reminders, and {@code nag} with how often the last comes again; tags; priority; another result: {@code asks} with the choices (without the one that leaves
 * all in the title), {@code shows}, {@code completes}, {@code undoes}; and the time it is said, if not on that Friday.
 */
class SentencesTest {
    private static final String FRIDAY = "2026-11-27T13:00/Europe/Warsaw";
    private static final int COLUMNS = 9;
    private static final ListNames LISTS = new ListNames(List.of(
            new ListName("g1", "Groceries"),
            new ListName("l1", "London"),
            new ListName("s1", "Shopping list"),
            new ListName("w1", "Work"),
            new ListName("w2", "Work"),
            new ListName("e1", "Einkauf")));

    static Stream<List<String>> english() throws IOException {
        return sentences("sentences.tsv");
    }

    static Stream<List<String>> german() throws IOException {
        return sentences("sentences-de.tsv");
    }

    private static Stream<List<String>> sentences(String name) throws IOException {
        try (var file = SentencesTest.class.getResourceAsStream(name)) {
            assertNotNull(file);
            return new String(file.readAllBytes(), UTF_8)
                            .lines()
                            .filter(it -> !it.isBlank() && !it.startsWith("# "))
                            .map(it -> Arrays.asList(it.split("\t", -1)))
                            .toList()
                            .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("english")
    void meansWhatItSays(List<String> row) {
        means(row, "en");
    }

    @ParameterizedTest
    @MethodSource("german")
    void heisstWasEsSagt(List<String> row) {
        means(row, "de");
    }

    /** Whoever picks a choice is not asked the same again. */
    @ParameterizedTest
    @ValueSource(strings = {"en", "de"})
    void everyChoiceIsAnAnswer(String locale) throws IOException {
        int choices = 0;
        for (var row : sentences(locale.equals("en") ? "sentences.tsv" : "sentences-de.tsv")
                .toList()) {
            var speaker = new Speaker(now(row.size() < COLUMNS ? "" : row.get(COLUMNS - 1)), locale, null, LISTS);
            if (Understanding.of(row.get(0), speaker).intent() instanceof Intent.Unclear asked) {
                for (var choice : asked.choices()) {
                    var picked = Understanding.answer(asked.pending(), choice.say(), speaker)
                            .intent();
                    assertFalse(
                            picked instanceof Intent.Unclear again
                                    && again.question().equals(asked.question()),
                            () -> row.get(0) + ": " + choice);
                    choices++;
                }
            }
        }
        assertTrue(choices > 40, choices + " choices");
    }

    /** Somebody sends a sentence before its end. */
    @ParameterizedTest
    @ValueSource(strings = {"en", "de"})
    void theBeginningOfASentenceMeansSomething(String locale) throws IOException {
        for (var row : sentences(locale.equals("en") ? "sentences.tsv" : "sentences-de.tsv")
                .toList()) {
            var speaker = new Speaker(now(row.size() < COLUMNS ? "" : row.get(COLUMNS - 1)), locale, null, LISTS);
            var words = row.get(0).split(" ");
            for (int end = 1; end < words.length; end++) {
                var beginning = String.join(" ", Arrays.asList(words).subList(0, end));
                assertDoesNotThrow(() -> Understanding.of(beginning, speaker), beginning);
            }
        }
    }

    private static void means(List<String> row, String locale) {
        var padded = new ArrayList<>(row);
        while (padded.size() < COLUMNS) {
            padded.add("");
        }
        var when = padded.get(COLUMNS - 1);
        assertEquals(padded, read(padded.get(0), when, locale), padded.get(0));
    }

    private static List<String> read(String sentence, String when, String locale) {
        var intent = Understanding.of(sentence, new Speaker(now(when), locale, null, LISTS))
                .intent();
        var row = new ArrayList<>(List.of(sentence, "", "", "", "", "", "", "", when));
        if (intent instanceof Intent.Add add) {
            row.set(1, add.title().equals(sentence) ? "=" : add.title());
            row.set(2, add.due() == null ? "" : add.due().toString());
            row.set(3, add.recurrence() == null ? "" : add.recurrence());
            if (add.recurFrom() != null) {
                row.set(3, row.get(3) + " from " + add.recurFrom().name().toLowerCase(Locale.ROOT));
            }
            if (add.workdays() != null) {
                row.set(3, row.get(3) + " workdays " + add.workdays());
            }
            row.set(4, String.join(" ", add.reminders()) + (add.nag() == null ? "" : " nag " + add.nag()));
            row.set(5, String.join(" ", add.tags()));
            row.set(7, add.list() == null ? "" : "in " + add.list().name());
            row.set(6, add.priority() == null ? "" : add.priority().name().toLowerCase(Locale.ROOT));
        } else {
            row.set(7, otherwise(intent));
        }
        return row;
    }

    private static String otherwise(Intent intent) {
        if (intent instanceof Intent.Show show) {
            return "shows " + show.query();
        }
        if (intent instanceof Intent.Complete complete) {
            return (complete.otherwise() == null ? "completes " : "perhaps completes ") + named(complete);
        }
        if (intent instanceof Intent.Undo) {
            return "undoes";
        }
        if (intent instanceof Intent.Skip skip) {
            return "skips " + named(skip.one());
        }
        if (intent instanceof Intent.End end) {
            return "ends " + named(end.one());
        }
        if (intent instanceof Intent.Delete delete) {
            return "deletes " + named(delete.one());
        }
        if (intent instanceof Intent.Move move) {
            return "moves " + named(move.one()) + (move.by() == null ? " to " : " ") + to(move);
        }
        if (intent instanceof Intent.Snooze snooze) {
            return "snoozes " + named(snooze.one()) + " "
                    + (snooze.period() == null ? "until " + snooze.until() : snooze.period());
        }
        if (intent instanceof Intent.Several several) {
            return (several.delete() ? "deletes all " : "completes all ")
                    + several.which().query();
        }
        if (intent instanceof Intent.All all) {
            return otherwise(all.deed()).split(" ")[0] + " " + String.join(" ", all.tasks())
                    + (all.deed() instanceof Intent.Move move ? " to " + to(move) : "");
        }
        if (intent instanceof Intent.Share share) {
            return (share.role() == null ? "unshares " : "shares ")
                    + share.list().name() + " with " + String.join(", ", share.users())
                    + (share.role() == null ? "" : " as " + share.role());
        }
        if (intent instanceof Intent.AddAll all) {
            return "adds "
                    + all.tasks().stream().map(it -> it.body().toString()).collect(Collectors.joining(" "));
        }
        var choices = ((Intent.Unclear) intent)
                .choices().stream()
                        .map(Choice::label)
                        .filter(it -> !it.endsWith("as it is written") && !it.endsWith("wie es da steht"))
                        .collect(Collectors.joining(" | "));
        return choices.isEmpty() ? "asks" : "asks: " + choices;
    }

    private static String to(Intent.Move move) {
        return move.list() == null ? move.to() : (move.list().name() + " " + move.to()).strip();
    }

    private static String named(Intent.Complete one) {
        return one.words()
                + (one.parts().isEmpty() ? "" : " or each of " + String.join("; ", one.parts()))
                + one.within().stream()
                        .map(it -> " of " + it.name() + " " + it.id())
                        .collect(Collectors.joining());
    }

    private static ZonedDateTime now(String when) {
        var parts = (when.isEmpty() ? FRIDAY : when).split("/", 2);
        return LocalDateTime.parse(parts[0]).atZone(ZoneId.of(parts[1]));
    }
}
