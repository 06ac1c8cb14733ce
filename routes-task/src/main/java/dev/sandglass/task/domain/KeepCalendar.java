package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The calendar of a list: its owner says which days are holidays, its members see them. */
public final class KeepCalendar {
    private KeepCalendar() {}

    /** @return a decision that refuses with NOT_FOUND */
    public static Decision<Answer> find(Request request) {
        return documents -> {
            FindLists.head(documents, request, request.id());
            return Accepted.unchanged(answer(DaysOff.of(documents, request.id())));
        };
    }

    /**
     * @param calendar iCalendar
     * @throws Rejection UNREADABLE where there is none; NOT_FOUND, FORBIDDEN; INVALID where it cannot be read, or says too much
     */
    public static Write<Answer> put(@Nullable String calendar, Request request) {
        if (calendar == null || calendar.isBlank()) {
            throw new Rejection(Reason.UNREADABLE, "The body is empty; send a calendar, or take it away by DELETE");
        }
        LocalDate today = LocalDate.ofInstant(request.at(), ZoneOffset.UTC);
        SortedSet<LocalDate> days = HolidayCalendar.read(calendar, today);
        return write(request, days, answer(DaysOff.of(days)));
    }

    /** @throws Rejection NOT_FOUND, FORBIDDEN */
    public static Write<Answer> remove(Request request) {
        return write(request, new TreeSet<>(), Answer.done());
    }

    /** Tasks stay where they are; the dates to come go by it. */
    private static Write<Answer> write(Request request, SortedSet<LocalDate> days, Answer answer) {
        String list = request.id();
        return Once.guard(request.once(), Write.to(list, draft -> {
            Access.owner(draft.head(list), request, Access.noList());
            SortedSet<LocalDate> before = draft.daysOff(list).days();
            if (!before.equals(days)) {
                draft.put(list, DaysOff.of(days));
                draft.record(
                        list,
                        ChangeType.LIST_UPDATED,
                        request.user(),
                        new TreeMap<>(Map.of("calendar", List.of(Json.tree(before), Json.tree(days)))));
            }
            return answer;
        }));
    }

    private static Answer answer(DaysOff off) {
        return Answer.ok(Json.object().set("days", Json.<JsonNode>tree(off.days())));
    }
}
