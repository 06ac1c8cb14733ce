package dev.sandglass.task.domain.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.events.Priority;
import dev.sandglass.events.Task;
import dev.sandglass.task.domain.finding.Sample;
import dev.sandglass.time.Recurrence;
import dev.sandglass.time.Workdays;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Writes the answers in {@code docs/words.md}: the rules and what is said are a person's, what is answered is not. With
 * {@code CI=true} a document that is out of date fails.
 */
class WordsDocumentTest {
    private static final ZonedDateTime FRIDAY = ZonedDateTime.parse("2026-11-27T13:00:00+01:00[Europe/Warsaw]");
    private static final Path DOCUMENT = Path.of("..", "docs", "words.md");
    private static final Pattern ROW = Pattern.compile("(?m)^(\\| [^|]+ \\| `([^`]+)` \\|).*$");

    @Test
    void theAnswersAreThoseThatAreGiven() throws IOException {
        var document = Files.readString(DOCUMENT);
        var rows = ROW.matcher(document);
        var written =
                rows.replaceAll(row -> Matcher.quoteReplacement(row.group(1) + " " + answer(row.group(2)) + " |"));
        assertTrue(ROW.matcher(document).results().count() > 50);
        if (System.getProperty("sandglass.write") == null) {
            assertEquals(written, document, "mvn test -Dsandglass.write writes docs/words.md anew");
        } else {
            Files.writeString(DOCUMENT, written);
        }
    }

    private static String answer(String said) {
        var lists = new ListNames(List.of(new ListName("a", "Groceries"), new ListName("b", "London")));
        var speaker = new Speaker(FRIDAY, "en", null, lists);
        var reply = new Reply(speaker);
        var intent = Understanding.of(said, speaker).intent();
        if (intent instanceof Intent.Add add) {
            return reply.added(task(add), add.list() == null ? null : add.list().name());
        }
        if (intent instanceof Intent.Show show) {
            return "shows tasks " + show.what();
        }
        if (intent instanceof Intent.Complete complete) {
            var task = complete.shown(speaker.language());
            return complete.otherwise() == null
                    ? "completes " + task
                    : "completes " + task + ", or asks whether to add “" + complete.otherwise() + "”";
        }
        if (intent instanceof Intent.Undo) {
            return "undoes";
        }
        if (intent instanceof Intent.Skip skip) {
            return "skips “" + skip.one().words() + "”";
        }
        if (intent instanceof Intent.End end) {
            return reply.ended(new Sample("a.1").title(end.one().words()).task());
        }
        if (intent instanceof Intent.AddAll all) {
            return reply.added(all.tasks().stream().map(WordsDocumentTest::task).toList());
        }
        if (intent instanceof Intent.Delete delete && !delete.one().parts().isEmpty()) {
            return "deletes “" + delete.one().words() + "”, or else asks whether to delete “"
                    + String.join("”, “", delete.one().parts()) + "”";
        }
        if (intent instanceof Intent.Delete delete) {
            return "deletes “" + delete.one().words() + "”, or asks whether to add “"
                    + delete.one().otherwise() + "”";
        }
        if (intent instanceof Intent.Move move) {
            return "moves “" + move.one().words() + "” " + (move.by() == null ? "to " : "")
                    + (move.list() == null ? "" : "“" + move.list().name() + "” ") + move.to();
        }
        if (intent instanceof Intent.Snooze snooze) {
            return "reminds of “" + snooze.one().words() + "” "
                    + (snooze.period() == null ? snooze.to() : "again, " + snooze.period() + " from now");
        }
        if (intent instanceof Intent.Several several) {
            return "asks whether to " + (several.delete() ? "delete" : "complete") + " all tasks "
                    + several.which().what();
        }
        if (intent instanceof Intent.Share share) {
            return reply.shared(share);
        }
        var asked = (Intent.Unclear) intent;
        return asked.question()
                + asked.choices().stream()
                        .map(it -> "<br>" + (asked.choices().indexOf(it) + 1) + ". " + it.label())
                        .collect(Collectors.joining());
    }

    private static Task task(Intent.Add add) {
        return new Sample("a.1")
                .title(add.title())
                .priority(add.priority() == null ? Priority.MEDIUM : add.priority())
                .tags(add.tags().toArray(String[]::new))
                .due(add.due() == null ? null : add.due().toString())
                .recurrence(add.recurrence())
                .recurFrom(add.recurFrom() == null ? Recurrence.From.SCHEDULE : add.recurFrom())
                .workdays(
                        add.workdays() == null
                                ? Workdays.AS_IS
                                : Workdays.valueOf(add.workdays().toUpperCase(Locale.ROOT)))
                .reminders(add.reminders())
                .nag(add.nag())
                .task();
    }
}
