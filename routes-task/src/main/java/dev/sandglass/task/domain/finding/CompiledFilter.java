package dev.sandglass.task.domain.finding;

import dev.sandglass.events.Task;
import dev.sandglass.task.domain.filter.Condition;
import dev.sandglass.task.domain.filter.Condition.Compared;
import dev.sandglass.task.domain.filter.Field;
import dev.sandglass.task.domain.filter.Operator;
import dev.sandglass.task.domain.filter.Value;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A condition as it holds now, for one user: a test of tasks, worked out once for each search. A comparison with what a task does not
 * have is false.
 *
 * @param zone in which the user's days begin
 * @param lists the names of the user's lists, by their ids
 */
record CompiledFilter(Instant now, ZoneId zone, Map<String, String> lists) {
    /** A task under test: what many comparisons look at is folded once. */
    private static final class Subject {
        private final Findable findable;
        private @Nullable String description;
        private @Nullable List<String> tags;

        Subject(Findable findable) {
            this.findable = findable;
        }

        Task task() {
            return findable.task();
        }

        Position position() {
            return findable.position();
        }

        String title() {
            return position().title();
        }

        String description() {
            String folded = description == null ? findable.description() : description;
            description = folded;
            return folded;
        }

        List<String> tags() {
            List<String> folded = tags;
            if (folded == null) {
                folded = new ArrayList<>(task().tags());
                folded.replaceAll(Folding::fold);
                tags = folded;
            }
            return folded;
        }
    }

    Predicate<Findable> of(Condition condition) {
        Predicate<Subject> test = test(condition);
        return findable -> test.test(new Subject(findable));
    }

    private Predicate<Subject> test(Condition condition) {
        if (condition instanceof Condition.Any any) {
            return any.parts().stream().map(this::test).reduce(Predicate::or).orElseThrow();
        }
        if (condition instanceof Condition.All all) {
            return all.parts().stream().map(this::test).reduce(Predicate::and).orElseThrow();
        }
        if (condition instanceof Condition.Not not) {
            return test(not.part()).negate();
        }
        return condition instanceof Condition.Absent absent ? absent(absent.field()) : compared((Compared) condition);
    }

    private static Predicate<Subject> absent(Field field) {
        return switch (field) {
            case DESCRIPTION -> subject -> subject.task().description().isEmpty();
            case TAG -> subject -> subject.task().tags().isEmpty();
            case DUE -> subject -> subject.task().due() == null;
            case COMPLETED -> subject -> subject.task().completedAt() == null;
            case TITLE, TEXT, LIST, PRIORITY, STATUS, CREATED, UPDATED, OVERDUE, RECURRING -> subject -> false;
        };
    }

    private Predicate<Subject> compared(Compared compared) {
        Field field = compared.field();
        if (compared.operator() == Operator.DIFFERS) {
            Predicate<Subject> differs = compared(new Compared(field, Operator.EQUALS, compared.values()))
                    .negate();
            // An empty description is a text that differs from others.
            return field == Field.DESCRIPTION
                    ? differs
                    : differs.and(absent(field).negate());
        }
        return switch (field) {
            case TITLE -> {
                Predicate<String> text = text(compared);
                yield subject -> text.test(subject.title());
            }
            case DESCRIPTION -> {
                Predicate<String> text = text(compared);
                yield subject -> text.test(subject.description());
            }
            case TEXT -> {
                Predicate<String> text = text(compared);
                yield subject -> text.test(subject.title()) || text.test(subject.description());
            }
            case TAG -> {
                Predicate<String> text = text(compared);
                yield subject -> {
                    for (String tag : subject.tags()) {
                        if (text.test(tag)) {
                            return true;
                        }
                    }
                    return false;
                };
            }
            case LIST -> list(compared);
            case PRIORITY ->
                choice(compared, subject -> subject.task().priority().ordinal());
            case STATUS -> choice(compared, subject -> subject.task().status().ordinal());
            case OVERDUE -> choice(compared, subject -> subject.findable.overdue(now) ? 1 : 0);
            case RECURRING -> choice(compared, subject -> subject.task().recurrence() == null ? 0 : 1);
            case DUE -> absent(field).negate().and(ordered(compared, this::due));
            case CREATED ->
                ordered(
                        compared,
                        value -> instant(value, subject -> subject.position().created()));
            case UPDATED ->
                ordered(
                        compared,
                        value -> instant(value, subject -> subject.position().updated()));
            case COMPLETED ->
                absent(field)
                        .negate()
                        .and(ordered(
                                compared,
                                value -> instant(
                                        value,
                                        subject -> Objects.requireNonNull(
                                                        subject.task().completedAt())
                                                .toEpochMilli())));
        };
    }

    /** A test of a folded text. */
    private static Predicate<String> text(Compared compared) {
        List<String> texts = written(compared).stream().map(Folding::fold).toList();
        String first = texts.get(0);
        Operator operator = compared.operator();
        return switch (operator) {
            case CONTAINS -> new Word(first)::in;
            case EQUALS -> Set.copyOf(texts)::contains;
            default -> text -> operator.holds(text.compareTo(first));
        };
    }

    /** A list is known by its id or its name. */
    private Predicate<Subject> list(Compared compared) {
        Predicate<String> name = text(compared);
        Set<String> ids = compared.operator() == Operator.EQUALS ? Set.copyOf(written(compared)) : Set.of();
        Set<String> meant = lists.entrySet().stream()
                .filter(list -> ids.contains(list.getKey()) || name.test(Folding.fold(list.getValue())))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        return subject -> meant.contains(subject.task().list());
    }

    private static List<String> written(Compared compared) {
        return compared.values().stream()
                .map(value -> ((Value.Text) value).text())
                .distinct()
                .toList();
    }

    private static Predicate<Subject> choice(Compared compared, ToIntFunction<Subject> index) {
        return ordered(compared, value -> subject -> index.applyAsInt(subject) - ((Value.Choice) value).index());
    }

    /** @param order of tasks to a value */
    private static Predicate<Subject> ordered(Compared compared, Function<Value, ToIntFunction<Subject>> order) {
        Operator operator = compared.operator();
        return compared.values().stream()
                .map(order)
                .<Predicate<Subject>>map(to -> subject -> operator.holds(to.applyAsInt(subject)))
                .reduce(Predicate::or)
                .orElseThrow();
    }

    /** A day is compared with the date that is due, in whatever zone; an instant with the instant, of a day with its 00:00. */
    private ToIntFunction<Subject> due(Value value) {
        if (value instanceof Value.Day day) {
            LocalDate date = date(day);
            return subject ->
                    Objects.requireNonNull(subject.task().due()).date().compareTo(date);
        }
        return instant(value, subject -> subject.position().due());
    }

    /** An instant is equal to the day that it is on, in the user's zone. */
    private ToIntFunction<Subject> instant(Value value, ToLongFunction<Subject> field) {
        long from;
        long to;
        if (value instanceof Value.Day day) {
            from = date(day).atStartOfDay(zone).toInstant().toEpochMilli();
            to = date(day).plusDays(1).atStartOfDay(zone).toInstant().toEpochMilli();
        } else {
            Value.Moment moment = (Value.Moment) value;
            from = Objects.requireNonNullElse(moment.instant(), now)
                    .atZone(zone)
                    .plusDays(moment.days())
                    .plusHours(moment.hours())
                    .toInstant()
                    .toEpochMilli();
            to = from + 1;
        }
        return subject -> {
            long at = field.applyAsLong(subject);
            return at < from ? -1 : at < to ? 0 : 1;
        };
    }

    private LocalDate date(Value.Day day) {
        return Objects.requireNonNullElseGet(day.date(), () -> LocalDate.ofInstant(now, zone))
                .plusDays(day.days());
    }
}
