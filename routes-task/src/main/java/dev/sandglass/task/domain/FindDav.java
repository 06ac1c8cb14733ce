package dev.sandglass.task.domain;

import dev.sandglass.events.Role;
import dev.sandglass.events.Task;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Portions;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.task.domain.dav.DavNames;
import dev.sandglass.task.domain.dav.DavPath;
import dev.sandglass.task.domain.dav.DavPath.Kind;
import dev.sandglass.task.domain.dav.DavQuestion;
import dev.sandglass.task.domain.dav.DavRefused;
import dev.sandglass.task.domain.dav.DavReply;
import dev.sandglass.task.domain.dav.Multistatus;
import dev.sandglass.task.domain.dav.Resources;
import dev.sandglass.task.domain.dav.Resources.Calendar;
import dev.sandglass.task.domain.dav.Resources.Resource;
import dev.sandglass.task.domain.dav.SyncToken;
import dev.sandglass.task.domain.dav.TodoFilter;
import dev.sandglass.task.domain.dav.Wanted;
import dev.sandglass.task.domain.finding.Findable;
import dev.sandglass.task.domain.finding.Onlooker;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * PROPFIND and REPORT: what there is under a path, or which tasks of a list are of a kind, are named, or have changed. First the heads of
 * lists are read, then views of their tasks looked through where all are asked for, then what no view holds is read.
 */
public final class FindDav implements Onlooker {
    /** Changes; a client that lacks more reads the list anew. */
    private static final int MOST_CHANGES = 1_000;
    /** Characters of an answer. */
    private static final int LARGEST = 8_000_000;
    /** Documents that are read together; a task has 96 kB at most. */
    private static final int CHUNK = Head.AT_ONCE;

    private final DavCall call;
    private final DavQuestion question;
    private final List<Known> lists;
    private final List<Row> rows = new ArrayList<>();

    /** A list of the user's. */
    private record Known(Extent extent, Calendar shown) {}

    /** The part of a head that is held: a head may have many members. */
    private record Brief(Extent extent, String name, String owner, boolean writes) {
        static Brief of(Head head, DavCall call) {
            Role role = head.role(call.request());
            return new Brief(
                    head.extent(), head.name(), head.owner(), call.mayWrite() && role != null && role.writes());
        }

        Calendar shown(DavCall call, SavedCalendars saved) {
            SavedCalendars.Look look = saved.look(extent.list());
            String asked = call.path().list();
            return new Calendar(
                    // As it was asked for, where it was.
                    asked.isEmpty() ? saved.segment(extent.list()) : asked,
                    call.request().user(),
                    name,
                    owner,
                    writes,
                    new SyncToken(extent.list(), extent.seq()),
                    look.color(),
                    look.order());
        }
    }

    /** A task as a view has it. */
    private record Row(int number, String name, Task task) {}

    /**
     * A part of an answer.
     *
     * @param response empty where nothing is there
     * @param left a name that it had before; empty where it had none
     */
    private record Part(String name, String response, String left) {}

    private FindDav(DavCall call, DavQuestion question, List<Known> lists) {
        this.call = call;
        this.question = question;
        this.lists = lists;
    }

    /** @throws Rejection where it cannot be answered */
    public static Decision<FindDav> begin(DavCall call, User user) {
        DavQuestion question = DavQuestion.of(call.method(), call.depth(), call.body());
        Kind kind = call.path().kind();
        if (!(question instanceof DavQuestion.Properties) && kind != Kind.LIST) {
            throw DavRefused.because(DavNames.SUPPORTED_REPORT, "Reports are about a list");
        }
        boolean all = kind == Kind.HOME && question instanceof DavQuestion.Properties wanted && wanted.members();
        Portions<Brief> heads = all
                ? user.heads(call.request(), head -> Brief.of(head, call))
                : Head.portions(
                        documents -> kind == Kind.LIST || kind == Kind.TASK ? List.of(call.list(documents)) : List.of(),
                        head -> head.role(call.request()) == null
                                ? Optional.empty()
                                : Optional.of(Brief.of(head, call)));
        return documents -> {
            SavedCalendars saved = SavedCalendars.of(documents, call.request().user());
            List<Known> lists = heads.in(documents).stream()
                    .map(head -> new Known(head.extent, head.shown(call, saved)))
                    .toList();
            if (lists.isEmpty() && (kind == Kind.LIST || kind == Kind.TASK)) {
                throw Access.noList();
            }
            return Accepted.unchanged(new FindDav(call, question, lists));
        };
    }

    /** The lists that are looked through: none, or the one that is asked about. */
    public List<Extent> lists() {
        boolean looks = question instanceof DavQuestion.Properties properties && properties.members()
                || question instanceof DavQuestion.Query query && query.filter().todos()
                || question instanceof DavQuestion.Since since && since.token().isEmpty();
        return looks && call.path().kind() == Kind.LIST ? List.of(lists.get(0).extent) : List.of();
    }

    @Override
    public synchronized void see(Findable task) {
        if (!(question instanceof DavQuestion.Query query
                && query.filter().openOnly()
                && !task.task().open())) {
            rows.add(new Row(task.number(), Todos.name(task.task(), task.href()), task.task()));
        }
    }

    /** Answers, when it has seen all. */
    public static Decision<DavReply> answer(FindDav find) {
        find.rows.sort(Comparator.comparing(Row::number));
        if (find.question instanceof DavQuestion.Query query) {
            return find.query(query);
        } else if (find.question instanceof DavQuestion.Named named) {
            return find.named(named);
        } else if (find.question instanceof DavQuestion.Since since) {
            return find.since(since);
        }
        return find.properties((DavQuestion.Properties) find.question);
    }

    private Decision<DavReply> properties(DavQuestion.Properties asked) {
        DavPath path = call.path();
        String user = call.request().user();
        Wanted wanted = asked.wanted();
        Multistatus answer = new Multistatus();
        switch (path.kind()) {
            case ROOT -> answer.show(Resources.above(path, user), wanted);
            case PRINCIPALS -> {
                answer.show(Resources.above(path, user), wanted);
                if (asked.members()) {
                    answer.show(Resources.principal(user), wanted);
                }
            }
            case HOMES -> {
                answer.show(Resources.above(path, user), wanted);
                if (asked.members()) {
                    answer.show(Resources.home(user, call.mayWrite()), wanted);
                }
            }
            case PRINCIPAL -> answer.show(Resources.principal(user), wanted);
            case HOME -> {
                answer.show(Resources.home(user, call.mayWrite()), wanted);
                lists.forEach(list -> answer.show(Resources.list(list.shown), wanted));
            }
            case LIST -> {
                answer.show(Resources.list(lists.get(0).shown), wanted);
                rows.forEach(row -> answer.show(resource(row), wanted));
            }
            case TASK -> {
                return documents -> {
                    LedgerTask task = Todos.find(documents, list(), path.name()).orElseThrow(DavCall::nothing);
                    Multistatus one = new Multistatus();
                    one.show(resource(task), wanted);
                    return Accepted.unchanged(one.reply());
                };
            }
        }
        return documents -> Accepted.unchanged(answer.reply());
    }

    private String list() {
        return lists.get(0).extent.list();
    }

    private Resource resource(Row row) {
        return new Resource(lists.get(0).shown, row.name, Todos.tag(row.number, row.task), row.task, null);
    }

    private Resource resource(LedgerTask task) {
        return new Resource(lists.get(0).shown, Todos.name(task), Todos.tag(task), task.task(), () -> Todos.text(task));
    }

    private Decision<DavReply> query(DavQuestion.Query query) {
        TodoFilter filter = query.filter();
        Wanted wanted = query.wanted();
        if (filter.all() && !wanted.asksFor(DavNames.CALENDAR_DATA)) {
            Multistatus answer = new Multistatus();
            rows.forEach(row -> answer.show(resource(row), wanted));
            return documents -> Accepted.unchanged(answer.reply());
        }
        Portions<Part> parts = read(
                documents -> rows.stream().map(Row::number).toList(),
                wanted,
                task -> filter.all()
                        || filter.test()
                                .test(new TodoFilter.Candidate(
                                        Todos.component(task), task.task().timeZone())));
        return documents -> {
            Multistatus answer = new Multistatus();
            parts.in(documents).forEach(part -> answer.add(part.response));
            return Accepted.unchanged(answer.reply());
        };
    }

    /** Reads what is asked for of the tasks that are there and fit, and the names alone of those that are gone. */
    private Portions<Part> read(Function<Documents, List<Integer>> numbers, Wanted wanted, Predicate<LedgerTask> fits) {
        AtomicInteger size = new AtomicInteger();
        return new Portions<>(
                CHUNK,
                documents -> numbers.apply(documents).stream()
                        .map(number -> Keys.task(list(), number))
                        .toList(),
                stored -> LedgerTask.of(stored).flatMap(task -> part(task, wanted, fits, size)));
    }

    private Optional<Part> part(LedgerTask task, Wanted wanted, Predicate<LedgerTask> fits, AtomicInteger size) {
        if (task.state() == LedgerTask.State.PROMISED || task.here() && !fits.test(task)) {
            return Optional.empty();
        }
        String response = task.here() ? Multistatus.response(resource(task), wanted) : "";
        if (size.addAndGet(response.length()) > LARGEST) {
            throw Multistatus.tooMany();
        }
        return Optional.of(new Part(Todos.name(task), response, Todos.left(task)));
    }

    private Decision<DavReply> named(DavQuestion.Named asked) {
        // By the names that the client wrote: they are answered as they were asked for.
        Map<String, String> names = new LinkedHashMap<>();
        for (String href : asked.hrefs()) {
            names.put(href, nameIn(href).orElse(""));
        }
        List<String> wanted = names.values().stream()
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
        Portions<Optional<Named>> given = new Portions<>(
                CHUNK,
                documents ->
                        wanted.stream().map(name -> Todos.byName(list(), name)).toList(),
                stored -> Optional.of(Todos.named(stored)));
        Portions<Part> parts = read(documents -> numbers(wanted, given.in(documents)), asked.wanted(), any -> true);
        return documents -> {
            Map<String, String> found = new LinkedHashMap<>();
            parts.in(documents).forEach(part -> found.merge(part.name, part.response, FindDav::there));
            Multistatus answer = new Multistatus();
            names.forEach((href, name) -> {
                String response = found.getOrDefault(name, "");
                // One that came from another list stands where it was born.
                String text = response.isEmpty() && Todos.birth(name).isPresent()
                        ? Todos.find(documents, list(), name)
                                .map(task -> Multistatus.response(resource(task), asked.wanted()))
                                .orElse("")
                        : response;
                if (text.isEmpty()) {
                    answer.missing(href);
                } else {
                    answer.add(text);
                }
            });
            return Accepted.unchanged(answer.reply());
        };
    }

    private static String there(String one, String other) {
        return one.isEmpty() ? other : one;
    }

    private List<Integer> numbers(List<String> names, List<Optional<Named>> given) {
        return Stream.concat(
                        given.stream().flatMap(Optional::stream).map(Named::number),
                        names.stream()
                                .flatMap(name -> Todos.birth(name).stream())
                                .filter(id -> id.list().equals(list()))
                                .map(TaskId::number))
                .distinct()
                .toList();
    }

    /** The name of a resource of this list that a client asks for, by a path or an address. */
    private Optional<String> nameIn(String href) {
        String path = href.replaceFirst("^https?://[^/]*", "");
        try {
            return !path.startsWith(DavPath.ROOT)
                    ? Optional.empty()
                    : DavPath.of(DavPath.parts(path))
                            .filter(it -> it.kind() == Kind.TASK
                                    && it.user().equals(call.request().user())
                                    && it.list().equals(call.path().list()))
                            .map(DavPath::name);
        } catch (IllegalArgumentException e) {
            // No path at all.
            return Optional.empty();
        }
    }

    private Decision<DavReply> since(DavQuestion.Since asked) {
        Known list = lists.get(0);
        if (asked.token().isEmpty()) {
            return initial(asked, list);
        }
        long after = SyncToken.read(asked.token())
                .filter(token -> token.list().equals(list()))
                .map(SyncToken::seq)
                .orElse(-1L);
        if (after < 0
                || after > list.extent.seq()
                || after + 1 < list.extent.first()
                || list.extent.seq() - after > MOST_CHANGES) {
            throw DavRefused.because(DavNames.VALID_TOKEN, "This token is not good (any more); read the list anew");
        }
        Portions<Integer> changed = new Portions<>(
                Changes.READ_AT_ONCE,
                documents -> LongStream.rangeClosed(after + 1, list.extent.seq())
                        .mapToObj(seq -> Keys.change(list(), seq))
                        .toList(),
                FindDav::number);
        Portions<Part> parts =
                read(documents -> changed.in(documents).stream().distinct().toList(), asked.wanted(), any -> true);
        return documents -> {
            Map<String, String> found = new LinkedHashMap<>();
            parts.in(documents).forEach(part -> {
                found.merge(part.name, part.response, FindDav::there);
                if (!part.left.isEmpty()) {
                    found.putIfAbsent(part.left, "");
                }
            });
            if (found.size() > asked.most()) {
                throw Multistatus.tooMany();
            }
            Multistatus answer = new Multistatus();
            found.forEach((name, response) -> {
                if (response.isEmpty()) {
                    answer.missing(DavPath.task(call.request().user(), list.shown.segment(), name));
                } else {
                    answer.add(response);
                }
            });
            answer.token(list.shown.token());
            return Accepted.unchanged(answer.reply());
        };
    }

    private static Optional<Integer> number(Stored stored) {
        return stored.absent()
                ? Optional.empty()
                : Optional.of(stored.as(StoredChange.class).number()).filter(number -> number > 0);
    }

    private Decision<DavReply> initial(DavQuestion.Since asked, Known list) {
        if (rows.size() > asked.most()) {
            throw Multistatus.tooMany();
        }
        Portions<Part> parts = read(
                documents -> asked.wanted().asksFor(DavNames.CALENDAR_DATA)
                        ? rows.stream().map(Row::number).toList()
                        : List.of(),
                asked.wanted(),
                any -> true);
        return documents -> {
            Multistatus answer = new Multistatus();
            if (asked.wanted().asksFor(DavNames.CALENDAR_DATA)) {
                parts.in(documents).stream()
                        .map(Part::response)
                        .filter(response -> !response.isEmpty())
                        .forEach(answer::add);
            } else {
                rows.forEach(row -> answer.show(resource(row), asked.wanted()));
            }
            answer.token(list.shown.token());
            return Accepted.unchanged(answer.reply());
        };
    }

    /**
     * GET: a task as it is now.
     *
     * @return a decision that refuses with NOT_FOUND
     */
    public static Decision<DavReply> get(DavCall call) {
        return documents -> {
            String list = call.list(documents);
            Access.reader(Head.of(documents, list), call.request(), Access.noList());
            LedgerTask task = Todos.find(documents, list, call.path().name()).orElseThrow(DavCall::nothing);
            String tag = Todos.tag(task);
            return Accepted.unchanged(
                    call.isKnown(tag) ? DavReply.of(304).with("ETag", tag) : DavReply.calendar(tag, Todos.text(task)));
        };
    }
}
