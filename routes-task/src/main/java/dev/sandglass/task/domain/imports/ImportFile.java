package dev.sandglass.task.domain.imports;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.support.domain.Rejection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The content of a file to import. It alone says which format the file has.
 *
 * @param format icalendar, todoist, ticktick, taskwarrior, todo.txt, vikunja or sandglass
 * @param lists of an archive from here, by their keys in it; of another file those without tasks, by their names
 * @param filters saved ones, {@code {"name","filter","sort"}}
 * @param settings of the user that the archive is of; null: it is none
 */
public record ImportFile(
        String format,
        List<ImportEntry> entries,
        SortedMap<String, OwnFile.ArchivedList> lists,
        List<JsonNode> filters,
        @Nullable OwnSettings settings) {
    private static final String OWN = "sandglass";
    private static final String MANIFEST = "sandglass.json";
    /** Todoist puts the number of a project behind its name. */
    private static final Pattern NUMBER = Pattern.compile("(.*/)?(.*?)( \\[\\d+\\])?\\.[A-Za-z]+");
    /** A table has as many on its first line as on its second. */
    private static final List<String> SEPARATORS = List.of(",", ";", "\t");

    /** A line of a todo.txt may have some, too. */
    private static final int FEWEST = 3;
    /** The first line of a table, whatever it has. */
    private static final Pattern COLUMNS = Pattern.compile(
            "(?i)(\"?(title|name|task|todo|subject|summary|content|description|notes?|(due|start)?[ _]?date|due|deadline|priority|status"
                    + "|done|completed|list|project|category|tags?|labels?|id)\"?([,;\t] ?|$)){2,50}");
    /** A vCard begins so, and so does a part of a calendar. */
    private static final String COMPONENT = "BEGIN:V";

    public ImportFile {
        entries = List.copyOf(entries);
        lists = Collections.unmodifiableSortedMap(new TreeMap<>(lists));
        filters = List.copyOf(filters);
    }

    private ImportFile(String format, List<ImportEntry> entries) {
        this(format, entries, new TreeMap<>());
    }

    ImportFile(String format, List<ImportEntry> entries, SortedMap<String, OwnFile.ArchivedList> empty) {
        this(format, apart(entries), empty, List.of(), null);
    }

    /** Two that are known by the same are two: calendars have copies, and entries of several files have places that are alike. */
    private static List<ImportEntry> apart(List<ImportEntry> entries) {
        Map<String, Integer> seen = new HashMap<>();
        return entries.stream()
                .map(entry -> {
                    int nth = seen.merge(entry.source(), 1, Integer::sum);
                    return nth == 1 ? entry : entry.as(nth);
                })
                .toList();
    }

    /** @throws Rejection INVALID where it is none of the formats, damaged, or has too much in it */
    public static ImportFile read(byte[] bytes, Importer who) {
        return Archive.isOne(bytes) ? archive(Archive.read(bytes), who) : text(Archive.text(bytes), null, who);
    }

    private static ImportFile archive(Map<String, String> texts, Importer who) {
        String manifest = texts.get(MANIFEST);
        if (manifest != null) {
            return own(manifest, texts);
        }
        String vikunja = texts.get("data.json");
        if (vikunja != null) {
            return text(vikunja, null, who);
        }
        String format = null;
        List<ImportEntry> entries = new ArrayList<>();
        for (Map.Entry<String, String> one : texts.entrySet()) {
            if (!one.getValue().isBlank()) {
                ImportFile file = text(one.getValue(), named(one.getKey()), who);
                if (format != null && !format.equals(file.format)) {
                    throw Rejection.wrong("", "the archive has files of several programs in it; send them one by one");
                }
                format = file.format;
                entries.addAll(file.entries);
            }
        }
        if (format == null) {
            throw Rejection.wrong("", "the archive has no file in it that is known here");
        }
        return new ImportFile(format, entries);
    }

    private static @Nullable String named(String file) {
        var parts = NUMBER.matcher(file);
        return parts.matches() ? parts.group(2) : null;
    }

    private static ImportFile own(String manifest, Map<String, String> texts) {
        List<ImportEntry> entries = new ArrayList<>();
        SortedMap<String, OwnFile.ArchivedList> lists = new TreeMap<>();
        texts.forEach((name, text) -> {
            if (name.startsWith("lists/") && name.endsWith(".json")) {
                JsonNode list = Trees.read(text, 1);
                if (!OwnFile.isOne(list)) {
                    throw Rejection.wrong("", name + " is not as the export has lists");
                }
                entries.addAll(OwnFile.read(list, name));
                lists.put(name, OwnFile.listed(list));
            }
        });
        JsonNode about = Trees.read(manifest, 1);
        return new ImportFile(
                OWN,
                entries,
                lists,
                about.path("filters").valueStream().toList(),
                OwnSettings.of(about.path("settings")));
    }

    private static ImportFile text(String text, @Nullable String name, Importer who) {
        String begin = text.stripLeading();
        if (begin.isEmpty()) {
            throw Rejection.wrong("", "the file is empty");
        }
        if (CalendarFile.isOne(text)) {
            return new ImportFile("icalendar", CalendarFile.read(text, who));
        }
        if (begin.startsWith("[")) {
            return array(Trees.read(text, 1), who);
        }
        if (begin.startsWith("{")) {
            return object(text, who);
        }
        Optional<Table> ticktick = Table.of(text, TickTickFile.COLUMNS);
        if (ticktick.isPresent()) {
            return new ImportFile("ticktick", TickTickFile.read(ticktick.get(), who));
        }
        Optional<Table> todoist = Table.of(text, TodoistFile.COLUMNS);
        if (todoist.isPresent()) {
            return new ImportFile("todoist", TodoistFile.read(todoist.get(), name, who));
        }
        if (begin.startsWith("<") || begin.regionMatches(true, 0, COMPONENT, 0, COMPONENT.length()) || isTable(begin)) {
            throw unknown();
        }
        return new ImportFile("todo.txt", TodoTxtFile.read(text, who));
    }

    private static boolean isTable(String text) {
        String[] lines = text.split("\n", 3);
        return COLUMNS.matcher(lines[0].strip()).matches()
                || lines.length > 1
                        && SEPARATORS.stream().anyMatch(separator -> {
                            int columns = lines[0].split(separator, -1).length;
                            return columns > FEWEST && columns == lines[1].split(separator, -1).length;
                        });
    }

    private static ImportFile array(JsonNode data, Importer who) {
        if (VikunjaFile.isOne(data)) {
            return VikunjaFile.read(data, who);
        }
        if (data.isEmpty() || TaskwarriorFile.isOne(data.path(0))) {
            return new ImportFile("taskwarrior", TaskwarriorFile.read(data, who));
        }
        throw unknown();
    }

    private static ImportFile object(String text, Importer who) {
        // A file with one task on each line begins with an object as well.
        if (text.contains("\"" + OwnFile.MARK + "\"") && text.contains("\"tasks\"")) {
            JsonNode list = Trees.read(text, 1);
            if (OwnFile.isOne(list)) {
                OwnFile.ArchivedList listed = OwnFile.listed(list);
                return new ImportFile(
                        OWN,
                        OwnFile.read(list, listed.name()),
                        new TreeMap<>(Map.of(listed.name(), listed)),
                        List.of(),
                        null);
            }
        }
        return new ImportFile("taskwarrior", TaskwarriorFile.readLines(text, who));
    }

    private static Rejection unknown() {
        return Rejection.wrong(
                "",
                "this is no file of iCalendar, Todoist, TickTick, Vikunja, Taskwarrior or todo.txt, nor of an export from here");
    }
}
