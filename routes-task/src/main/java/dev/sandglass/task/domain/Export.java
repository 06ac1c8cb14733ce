package dev.sandglass.task.domain;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Portions;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.finding.Finding;
import dev.sandglass.task.domain.finding.Page;
import dev.sandglass.task.domain.finding.Search;
import dev.sandglass.task.domain.imports.OwnFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/export}: an archive of all that a user has. It is packed as it is read, a page of tasks at a time, so memory holds the
 * archive and a page. Of each list there is a file that {@code POST /api/imports} takes back, and one for calendars; then the audit, and
 * at last what is in it.
 */
public final class Export {
    /** Bytes of the archive: some hundred thousand tasks. */
    private static final int LARGEST = 16_000_000;

    /** Characters of all of them: they are written at once. */
    private static final int MOST_TEXT = 4_000_000;

    /** The entries of a page of the audit. */
    private static final int ENTRIES = 500;

    /** Pages of the audit. */
    private static final int MOST_PAGES = 200;

    private static final int LONGEST_NAME = 40;
    private static final Pattern NO_LETTERS = Pattern.compile("[^\\p{L}\\p{N}]+");

    /** A list of the user's. */
    private record Listed(
            Extent extent, String name, String owner, String role, boolean inbox, List<String> reminders) {
        private static final Comparator<Listed> ORDER = Comparator.comparing((Listed list) -> !list.inbox)
                .thenComparing(Listed::name)
                .thenComparing(list -> list.extent.list());

        String id() {
            return extent.list();
        }

        /** The name of its files: that of the list is for people, its id tells two of one name apart. */
        String file() {
            String letters = NO_LETTERS.matcher(name).replaceAll("-");
            String cut = letters.substring(
                    0,
                    letters.offsetByCodePoints(0, Math.min(LONGEST_NAME, letters.codePointCount(0, letters.length()))));
            return "lists/" + cut + "-" + id();
        }
    }

    /** A page of tasks, with what the ledger alone knows of them. */
    public record Found(
            Page page, List<ICalendar.Entry> entries, Map<String, LedgerTask> kept, SortedSet<LocalDate> daysOff) {}

    private final Request request;
    private final User user;
    private final List<Listed> lists;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ZipOutputStream zip = new ZipOutputStream(bytes, UTF_8);
    private final ArrayNode told = Json.array();
    private final List<ICalendar.Entry> open = new ArrayList<>();
    private final List<ICalendar.Entry> completed = new ArrayList<>();
    /** The list at hand. */
    private int at;

    private int tasks;
    private int text;
    private @Nullable String cursor;
    private @Nullable Task last;
    private int pages;
    private @Nullable String entry;
    private boolean asking = true;

    private Export(Request request, User user, List<Listed> lists) {
        this.request = request;
        this.user = user;
        this.lists = lists.stream().sorted(Listed.ORDER).toList();
    }

    public static Decision<Export> begin(Request request, User user) {
        Portions<Listed> all = user.heads(
                request,
                head -> new Listed(
                        head.extent(),
                        head.name(),
                        head.owner(),
                        Json.tree(Objects.requireNonNull(head.role(request))).asText(),
                        head.inbox(),
                        head.reminders()));
        return documents -> Accepted.unchanged(new Export(request, user, all.in(documents)));
    }

    // ---------------------------------------------------------------- Lists

    public boolean isOpen() {
        return at < lists.size();
    }

    public List<Extent> extents() {
        return List.of(lists.get(at).extent);
    }

    public Search search() {
        // Tasks of a series stand in their order, also where an archive made them at once.
        Map<String, String> query = new HashMap<>(Map.of("sort", "created,due", "limit", "" + Finding.MOST));
        if (cursor != null) {
            query.put("cursor", cursor);
        }
        return Finding.parse(query, ZoneOffset.UTC).search(request.at(), Optional.ofNullable(last), Map.of());
    }

    public static Decision<Found> found(Export export, Search search) {
        Page page = search.page();
        String list = export.lists.get(export.at).id();
        return documents -> Accepted.unchanged(new Found(
                page,
                ReadFeed.entries(documents, page.tasks()),
                kept(documents, page.tasks(), export.request),
                export.last == null ? DaysOff.of(documents, list).days() : new TreeSet<>()));
    }

    /** Tasks as they are kept, by their ids; they are read together. */
    private static Map<String, LedgerTask> kept(Documents documents, List<Task> tasks, Request request) {
        Map<String, LedgerTask> kept = new HashMap<>();
        Documents.together(
                tasks,
                task -> Whereabouts.find(documents, task.id(), request)
                        .ifPresent(found -> kept.put(task.id(), found.task())));
        return kept;
    }

    private String text(Task task, @Nullable LedgerTask kept) {
        ObjectNode text = Json.tree(LedgerTask.seen(task, request.at()));
        Change.Rule rule = kept == null ? null : kept.rule();
        if (kept != null && rule != null) {
            text.putObject(OwnFile.PLACE)
                    .put("anchor", rule.anchor().toString())
                    .put("slot", rule.slot().toString())
                    .put("begun", kept.begun())
                    .set("placed", Json.tree(kept.placed()));
        }
        if (kept != null && kept.dav() != null) {
            text.putObject(OwnFile.CALDAV).put("uid", kept.uid()).put("lines", kept.rest());
        }
        return text.toString();
    }

    /** @throws Rejection INVALID where it becomes too large */
    public static void keep(Export export, Found found) {
        Listed list = export.lists.get(export.at);
        if (export.last == null) {
            export.begin(list, found.daysOff);
        }
        for (Task task : found.page.tasks()) {
            export.put((export.tasks++ == 0 ? "\n" : ",\n") + export.text(task, found.kept.get(task.id())));
            export.last = task;
        }
        for (ICalendar.Entry entry : found.entries) {
            export.text +=
                    entry.task().title().length() + entry.task().description().length();
            if (export.text < MOST_TEXT) {
                (entry.task().open() ? export.open : export.completed).add(entry);
            }
        }
        export.completed.sort(Comparator.comparing((ICalendar.Entry entry) -> Objects.requireNonNullElse(
                        entry.task().completedAt(), entry.task().updatedAt()))
                .reversed());
        cut(export.completed, ReadFeed.MOST_COMPLETED);
        cut(export.open, ReadFeed.MOST_OPEN);
        export.cursor = found.page.next();
        if (export.cursor == null) {
            export.end(list);
        }
        export.refuseTooLarge();
    }

    private static void cut(List<?> list, int most) {
        if (list.size() > most) {
            list.subList(most, list.size()).clear();
        }
    }

    private void begin(Listed list, SortedSet<LocalDate> daysOff) {
        ObjectNode about = Json.object()
                .put("id", list.id())
                .put("name", list.name)
                .put("owner", list.owner)
                .put("role", list.role)
                .put("inbox", list.inbox)
                .set("reminders", Json.tree(list.reminders));
        file(list.file() + ".json");
        put("{\"" + OwnFile.MARK + "\":" + OwnFile.VERSION + ",\"list\":" + about + ",\"daysOff\":" + Json.text(daysOff)
                + ",\"tasks\":[");
    }

    private void end(Listed list) {
        put("]}\n");
        open.addAll(completed);
        file(list.file() + ".ics");
        put(ICalendar.of(list.name, open, false, request.at()));
        told.addObject()
                .put("id", list.id())
                .put("name", list.name)
                .put("role", list.role)
                .put("tasks", tasks)
                .put("file", list.file() + ".json");
        open.clear();
        completed.clear();
        tasks = 0;
        text = 0;
        last = null;
        at++;
    }

    // ---------------------------------------------------------------- The audit

    public boolean isAsking() {
        return asking;
    }

    /** For <em>audit</em>: the next page of all that happened in the lists. */
    public String question() {
        ObjectNode question = Json.object()
                .put("user", user.user())
                .put("limit", ENTRIES)
                .set("lists", Json.tree(lists.stream().map(Listed::id).toList()));
        if (entry != null) {
            question.put("cursor", entry);
        }
        return question.toString();
    }

    /** @param answered {@code {"entries":[…],"next"}} */
    public static void told(Export export, String answered) {
        JsonNode page = Json.read(answered, JsonNode.class);
        if (export.pages++ == 0) {
            export.file("audit.jsonl");
        }
        page.path("entries").forEach(one -> export.put(one + "\n"));
        String next = page.path("next").textValue();
        export.asking = next != null && !next.equals(export.entry) && export.pages < MOST_PAGES;
        export.entry = next;
        export.refuseTooLarge();
    }

    // ---------------------------------------------------------------- What is in it

    /** The settings and filters, and what is in the archive. */
    public static Decision<JsonNode> manifest(Export export) {
        User user = export.user;
        Decision<Answer> me = Users.get(user);
        List<String> keys = List.of(Keys.channels(user.user()), Keys.filters(user.user()));
        return documents -> {
            // Both are read together.
            documents.all(keys);
            ObjectNode manifest = Json.object()
                    .put(OwnFile.MARK, OwnFile.VERSION)
                    .put("user", user.user())
                    .put("exportedAt", export.request.at().toString())
                    .put("auditIsWhole", export.entry == null || export.pages < MOST_PAGES);
            manifest.set("settings", me.on(documents).answer().body());
            manifest.set(
                    "filters", Json.tree(SavedFilters.of(documents, user.user()).filters()));
            manifest.set("lists", export.told);
            return Accepted.unchanged(manifest);
        };
    }

    /** The whole archive. */
    public static byte[] archive(Export export, JsonNode manifest) {
        export.file("sandglass.json");
        export.put(manifest.toPrettyString() + "\n");
        try {
            export.zip.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return export.bytes.toByteArray();
    }

    private void file(String name) {
        ZipEntry file = new ZipEntry(name);
        file.setTime(request.at().toEpochMilli());
        try {
            zip.putNextEntry(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void put(String text) {
        try {
            zip.write(text.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void refuseTooLarge() {
        if (bytes.size() > LARGEST) {
            throw new Rejection(
                    Reason.INVALID, "All that you have is more than one archive holds (" + LARGEST + " bytes)");
        }
    }
}
