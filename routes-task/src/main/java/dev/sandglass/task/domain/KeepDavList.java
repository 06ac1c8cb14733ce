package dev.sandglass.task.domain;

import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.SavedCalendars.Look;
import dev.sandglass.task.domain.dav.DavNames;
import dev.sandglass.task.domain.dav.DavPath;
import dev.sandglass.task.domain.dav.DavRefused;
import dev.sandglass.task.domain.dav.DavReply;
import dev.sandglass.task.domain.dav.Multistatus;
import dev.sandglass.task.domain.dav.Update;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import javax.xml.namespace.QName;

/** MKCALENDAR, MKCOL, PROPPATCH and DELETE of a list by CalDAV. */
public final class KeepDavList {
    /** Characters. */
    private static final int LONGEST_LOOK = 100;

    /** Properties of a list that a program may set: its name for all, its look for its user alone. */
    private static final Set<QName> OPEN = Set.of(DavNames.DISPLAY_NAME, DavNames.COLOR, DavNames.ORDER);

    private static final Set<QName> OF_A_LIST = Set.of(DavNames.COLLECTION, DavNames.CALENDAR);

    private KeepDavList() {}

    /**
     * A list is asked for by the name that its path has; it gets an id of its own, and this name leads to it.
     *
     * @return what is to be written, unless something is in the way
     */
    public static Write<DavReply> make(DavCall call, ChangeList lists) {
        DavPath path = call.path();
        Update update = Update.make(call.body());
        String user = call.request().user();
        if (path.kind() != DavPath.Kind.LIST) {
            throw DavRefused.because(DavNames.LOCATION_OK, "A list is made directly below " + DavPath.list(user, "…"));
        }
        Set<QName> type = update.type();
        if (!type.isEmpty() && !(type.contains(DavNames.CALENDAR) && OF_A_LIST.containsAll(type))) {
            throw DavRefused.because(DavNames.VALID_TYPE, "Here are calendars, and no other collections");
        }
        if (update.components() != null
                && Arrays.stream(update.components().split(",")).noneMatch("VTODO"::equalsIgnoreCase)) {
            throw DavRefused.because(DavNames.SUPPORTED_COMPONENT, "Here are tasks (VTODO), and nothing else");
        }
        if (call.request().grant() != null && call.request().grant().lists() != null) {
            throw new Rejection(Reason.FORBIDDEN, "This token is for some lists alone, and makes none");
        }
        String name = name(Objects.requireNonNullElse(update.value(DavNames.DISPLAY_NAME), path.list()), path.list());
        Look look = look(Look.PLAIN, update.values(), path.list());
        return lists.create(call.request().unconditional(), Json.object().put("name", name))
                .within(decision -> (Draft draft) -> {
                    SavedCalendars known = draft.own(Keys.calendars(user), SavedCalendars.class)
                            .orElseGet(SavedCalendars::none);
                    String before = known.list(path.list());
                    boolean taken = draft.look(before)
                            .filter(head -> head.role(call.request()) != null)
                            .isPresent();
                    if (taken) {
                        throw DavRefused.because(DavNames.MUST_BE_NULL, "There is a list of this name");
                    }
                    Answer made = decision.apply(draft);
                    String list = Objects.requireNonNull(made.made()).replaceFirst("lists/", "");
                    // The name led to a list that is gone.
                    keep(draft, user, known.with(before, Look.PLAIN).with(list, look));
                    return DavReply.of(201);
                })
                .lookingAt(Keys.calendars(user));
    }

    /** A name is one line: programs may break theirs. */
    private static String name(String wanted, String otherwise) {
        String line = wanted.replaceAll("\\p{Cc}+", " ").strip();
        String name = line.isEmpty() ? otherwise : line;
        return name.codePointCount(0, name.length()) <= Head.LONGEST_NAME
                ? name
                : name.substring(0, name.offsetByCodePoints(0, Head.LONGEST_NAME));
    }

    private static Look look(Look before, Map<QName, ?> values, String name) {
        BiFunction<QName, Optional<String>, Optional<String>> value = (property, was) -> values.containsKey(property)
                ? Optional.ofNullable(values.get(property))
                        .map(String::valueOf)
                        .filter(text -> !text.isEmpty())
                        .map(text -> text.length() > LONGEST_LOOK ? text.substring(0, LONGEST_LOOK) : text)
                : was;
        return new Look(
                name,
                value.apply(DavNames.COLOR, Optional.ofNullable(before.color())).orElse(null),
                value.apply(DavNames.ORDER, Optional.ofNullable(before.order())).orElse(null));
    }

    /**
     * All that is asked for is done, or nothing (RFC 4918 section 9.2).
     *
     * @return a decision that refuses with NOT_FOUND, and else answers what is to be written: nothing where the reply tells of a
     *     property that may not be changed
     */
    public static Decision<Write<DavReply>> patch(DavCall call, ChangeList lists) {
        DavPath path = call.path();
        Update update = Update.patch(call.body());
        String user = call.request().user();
        return documents -> {
            String list = call.list(documents);
            Map<QName, QName> refused = new LinkedHashMap<>();
            update.values().keySet().stream()
                    .filter(property -> path.kind() != DavPath.Kind.LIST || !OPEN.contains(property))
                    .forEach(property -> refused.put(property, DavNames.PROTECTED));
            if (path.kind() == DavPath.Kind.LIST || path.kind() == DavPath.Kind.TASK) {
                Head head = Access.reader(Head.of(documents, list), call.request(), Access.noList());
                if (path.kind() == DavPath.Kind.TASK
                        && Todos.find(documents, list, path.name()).isEmpty()) {
                    throw DavCall.nothing();
                }
                boolean writes =
                        Objects.requireNonNull(head.role(call.request())).writes();
                for (QName property : update.values().keySet()) {
                    if (!writes) {
                        refused.putIfAbsent(property, DavNames.NEED_PRIVILEGES);
                    } else if (property.equals(DavNames.DISPLAY_NAME) && !mayBeNamed(head, update)) {
                        refused.put(property, DavNames.PROTECTED);
                    }
                }
            }
            Multistatus answer = new Multistatus();
            answer.changed(path.href(), update.values().keySet(), refused);
            DavReply reply = answer.reply();
            if (!refused.isEmpty()) {
                return Accepted.unchanged(Write.alone(Set.of(), draft -> reply));
            }
            var patch = Json.object();
            String named = update.value(DavNames.DISPLAY_NAME);
            if (named != null) {
                patch.put("name", name(named, path.list()));
            }
            return Accepted.unchanged(lists.change(
                            call.request().unconditional().about(list), patch)
                    .within(decision -> (Draft draft) -> {
                        Answer unusedAnswer = decision.apply(draft);
                        SavedCalendars known = draft.own(Keys.calendars(user), SavedCalendars.class)
                                .orElseGet(SavedCalendars::none);
                        Look before = known.look(list);
                        Look look = look(before, update.values(), "");
                        Look after = new Look(before.name(), look.color(), look.order());
                        if (!after.equals(before)) {
                            keep(draft, user, known.with(list, after));
                        }
                        return reply;
                    })
                    .lookingAt(Keys.user(user))
                    .lookingAt(Keys.calendars(user)));
        };
    }

    private static void keep(Draft draft, String user, SavedCalendars calendars) {
        draft.putOwn(
                Keys.calendars(user),
                calendars.only(draft.user(user).orElseThrow().lists()));
    }

    /** The Inbox keeps its name, and no list is without one. */
    private static boolean mayBeNamed(Head head, Update update) {
        String wanted = update.value(DavNames.DISPLAY_NAME);
        return wanted != null && !wanted.isBlank() && (!head.inbox() || wanted.equals(head.name()));
    }

    /** @return a decision that refuses with NOT_FOUND, and else answers what is to be written */
    public static Decision<Write<Answer>> delete(DavCall call, ChangeList lists) {
        return documents -> {
            String list = call.list(documents);
            Head head = Access.reader(Head.of(documents, list), call.request(), Access.noList());
            return Accepted.unchanged(
                    lists.delete(call.request().unconditional().about(head.id())));
        };
    }
}
