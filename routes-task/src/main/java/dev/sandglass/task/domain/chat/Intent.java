package dev.sandglass.task.domain.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Priority;
import dev.sandglass.events.Task;
import dev.sandglass.time.Due;
import dev.sandglass.time.Recurrence;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The request that a sentence makes. */
public sealed interface Intent {

    /**
     * A task to be made.
     *
     * @param title 1 to 500 characters, in the words and case of the sentence
     * @param due in the zone of the {@code now} that was given
     * @param priority null: not said
     * @param recurrence as the contract takes it; there is a due date then
     * @param recurFrom null: not said
     * @param reminders as the contract takes them; a due date is there if one of them needs it
     */
    record Add(
            String title,
            @Nullable Due due,
            @Nullable Priority priority,
            List<String> tags,
            @Nullable String recurrence,
            Recurrence.@Nullable From recurFrom,
            List<String> reminders)
            implements Intent {
        public Add {
            tags = List.copyOf(tags);
            reminders = List.copyOf(reminders);
        }

        /** The body of {@code POST /api/tasks}, with what was said and nothing else. */
        public ObjectNode body() {
            ObjectNode body = Json.tree(this);
            body.properties()
                    .removeIf(it -> it.getValue().isNull()
                            || (it.getValue().isArray() && it.getValue().isEmpty()));
            return body;
        }
    }

    /**
     * Tasks to be found.
     *
     * @param query the parameters of {@code GET /api/tasks}
     * @param what the same in words, for a reply after "3 tasks": {@code due this week}, {@code with #home}
     * @param otherwise the sentence, where it may as well name something to be done: "find a plumber"; null: it asks
     */
    record Show(
            SortedMap<String, String> query,
            String what,
            @Nullable String otherwise) implements Intent {
        public Show(Map<String, String> query, String what, @Nullable String otherwise) {
            this(new TreeMap<>(query), what, otherwise);
        }
    }

    /**
     * An open task to be completed.
     *
     * @param words of its title, or {@code task} and its id
     * @param otherwise the sentence, where it may as well name something to be done; null: it is a command for sure
     */
    record Complete(String words, @Nullable String otherwise) implements Intent {
        private static final Pattern SMALL_WORDS = Pattern.compile("^(?:the|my|a|an) ");

        /**
         * The open tasks it may mean: the one with that id; else those with exactly that title; else those whose title
         * has every word as part of a word.
         *
         * @param fold how search compares texts
         */
        public List<Task> among(List<Task> open, UnaryOperator<String> fold) {
            var named = open.stream().filter(it -> it.id().equals(id())).toList();
            if (!named.isEmpty()) {
                return named;
            }
            var title = title(fold);
            var same = open.stream()
                    .filter(it -> fold.apply(it.title()).strip().equals(title))
                    .toList();
            var parts = List.of(title.split("\\s+"));
            return !same.isEmpty()
                    ? same
                    : open.stream()
                            .filter(it -> parts.stream().allMatch(fold.apply(it.title())::contains))
                            .toList();
        }

        /** The id that it may name a task by. */
        public String id() {
            return words.substring(words.lastIndexOf(' ') + 1);
        }

        /** The words that the title has otherwise. */
        public String title(UnaryOperator<String> fold) {
            return SMALL_WORDS.matcher(fold.apply(words).strip()).replaceFirst("");
        }

        /** The task, where only one can be meant: nothing is completed on a guess. */
        public Optional<Task> meant(List<Task> matching, UnaryOperator<String> fold) {
            return matching.size() == 1
                            && (otherwise == null
                                    || fold.apply(matching.get(0).title())
                                            .strip()
                                            .equals(fold.apply(words).strip()))
                    ? Optional.of(matching.get(0))
                    : Optional.empty();
        }
    }

    /** The last thing the user did to tasks is to be taken back. */
    record Undo() implements Intent {}

    /**
     * An open recurring task, a date of which is to be left out.
     *
     * @param one the task that is meant; otherwise the sentence names something to be done
     */
    record Skip(Complete one) implements Intent {}

    /**
     * A question that the user must answer before anything is done.
     *
     * @param about as in {@link PendingQuestion}
     */
    record Unclear(
            String question, List<Choice> choices, @Nullable String about) implements Intent {
        public Unclear {
            choices = List.copyOf(choices);
        }

        public PendingQuestion pending() {
            return new PendingQuestion(about, choices);
        }
    }
}
