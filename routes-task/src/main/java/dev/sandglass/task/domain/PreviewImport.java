package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Portions;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.filter.FilterParser;
import dev.sandglass.task.domain.finding.Folding;
import dev.sandglass.task.domain.finding.SortKey;
import dev.sandglass.task.domain.imports.ImportEntry;
import dev.sandglass.task.domain.imports.ImportFile;
import dev.sandglass.task.domain.imports.Importer;
import dev.sandglass.task.domain.imports.OwnFile;
import dev.sandglass.task.domain.imports.OwnSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/imports}: a file is read, and kept as what it would become. No list and no task is changed. It goes where the file says,
 * into the user's list of that name or a new one; else into the Inbox. Each list of an archive from here is a list of its own.
 */
public final class PreviewImport {
    static final Duration KEPT = Duration.ofDays(1);
    private static final int MOST_ENTRIES = 5_000;
    private static final int MOST_LISTS = 200;
    private static final int BUCKETS_AT_ONCE = 8;
    private static final int TASKS_AT_ONCE = 64;
    /** Characters of a whole plan. */
    private static final int LARGEST = 6_000_000;

    /**
     * A list of the user's.
     *
     * @param folded its name, as one of any case
     */
    public record Named(String id, String name, String folded, boolean inbox, boolean writes) {}

    private final Request request;
    private final User user;
    private final @Nullable Named only;
    private final ImportFile file;
    private final List<Named> lists;
    /** By what the file calls them. */
    private final Map<String, ImportPlan.Destination> destinations = new LinkedHashMap<>();
    /** The ones that are not there. */
    private final List<ImportPlan.Destination> made = new ArrayList<>();
    /** Sentences on what is not kept, beside those of entries. */
    private final List<String> lostBeside = new ArrayList<>();

    private final List<ImportPart.Planned> planned = new ArrayList<>();
    private final List<ObjectNode> rows = new ArrayList<>();
    /** The rows of entries that become tasks, by their sources. */
    private final Map<String, ObjectNode> told = new HashMap<>();

    private int failed;

    private PreviewImport(Request request, User user, @Nullable Named only, List<Named> lists, ImportFile file) {
        this.request = request;
        this.user = user;
        this.only = only;
        this.file = file;
        this.lists = lists;
        if (only == null) {
            destine();
        }
    }

    /** The lists of the user, for {@link #preview}. */
    public static Decision<List<Named>> lists(Request request, User user) {
        Portions<Named> all = user.heads(request, head -> named(head, request).orElseThrow());
        return documents -> Accepted.unchanged(all.in(documents));
    }

    /** The lists of who asks as they are by now, of one decision, but for those that take part in it. */
    static Portions<Named> others(Request request, Set<String> takingPart) {
        return Head.portions(
                documents -> User.of(documents, request.user()).map(User::lists).orElseGet(TreeSet::new).stream()
                        .filter(list -> !takingPart.contains(list))
                        .toList(),
                head -> named(head, request));
    }

    static Optional<Named> named(Head head, Request request) {
        return Optional.ofNullable(head.role(request))
                .map(role -> new Named(head.id(), head.name(), folded(head.name()), head.inbox(), role.writes()));
    }

    /**
     * @param file as it came
     * @param query {@code list}: everything goes there
     * @param lists of the user
     * @throws Rejection UNREADABLE where it is empty; INVALID where it cannot be read, or the list is not there; FORBIDDEN
     */
    public static PreviewImport read(
            byte @Nullable [] file, Request request, User user, Map<String, String> query, List<Named> lists) {
        if (file == null || file.length == 0) {
            throw new Rejection(Reason.UNREADABLE, "The body is empty; send the file as it is");
        }
        Named only = query.containsKey("list") ? only(query.get("list"), lists) : null;
        ImportFile read = ImportFile.read(file, new Importer(request.at().atZone(user.timeZone()), user.weekStart()));
        if (read.entries().isEmpty() && read.lists().isEmpty()) {
            throw Rejection.wrong("", "there are no tasks in this file (" + read.format() + ")");
        }
        if (read.entries().size() > MOST_ENTRIES) {
            throw Rejection.wrong("", "the file has more than " + MOST_ENTRIES + " tasks; send it in parts");
        }
        PreviewImport preview = new PreviewImport(request, user, only, lists, read);
        read.entries().forEach(preview::plan);
        return preview;
    }

    /** Finds the tasks that entries were made to before, or are themselves, or that have their UID, and that are here: ids by sources. */
    public static Decision<Map<String, String>> here(PreviewImport preview) {
        return new Here(preview.request, preview.planned);
    }

    /** @param here see {@link #here} */
    public static Write<Answer> preview(PreviewImport preview, Map<String, String> here) {
        preview.told.forEach((source, row) -> {
            if (here.containsKey(source)) {
                row.put("here", here.get(source));
            }
        });
        return Once.guard(preview.request.once(), preview.write(preview.request.user()));
    }

    /** It goes on where it was when it runs again, and holds the documents of a few tasks. */
    private static final class Here implements Decision<Map<String, String>> {
        private final Request request;
        private final Portions<Map<String, String>> before;
        private final List<ImportPart.Planned> planned;
        private final Map<String, String> here = new HashMap<>();
        private int next;

        Here(Request request, List<ImportPart.Planned> planned) {
            this.request = request;
            this.planned = planned;
            Set<String> sources =
                    planned.stream().map(ImportPart.Planned::source).collect(Collectors.toSet());
            Set<String> buckets = sources.stream()
                    .map(source -> Keys.imported(request.user(), Imported.bucket(source)))
                    .collect(Collectors.toSet());
            before = new Portions<>(
                    BUCKETS_AT_ONCE,
                    documents -> buckets,
                    stored -> stored.absent()
                            ? Optional.empty()
                            : Optional.of(stored.as(Imported.class).tasks().entrySet().stream()
                                    .filter(one -> sources.contains(one.getKey()))
                                    .collect(Collectors.toMap(
                                            Map.Entry::getKey,
                                            one -> one.getValue().task()))));
        }

        @Override
        public Accepted<Map<String, String>> on(Documents documents) {
            Map<String, String> made = new HashMap<>();
            before.in(documents).forEach(made::putAll);
            while (next < planned.size()) {
                List<ImportPart.Planned> some = planned.subList(next, Math.min(planned.size(), next + TASKS_AT_ONCE));
                Documents.together(
                        some,
                        one -> Optional.ofNullable(made.getOrDefault(one.source(), one.task()))
                                .flatMap(task -> Whereabouts.find(documents, task, request))
                                .map(Whereabouts.Found::task)
                                .filter(LedgerTask::here)
                                .or(() -> Optional.ofNullable(one.uid())
                                        .flatMap(uid -> Todos.ofUid(
                                                documents,
                                                one.becomes().path("list").asText(),
                                                uid)))
                                .ifPresent(task ->
                                        here.put(one.source(), task.task().id())));
                documents.forget(documents.seen().keySet());
                next += some.size();
            }
            return Accepted.unchanged(here);
        }
    }

    private static Named only(@Nullable String id, List<Named> lists) {
        Named named = lists.stream()
                .filter(list -> list.id.equals(id))
                .findFirst()
                .orElseThrow(() -> Rejection.wrong("/list", "there is no such list"));
        if (!named.writes) {
            throw new Rejection(Reason.FORBIDDEN, "You may read this list, not change it");
        }
        return named;
    }

    private void plan(ImportEntry entry) {
        ObjectNode becomes = entry.becomes();
        List<String> lost = new ArrayList<>(entry.lost());
        String error = entry.error() == null ? fault(becomes) : entry.error();
        ObjectNode row = Json.object();
        rows.add(row);
        row.put("line", entry.line()).put("title", becomes.path("title").asText());
        if (error == null) {
            String source = Imported.hash(file.format() + "\n" + entry.source());
            told.put(source, row);
            becomes.put("list", list(entry, lost));
            planned.add(new ImportPart.Planned(
                    source,
                    Imported.hash(entry.content()),
                    becomes,
                    entry.completedAt(),
                    entry.place(),
                    entry.kept(),
                    entry.uid(),
                    entry.task()));
        } else {
            failed++;
        }
        // The entry that is shown may come on another date.
        row.set("becomes", becomes.deepCopy());
        if (entry.completedAt() != null) {
            row.set("completedAt", Json.tree(entry.completedAt()));
        }
        row.set("lost", Json.tree(lost));
        if (error != null) {
            row.put("error", error);
        }
    }

    /** The fault that a post of this task would meet; null: there is none. */
    private @Nullable String fault(JsonNode becomes) {
        try {
            TaskFields defaults = TaskFields.defaults("", user.timeZone());
            defaults.merge(becomes, defaults);
            return null;
        } catch (Rejection wrong) {
            return why(wrong);
        }
    }

    /** The reason of a refusal, in a sentence. */
    static String why(Rejection wrong) {
        String faults = wrong.more()
                .path("errors")
                .valueStream()
                .map(error -> error.path("pointer").asText().replaceFirst("^/", "") + " "
                        + error.path("detail").asText())
                .collect(Collectors.joining("; "));
        return faults.isEmpty() ? String.valueOf(wrong.getMessage()) : faults;
    }

    // ---------------------------------------------------------------- Lists

    private String list(ImportEntry entry, List<String> notKept) {
        String key = entry.list();
        OwnFile.ArchivedList own = key == null ? null : file.lists().get(key);
        String name = own == null ? key : own.name();
        if (only != null) {
            if (name != null && !folded(name).equals(only.folded)) {
                notKept.add("That it is in “" + name + "” is not kept");
            }
            return only.id;
        }
        if (name == null || isInvisible(name) || own == null && folded(name).equals(folded(Head.INBOX))) {
            return Objects.requireNonNull(user.inbox());
        }
        return own == null
                ? destinations
                        .computeIfAbsent(folded(name), any -> destination(name))
                        .id()
                : Objects.requireNonNull(destinations.get(key)).id();
    }

    private ImportPlan.Destination destination(String name) {
        ImportPlan.Destination wanted =
                new ImportPlan.Destination(Ids.random(), name, false, new TreeSet<>(), List.of());
        String there = ImportPlan.there(List.of(wanted), lists).get(wanted.id());
        return there == null ? make(wanted) : wanted.at(there);
    }

    /** Finds those of an archive, all of them: also what is empty comes back. */
    private void destine() {
        Map<String, ImportPlan.Destination> wanted = new LinkedHashMap<>();
        file.lists().forEach((key, list) -> {
            if (!isInvisible(list.name())) {
                String id = list.inbox() ? Objects.requireNonNull(user.inbox()) : list.id();
                wanted.put(
                        key,
                        new ImportPlan.Destination(
                                id.isEmpty() ? Ids.random() : id, list.name(), true, list.daysOff(), list.reminders()));
            }
        });
        Map<String, String> there = ImportPlan.there(List.copyOf(wanted.values()), lists);
        wanted.forEach((key, list) -> {
            String id = there.get(list.id());
            destinations.put(key, id == null ? make(list) : list.at(id));
        });
    }

    private static boolean isInvisible(String name) {
        try {
            return Access.name(name).codePointCount(0, name.length()) > Head.LONGEST_NAME;
        } catch (Rejection nothing) {
            return true;
        }
    }

    private ImportPlan.Destination make(ImportPlan.Destination wanted) {
        if (made.size() >= MOST_LISTS) {
            throw Rejection.wrong("", "the file has more than " + MOST_LISTS + " lists; send it in parts");
        }
        ImportPlan.Destination one = wanted.at(Ids.random());
        made.add(one);
        return one;
    }

    static String folded(String name) {
        return Folding.fold(name).strip();
    }

    // ---------------------------------------------------------------- What else an archive has

    /** The ids of lists by those that the file has for them, by which filters and settings name them. */
    private Map<String, String> ids() {
        Map<String, String> ids = new HashMap<>();
        destinations.forEach((key, list) ->
                Optional.ofNullable(file.lists().get(key)).ifPresent(own -> ids.putIfAbsent(own.id(), list.id())));
        return ids;
    }

    private @Nullable OwnSettings settings() {
        OwnSettings settings = file.settings();
        if (settings == null) {
            return null;
        }
        if (only != null) {
            lostBeside.add("The settings are not kept, as all goes into one list");
            return null;
        }
        if (!settings.channels().isEmpty()) {
            lostBeside.add("Where you are told (" + String.join(", ", settings.channels())
                    + ") is not kept: an address is confirmed anew");
        }
        Map<String, String> ids = ids();
        return settings.muting(
                settings.muted().stream().map(id -> ids.getOrDefault(id, id)).toList());
    }

    private List<SavedFilters.Saved> filters() {
        List<SavedFilters.Saved> filters = new ArrayList<>();
        Map<String, String> ids = ids();
        for (JsonNode given : file.filters()) {
            String name = given.path("name").asText();
            String filter = Ids.replace(given.path("filter").asText(), ids);
            String sort = given.path("sort").asText();
            try {
                FilterParser.parse(filter);
                SortKey.Step.all(sort);
                if (filters.size() >= SavedFilters.MOST
                        || name.codePointCount(0, name.length()) > SavedFilters.LONGEST_NAME) {
                    throw new IllegalArgumentException("there are too many, or its name is too long");
                }
                filters.add(new SavedFilters.Saved(Ids.random(), Access.name(name), filter, sort));
            } catch (IllegalArgumentException | Rejection e) {
                lostBeside.add("The filter “" + name + "” is not kept: " + e.getMessage());
            }
        }
        return filters;
    }

    private List<ImportPart> parts() {
        List<ImportPart> parts = new ArrayList<>();
        List<ImportPart.Planned> part = new ArrayList<>();
        int documents = 0;
        int size = 0;
        int all = 0;
        for (ImportPart.Planned one : planned) {
            int length = Json.text(one).length();
            if (documents >= ImportPart.MOST || !part.isEmpty() && size + length > ImportPart.LARGEST) {
                parts.add(new ImportPart(1, part));
                part.clear();
                documents = 0;
                size = 0;
            }
            part.add(one);
            documents += one.documents();
            size += length;
            all += length;
        }
        if (all > LARGEST) {
            throw Rejection.wrong("", "the tasks have more than " + LARGEST + " characters; send the file in parts");
        }
        if (!part.isEmpty()) {
            parts.add(new ImportPart(1, part));
        }
        return parts;
    }

    private Write<Answer> write(String name) {
        String id = Ids.random();
        List<ImportPart> parts = parts();
        ImportPlan plan = new ImportPlan(
                1, List.copyOf(destinations.values()), filters(), settings(), parts.size(), failed, null);
        SavedImports.Kept kept = new SavedImports.Kept(id, parts.size());
        Write<Answer> write = Write.<Answer>alone(Set.of(), draft -> {
                    SavedImports all = SavedImports.of(draft.read(), name);
                    all.tooOld().stream().flatMap(old -> old.keys(name)).forEach(draft::forget);
                    draft.putOwn(Keys.imports(name), all.with(kept), KEPT);
                    draft.putOwn(Keys.importPlan(name, id), plan, KEPT);
                    for (int part = 1; part <= parts.size(); part++) {
                        draft.putOwn(Keys.importPart(name, id, part), parts.get(part - 1), KEPT);
                    }
                    Map<ObjectNode, ObjectNode> others = new IdentityHashMap<>();
                    Documents.together(planned, one -> {
                        ObjectNode row = Objects.requireNonNull(told.get(one.source()));
                        begun(draft, one, row).ifPresent(other -> others.put(row, other));
                    });
                    return new Answer(shown(id, others), "imports/" + id, null);
                })
                .lookingAt(Keys.imports(name));
        for (String key : kept.keys(name).toList()) {
            write = write.lookingAt(key);
        }
        return write;
    }

    /** The row with the date with which it begins, where its own is left out of its rule, or is no working day. */
    private Optional<ObjectNode> begun(Draft draft, ImportPart.Planned one, ObjectNode row) {
        JsonNode becomes = one.becomes();
        if (one.place() != null
                || one.completedAt() != null
                || !becomes.has("recurrence")
                || one.kept() == null && !becomes.has("workdays")) {
            return Optional.empty();
        }
        ObjectNode begun = row.deepCopy();
        try {
            String list = becomes.path("list").asText();
            TaskFields defaults = TaskFields.defaults(list, user.timeZone());
            LedgerTask fresh =
                    LedgerTask.created(new TaskId(list, 1), defaults.merge(becomes, defaults), "", request.at());
            LedgerTask created = one.kept() == null ? fresh : fresh.kept(one.kept());
            TaskFields fields = created.on(draft.workingDays(created)).fields();
            ObjectNode shown = begun.withObject("/becomes");
            shown.put("due", String.valueOf(fields.due()));
            if (shown.has("reminders")) {
                shown.set("reminders", Json.tree(fields.reminders()));
            }
        } catch (Rejection wrong) {
            begun.put("error", why(wrong));
        }
        return Optional.of(begun);
    }

    /** @param others rows that are otherwise than they were read */
    private ObjectNode shown(String id, Map<ObjectNode, ObjectNode> others) {
        ObjectNode shown = Json.object().put("id", id).put("format", file.format());
        ArrayNode lists = shown.putArray("lists");
        made.forEach(list -> lists.addObject().put("id", list.id()).put("name", list.name()));
        shown.set("lost", Json.tree(lostBeside));
        ArrayNode entries = shown.putArray("entries");
        rows.forEach(row -> entries.add(others.getOrDefault(row, row)));
        return shown;
    }
}
