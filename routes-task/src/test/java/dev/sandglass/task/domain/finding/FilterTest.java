package dev.sandglass.task.domain.finding;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sandglass.events.Priority;
import dev.sandglass.events.Task;
import java.text.Normalizer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** A filter finds what somebody finds who goes through the tasks one by one, in order, and pages miss and double none of it. */
@Tag("FR-006")
class FilterTest {
    private static final ZoneId TOKYO = ZoneId.of("Asia/Tokyo");
    /** 02:30 on 1 February in Tokyo, where the user is. */
    private static final Instant NOW = Instant.parse("2027-01-31T17:30:00Z");

    private static final LocalDate TODAY = LocalDate.parse("2027-02-01");
    private static final List<String> OPERATORS = List.of("=", "!=", "<", "<=", ">", ">=");
    private static final List<String> WORDS =
            List.of("a", "A", "\u00e4", "a\u0308", "b", "Łódź", "lodz", "ab", "Ba c", "", "\ufb01", "x\"y\\");
    private static final List<Instant> INSTANTS = Stream.of(
                    "2027-01-30T14:59:59.999Z",
                    "2027-01-30T15:00:00Z",
                    "2027-01-31T14:59:59Z",
                    "2027-01-31T15:00:00Z",
                    "2027-01-31T17:30:00Z",
                    "2027-02-01T15:00:00Z")
            .map(Instant::parse)
            .toList();

    /** As {@code sort=-priority,due,title} says it. */
    private static final Comparator<Task> IN_ORDER = Comparator.comparing(Task::priority)
            .reversed()
            .thenComparing(task -> task.due() == null ? Instant.MAX : task.due().startsAt(task.timeZone()))
            .thenComparing(task -> plain(task.title()))
            .thenComparing(Task::id);

    /** A filter as it is written, and the tasks that fit it. */
    private record Said(String text, Predicate<Task> fits) {
        @Override
        public String toString() {
            return text;
        }
    }

    /** A value as it is written, and the order of what a task has to it. */
    private record When(String text, LocalDate day, Instant instant) {}

    @Property(tries = 2_000)
    void itFindsWhatFitsAndPagesMissAndDoubleNothing(@ForAll("tasks") List<Task> tasks, @ForAll("filters") Said said) {
        var expected =
                tasks.stream().filter(said.fits).sorted(IN_ORDER).map(Task::id).toList();
        var all = tasks.stream().map(Findable::of).toList();
        var query = new HashMap<>(Map.of("filter", said.text, "sort", "-priority,due,title", "limit", "3"));
        var found = new ArrayList<String>();
        Page page;
        do {
            page = Sample.find(Finding.parse(query, TOKYO), all, NOW);
            assertEquals(expected.size(), page.total());
            page.tasks().forEach(task -> found.add(task.id()));
            query.put("cursor", page.next());
        } while (page.next() != null && found.size() <= tasks.size());
        assertEquals(expected, found);
    }

    // ---------------------------------------------------------------- Tasks

    @Provide
    Arbitrary<List<Task>> tasks() {
        var words = Arbitraries.of(WORDS);
        var titles = words.filter(word -> !word.isEmpty());
        return Combinators.combine(
                        Combinators.combine(titles, words, titles.list().ofMaxSize(3), Arbitraries.of("l", "m"))
                                .as((title, description, tags, list) -> new Sample("")
                                        .title(title)
                                        .description(description)
                                        .tags(tags.toArray(String[]::new))
                                        .list(list)),
                        Combinators.combine(
                                        Arbitraries.integers().between(1, 99),
                                        Arbitraries.of(Priority.class),
                                        Arbitraries.of(
                                                        "2027-01-31",
                                                        "2027-02-01",
                                                        "2027-01-31T09:00:00",
                                                        "2027-01-31T23:30:00",
                                                        "2027-02-01T02:30:00")
                                                .injectNull(0.2),
                                        Arbitraries.of("Asia/Tokyo", "America/New_York"),
                                        Arbitraries.of(INSTANTS),
                                        Arbitraries.of(INSTANTS),
                                        Arbitraries.of(INSTANTS).injectNull(0.5),
                                        Arbitraries.of("daily").injectNull(0.5))
                                .as(Rest::new))
                .as((sample, rest) -> rest.of(sample))
                .list()
                .ofMaxSize(12)
                .uniqueElements(Task::id);
    }

    private record Rest(
            int id,
            Priority priority,
            String due,
            String zone,
            Instant created,
            Instant updated,
            Instant completed,
            String recurrence) {
        Task of(Sample sample) {
            return sample.numbered(id)
                    .priority(priority)
                    .due(due)
                    .zone(zone)
                    .created(created.toString())
                    .updated(updated)
                    .completed(completed)
                    .recurrence(recurrence)
                    .task();
        }
    }

    // ---------------------------------------------------------------- Filters

    @Provide
    Arbitrary<Said> filters() {
        return nested(3);
    }

    private static Arbitrary<Said> nested(int depth) {
        var leaf = Arbitraries.oneOf(texts(), lists(), words(), times(), absent());
        if (depth == 0) {
            return leaf;
        }
        var inner = nested(depth - 1);
        return Arbitraries.oneOf(
                leaf,
                inner.map(part -> new Said("not (" + part + ")", part.fits.negate())),
                Combinators.combine(inner, inner)
                        .as((one, other) -> new Said("(" + one + ") and (" + other + ")", one.fits.and(other.fits))),
                Combinators.combine(inner, inner)
                        .as((one, other) -> new Said("(" + one + ") or (" + other + ")", one.fits.or(other.fits))),
                // Without brackets: and binds.
                Combinators.combine(leaf, leaf, leaf)
                        .as((a, b, c) -> new Said(
                                a + " OR not " + b + " and " + c,
                                a.fits.or(b.fits.negate().and(c.fits)))));
    }

    private static Arbitrary<Said> texts() {
        Map<String, Function<Task, List<String>>> fields = Map.of(
                "title", task -> List.of(task.title()),
                "description", task -> List.of(task.description()),
                "text", task -> List.of(task.title(), task.description()),
                "tag", Task::tags);
        Map<String, BiPredicate<String, String>> operators = new HashMap<>();
        OPERATORS.forEach(operator ->
                operators.put(operator, (text, value) -> holds(plain(text).compareTo(plain(value)), operator)));
        operators.put("~", (text, value) -> plain(text).contains(plain(value)));
        return Combinators.combine(
                        Arbitraries.of(fields.keySet()),
                        Arbitraries.of(operators.keySet()),
                        Arbitraries.of(WORDS).list().ofMinSize(1).ofMaxSize(3))
                .as((field, operator, values) -> {
                    var first = values.get(0);
                    var of = fields.get(field);
                    if (values.size() > 1) {
                        return new Said(
                                field + " in "
                                        + values.stream()
                                                .map(FilterTest::quoted)
                                                .toList(),
                                task -> of.apply(task).stream()
                                        .anyMatch(text -> values.stream()
                                                .anyMatch(value -> plain(text).equals(plain(value)))));
                    }
                    return new Said(
                            field + operator + quoted(first),
                            operator.equals("!=")
                                    ? task -> !of.apply(task).isEmpty()
                                            && of.apply(task).stream()
                                                    .noneMatch(
                                                            text -> plain(text).equals(plain(first)))
                                    : task -> of.apply(task).stream()
                                            .anyMatch(text ->
                                                    operators.get(operator).test(text, first)));
                });
    }

    private static Arbitrary<Said> lists() {
        return Arbitraries.of(
                new Said("list = l", task -> task.list().equals("l")),
                new Said("list = household", task -> task.list().equals("l")),
                new Said("list != \"HOUSEHOLD\"", task -> !task.list().equals("l")),
                new Said("list in [m, l]", task -> task.list().equals("l")),
                new Said("list ~ \"hóuse\"", task -> task.list().equals("l")),
                new Said("list = L", task -> false));
    }

    private static Arbitrary<Said> words() {
        return Arbitraries.oneOf(
                Combinators.combine(Arbitraries.of(OPERATORS), Arbitraries.of(Priority.class))
                        .as((operator, value) -> new Said(
                                "priority " + operator + " " + value.name().toLowerCase(Locale.ROOT),
                                task -> holds(task.priority().compareTo(value), operator))),
                Arbitraries.of(
                        new Said(
                                "priority in [LOW, urgent]",
                                task -> task.priority() == Priority.LOW || task.priority() == Priority.URGENT),
                        new Said("status = open", Task::open),
                        new Said("status in [open,completed]", task -> true),
                        new Said("status != completed", Task::open),
                        new Said("recurring = true", task -> task.recurrence() != null),
                        new Said("recurring != true", task -> task.recurrence() == null),
                        new Said("overdue = true", FilterTest::overdue),
                        new Said("overdue = false", task -> !overdue(task))));
    }

    private static Arbitrary<Said> times() {
        var whens = Stream.of(
                        "2027-01-31", "2027-02-01", "today", "Tomorrow", "tomorrow - 2d", "today + 1w", "today-1d")
                .map(text -> new When(text, day(text), null));
        var instants = Stream.of(
                new When("now", null, NOW),
                new When("now - 1d", null, NOW.minusSeconds(86_400)),
                new When("now-3h", null, NOW.minusSeconds(10_800)),
                new When("2027-01-31T15:00:00Z", null, Instant.parse("2027-01-31T15:00:00Z")),
                new When("2027-02-01T00:00:00+09:00", null, Instant.parse("2027-01-31T15:00:00Z")));
        return Combinators.combine(
                        Arbitraries.of("due", "created", "updated", "completed"),
                        Arbitraries.of(OPERATORS),
                        Arbitraries.of(Stream.concat(whens, instants).toList())
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(2))
                .as((field, operator, values) -> {
                    if (values.size() > 1) {
                        return new Said(
                                field + " in [" + values.get(0).text + " ," + values.get(1).text + "]",
                                task -> values.stream().anyMatch(when -> holds(task, field, "=", when)));
                    }
                    return new Said(
                            field + " " + operator + " " + values.get(0).text,
                            task -> holds(task, field, operator, values.get(0)));
                });
    }

    private static Arbitrary<Said> absent() {
        return Arbitraries.of(
                new Said("due is null", task -> task.due() == null),
                new Said("completed IS NULL", Task::open),
                new Said("tag is null", task -> task.tags().isEmpty()),
                new Said("description is null", task -> task.description().isEmpty()),
                new Said("title is null", task -> false),
                new Said("created is null", task -> false));
    }

    // ---------------------------------------------------------------- One by one

    private static boolean holds(Task task, String field, String operator, When when) {
        if (field.equals("due")) {
            if (task.due() == null) {
                return false;
            }
            return when.day != null
                    ? holds(task.due().date().compareTo(when.day), operator)
                    : holds(task.due().startsAt(task.timeZone()).compareTo(when.instant), operator);
        }
        var instant = switch (field) {
            case "created" -> task.createdAt();
            case "updated" -> task.updatedAt();
            default -> task.completedAt();
        };
        if (instant == null) {
            return false;
        }
        return when.day != null
                ? holds(LocalDate.ofInstant(instant, TOKYO).compareTo(when.day), operator)
                : holds(instant.compareTo(when.instant), operator);
    }

    private static boolean overdue(Task task) {
        return task.open() && task.dueAt() != null && !task.dueAt().isAfter(NOW);
    }

    private static LocalDate day(String text) {
        return switch (text) {
            case "today" -> TODAY;
            case "Tomorrow" -> TODAY.plusDays(1);
            case "tomorrow - 2d", "today-1d" -> TODAY.minusDays(1);
            case "today + 1w" -> TODAY.plusDays(7);
            default -> LocalDate.parse(text);
        };
    }

    private static boolean holds(int order, String operator) {
        return switch (operator) {
            case "=" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    /** The text without case and marks, which is enough for these words. */
    private static String plain(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKD)
                .replaceAll("\\p{M}", "")
                .toLowerCase(Locale.ROOT)
                .replace('ł', 'l');
    }

    private static String quoted(String text) {
        return Objects.hash(text) % 2 == 0 && text.matches("[\\p{L}\\p{M}]+")
                ? text
                : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
