package dev.sandglass.task.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Portions;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.StoredChange.Span;
import dev.sandglass.task.domain.dav.KeptProperties;
import dev.sandglass.task.domain.imports.OwnSettings;
import dev.sandglass.task.domain.imports.RulePlace;
import dev.sandglass.time.Due;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/imports/{id}/apply}: a plan is carried out. First come the lists that it lacks, then its parts, each in a transaction of
 * its own; together they are one thing to undo. What was taken in before is known by its source: where it is still there, it is changed to
 * what the file says now, or passed over.
 */
public final class ApplyImport {
    /** The most entries that are told of those that could not be taken in; the others are counted. */
    private static final int MOST_ERRORS = 20;

    private final Request request;
    private final ImportPlan plan;
    private int next = 1;
    private Counts all;
    /** The lists that those of the plan are, by the ids of these. */
    private Map<String, String> places = Map.of();
    /** The last change that was made. */
    private @Nullable Span last;

    /**
     * @param failed those that could not be taken in, now or when the file was read
     * @param errors why, of the first that could not be now
     */
    public record Counts(
            int made,
            int updated,
            int skipped,
            int failed,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<NotMade> errors) {
        /** A task that could not be taken in. */
        public record NotMade(String title, String detail) {}

        private static final Counts NONE = new Counts(0, 0, 0, 0, List.of());
        private static final Counts MADE = new Counts(1, 0, 0, 0, List.of());
        private static final Counts UPDATED = new Counts(0, 1, 0, 0, List.of());
        private static final Counts SKIPPED = new Counts(0, 0, 1, 0, List.of());

        private static Counts failed(String title, Rejection why) {
            return new Counts(0, 0, 0, 1, List.of(new NotMade(title, PreviewImport.why(why))));
        }

        private Counts plus(Counts more) {
            return new Counts(
                    made + more.made,
                    updated + more.updated,
                    skipped + more.skipped,
                    failed + more.failed,
                    Stream.concat(errors.stream(), more.errors.stream())
                            .limit(MOST_ERRORS)
                            .toList());
        }
    }

    /** A part, and the last change that was made so far. */
    public record MadePart(Counts counts, @Nullable Span last) {}

    private ApplyImport(Request request, ImportPlan plan) {
        this.request = request;
        this.plan = plan;
        this.all = new Counts(0, 0, 0, plan.failed(), List.of());
        this.last = plan.last();
    }

    /** @return a decision that refuses with NOT_FOUND */
    public static Decision<ApplyImport> begin(Request request) {
        return documents -> {
            Stored plan = documents.get(Keys.importPlan(request.user(), request.id()));
            if (plan.absent()) {
                throw gone();
            }
            return Accepted.unchanged(new ApplyImport(request, plan.as(ImportPlan.class)));
        };
    }

    private static Rejection gone() {
        return new Rejection(
                Reason.NOT_FOUND,
                "There is no such import, or not any more: one is kept for a day, of several the last three");
    }

    // ---------------------------------------------------------------- Lists, filters and settings

    /**
     * Finds the lists by what they are now, makes those that are not there, and saves the filters and settings.
     *
     * @param usualZone of a user who has not said theirs
     * @return the lists that those of the plan are
     */
    public static Write<Map<String, String>> lists(ApplyImport on, String usualZone) {
        String user = on.request.user();
        List<ImportPlan.Destination> lists = on.plan.lists();
        OwnSettings settings = on.plan.settings();
        if (lists.isEmpty() && on.plan.filters().isEmpty() && settings == null) {
            return Write.alone(Set.of(), draft -> Map.of());
        }
        Map<String, String> others = new HashMap<>();
        lists.forEach(list -> others.put(list.id(), Ids.random()));
        Portions<PreviewImport.Named> further = PreviewImport.others(on.request, others.keySet());
        Portions<String> theirs = Users.listsOf(user);
        Write<Map<String, String>> write = Write.alone(others.keySet(), draft -> {
            List<PreviewImport.Named> named = Stream.concat(
                            others.keySet().stream()
                                    .flatMap(list -> draft.head(list).stream())
                                    .flatMap(head -> PreviewImport.named(head, on.request).stream()),
                            further.in(draft.read()).stream())
                    .sorted(Comparator.comparing(PreviewImport.Named::id))
                    .toList();
            Map<String, String> places = ImportPlan.there(lists, named);
            for (ImportPlan.Destination list : lists) {
                if (!places.containsKey(list.id())) {
                    // The id may be that of a list that was deleted.
                    boolean taken = draft.head(list.id()).isPresent();
                    String id = taken ? Objects.requireNonNull(others.get(list.id())) : list.id();
                    ChangeList.create(draft, user, theirs, id, list.name());
                    furnish(draft, user, list.at(id));
                    places.put(list.id(), id);
                } else if (draft.head(list.id()).filter(Head::inbox).isPresent()) {
                    furnish(draft, user, list);
                }
            }
            save(draft, user, on.plan.filters(), places);
            if (settings != null) {
                settle(draft, user, settings, usualZone, places);
            }
            return places;
        });
        return write.lookingAt(Keys.user(user)).lookingAt(Keys.filters(user)).lookingAt(Keys.channels(user));
    }

    public static void placed(ApplyImport on, Map<String, String> places) {
        on.places = places;
    }

    /** Gives a list the settings that go with it, where it has none. */
    private static void furnish(Draft draft, String user, ImportPlan.Destination list) {
        SortedMap<String, List<JsonNode>> told = new TreeMap<>();
        if (!list.daysOff().isEmpty() && draft.daysOff(list.id()).days().isEmpty()) {
            draft.put(list.id(), DaysOff.of(list.daysOff()));
            told.put("calendar", List.of(Json.array(), Json.tree(list.daysOff())));
        }
        Head head = draft.head(list.id()).orElseThrow();
        if (!list.reminders().isEmpty() && head.reminders().isEmpty()) {
            draft.put(head.reminding(list.reminders()));
            told.put("reminders", List.of(Json.array(), Json.tree(list.reminders())));
        }
        if (!told.isEmpty()) {
            draft.record(list.id(), ChangeType.LIST_UPDATED, user, told);
        }
    }

    /** Settings that the user has not said here are as they said them there. */
    private static void settle(
            Draft draft, String name, OwnSettings said, String usualZone, Map<String, String> places) {
        User before = draft.user(name).orElseThrow();
        User user = before;
        if (said.timeZone() != null && user.timeZone().getId().equals(usualZone)) {
            user = user.in(said.timeZone());
        }
        if (said.locale() != null && user.locale().equals(User.ENGLISH)) {
            user = user.speaking(said.locale());
        }
        if (user.weekStart() == null) {
            user = user.beginning(said.weekStart());
        }
        if (user.muted().isEmpty()) {
            user = user.muting(said.muted().stream()
                    .filter(places::containsKey)
                    .map(places::get)
                    .collect(Collectors.toCollection(TreeSet::new)));
        }
        if (!user.equals(before)) {
            draft.put(user);
        }
        Channels channels = Channels.of(draft.read(), name);
        if (said.quiet() != null && channels.quiet() == null) {
            draft.putOwn(
                    Keys.channels(name),
                    new Channels(channels.v(), said.quiet(), channels.channels(), channels.asked()));
        }
    }

    /** Where there is no more room for them, tasks are what matters. */
    private static void save(Draft draft, String user, List<SavedFilters.Saved> filters, Map<String, String> places) {
        if (filters.isEmpty()) {
            return;
        }
        SavedFilters before = SavedFilters.of(draft.read(), user);
        SavedFilters after = before;
        for (SavedFilters.Saved planned : filters) {
            SavedFilters.Saved one = new SavedFilters.Saved(
                    planned.id(), planned.name(), Ids.replace(planned.filter(), places), planned.sort());
            boolean known = after.filters().stream()
                    .anyMatch(saved -> saved.name().equals(one.name())
                            && saved.filter().equals(one.filter())
                            && saved.sort().equals(one.sort()));
            try {
                after = known ? after : after.with(one);
            } catch (Rejection full) {
                break;
            }
        }
        if (!after.equals(before)) {
            draft.putOwn(Keys.filters(user), after);
        }
    }

    // ---------------------------------------------------------------- Tasks

    public boolean isOpen() {
        return next <= plan.parts();
    }

    /** Reads the next part. */
    public Decision<ImportPart> part() {
        String key = Keys.importPart(request.user(), request.id(), next);
        return documents -> {
            Stored part = documents.get(key);
            if (part.absent()) {
                throw gone();
            }
            return Accepted.unchanged(part.as(ImportPart.class).in(places));
        };
    }

    /** @param wanted its tasks, after the rules on new tasks */
    public static Write<MadePart> make(ApplyImport on, ImportPart part, List<JsonNode> wanted) {
        String user = on.request.user();
        String plan = Keys.importPlan(user, on.request.id());
        boolean several = on.plan.parts() > 1;
        Write<MadePart> write = Write.<MadePart>alone(
                        wanted.stream()
                                .map(one -> one.path("list").asText())
                                .filter(list -> !list.isEmpty())
                                .collect(Collectors.toSet()),
                        draft -> {
                            draft.goOn(on.last);
                            Counts counts = new Making(draft, on.request).make(part, wanted);
                            if (several) {
                                Span last = on.isLast() ? null : draft.last();
                                draft.own(plan, ImportPlan.class)
                                        .filter(now -> !Objects.equals(last, now.last()))
                                        .ifPresent(now -> draft.putOwn(plan, now.going(last), PreviewImport.KEPT));
                            }
                            return new MadePart(counts, draft.last());
                        })
                .lookingAt(Keys.user(user));
        if (several) {
            write = write.lookingAt(plan);
        }
        for (int bucket : part.buckets()) {
            write = write.lookingAt(Keys.imported(user, bucket));
        }
        return write;
    }

    private boolean isLast() {
        return next == plan.parts();
    }

    public static void made(ApplyImport on, MadePart made) {
        on.all = on.all.plus(made.counts);
        on.last = made.last;
        on.next++;
    }

    public static Answer answer(ApplyImport on) {
        return Answer.ok(on.all);
    }

    /** A part, made in one draft. */
    private static final class Making {
        private final Draft draft;
        private final Request request;
        private final User user;
        private final Map<Integer, SortedMap<String, Imported.Known>> buckets = new HashMap<>();
        private final Set<Integer> changed = new TreeSet<>();
        /** The task of a series that was taken in or passed over last, under the hash that the series is known by. */
        private final Map<String, LedgerTask> lastOf = new HashMap<>();

        Making(Draft draft, Request request) {
            this.draft = draft;
            this.request = request;
            this.user = draft.user(request.user()).orElseThrow();
        }

        Counts make(ImportPart part, List<JsonNode> wanted) {
            for (int bucket : part.buckets()) {
                buckets.put(
                        bucket,
                        new TreeMap<>(
                                Imported.of(draft.read(), user.user(), bucket).tasks()));
            }
            Map<String, Whereabouts.Found> there = there(part, wanted);
            Documents.together(part.entries(), this::findSeries);
            readOwnNames(part, wanted);
            Counts counts = Counts.NONE;
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < wanted.size(); i++) {
                ImportPart.Planned one = part.entries().get(i);
                counts = counts.plus(
                        seen.add(one.source())
                                ? make(one, wanted.get(i), Optional.ofNullable(there.get(one.source())))
                                : Counts.SKIPPED);
            }
            for (int bucket : changed) {
                draft.putOwn(
                        Keys.imported(user.user(), bucket),
                        new Imported(1, Objects.requireNonNull(buckets.get(bucket))));
            }
            return counts;
        }

        /** The tasks that were made of these before, or have their UID, and are there; what that takes is read together. */
        private Map<String, Whereabouts.Found> there(ImportPart part, List<JsonNode> wanted) {
            Map<String, Whereabouts.Found> there = new HashMap<>();
            Documents.together(IntStream.range(0, wanted.size()).boxed().toList(), at -> {
                ImportPart.Planned one = part.entries().get(at);
                known(one)
                        .flatMap(task -> Whereabouts.find(draft.read(), task, request))
                        .filter(found -> found.task().here())
                        .or(() -> ofUid(one, wanted.get(at).path("list").asText()))
                        .ifPresent(found -> there.put(one.source(), found));
            });
            return there;
        }

        /** The task that a program of CalDAV has put. */
        private Optional<Whereabouts.Found> ofUid(ImportPart.Planned one, String list) {
            String uid = one.uid();
            if (uid == null || !writes(list)) {
                return Optional.empty();
            }
            // A task that is made gets both names.
            draft.read().all(List.of(Todos.byUid(list, uid), Todos.byName(list, uid + Todos.ENDING)));
            return Todos.ofUid(draft, list, uid)
                    .map(task -> new Whereabouts.Found(new TaskId(list, task.number()), task));
        }

        /** Reads together what there is under the names that new tasks have of themselves, where no name can be made of a UID. */
        private void readOwnNames(ImportPart part, List<JsonNode> wanted) {
            Map<String, Integer> entries = new HashMap<>();
            Set<String> nameless = new HashSet<>();
            for (int i = 0; i < wanted.size(); i++) {
                String list = wanted.get(i).path("list").asText();
                KeptProperties named = part.entries().get(i).named();
                entries.merge(list, 1, Integer::sum);
                if (named != null && named.uid() != null && named.href() == null && writes(list)) {
                    nameless.add(list);
                }
            }
            draft.read()
                    .all(nameless.stream()
                            .flatMap(list -> {
                                int made = draft.head(list).orElseThrow().tasks();
                                return IntStream.rangeClosed(made + 1, made + entries.getOrDefault(list, 0))
                                        .boxed()
                                        .flatMap(number -> Stream.of(
                                                Keys.task(list, number),
                                                Todos.byName(list, new TaskId(list, number) + Todos.ENDING)));
                            })
                            .toList());
        }

        /** Finds the task that was taken in last of its series, or with which that begins in its list. */
        private void findSeries(ImportPart.Planned one) {
            String series = one.ofSeries();
            RulePlace place = one.place();
            if (series == null || place == null || place.series() == null) {
                return;
            }
            Imported.Known known = bucket(series).get(series);
            String list = one.becomes().path("list").asText();
            Whereabouts.find(draft.read(), known == null ? place.series() : known.task(), request)
                    .filter(found -> known != null || found.place().list().equals(list))
                    .ifPresent(found -> lastOf.put(series, found.task()));
        }

        /** Makes a task that follows the one before it in its series, where nothing does yet. */
        private LedgerTask make(ImportPart.Planned one, TaskFields fields) {
            String series = one.ofSeries();
            RulePlace place = place(one, fields);
            if (series == null || place == null) {
                return CreateTask.make(draft, request, fields, one.completedAt(), place, one.named());
            }
            LedgerTask last = lastOf.get(series);
            RulePlace here = place.in(last == null ? null : last.task().series());
            LedgerTask made = CreateTask.make(draft, request, fields, one.completedAt(), here, one.named());
            String list = made.task().list();
            if (last != null && last.task().list().equals(list)) {
                draft.task(list, last.number())
                        .filter(there -> there.here()
                                && there.task().occurrence() + 1 == made.task().occurrence()
                                && Successor.of(draft, there)
                                        .filter(Successor::isThere)
                                        .isEmpty())
                        .ifPresent(there ->
                                draft.put(list, there.followed(made.task().id())));
            }
            lastOf.put(series, made);
            know(series, made, "");
            return made;
        }

        /** The task that was made of it before, or that it is itself. */
        private Optional<String> known(ImportPart.Planned one) {
            return Optional.ofNullable(bucket(one.source()).get(one.source()))
                    .map(Imported.Known::task)
                    .or(() -> Optional.ofNullable(one.task()));
        }

        private SortedMap<String, Imported.Known> bucket(String source) {
            return Objects.requireNonNull(buckets.get(Imported.bucket(source)));
        }

        private Counts make(ImportPart.Planned one, JsonNode wanted, Optional<Whereabouts.Found> before) {
            String series = one.ofSeries();
            try {
                if (before.isEmpty()) {
                    TaskFields defaults =
                            TaskFields.defaults(wanted.path("list").asText(), user.timeZone());
                    TaskFields fields = defaults.merge(wanted, defaults);
                    know(one.source(), make(one, fields), one.content());
                    return Counts.MADE;
                }
                if (series != null) {
                    lastOf.put(series, before.get().task());
                }
                Imported.Known known = bucket(one.source()).get(one.source());
                // An archive is older than the task that it was made of.
                boolean older = known == null || known.content().equals(one.content());
                if (older || !writes(before.get().place().list())) {
                    if (known == null && one.task() == null) {
                        // It is known from now on: where the file says something else one day, that counts.
                        know(one.source(), before.get().task(), one.content());
                    }
                    return Counts.SKIPPED;
                }
                boolean updated = update(one, wanted, before.get());
                know(one.source(), before.get().task(), one.content());
                return updated ? Counts.UPDATED : Counts.SKIPPED;
            } catch (Rejection wrong) {
                return Counts.failed(one.becomes().path("title").asText(), wrong);
            }
        }

        /** Its place, unless the rules on new tasks made another rule of its own. */
        private static @Nullable RulePlace place(ImportPart.Planned one, TaskFields fields) {
            return one.becomes().path("recurrence").asText().equals(fields.recurrence()) ? one.place() : null;
        }

        private static boolean isLeftOut(ImportPart.Planned one, JsonNode wanted, LedgerTask task) {
            KeptProperties said = one.kept();
            return said != null
                    && wanted.hasNonNull("due")
                    && said.leftOut(task.task().timeZone())
                            .contains(Due.parse(wanted.path("due").asText()).date());
        }

        /** Tells if its date is where its rule has come to: another file than an archive from here says that by its date alone. */
        private boolean isOfTheRule(ImportPart.Planned one, JsonNode patch, LedgerTask task) {
            return one.place() == null
                    && patch.hasNonNull("due")
                    && patch.hasNonNull("recurrence")
                    && task.task().open()
                    && Successor.of(draft, task).filter(Successor::isThere).isEmpty();
        }

        /** An archive from here has all that is kept, another file the single dates of a rule alone. */
        private static @Nullable KeptProperties kept(ImportPart.Planned one, @Nullable KeptProperties there) {
            KeptProperties said = one.kept();
            if (there == null || said == null) {
                return said;
            }
            return one.task() == null ? there.withDatesOf(said) : said.withNamesOf(there);
        }

        private void know(String source, LedgerTask task, String content) {
            bucket(source).put(source, new Imported.Known(task.task().id(), content));
            changed.add(Imported.bucket(source));
        }

        /** Tells if the list takes part and the user writes in it; a task that was moved to another since stays as it is. */
        private boolean writes(String list) {
            return draft.head(list)
                    .map(head -> head.role(request))
                    .filter(role -> role.writes())
                    .isPresent();
        }

        /** Writes the fields that the file has over those of the task; fields that it does not have stay. */
        private boolean update(ImportPart.Planned one, JsonNode wanted, Whereabouts.Found before) {
            String list = before.place().list();
            LedgerTask task = before.task();
            ObjectNode patch = wanted.deepCopy();
            patch.remove("list");
            if (isLeftOut(one, wanted, task)) {
                // It went on to the next date when it was made.
                patch.remove("due");
            }
            TaskFields defaults = TaskFields.defaults(list, user.timeZone());
            LedgerTask changedTask = new ChangeTask.Patch(
                            request.unconditional(), patch, isOfTheRule(one, patch, task), defaults)
                    .merge(draft, task, draft.at(list));
            RulePlace place = place(one, changedTask.fields());
            if (place != null && !changedTask.at(place.ofOneHere()).equals(changedTask)) {
                changedTask = (changedTask == task ? task.touched(draft.at(list)) : changedTask).at(place.ofOneHere());
            }
            KeptProperties kept = kept(one, task.dav());
            if (kept != null && !kept.equals(task.dav())) {
                changedTask = (changedTask == task ? task.touched(draft.at(list)) : changedTask).kept(kept);
            }
            if (changedTask != task) {
                draft.change(list, ChangeType.TASK_UPDATED, user.user(), task, changedTask);
                task = changedTask;
            }
            if (one.completedAt() != null && task.task().open() && !task.recurs()) {
                LedgerTask done = task.completed(draft.at(list));
                draft.change(list, ChangeType.TASK_COMPLETED, user.user(), task, done);
                task = done;
            }
            return task != before.task();
        }
    }
}
