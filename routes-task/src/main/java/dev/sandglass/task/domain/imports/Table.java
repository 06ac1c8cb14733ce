package dev.sandglass.task.domain.imports;

import dev.sandglass.support.domain.Rejection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** A table (RFC 4180) whose columns have names, which may come after lines about the file. */
record Table(List<String> columns, List<Row> rows) {
    /** Rows before the names of the columns. */
    private static final int LONGEST_PREAMBLE = 20;

    private static final int MOST_COLUMNS = 100;
    /** Tables have rows without a task too: notes, sections, empty ones. */
    private static final int MOST_ROWS = 20_000;

    /** @param line on which it begins */
    record Row(int line, Map<String, String> cells) {
        String get(String column) {
            return cells.getOrDefault(column, "").strip();
        }
    }

    /**
     * @param columns those that it must have, in lower case
     * @return empty where it has no such columns: it is another table, or none
     * @throws Rejection INVALID where it has, and cannot be read
     */
    static Optional<Table> of(String text, List<String> columns) {
        List<String> names = List.of();
        List<Row> rows = new ArrayList<>();
        int seen = 0;
        long line = 1;
        try (CSVParser parser = CSVParser.parse(text, CSVFormat.DEFAULT)) {
            for (CSVRecord row : parser) {
                if (names.isEmpty()) {
                    List<String> words = row.stream()
                            .map(word -> word.strip().toLowerCase(Locale.ROOT))
                            .toList();
                    if (words.containsAll(columns) && words.size() <= MOST_COLUMNS) {
                        names = words;
                    } else if (++seen > LONGEST_PREAMBLE) {
                        return Optional.empty();
                    }
                } else if (rows.size() >= MOST_ROWS) {
                    throw Rejection.wrong("", "the table has more than " + MOST_ROWS + " rows");
                } else {
                    rows.add(row(names, row, (int) line));
                }
                line = parser.getCurrentLineNumber() + 1;
            }
        } catch (IOException | UncheckedIOException e) {
            if (names.isEmpty()) {
                return Optional.empty();
            }
            throw Rejection.wrong("", "line " + line + ": the table cannot be read from here; are all quotes closed?");
        }
        return names.isEmpty() ? Optional.empty() : Optional.of(new Table(names, rows));
    }

    private static Row row(List<String> names, CSVRecord row, int line) {
        Map<String, String> cells = new HashMap<>();
        for (int i = 0; i < Math.min(names.size(), row.size()); i++) {
            cells.putIfAbsent(names.get(i), row.get(i));
        }
        return new Row(line, cells);
    }
}
