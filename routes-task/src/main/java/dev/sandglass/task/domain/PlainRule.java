package dev.sandglass.task.domain;

import dev.sandglass.task.domain.dav.Moment;
import dev.sandglass.time.Due;
import dev.sandglass.time.Recurrence;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rules of tasks as other programs read them: by RFC 5545 alone. */
final class PlainRule {
    private static final int IN_EVERY_MONTH = 28;
    private static final Pattern UNTIL = Pattern.compile("UNTIL=(\\d{8})(?:T(\\d{6})(Z?))?");
    private static final Pattern INTERVAL = Pattern.compile("INTERVAL=(\\d+)");
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuuMMdd", Locale.ROOT);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss", Locale.ROOT);

    private PlainRule() {}

    /**
     * The value of an RRULE that has the dates of a series from its present one on.
     *
     * @return empty where RFC 5545 has none: ends of months that are kept (RFC 7529), an instant as the end of whole days
     */
    static Optional<String> of(Recurrence rule, Recurrence.Series series) {
        String rest = rule.rest(series, Recurrence.From.SCHEDULE).text();
        LocalDate anchor = series.anchor().date();
        return switch (rest) {
            case "daily" -> Optional.of("FREQ=DAILY");
            case "weekly" -> Optional.of("FREQ=WEEKLY");
            case "monthly" -> anchor.getDayOfMonth() <= IN_EVERY_MONTH ? Optional.of("FREQ=MONTHLY") : Optional.empty();
            case "yearly" ->
                anchor.getDayOfMonth() <= IN_EVERY_MONTH || anchor.getMonthValue() != 2
                        ? Optional.of("FREQ=YEARLY")
                        : Optional.empty();
            default -> written(rest.toUpperCase(Locale.ROOT), series.slot(), series.zone());
        };
    }

    /** Tells if a rule that names no days goes from the last day of a month to that of another. */
    static boolean isNextEndOfMonth(String rule, LocalDate from, LocalDate to) {
        if (!rule.contains("FREQ=MONTHLY")
                || rule.contains("BY")
                || !from.equals(YearMonth.from(from).atEndOfMonth())) {
            return false;
        }
        Matcher interval = INTERVAL.matcher(rule);
        int months = interval.find() ? Integer.parseInt(interval.group(1)) : 1;
        return to.equals(YearMonth.from(from).plusMonths(months).atEndOfMonth());
    }

    private static Optional<String> written(String rule, Due due, ZoneId zone) {
        Matcher until = UNTIL.matcher(rule);
        if (rule.contains("SKIP=") || rule.contains("RSCALE=")) {
            return Optional.empty();
        }
        if (!until.find()) {
            return Optional.of(rule);
        }
        boolean instant = until.group(2) != null;
        if (due.allDay()) {
            return instant ? Optional.empty() : Optional.of(rule);
        }
        // Beside a due with a zone it is in UTC; a date counts to its end.
        return Optional.of(until.replaceFirst("UNTIL=" + utc(until.toMatchResult(), zone)));
    }

    private static String utc(MatchResult until, ZoneId zone) {
        LocalDate day = LocalDate.parse(until.group(1), DATE);
        LocalTime time = until.group(2) == null ? LocalTime.of(23, 59, 59) : LocalTime.parse(until.group(2), TIME);
        LocalDateTime local = day.atTime(time);
        return "Z".equals(until.group(3))
                ? Moment.utc(local.toInstant(ZoneOffset.UTC))
                : Moment.utc(local.atZone(zone).toInstant());
    }
}
