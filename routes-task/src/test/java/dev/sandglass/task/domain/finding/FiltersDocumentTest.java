package dev.sandglass.task.domain.finding;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sandglass.events.Priority;
import dev.sandglass.support.domain.Rejection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Writes what {@code docs/filters.md} says is found and told. With {@code CI=true} a document that is out of date fails. */
class FiltersDocumentTest {
    private static final ZoneId WARSAW = ZoneId.of("Europe/Warsaw");
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
    private static final Path DOCUMENT = Path.of("..", "docs", "filters.md");
    private static final Pattern TASK = Pattern.compile("(?m)^((?:\\| [^|`]*){8})\\|$");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`|]+)` \\|[^|]*\\|$");

    @Test
    void whatIsFoundAndToldIsWhatItSays() throws IOException {
        String document = Files.readString(DOCUMENT);
        var tasks = TASK.matcher(document)
                .results()
                .skip(2)
                .map(row -> findable(row.group(1).substring(2).strip().split("\\s*\\| ?", -1)))
                .toList();
        assertEquals(5, tasks.size());
        String written = filled(document, "## Examples", filter -> {
            Search search =
                    finding(filter).search(NOW, Optional.empty(), Map.of("Household", "Household", "Inbox", "Inbox"));
            tasks.forEach(search::see);
            return String.join(
                    ", ",
                    search.page().tasks().stream().map(task -> task.title()).toList());
        });
        written = filled(written, "## What is told", filter -> {
            try {
                return finding(filter) + " is read";
            } catch (Rejection e) {
                return e.more().at("/errors/0/detail").asText();
            }
        });
        if (System.getProperty("sandglass.write") == null) {
            assertEquals(written, document, "mvn test -Dsandglass.write writes docs/filters.md anew");
        } else {
            Files.writeString(DOCUMENT, written);
        }
    }

    /** Fills in the rows of a chapter. */
    private static String filled(String document, String chapter, UnaryOperator<String> answer) {
        int from = document.indexOf(chapter);
        int to = document.indexOf("\n## ", from);
        String rows = ROW.matcher(document.substring(from, to))
                .replaceAll(row ->
                        Matcher.quoteReplacement("| `" + row.group(1) + "` | " + answer.apply(row.group(1)) + " |"));
        return document.substring(0, from) + rows + document.substring(to);
    }

    private static Finding finding(String filter) {
        return Finding.parse(Map.of("filter", filter, "sort", "title"), WARSAW);
    }

    private static Findable findable(String[] row) {
        return Findable.of(new Sample(row[0])
                .title(row[0])
                .list(row[1])
                .description(row[2])
                .tags(row[3].isEmpty() ? new String[0] : row[3].split(", "))
                .priority(Priority.valueOf(row[4].toUpperCase(Locale.ROOT)))
                .due(row[5].isEmpty() ? null : row[5])
                .recurrence(row[6].isEmpty() ? null : row[6])
                .completed(row[7].isEmpty() ? null : Instant.parse(row[7]))
                .task());
    }
}
