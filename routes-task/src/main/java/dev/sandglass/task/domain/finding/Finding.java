package dev.sandglass.task.domain.finding;

import dev.sandglass.events.Priority;
import dev.sandglass.events.Status;
import dev.sandglass.events.Task;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Fault;
import dev.sandglass.task.domain.filter.Condition;
import dev.sandglass.task.domain.filter.FilterParser;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A search for tasks.
 *
 * @param filter the tasks to find
 * @param condition what they must fulfil beside; null: nothing
 * @param zone the user's
 * @param sort the order; ties by id
 * @param limit the most tasks on a page, 1 to 500
 * @param cursor the end of the page before; null: the first page
 */
public record Finding(
        Filter filter,
        @Nullable Condition condition,
        ZoneId zone,
        List<SortKey.Step> sort,
        int limit,
        @Nullable Cursor cursor) {
    private static final Set<String> KNOWN = Set.of(
            "q",
            "filter",
            "status",
            "priority",
            "tag",
            "list",
            "due_after",
            "due_before",
            "overdue",
            "series",
            "sort",
            "limit",
            "cursor");
    /** Tasks of a page. */
    public static final int MOST = 500;

    private static final int USUAL = 50;
    private static final Pattern SPACE = Pattern.compile("[\\s\\p{Z}]+");

    public Finding {
        sort = List.copyOf(sort);
    }

    /**
     * One end of a span of time.
     *
     * @param instant of a date: its 00:00 in the user's zone
     * @param date null where an instant was given
     */
    public record Bound(Instant instant, @Nullable LocalDate date) {
        private static final Pattern SHAPE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}(T.+)?");

        /**
         * @param text a date, or an instant with Z or an offset (RFC 3339)
         * @throws IllegalArgumentException with a sentence for a person
         */
        public static Bound parse(String text, ZoneId userZone) {
            if (!SHAPE.matcher(text).matches()) {
                throw new IllegalArgumentException("must be a date (2027-01-31) or an instant (2027-01-31T08:00:00Z)");
            }
            try {
                if (text.indexOf('T') < 0) {
                    var date = LocalDate.parse(text);
                    return new Bound(date.atStartOfDay(userZone).toInstant(), date);
                }
                return new Bound(OffsetDateTime.parse(text).toInstant(), null);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException("no such date or instant: " + text, e);
            }
        }

        /**
         * Tells if a task is due before this. A task with a time is due at its instant. An all-day task is compared by its
         * date with a date, in any zone, and from its 00:00 with an instant.
         */
        private boolean isAfter(Findable findable) {
            var due = findable.task().due();
            return (date != null && due != null && due.allDay())
                    ? due.date().isBefore(date)
                    : findable.position().due() < instant.toEpochMilli();
        }
    }

    /**
     * The tasks to find; null or an empty set leaves all in.
     *
     * @param words folded; the text has every one of them
     * @param tags folded; the task has one of them at least
     */
    record Filter(
            List<Word> words,
            @Nullable Status status,
            Set<Priority> priorities,
            Set<String> tags,
            Set<String> lists,
            @Nullable Bound dueAfter,
            @Nullable Bound dueBefore,
            @Nullable Boolean overdue,
            @Nullable String series) {

        boolean takes(Findable findable, Instant now) {
            Task task = findable.task();
            return (status == null || task.status() == status)
                    && (series == null || task.series().equals(series))
                    && (priorities.isEmpty() || priorities.contains(task.priority()))
                    && (tags.isEmpty() || hasOneOf(tags, task))
                    && (overdue == null || findable.overdue(now) == overdue)
                    && ((dueAfter == null && dueBefore == null) || task.due() != null)
                    && (dueAfter == null || !dueAfter.isAfter(findable))
                    && (dueBefore == null || dueBefore.isAfter(findable))
                    && has(findable);
        }

        // Loops, not streams: it is asked of every task.

        private static boolean hasOneOf(Set<String> tags, Task task) {
            for (String tag : task.tags()) {
                if (tags.contains(Folding.fold(tag))) {
                    return true;
                }
            }
            return false;
        }

        private boolean has(Findable findable) {
            if (words.isEmpty()) {
                return true;
            }
            String text = findable.text();
            for (Word word : words) {
                if (!word.in(text)) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * Reads the parameters of a query, each given once and decoded.
     *
     * @param userZone where dates are meant
     * @throws Rejection INVALID with every parameter that is wrong, as {@code /limit}
     */
    public static Finding parse(Map<String, String> query, ZoneId userZone) {
        var given = new Given(query, new ArrayList<>());
        query.keySet().stream()
                .filter(name -> !KNOWN.contains(name))
                .forEach(name -> given.faults.add(new Fault("/" + name, "there is no parameter " + name)));
        var filter = new Filter(
                Stream.ofNullable(query.get("q"))
                        .map(Folding::fold)
                        .flatMap(SPACE::splitAsStream)
                        .filter(word -> !word.isEmpty())
                        .distinct()
                        .map(Word::new)
                        .toList(),
                given.one("status", word -> word(Status.values(), word)),
                new TreeSet<>(given.all("priority", word -> word(Priority.values(), word))),
                new TreeSet<>(given.all("tag", tag -> Folding.fold(text(tag)))),
                new TreeSet<>(given.all("list", Finding::text)),
                given.one("due_after", text -> Bound.parse(text, userZone)),
                given.one("due_before", text -> Bound.parse(text, userZone)),
                given.one("overdue", Finding::trueOrFalse),
                given.one("series", Finding::text));
        Condition condition = given.one("filter", FilterParser::parse);
        List<SortKey.Step> sort = given.one("sort", SortKey.Step::all);
        List<SortKey.Step> order = sort == null ? List.of(new SortKey.Step(SortKey.CREATED, false)) : sort;
        Integer limit = given.one("limit", Finding::limit);
        Cursor cursor = given.one("cursor", text -> Cursor.parse(text, text(filter, condition, order)));
        if (!given.faults.isEmpty()) {
            throw Rejection.wrong(given.faults);
        }
        return new Finding(filter, condition, userZone, order, limit == null ? USUAL : limit, cursor);
    }

    /** Tells if it finds tasks of a list at all: no others are shown to its search, which does not look at that. */
    public boolean looksInto(String list) {
        return filter.lists.isEmpty() || filter.lists.contains(list);
    }

    /** The id of the task at the end of the page before, where the cursor alone does not say its place. */
    public Optional<String> behind() {
        return Optional.ofNullable(cursor)
                .filter(Cursor::cut)
                .map(it -> it.position().id());
    }

    /**
     * Begins to search.
     *
     * @param now from which {@code overdue} counts
     * @param last the task that {@link #behind()} names, where the user may see it
     * @param lists the names of the user's lists, by their ids
     */
    public Search search(Instant now, Optional<Task> last, Map<String, String> lists) {
        Predicate<Findable> fits = condition == null ? any -> true : new CompiledFilter(now, zone, lists).of(condition);
        return new Search(this, fits, now, cursor == null ? null : cursor.within(last));
    }

    /** The cursor of the page behind a task. */
    String next(Position last) {
        return Cursor.after(last).text(text(filter, condition, sort));
    }

    /** The query that a cursor belongs to: all but the size of the page. */
    private static String text(Filter filter, @Nullable Condition condition, List<SortKey.Step> sort) {
        return filter + " " + sort + (condition == null ? "" : " " + condition);
    }

    private static <E extends Enum<E>> E word(E[] known, String word) {
        return Arrays.stream(known)
                .filter(it -> it.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("must be one of "
                        + String.join(
                                ", ",
                                Arrays.stream(known)
                                        .map(it -> it.name().toLowerCase(Locale.ROOT))
                                        .toList())));
    }

    private static String text(String word) {
        if (word.isEmpty()) {
            throw new IllegalArgumentException("must not be empty");
        }
        return word;
    }

    private static boolean trueOrFalse(String word) {
        return switch (word) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("must be true or false");
        };
    }

    private static int limit(String number) {
        if (!number.matches("[1-9]\\d{0,2}") || Integer.parseInt(number) > MOST) {
            throw new IllegalArgumentException("must be a number from 1 to " + MOST);
        }
        return Integer.parseInt(number);
    }

    /** The parameters as given, and the faults found so far. */
    private record Given(Map<String, String> query, List<Fault> faults) {
        <T> @Nullable T one(String name, Function<String, T> reader) {
            String text = query.get(name);
            try {
                return text == null ? null : reader.apply(text);
            } catch (IllegalArgumentException e) {
                faults.add(new Fault("/" + name, String.valueOf(e.getMessage())));
                return null;
            }
        }

        <T> List<T> all(String name, Function<String, T> reader) {
            List<T> read = one(
                    name, text -> Arrays.stream(text.split(",", -1)).map(reader).toList());
            return read == null ? List.of() : read;
        }
    }
}
