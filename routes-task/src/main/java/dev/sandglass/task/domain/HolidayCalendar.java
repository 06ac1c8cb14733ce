package dev.sandglass.task.domain;

import com.github.mangstadt.vinnie.VObjectProperty;
import com.github.mangstadt.vinnie.io.Context;
import com.github.mangstadt.vinnie.io.SyntaxRules;
import com.github.mangstadt.vinnie.io.VObjectDataAdapter;
import com.github.mangstadt.vinnie.io.VObjectReader;
import com.github.mangstadt.vinnie.io.Warning;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.time.Recurrence;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.Period;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The days of a calendar (RFC 5545): those of its events, which are whole days. A fault names the line. */
final class HolidayCalendar extends VObjectDataAdapter {
    /** Days, those counted twice that are there twice. */
    private static final int MOST_DAYS = 2_000;
    /** Each may cost a look at all days since it began. */
    private static final int MOST_REPEATING = 100;
    /** Years ahead for which an event is repeated. */
    private static final int YEARS = 20;

    private static final int EARLIEST = 1900;

    private static final List<String> EVENT = List.of("VCALENDAR", "VEVENT");
    private static final Set<String> TAKEN =
            Set.of("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "STATUS");
    private static final Set<String> LISTS = Set.of("RDATE", "EXDATE");
    private static final Set<String> REFUSED = Set.of("RECURRENCE-ID", "EXRULE");
    /** A whole day is also written as the time at which it begins. */
    private static final Pattern DAY = Pattern.compile("(\\d{8})(T000000Z?)?");

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuuMMdd", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);

    private final LocalDate from;
    private final LocalDate to;
    private final SortedSet<LocalDate> days = new TreeSet<>();
    private final Map<String, List<String>> event = new HashMap<>();
    private int counted;
    private int repeating;
    private boolean whole;

    private HolidayCalendar(LocalDate today) {
        from = today.withDayOfYear(1).minusYears(1);
        to = today.withDayOfYear(1).plusYears(YEARS + 1);
    }

    /**
     * The days from the last year on; of what repeats, 20 years ahead.
     *
     * @throws Rejection INVALID where it cannot be read, or has more than 2,000 days or 100 events that repeat
     */
    static SortedSet<LocalDate> read(String text, LocalDate today) {
        HolidayCalendar calendar = new HolidayCalendar(today);
        try (VObjectReader reader = new VObjectReader(new StringReader(text), SyntaxRules.iCalendar())) {
            reader.parse(calendar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!calendar.whole) {
            throw Rejection.wrong("", "must be a calendar, from BEGIN:VCALENDAR to END:VCALENDAR");
        }
        return calendar.days;
    }

    @Override
    public void onWarning(Warning warning, @Nullable VObjectProperty property, @Nullable Exception e, Context context) {
        throw wrong(context, "this is no iCalendar (RFC 5545)");
    }

    @Override
    public void onComponentBegin(String name, Context context) {
        if (name.equals("VEVENT")) {
            event.clear();
        }
    }

    @Override
    public void onProperty(VObjectProperty property, Context context) {
        String name = property.getName().toUpperCase(Locale.ROOT);
        if (!context.getParentComponents().equals(EVENT)) {
            return;
        }
        if (REFUSED.contains(name)) {
            throw wrong(context, name + " is not taken");
        }
        if (TAKEN.contains(name)) {
            List<String> values = event.computeIfAbsent(name, first -> new ArrayList<>());
            if (!values.isEmpty() && !LISTS.contains(name)) {
                throw wrong(context, name + " is there twice");
            }
            values.add(property.getValue());
        }
    }

    @Override
    public void onComponentEnd(String name, Context context) {
        List<String> around = context.getParentComponents();
        whole |= name.equals("VCALENDAR") && around.isEmpty();
        if (name.equals("VEVENT") && around.equals(List.of("VCALENDAR")) && !"CANCELLED".equals(value("STATUS"))) {
            try {
                add();
            } catch (IllegalArgumentException | DateTimeException e) {
                throw wrong(context, "of the event that ends here " + e.getMessage());
            }
        }
    }

    private void add() {
        LocalDate start = day("DTSTART", Objects.requireNonNullElse(value("DTSTART"), ""));
        String rule = value("RRULE");
        List<LocalDate> starts = new ArrayList<>(List.of(start));
        int length = length(start);
        if (rule != null) {
            refuse(++repeating > MOST_REPEATING, "is one too many that repeats: " + MOST_REPEATING + " may");
            refuse(
                    start.getYear() < EARLIEST,
                    "DTSTART is too early: what repeats begins in " + EARLIEST + " or later");
            starts = Recurrence.parse(rule).dates(start, from.minusDays(length), to);
        }
        starts.addAll(list("RDATE"));
        starts.removeAll(Set.copyOf(list("EXDATE")));
        for (LocalDate first : starts) {
            LocalDate end = first.plusDays(length);
            for (LocalDate day = first.isBefore(from) ? from : first; day.isBefore(end); day = day.plusDays(1)) {
                refuse(++counted > MOST_DAYS, "has a day too many: a calendar may have " + MOST_DAYS);
                days.add(day);
            }
        }
    }

    /** In days. */
    private int length(LocalDate start) {
        String end = value("DTEND");
        String duration = value("DURATION");
        long length = 1;
        if (end != null) {
            length = ChronoUnit.DAYS.between(start, day("DTEND", end));
        } else if (duration != null) {
            refuse(!duration.matches("\\+?P\\d{1,4}[DW]"), "DURATION must be days or weeks: P1D");
            length = Period.parse(duration).getDays();
        }
        refuse(length < 0 || length > MOST_DAYS, "the end must be within " + MOST_DAYS + " days of the start");
        return (int) Math.max(1, length);
    }

    private List<LocalDate> list(String name) {
        return event.getOrDefault(name, List.of()).stream()
                .flatMap(dates -> Stream.of(dates.split(",")))
                .map(date -> day(name, date))
                .toList();
    }

    private @Nullable String value(String name) {
        return event.getOrDefault(name, List.of()).stream().findFirst().orElse(null);
    }

    private static LocalDate day(String name, String text) {
        var day = DAY.matcher(text);
        refuse(
                !day.matches() || text.startsWith("0000"),
                name + " must be a date, as 20270101: days off are whole days");
        try {
            return LocalDate.parse(day.group(1), DATE);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(name + " is no day there is: " + text, e);
        }
    }

    private static void refuse(boolean wrong, String sentence) {
        if (wrong) {
            throw new IllegalArgumentException(sentence);
        }
    }

    private static Rejection wrong(Context context, String sentence) {
        return Rejection.wrong("", "line " + context.getLineNumber() + ": " + sentence);
    }
}
