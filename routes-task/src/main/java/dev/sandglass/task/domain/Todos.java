package dev.sandglass.task.domain;

import dev.sandglass.events.Chain;
import dev.sandglass.events.Task;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.task.domain.dav.Component;
import dev.sandglass.task.domain.dav.KeptProperties;
import dev.sandglass.task.domain.dav.Line;
import dev.sandglass.task.domain.dav.Moment;
import dev.sandglass.task.domain.dav.RuleDates;
import dev.sandglass.task.domain.dav.TodoText;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tasks as the resources of a list, each by its name there. */
final class Todos {
    static final String ENDING = ".ics";
    /** Behind the id of a task it is its UID. */
    static final String OURS = "@sandglass";

    private Todos() {}

    static String name(LedgerTask task) {
        return name(task.task(), task.href());
    }

    static String name(Task task, @Nullable String href) {
        return href == null ? task.id() + ENDING : href;
    }

    /** The name that a task had as it came by itself, before a program that made it too gave it another; empty where there was none. */
    static String left(LedgerTask task) {
        return task.href() != null && task.task().occurrence() > 1 ? name(task.task(), null) : "";
    }

    /** As it is written. */
    static String uid(LedgerTask task) {
        String given = task.uid();
        return given == null ? task.task().id() + OURS : given;
    }

    /** Another for all that is not the same to the letter; a name may be given to another task, and a path to another list. */
    static String tag(int number, Task task) {
        return "\"" + task.list() + "-" + number + "-" + task.version() + "\"";
    }

    static String tag(LedgerTask task) {
        return tag(task.number(), task.task());
    }

    /** The lines that say when it comes again; none where it is a single date, for all that is known. */
    static List<Line> rule(LedgerTask task) {
        return task.plainRule()
                .map(rule -> {
                    Moment due = new Moment(
                            Objects.requireNonNull(task.task().due()),
                            task.task().timeZone());
                    List<Line> lines = new ArrayList<>(List.of(Line.of("RRULE", rule)));
                    lines.addAll(RuleDates.toCome(RuleDates.LEFT_OUT, task.leftOut(), due, due));
                    lines.addAll(RuleDates.toCome(RuleDates.ADDED, task.added(), due, due));
                    return lines;
                })
                .orElseGet(List::of);
    }

    /** The VTODO of a task. A task that is done has no rule: the series goes on in another. */
    static Component component(LedgerTask task) {
        String rule = task.task().open() ? task.plainRule().orElse(null) : null;
        return TodoText.todo(task.task(), uid(task), rule, task.dav());
    }

    static String text(LedgerTask kept) {
        Component todo = component(kept);
        return TodoText.whole(todo, ICalendar.zones(todo));
    }

    /** Where it stands which task has this name in a list. */
    static String byName(String list, String name) {
        return Keys.dav(list, Chain.sha256("href " + name));
    }

    static String byUid(String list, String uid) {
        return Keys.dav(list, Chain.sha256("uid " + uid));
    }

    static Optional<LedgerTask> find(Documents documents, String list, String name) {
        return find(
                (there, number) -> LedgerTask.of(documents.get(Keys.task(there, number))),
                key -> named(documents.get(key)),
                list,
                name);
    }

    static Optional<LedgerTask> find(Draft draft, String list, String name) {
        return find(draft::task, key -> draft.own(key, Named.class), list, name);
    }

    static Optional<Named> named(Stored stored) {
        return stored.absent() ? Optional.empty() : Optional.of(stored.as(Named.class));
    }

    /** A task that comes back, or from another list: it has the names that it had, where no other has them by now, and else names of its own. */
    static LedgerTask named(Draft draft, LedgerTask back) {
        String list = back.task().list();
        String own = name(back.task(), null);
        if (back.dav() == null && draft.own(byName(list, own), Named.class).isEmpty()) {
            return back;
        }
        Stream<String> further = Stream.iterate(2, number -> number + 1)
                .map(number -> back.task().id() + "-" + number + ENDING);
        String name = Stream.concat(Stream.of(name(back), own), further)
                .filter(free -> find(draft, list, free).isEmpty())
                .findFirst()
                .orElseThrow();
        String href = name.equals(own) ? null : name;
        String uid = Optional.ofNullable(back.uid())
                .filter(its -> ofUid(draft, list, its).isEmpty())
                .orElse(null);
        Named here = new Named(1, back.number());
        if (href != null) {
            draft.putOwn(byName(list, href), here);
        }
        if (uid != null) {
            draft.putOwn(byUid(list, uid), here);
        }
        return Objects.equals(href, back.href()) && Objects.equals(uid, back.uid())
                ? back
                : back.kept(new KeptProperties(href, uid, back.rest()));
    }

    /** The task that has this UID: from a client, from a file, or because nobody gave it another. */
    static Optional<LedgerTask> ofUid(Draft draft, String list, String uid) {
        return ofUid(draft::task, key -> draft.own(key, Named.class), list, uid);
    }

    static Optional<LedgerTask> ofUid(Documents documents, String list, String uid) {
        return ofUid(
                (there, number) -> LedgerTask.of(documents.get(Keys.task(there, number))),
                key -> named(documents.get(key)),
                list,
                uid);
    }

    private static Optional<LedgerTask> ofUid(
            BiFunction<String, Integer, Optional<LedgerTask>> task,
            Function<String, Optional<Named>> named,
            String list,
            String uid) {
        Predicate<LedgerTask> hasIt = there ->
                there.here() && there.task().list().equals(list) && uid(there).equals(uid);
        return named.apply(byUid(list, uid))
                .flatMap(its -> task.apply(list, its.number()))
                .filter(hasIt)
                .or(() -> born(task, list, uid, OURS).filter(hasIt));
    }

    private static Optional<LedgerTask> find(
            BiFunction<String, Integer, Optional<LedgerTask>> task,
            Function<String, Optional<Named>> named,
            String list,
            String name) {
        return named.apply(byName(list, name))
                .flatMap(its -> task.apply(list, its.number()))
                .filter(there -> isThere(there, list, name))
                .or(() -> born(task, list, name, ENDING).filter(there -> isThere(there, list, name)));
    }

    /** The task that has this name because nobody gave it another. */
    static Optional<TaskId> birth(String name) {
        return birth(name, ENDING);
    }

    private static Optional<TaskId> birth(String name, String ending) {
        return name.endsWith(ending)
                ? TaskId.parse(name.substring(0, name.length() - ending.length()))
                        .filter(id -> id.list().matches("[0-9A-Za-z]{1,64}"))
                : Optional.empty();
    }

    private static Optional<LedgerTask> born(
            BiFunction<String, Integer, Optional<LedgerTask>> task, String list, String name, String ending) {
        return birth(name, ending)
                .flatMap(id -> task.apply(id.list(), id.number()).flatMap(born -> here(task, born, list)));
    }

    private static Optional<LedgerTask> here(
            BiFunction<String, Integer, Optional<LedgerTask>> task, LedgerTask born, String list) {
        TaskId elsewhere = born.whereabouts();
        return elsewhere == null
                ? Optional.of(born)
                : Optional.of(elsewhere)
                        .filter(now -> now.list().equals(list))
                        .flatMap(now -> task.apply(now.list(), now.number()));
    }

    static boolean isThere(LedgerTask task, String list, String name) {
        return task.here() && task.task().list().equals(list) && name(task).equals(name);
    }
}
