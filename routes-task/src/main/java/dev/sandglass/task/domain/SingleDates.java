package dev.sandglass.task.domain;

import dev.sandglass.support.domain.Rejection;
import dev.sandglass.task.domain.dav.Component;
import dev.sandglass.task.domain.dav.DavNames;
import dev.sandglass.task.domain.dav.DavRefused;
import dev.sandglass.task.domain.dav.Sent;
import dev.sandglass.time.Due;
import dev.sandglass.time.Recurrence;
import dev.sandglass.time.WorkingDays;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Dates of a series of which a client says something of their own, beside what it says of all (RFC 5545 section 3.8.4). */
final class SingleDates {
    /** Each date that is done is a task of its own, and all are one transaction. */
    private static final int MOST = 100;

    private SingleDates() {}

    /** The act that a client means by what it puts. */
    enum Act {
        CHANGE,
        COMPLETE,
        REOPEN,
        SKIP
    }

    /**
     * @param act any but REOPEN
     * @param otherwise of a date that is otherwise or done: all that is said of it
     */
    record Said(Due which, Act act, @Nullable Component otherwise) {}

    /**
     * Single dates that are not over, in their order.
     *
     * @param leftOut dates that its rule does not have: that at hand is skipped, later ones do not come
     * @throws Rejection where there are too many
     */
    static List<Said> of(Sent sent, LedgerTask task, Set<LocalDate> leftOut) {
        ZoneId zone = task.task().timeZone();
        SortedMap<Due, Said> all = new TreeMap<>();
        Due slot = task.slot();
        if (task.recurs() && slot != null && leftOut.contains(slot.date())) {
            all.put(slot, new Said(slot, Act.SKIP, null));
        }
        for (Component other : sent.others()) {
            Due which = sent.which(other, zone);
            Act act = sent.other(other, zone).completed() ? Act.COMPLETE : Act.CHANGE;
            if (isOf(task, which) || !leftOut.contains(which.date())) {
                all.put(which, new Said(which, act, other));
            }
        }
        List<Said> said =
                all.values().stream().filter(one -> !isOver(task, one.which)).toList();
        if (said.size() > MOST) {
            throw DavRefused.because(
                    DavNames.VALID_OBJECT,
                    "Of " + MOST + " dates of a task something may be said at once, not of more");
        }
        return said;
    }

    /** Tells if a date is the one that a task is about, by its rule or where it was moved. */
    static boolean isOf(LedgerTask task, Due which) {
        Due due = task.task().due();
        Due slot = task.slot() == null ? due : task.slot();
        return due != null && slot != null && (isMeant(slot, which) || isMeant(due, which));
    }

    private static boolean isMeant(Due date, Due which) {
        return which.equals(date) || which.allDay() && which.date().equals(date.date());
    }

    static boolean isOver(LedgerTask task, Due which) {
        Due slot = task.slot();
        return !isOf(task, which) && (slot == null || !task.recurs() || which.compareTo(slot) < 0);
    }

    /**
     * The occurrence that follows: that of the date of which something is said next. Where that is over, those between were passed over, as by
     * any completion that is late.
     *
     * @param later what is said of dates after this one
     * @param next the occurrence that follows where nothing is said
     * @throws Rejection where another date comes before the one of which something is said
     */
    static Optional<Recurrence.Occurrence> following(
            LedgerTask task, List<Said> later, Optional<Recurrence.Occurrence> next, WorkingDays days) {
        return later.isEmpty() ? next : Optional.of(occurrence(task, later.get(0).which, next, days));
    }

    private static Recurrence.Occurrence occurrence(
            LedgerTask task, Due which, Optional<Recurrence.Occurrence> next, WorkingDays days) {
        return Optional.of(task)
                .filter(it -> it.task().recurFrom() == Recurrence.From.SCHEDULE)
                .flatMap(it -> it.nextFrom(which, days))
                .filter(it -> isMeant(it.slot(), which))
                .filter(found ->
                        next.filter(it -> it.slot().compareTo(found.slot()) < 0).isEmpty())
                .or(() -> next.filter(it -> isMeant(it.slot(), which)))
                .orElseThrow(() -> toCome(which));
    }

    static Rejection toCome(Due which) {
        return DavRefused.because(
                DavNames.VALID_OBJECT,
                "The date " + which + " is still to come: each is a task once the one before it is done");
    }
}
