package dev.sandglass.time;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** 2,000 random rules give the dates that python-dateutil gives; {@code rules-by-dateutil.py} made the table and says what it leaves out. */
@Tag("FR-001")
class RulesByDateutilTest {
    private static final LocalDate LAST = LocalDate.of(2200, 12, 31);

    @Test
    void theDatesAreThoseOfAnotherImplementation() throws Exception {
        List<String> wrong = new ArrayList<>();
        int rules = 0;
        try (BufferedReader table = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(getClass().getResourceAsStream("/rules-by-dateutil.txt")), UTF_8))) {
            table.readLine();
            for (String line = table.readLine(); line != null; line = table.readLine()) {
                String[] row = line.split(" ");
                List<String> expected = row[2].equals("-") ? List.of() : List.of(row[2].split(","));
                List<String> dates = following(row[0], row[1], expected.size());
                if (!dates.equals(expected)) {
                    wrong.add(line + " and not " + dates);
                }
                rules++;
            }
        }
        assertEquals(List.of(), wrong);
        assertEquals(2_000, rules);
    }

    /** So many, and, where the table has none, those it would have had. */
    private static List<String> following(String rule, String first, int many) {
        Recurrence recurrence = Recurrence.parse(rule);
        Due anchor = Due.parse(first);
        List<String> dates = new ArrayList<>();
        Optional<Due> due = Optional.of(anchor);
        for (int n = 1; n <= Math.max(1, many); n++) {
            Recurrence.Series series = new Recurrence.Series(anchor, due.get(), ZoneOffset.UTC, n);
            due = recurrence.next(series, Recurrence.From.SCHEDULE, due.get().startsAt(ZoneOffset.UTC));
            if (due.isEmpty() || many == 0 && due.get().date().isAfter(LAST)) {
                break;
            }
            dates.add(due.get().toString());
        }
        return dates;
    }
}
