package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Portions;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.chat.ListName;
import dev.sandglass.task.domain.chat.ListNames;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** {@code GET /api/lists} and {@code GET /api/lists/{id}} */
public final class FindLists {
    /** Characters of an answer, which is not in pages: 1,000 lists of 200 members are that with names of 28 characters each. */
    private static final int LARGEST = 8_000_000;

    private FindLists() {}

    /** A list in the answer, and by what it is sorted. */
    private record Row(boolean inbox, String name, String id, RawValue text) {
        private static final Comparator<Row> ORDER = Comparator.comparing((Row row) -> !row.inbox)
                .thenComparing(Row::name)
                .thenComparing(Row::id);
    }

    /**
     * All lists of the user, the Inbox first, then by name.
     *
     * @return a decision that refuses with INVALID where they are too many for one answer
     */
    public static Decision<Answer> all(Request request, User user) {
        Function<Head, RawValue> text =
                texts("Your lists have more members than one answer can hold; leave lists that many are in");
        Portions<Row> rows =
                user.heads(request, head -> new Row(head.inbox(), head.name(), head.id(), text.apply(head)));
        return documents -> {
            ArrayNode lists = Json.array();
            rows.in(documents).stream().sorted(Row.ORDER).forEach(row -> lists.addRawValue(row.text));
            return Accepted.unchanged(Answer.ok(Json.object().set("lists", lists)));
        };
    }

    /** The lists of the user, by what they are called. */
    public static Decision<ListNames> names(Request request, User user) {
        Portions<ListName> names = user.heads(request, head -> new ListName(head.id(), head.name(), head.owner()));
        return documents -> Accepted.unchanged(new ListNames(names.in(documents)));
    }

    /** The texts of lists, which take a tenth of the memory; it refuses with INVALID where they are too many for one answer. */
    static Function<Head, RawValue> texts(String tooMany) {
        AtomicInteger size = new AtomicInteger();
        return head -> {
            String text = Json.text(head.asList());
            if (size.addAndGet(text.length()) > LARGEST) {
                throw new Rejection(Reason.INVALID, tooMany);
            }
            return new RawValue(text);
        };
    }

    /** @throws Rejection NOT_FOUND where it is not there or not the user's to see */
    public static Decision<Answer> one(Request request) {
        return documents -> Accepted.unchanged(
                Answer.ok(head(documents, request, request.id()).asList()));
    }

    static Head head(Documents documents, Request request, String id) {
        return Access.reader(Head.of(documents, id), request, Access.noList());
    }
}
