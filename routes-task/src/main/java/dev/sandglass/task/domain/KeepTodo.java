package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.dav.DavRefused;
import dev.sandglass.task.domain.dav.Sent;
import dev.sandglass.task.domain.dav.Todo;
import dev.sandglass.task.domain.finding.Findable;
import dev.sandglass.task.domain.finding.Onlooker;
import dev.sandglass.time.Due;
import dev.sandglass.time.WorkingDays;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * PUT and DELETE of a task by CalDAV. Of what a client puts, what differs from what it would read is a change; the rest stays as it is. So
 * a field that it does not know, or writes as it had it, is not taken back. Each habit of completing a task that comes again is told
 * from what it leaves behind, and becomes a completion.
 */
public final class KeepTodo {
    private KeepTodo() {}

    /**
     * A PUT of a task.
     *
     * @param zone of the user, or of a new series that is in another
     */
    public record Put(DavCall call, Sent sent, ZoneId zone) {
        /** As a new task is asked for. */
        public JsonNode wanted() {
            ObjectNode wanted = fields(sent.todo(zone), zone);
            if (sent.todo(zone).completed()) {
                // A task that is done does not come again.
                wanted.remove("recurrence");
            }
            if (wanted.path("timeZone").asText().equals(zone.getId())) {
                wanted.remove("timeZone");
            }
            List.of("due", "recurrence").stream()
                    .filter(name -> wanted.path(name).isNull())
                    .forEach(wanted::remove);
            return wanted;
        }
    }

    /** @throws Rejection with the condition that is not met */
    public static Put read(DavCall call, User user) {
        call.path().refuseTooLong();
        Sent sent = Sent.read(call.body());
        return new Put(call, sent, sent.context(user.timeZone()));
    }

    /**
     * The tasks that are there before: the one of this name, and others with the same title. Programs make tasks of their own for what
     * they have completed, or for what comes next. What a view showed may be over when it is written, so only numbers are held: what
     * they are is read with the write, and what came to the list since.
     */
    public static final class Before implements Onlooker {
        private static final int MOST = 100;

        private final boolean isNew;
        private final boolean comesAgain;
        private final Head head;
        private final @Nullable Due due;
        private final String title;
        private final List<Integer> alike = new ArrayList<>();

        /** @param due of the task that is there; null: of none */
        private Before(boolean isNew, boolean comesAgain, Head head, @Nullable Due due, String title) {
            this.isNew = isNew;
            this.comesAgain = comesAgain;
            this.head = head;
            this.due = due;
            this.title = title;
        }

        public boolean isNew() {
            return isNew;
        }

        /** The lists to look through: none, unless the task comes again. */
        public List<Extent> lists() {
            return comesAgain ? List.of(head.extent()) : List.of();
        }

        @Override
        public synchronized void see(Findable task) {
            // A long series has many that are done.
            boolean counts = task.task().open()
                    || due != null
                            && task.href() != null
                            && due.equals(task.task().due());
            if (counts && task.task().title().equals(title) && alike.size() < MOST) {
                alike.add(task.number());
            }
        }

        Stream<LedgerTask> alike(Draft draft) {
            return draft.head(head.id()).stream().flatMap(now -> alike(draft, now));
        }

        private Stream<LedgerTask> alike(Draft draft, Head now) {
            Set<Integer> numbers = Stream.of(
                            alike.stream(),
                            promised(head),
                            promised(now),
                            IntStream.rangeClosed(head.tasks() + 1, now.tasks()).boxed())
                    .flatMap(some -> some)
                    .collect(Collectors.toCollection(TreeSet::new));
            Documents.together(numbers, number -> draft.task(now.id(), number));
            return numbers.stream()
                    .flatMap(number -> draft.task(now.id(), number).stream())
                    .filter(task -> task.here()
                            || task.state() == LedgerTask.State.PROMISED
                                    && now.awaiting().containsKey(task.task().id()))
                    .filter(task -> task.task().title().equals(title));
        }

        /** The numbers that were promised last. */
        private static Stream<Integer> promised(Head head) {
            return head.awaiting().entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                    .limit(MOST)
                    .flatMap(awaited -> TaskId.parse(awaited.getKey()).stream())
                    .map(TaskId::number);
        }

        /** The task of this date that a program has made, and that is done. */
        Optional<LedgerTask> doneBeside(Draft draft, LedgerTask task) {
            return alike(draft)
                    .filter(other -> other.href() != null
                            && other.number() != task.number()
                            && !other.task().open()
                            && !other.recurs()
                            && Objects.equals(other.task().due(), task.task().due()))
                    .findFirst();
        }

        /** The task of the dates to come that a program has made. */
        Optional<LedgerTask> goesOnBeside(Draft draft, LedgerTask task, Instant now, WorkingDays days) {
            return alike(draft)
                    .filter(other -> other.href() != null
                            && other.number() != task.number()
                            && other.task().open()
                            && other.recurs()
                            && (other.task().occurrence() == 1
                                    || other.task().series().equals(task.task().series()))
                            && other.task().due() != null
                            && task.goesOnAt(other.task().due(), now, days))
                    .findFirst();
        }
    }

    /** Looks what there is before. */
    public static Decision<Before> look(Put put) {
        return documents -> {
            DavCall call = put.call;
            String list = call.list(documents);
            Head head = Access.writer(Head.of(documents, list), call.request(), Access.noList());
            Optional<LedgerTask> there = Todos.find(documents, list, call.path().name());
            Todo todo = put.sent.todo(put.zone);
            boolean comesAgain = there.map(task -> task.recurs() && task.task().open())
                    .orElse(todo.rule() != null && !todo.completed());
            Due due = there.map(task -> task.task().due()).orElse(null);
            return Accepted.unchanged(new Before(there.isEmpty(), comesAgain, head, due, todo.title()));
        };
    }

    /**
     * @param wanted the fields of a new task, as the rules leave them
     * @return it answers {@code {"created"}}
     */
    public static OnTask put(Put put, Before before, JsonNode wanted) {
        DavCall call = put.call;
        Request request = call.request().unconditional();
        return new OnTask(request, documents -> {
            String list = call.list(documents);
            return Accepted.unchanged(
                    Write.to(list, draft -> new PutTodo(draft, put, before, request, list, wanted).write())
                            .lookingAt(Todos.byName(list, call.path().name()))
                            .lookingAt(Todos.byUid(list, put.sent.uid())));
        });
    }

    static ObjectNode fields(Todo todo, ZoneId zone) {
        ObjectNode fields = Json.object()
                .put("title", todo.title())
                .put("description", todo.description())
                .put("due", todo.due() == null ? null : todo.due().due().toString())
                .put("timeZone", (todo.due() == null ? zone : todo.due().zone()).getId())
                .put("recurrence", todo.rule());
        fields.set("priority", Json.tree(todo.priority()));
        fields.set("tags", Json.tree(todo.tags()));
        fields.set("reminders", Json.tree(todo.reminders()));
        fields.set("nag", Json.tree(todo.nag()));
        return fields;
    }

    /** Merges, and refuses the calendar where the ledger does not take the task. */
    static <T> T merged(Supplier<T> merge) {
        try {
            return merge.get();
        } catch (Rejection e) {
            throw e.reason() == Reason.INVALID ? DavRefused.data(String.valueOf(e.getMessage())) : e;
        }
    }

    /** @return it refuses with NOT_FOUND, FORBIDDEN, or STALE */
    public static OnTask delete(DavCall call) {
        Request request = call.request().unconditional();
        return new OnTask(request, documents -> {
            String list = call.list(documents);
            return Accepted.unchanged(Write.to(list, draft -> {
                        Head head = Access.reader(draft.head(list), request, Access.noList());
                        LedgerTask task =
                                Todos.find(draft, list, call.path().name()).orElseThrow(DavCall::nothing);
                        Access.writer(draft.head(list), request, Access.noList());
                        call.refuseUnlessMeant(Todos.tag(task));
                        return ChangeTask.deleting(request).on(draft, head, task);
                    })
                    .lookingAt(Todos.byName(list, call.path().name())));
        });
    }
}
