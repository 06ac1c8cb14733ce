package dev.sandglass.task.domain.imports;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.task.domain.dav.KeptProperties;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a file.
 *
 * @param line where it begins
 * @param source what it is known by in its own program, or by its place in the file: the same where the file comes again
 * @param list the name of the list it is in, of an archive from here its key among the lists; null: the file names none
 * @param content what it says, by which it is told whether it says the same when it comes again
 * @param becomes the task, as it would be posted, but for its list
 * @param completedAt null: it is open
 * @param place null: its rule begins with it
 * @param kept what programs of CalDAV said of it that no field of a task holds; null: nothing
 * @param uid that programs of CalDAV know it by; null: none
 * @param task its id, where it is one of ours; null: it is not
 * @param lost what cannot be kept, in sentences
 * @param error why it becomes no task; null: it does
 */
public record ImportEntry(
        int line,
        String source,
        @Nullable String list,
        String content,
        ObjectNode becomes,
        @Nullable Instant completedAt,
        @Nullable RulePlace place,
        @Nullable KeptProperties kept,
        @Nullable String uid,
        @Nullable String task,
        List<String> lost,
        @Nullable String error) {
    public ImportEntry {
        lost = List.copyOf(lost);
    }

    /** The same, known as the nth of that source: the first has the UID. */
    ImportEntry as(int nth) {
        return new ImportEntry(
                line, source + "\n" + nth, list, content, becomes, completedAt, place, kept, null, task, lost, error);
    }
}
